"""How long and how many: names, rows of a page, what a map and a matrix show."""

NAME_LENGTH = 200
"""Longest name or output, in characters, in each language."""

CODE_LENGTH = 60
"""Longest code of a party or an item, in characters."""

AT_ONCE = 100
"""Links that are entered in bulk while the person waits; more are entered by a worker."""

PAGE_ROWS = 50
"""Rows of one page of a list."""

MAP_PARTIES = 500
"""Most parties that a map draws; larger chains are collapsed to levels of the tree, and the page says so."""

MATRIX_SIDE = 30
"""A matrix opens as many levels of the tree as leave it at most this many suppliers and customers."""

MATRIX_MOST = 80
"""Most suppliers and most customers of one matrix; the others are left out, and the page says how many."""

MAP_TABLE_ROWS = 200
"""Links of one page of the table beside the map."""
