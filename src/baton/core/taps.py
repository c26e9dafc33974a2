"""Acts that a page keeps on the device until the server has answered, so that a lost connection loses none of them.

The script ``core/js/unsent.js`` sends the form of such an act in the background, perhaps hours after the tap, with what
the clocks showed; the answer is JSON then. Without the script the form is sent as any other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext

from baton.core import formats
from baton.core.errors import Refused, explain
from baton.core.forms import RecordForm
from baton.core.middleware import BatonRequest
from baton.core.models import Record
from baton_analysis.errors import gettext_noop

CLOCK_ERROR = timedelta(minutes=5)
"""A device whose clock is off by no more is right; beyond it the person is told."""

JUST_NOW = timedelta(minutes=1)
"""What was tapped less long ago happened when it arrived."""

LONGEST_KEPT = timedelta(days=7)
"""What was tapped longer ago is no longer taken unseen: its person enters it with its time."""

_READINGS = ("tap_opened", "tap_loaded", "tap_at", "tap_sent")
_LAST_MILLISECOND = 4102444800000  # the year 2100


@dataclass(frozen=True, slots=True)
class Readings:
    """What the clocks showed: ``opened`` the server's when it made the page, ``loaded`` the device's when it had the
    page, ``tapped`` and ``sent`` the device's at the tap and when the act was sent."""

    opened: datetime
    loaded: datetime
    tapped: datetime
    sent: datetime


@dataclass(frozen=True, slots=True)
class Tap:
    """When somebody tapped, by the server's clock, and by how much the device's clock was off (0: not worth a word)."""

    at: datetime
    off: timedelta

    def moment(self, now: datetime) -> datetime | None:
        """When it happened; None where that is now."""
        return self.at if now - self.at > JUST_NOW else None


def judged(readings: Readings, *, now: datetime) -> Tap:
    """The moment of a tap by the server's clock, which never lies after ``now``, however the device's clock is set.

    Two reckonings are possible: from the making of the page onwards, and from the sending backwards. They agree unless
    the clock of the device was set in between; then the one counts that lies between the making of the page and now,
    the first one before the second, because devices set their clocks when they find their network again. Where neither
    does, it counts as of now.
    """
    onwards = readings.opened + (readings.tapped - readings.loaded)
    backwards = now - (readings.sent - readings.tapped)
    fitting = [one for one in (onwards, backwards) if readings.opened <= one <= now + CLOCK_ERROR]
    off = max(abs(readings.loaded - readings.opened), abs(readings.sent - now))
    return Tap(min(fitting[0], now) if fitting else now, off if off > CLOCK_ERROR else timedelta(0))


def tap_of(request: BatonRequest) -> Tap | None:
    """The tap with which the script sends a form; None for a form that the browser sends itself.

    Raises :class:`Refused` for clocks that say nothing, and for what was tapped too long ago.
    """
    if _READINGS[-1] not in request.POST:
        return None
    tap = judged(Readings(*(_read(request.POST, name) for name in _READINGS)), now=request.now)
    if request.now - tap.at > LONGEST_KEPT:
        raise Refused(
            expected=gettext_noop("Expected what was tapped at most {most} days ago."),
            found=gettext_noop("This was tapped at {moment}."),
            remedy=gettext_noop("Nothing was saved. Enter it on its page, with the time when it happened."),
            most=LONGEST_KEPT.days,
            moment=formats.moment(tap.at),
        )
    return tap


def answers_taps(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view refuse as the script reads it, where the script asks."""

    @wraps(view)
    def answered(request: BatonRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refused as refused:
            if _READINGS[-1] not in request.POST:
                raise
            return _refused(explain(refused), refused.status)

    return answered


def taken(tap: Tap | None, record: Record, *, to: str) -> HttpResponse:
    """The answer to an act that was carried out: ``to`` is the page that comes next."""
    if tap is None:
        return HttpResponseRedirect(to)
    return JsonResponse({"taken": True, "to": to, "version": record.changed_seq})


def not_taken(form: RecordForm, why: str = "") -> HttpResponse:
    """The answer of a tap to be mended or that came too late: ``why``, or what the form says."""
    said = [
        formats.labelled(form[name].label, one) if name in form.fields else str(one)
        for name, errors in form.errors.items()
        for one in errors
    ]
    return _refused(why or " ".join(dict.fromkeys(said)), form.status)


def clock_said(tap: Tap | None) -> str:
    """What a person is told whose device has a wrong clock; empty where it is right."""
    if tap is None or not tap.off:
        return ""
    return gettext("The clock of this device was off by {time}. What you tapped counts as of {moment}.").format(
        time=formats.duration(tap.off.total_seconds()), moment=formats.moment(tap.at)
    )


def _read(data: Mapping[str, Any], name: str) -> datetime:
    raw = str(data.get(name, ""))
    if not raw.isascii() or not raw.isdecimal() or len(raw) > 15 or int(raw) > _LAST_MILLISECOND:
        raise Refused(
            expected=gettext_noop("Expected what the clock of the device showed, in milliseconds since 1970."),
            found=gettext_noop("Found something else."),
            remedy=gettext_noop("Load the page again, then repeat what you did."),
        )
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(raw))


def _refused(why: str, status: int) -> HttpResponse:
    return JsonResponse({"taken": False, "why": why}, status=status)
