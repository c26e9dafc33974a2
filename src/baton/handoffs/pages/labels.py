"""Labels that go with what is handed over."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse

from baton.agreements.pages.paper import qr_code
from baton.handoffs.models import Handoff, HandoffLine
from baton.handoffs.pages.handoffs import line_row

MOST_LINES_ON_A_LABEL = 4


def label_of(handoff: Handoff, lines: Iterable[HandoffLine]) -> dict[str, Any]:
    """What ``handoffs/_label.html`` shows: whose code is scanned opens the page on which it is accepted."""
    held = list(lines)
    return {
        "handoff": handoff, "link": handoff.link,
        "code": qr_code(settings.BASE_URL + reverse("handoffs:handoff", args=[handoff.public_id])),
        "lines": [line_row(one) for one in held[:MOST_LINES_ON_A_LABEL]],
        "more_lines": max(0, len(held) - MOST_LINES_ON_A_LABEL),
    }  # fmt: skip
