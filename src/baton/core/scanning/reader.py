"""Reads the QR codes of one picture or PDF and prints them as JSON; a process of its own, with little memory and time.

    python -m baton.core.scanning.reader FILE

A file that somebody brings may claim a few kilobytes and unpack to gigabytes: here that ends this process and no other.
Prints ``{"codes": [...]}``, or ``{"refused": "pixels" | "pages" | "damaged" | "missing"}``.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from baton.core.scanning.limits import DRAWN_PIXELS, MEMORY, MOST_PAGES, MOST_PIXELS, RESOLUTION, SECONDS

POINTS = 72
"""Points of an inch, in which a PDF measures its pages."""


class Bounded(Exception):
    """The file goes beyond a limit; says which."""


def main(path: str) -> dict[str, Any]:
    """What stands in the file."""
    _take_little()
    try:
        import zxingcpp

        found: list[str] = []
        for picture in _pictures(Path(path)):
            codes = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
            found += [code.text for code in codes]
    except Bounded as bounded:
        return {"refused": str(bounded)}
    except ImportError:
        return {"refused": "missing"}
    except MemoryError:
        return {"refused": "pixels"}
    except Exception:  # whatever a broken file makes of its decoder
        return {"refused": "damaged"}
    return {"codes": list(dict.fromkeys(found))}


def _take_little() -> None:
    try:
        import resource
    except ImportError:  # Windows: the parent stops it by time alone
        return
    for limit, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS)):
        resource.setrlimit(limit, (most, most))


def _pictures(path: Path) -> Iterator[Any]:
    """Every page in shades of grey, small enough to be looked through."""
    with path.open("rb") as file:
        is_pdf = file.read(5) == b"%PDF-"
    yield from _pages(path) if is_pdf else _picture(path)


def _picture(path: Path) -> Iterator[Any]:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None
    with Image.open(path, formats=("JPEG", "PNG", "WEBP")) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise Bounded("pixels")
        grey = picture.convert("L")
    if grey.width * grey.height > DRAWN_PIXELS:
        grey.thumbnail((math.isqrt(DRAWN_PIXELS), math.isqrt(DRAWN_PIXELS)))
    yield grey


def _pages(path: Path) -> Iterator[Any]:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    if len(document) > MOST_PAGES:
        raise Bounded("pages")
    for page in document:
        width, height = page.get_size()
        scale = min(RESOLUTION / POINTS, math.sqrt(DRAWN_PIXELS / max(width * height, 1.0)))
        yield page.render(scale=scale, grayscale=True).to_pil()


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
