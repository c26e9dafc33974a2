"""What may be read of handoffs, and by whom."""

from baton.handoffs.queries.handoffs import HandoffPage, Moment, ReturnRow, handoff_shown
from baton.handoffs.queries.inspecting import may_check
from baton.handoffs.queries.lists import (
    LATE,
    OPEN_ONES,
    HandoffFilters,
    handoff_page,
    handoff_slice,
    handoffs_to_export,
    listed_handoffs,
)
from baton.handoffs.queries.sight import (
    codes_for,
    handoff,
    handoff_return,
    handoffs_in_sight,
    lines_of,
    numbered,
    predecessor,
    sees_handoff,
)
from baton.handoffs.queries.today import OpenCounts, Today, TodayRow, open_counts, open_of_link, recent_of_link, today

__all__ = [
    "LATE",
    "OPEN_ONES",
    "HandoffFilters",
    "HandoffPage",
    "Moment",
    "OpenCounts",
    "ReturnRow",
    "Today",
    "TodayRow",
    "codes_for",
    "handoff",
    "handoff_page",
    "handoff_return",
    "handoff_shown",
    "handoff_slice",
    "handoffs_in_sight",
    "handoffs_to_export",
    "lines_of",
    "listed_handoffs",
    "may_check",
    "numbered",
    "open_counts",
    "open_of_link",
    "predecessor",
    "recent_of_link",
    "sees_handoff",
    "today",
]
