"""The page of an output."""

from __future__ import annotations

from typing import Any

from baton.chain.pages.history import timeline
from baton.chain.queries import OutputPage


def output_context(page: OutputPage) -> dict[str, Any]:
    """What ``chain/output.html`` shows. ``moved`` is whether the number of suppliers ever changed: a flat line needs no
    picture."""
    numbers = [month.suppliers for month in page.suppliers]
    return {
        "page": page,
        "output": page.output,
        "history": timeline(page.history, page.said),
        "numbers": numbers,
        "now": numbers[-1],
        "before": numbers[0],
        "moved": len(set(numbers)) > 1,
    }
