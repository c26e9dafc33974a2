"""The page of an output."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from baton.chain.pages.history import timeline
from baton.chain.queries import OutputPage


def output_context(page: OutputPage) -> dict[str, Any]:
    """What ``chain/output.html`` shows. ``moved`` is whether the number of suppliers ever changed: a flat line needs no
    picture."""
    hidden = gettext("a party that you cannot see")
    said = {
        one.held.public_id: {"": f"{one.party or hidden} · {one.held.get_responsible_display()}"} for one in page.ever
    }
    said |= {one.public_id: {"": one.label} for one in page.revisions}
    numbers = [month.suppliers for month in page.suppliers]
    return {
        "page": page,
        "output": page.output,
        "history": timeline(page.history, said),
        "numbers": numbers,
        "now": numbers[-1],
        "before": numbers[0],
        "moved": len(set(numbers)) > 1,
    }
