"""The page on which an hour or shift is counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from baton.chain import queries as chain
from baton.chain.views.answering import standing
from baton.core.answering import carried_out, small_number
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.policy import demand
from baton.core.taps import answers_taps, not_taken, taken, tap_of
from baton.handoffs import changes, policy, queries
from baton.handoffs.forms.tallies import TallyForm
from baton.handoffs.pages.handoffs import line_row
from baton.handoffs.queries.tallies import recent_tallies, tally_lines
from baton.handoffs.rules import FIRST_YEAR, Side

if TYPE_CHECKING:
    from baton.chain.models import Link
    from baton.core.actors import Actor

SHOWN_BACK = 12
SPANS = (1, 8, 12)
"""Hours of a tally: one, or a shift."""


@guarded()
@answers_taps
def tally(request: BatonRequest, link: str) -> HttpResponse:
    """Count an hour or shift of a link: large fields, one tap to save; an hour chosen again is corrected."""
    found = chain.link(viewer=request.actor, at=request.now, public_id=link)
    demand(policy.may_act(standing(request), found, Side.CUSTOMER))
    tap, time = tap_of(request), CountedTime.asked(request)
    form = tally_form(request.POST or None, found, time, viewer=request.actor, at=request.now)
    made = carried_out(request, form, lambda: changes.enter_tally(
        by=request.actor, at=request.now, link=found, begins_at=time.begins_at, ends_at=time.ends_at, **form.given()),
        said=_("Counted."))  # fmt: skip
    if made is not None:
        return taken(tap, made, to=f"{reverse('handoffs:tally', args=[link])}?span={time.span}")
    if tap is not None:
        return not_taken(form)
    context = {
        "link": found, "form": form, **time.shown(request.now),
        "recent": [
            {"handoff": one, "lines": [line_row(line) for line in one.lines.all()]}
            for one in recent_tallies(viewer=request.actor, link=found.pk)
        ],
    }  # fmt: skip
    return render(request, "handoffs/tally.html", context, status=form.status)


@dataclass(frozen=True, slots=True)
class CountedTime:
    """The hour or shift that is counted; ``span``: its hours."""

    begins_at: datetime
    span: int

    @classmethod
    def asked(cls, request: BatonRequest) -> CountedTime:
        """That of the form or of the address; the running hour where they name none."""
        asked = request.POST or request.GET
        span = small_number(asked.get("span", ""), 1)
        return cls(_begun(asked.get("from", ""), request.now), span if span in SPANS else 1)

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return self.begins_at + timedelta(hours=self.span)

    def shown(self, now: datetime) -> dict[str, Any]:
        """What a page shows of it, and which others it offers."""
        hour = _hour(now)
        return {
            "begins_at": _local(self.begins_at), "ends_at": _local(self.ends_at), "span": self.span, "spans": SPANS,
            "hours": [_local(hour - timedelta(hours=back)) for back in range(SHOWN_BACK)],
        }  # fmt: skip


def tally_form(data: Any, link: Link, time: CountedTime, *, viewer: Actor, at: datetime) -> TallyForm:
    """The form of a count, with what was counted in that time before."""
    codes = queries.codes_for(viewer=viewer, at=at, output=link.output_id)
    counted = tally_lines(viewer=viewer, link=link.pk, begins_at=time.begins_at, ends_at=time.ends_at)
    return TallyForm(data, codes=codes, counted=counted)


def _hour(moment: datetime) -> datetime:
    """The full hour of the organisation's clock before a moment (UTC): added to and taken from, its hours stay of one
    length on the days on which the clocks change."""
    return _local(moment).replace(minute=0, second=0, microsecond=0).astimezone(UTC)


def _local(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE))


def _begun(raw: str, now: datetime) -> datetime:
    """The moment that the address names (UTC); the running hour where it names none, or one of another age."""
    try:
        found = datetime.fromisoformat(raw.replace(" ", "+"))
    except ValueError:
        return _hour(now)
    if found.tzinfo is None or not FIRST_YEAR < found.year <= now.year + 1:
        return _hour(now)
    return found.astimezone(UTC)
