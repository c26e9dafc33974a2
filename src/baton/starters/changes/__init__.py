"""Every ready-made beginning: the demonstration, the sectors, and the first-run wizard."""

from baton.starters.changes.demo import LoadedDemo, load_demo
from baton.starters.changes.sectors import LoadedSector, load_sector
from baton.starters.changes.starting import enter_draft, forget_person, keep_draft

__all__ = [
    "LoadedDemo",
    "LoadedSector",
    "enter_draft",
    "forget_person",
    "keep_draft",
    "load_demo",
    "load_sector",
]
