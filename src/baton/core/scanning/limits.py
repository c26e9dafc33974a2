"""How much a scan may be. Measured: an A4 page at 300 dpi has 8.7 million pixels and takes 0.2 s and 150 MiB."""

MOST_PIXELS = 50_000_000
"""Of a picture: A3 at 600 dpi has 70 million, at 450 dpi 39."""

DRAWN_PIXELS = 12_000_000
"""To so many a page is drawn or made smaller before it is looked through."""

RESOLUTION = 200
"""Dots an inch at which the page of a PDF is drawn."""

MOST_PAGES = 20
"""Of a PDF."""

MEMORY = 1024**3
"""Bytes of address space of the process that reads."""

SECONDS = 20
"""After so long it is stopped."""
