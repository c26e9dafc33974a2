"""Files that people add to what they say: told by their bytes, freed of what nobody meant to send, kept apart.

:func:`baton.core.attachments.keeping.kept_files` takes them in, :mod:`baton.core.attachments.kinds` says what may be
added, :mod:`baton.core.attachments.images` and :mod:`baton.core.attachments.packages` look into them.
"""
