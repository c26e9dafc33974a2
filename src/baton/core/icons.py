"""Lucide's icons, drawn into the page so that they take the text's colour and print without another request."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

FOLDER = Path(__file__).resolve().parent / "static" / "vendor" / "lucide"
_SHAPES = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


def names() -> list[str]:
    """The names that :func:`draw` knows, sorted."""
    return sorted(path.stem for path in FOLDER.glob("*.svg"))


@cache
def _shapes(name: str) -> SafeString:
    path = FOLDER / f"{name}.svg"
    if not re.fullmatch(r"[a-z0-9-]+", name) or not path.is_file():
        raise ValueError(f"no icon {name!r}; the page /components/ shows those that exist, scripts/vendor.py adds more")
    found = _SHAPES.search(path.read_text(encoding="utf-8"))
    if found is None:
        raise ValueError(f"{path.name} is not an SVG picture")
    # Part of the product's own files, checked against assets.lock.json: nothing in it comes from a reader.
    return mark_safe(re.sub(r"\s+", " ", found[1]).strip())


def draw(name: str, label: str = "", size: int = 16) -> SafeString:
    """The icon as SVG, ``size`` pixels square.

    Without ``label`` it is decoration and hidden from screen readers: a word has to stand beside it. With one, the icon
    stands for itself. An unknown name is a ValueError.
    """
    return _drawn(name, str(label), size)


@lru_cache(maxsize=4096)
def _drawn(name: str, label: str, size: int) -> SafeString:
    shapes = _shapes(name)
    frame = (
        '<svg class="icon icon-{}" width="{}" height="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        ' stroke-width="2" stroke-linecap="round" stroke-linejoin="round" focusable="false" {}>{}</svg>'
    )
    shown = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(frame, name, size, size, shown, shapes)
