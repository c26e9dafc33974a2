"""How long and how many."""

TEXT_LENGTH = 200
"""Longest characteristic, perception item or name, in characters, in each language."""

NOTE_LENGTH = 500
"""Longest note or reason, in characters."""

LINE_LENGTH = 16
"""Characters of the id under which a clause goes through all versions."""

MOST_CLAUSES = 60
"""Most clauses of one version; an agreement that nobody can keep in mind is none."""

PAGE_ROWS = 50
"""Rows of one page of a list."""
