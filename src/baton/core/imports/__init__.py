"""The import engine: tables from files and pastes become records of any room, checked before anything is entered.

    bring (file, paste, folder, command) -> columns -> check (worker) -> enter (worker) -> result, withdraw as a whole

Targets: :mod:`baton.core.import_targets`; writes: :mod:`baton.core.changes.imports`.
"""
