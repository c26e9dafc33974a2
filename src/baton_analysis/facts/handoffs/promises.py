"""What a link promises, and how the clock of the promise runs: what people argue about is a setting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Literal, get_args

from baton_analysis.arguments import checked_fields
from baton_analysis.errors import FactError, gettext_noop
from baton_analysis.facts.calendars import BusinessCalendar, ExactClose

Starts = Literal["requested", "received"]
Stops = Literal["delivered", "accepted"]
WhileClosed = Literal["stands", "runs"]
PriorityInForce = Literal["last", "first", "strictest"]
DueMeans = Literal["moment", "day"]


@checked_fields(FactError)
@dataclass(frozen=True, slots=True)
class Clock:
    """How the clock of one promise runs. A link that promises two things, such as a first answer and a delivery, has
    two clocks, and neither knows of the other.

    Attributes
    ----------
    starts
        The event that starts it, the first of its kind: the customer asked (requested), or the supplier had what is
        needed (received).
    stops
        The event that stops it: "delivered" (an acceptance stops it too, if nobody noted the delivery) or "accepted".
    while_closed
        Whether time between a stop and a reopening counts: it "stands", or it "runs" as if it had never stopped. In
        both cases it goes on after the reopening, and never begins anew.
    pausing_reasons
        Reasons that stop the clock, as agreed; a pause for another reason, or for none, does not. None: every pause.
    priority
        Whose promise counts where the priority was changed: that of the "last" priority before the clock stopped, of
        the "first" when it started, or the "strictest" promise of all that were in force. The clock itself is not
        touched by a change: time and pauses so far stay.
    exact_close
        Whether something due exactly at a close is shown as due then or at the next opening.
    due_means
        Whether a due moment that was agreed for a handoff means this "moment", or the whole of its "day" in the zone of
        the calendar: systems that promise days write them as midnight, at which the day has only begun.
    """

    starts: Starts = "received"
    stops: Stops = "accepted"
    while_closed: WhileClosed = "stands"
    pausing_reasons: frozenset[str] | None = None
    priority: PriorityInForce = "last"
    exact_close: ExactClose = "close"
    due_means: DueMeans = "moment"

    def __post_init__(self) -> None:
        choices = {
            "starts": Starts,
            "stops": Stops,
            "while_closed": WhileClosed,
            "priority": PriorityInForce,
            "exact_close": ExactClose,
            "due_means": DueMeans,
        }
        for name, known in choices.items():
            if getattr(self, name) not in get_args(known):
                raise FactError(
                    expected=gettext_noop("The setting “{setting}” of a clock is one of: {known}."),
                    found=gettext_noop("“{given}” was given."),
                    remedy=gettext_noop("Choose one of these."),
                    setting=name,
                    known=", ".join(get_args(known)),
                    given=str(getattr(self, name)),
                )


@checked_fields(FactError)
@dataclass(frozen=True, slots=True)
class Target:
    """The time that is promised: business seconds, or business days (due at the close of the n-th business day after
    the one on which the clock started, see :func:`baton_analysis.facts.calendars.due_after_days`). One of the two.
    """

    seconds: float | None = None
    days: int | None = None

    def __post_init__(self) -> None:
        given = [value for value in (self.seconds, self.days) if value is not None]
        if len(given) != 1 or not isfinite(given[0]) or given[0] < 0:
            raise FactError(
                expected=gettext_noop(
                    "A promised time is a number of business seconds or of business days, 0 or more."
                ),
                found=gettext_noop("Seconds: {seconds}, days: {days}."),
                remedy=gettext_noop("Give one of the two."),
                seconds=str(self.seconds),
                days=str(self.days),
            )


@checked_fields(FactError)
@dataclass(frozen=True, slots=True)
class Promise:
    """What a link promises. A due moment that is agreed for a single handoff (see
    :data:`baton_analysis.facts.handoffs.HANDOFF_EVENTS`) takes the place of the promised time.

    Attributes
    ----------
    calendar
        When business time passes.
    target
        The promised time; None: nothing is promised, and nothing can be late.
    by_priority
        The promised time of single priorities; all others have ``target``.
    """

    calendar: BusinessCalendar
    target: Target | None = None
    by_priority: Mapping[str, Target] = field(default_factory=dict)
    clock: Clock = Clock()

    def target_of(self, priority: str | None) -> Target | None:
        """The promised time of a priority."""
        return self.target if priority is None else self.by_priority.get(priority, self.target)
