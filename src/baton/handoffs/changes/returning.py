"""The customer takes a part, sends something back or notes that something is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings

from baton.agreements.changes.checks import refuse
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes.numbers import next_numbers
from baton.core.errors import Refused
from baton.core.texts import say
from baton.handoffs import policy
from baton.handoffs.changes.checks import begin, last_moment, moment_given, refuse_own_delivery, text_needed, zone_of
from baton.handoffs.changes.lines import code_given, lines_of, take_less
from baton.handoffs.changes.messages import tell_returned
from baton.handoffs.changes.occurring import occur
from baton.handoffs.changes.steps import happened, make_good
from baton.handoffs.models import DefectCode, Handoff, HandoffLine, HandoffReturn
from baton.handoffs.queries.deliverers import deliverer_of
from baton.handoffs.rules import NOTE_LENGTH, Side, State, Step, faults_of_amount
from baton_analysis.errors import gettext_noop

NUMBER_PREFIX = "R"
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Less:
    """What the customer does not take: of a line (public id; empty: of the handoff, which has none) so much comes back
    (``refused``) and so much is not there (``missing``); and what is seen to be wrong. ``unit`` may be left out."""

    phenomenon: str
    line: str = ""
    refused: Decimal = _NOTHING
    missing: Decimal = _NOTHING
    unit: str = ""
    code: DefectCode | None = None


def accept_in_part(
    *, by: Actor, at: datetime, handoff: Handoff, less: Sequence[Less], accepted_at: datetime | None = None,
    information_right: bool | None = None, expected_seq: int | None = None,
) -> Handoff:  # fmt: skip
    """The customer takes all except ``less``, which comes back or is missing: each has a clock of its own from now."""
    with change(by=by, at=at) as trail:
        fresh, standing = begin(trail, handoff, Step.ACCEPT_PART, expected_seq)
        if policy.needs_another(standing, fresh.link):
            refuse_own_delivery(standing, fresh, deliverer_of(viewer=by, handoff=fresh))
        moment = moment_given(
            accepted_at, at=at, zone=zone_of(fresh), field="accepted_at", not_before=last_moment(fresh)
        )
        make_good(trail, fresh, moment)
        open_returns(trail, fresh, less, moment)
        if information_right is not None:
            fresh.information_right = information_right
        if any(one.missing for one in less):
            fresh.complete = False
        fresh.state = State.PARTLY
        if fresh.accepted_at is not None:
            return happened(trail, fresh, Step.ACCEPT_PART, moment, side=Side.CUSTOMER)
        fresh.accepted_at = moment
        occur(trail, fresh)
        return trail.save(fresh, "handoff.accept_part")


def return_part(
    *, by: Actor, at: datetime, handoff: Handoff, less: Sequence[Less], when: datetime | None = None,
    expected_seq: int | None = None,
) -> Handoff:  # fmt: skip
    """After the acceptance the customer finds that something is wrong or missing: ``less``."""
    with change(by=by, at=at) as trail:
        fresh, _standing = begin(trail, handoff, Step.SHORTAGE, expected_seq)
        moment = moment_given(when, at=at, zone=zone_of(fresh), field="when", not_before=last_moment(fresh))
        if fresh.state == State.UNCONFIRMED:
            make_good(trail, fresh, moment)
        open_returns(trail, fresh, less, moment)
        if any(one.missing for one in less):
            fresh.complete = False
        fresh.state = State.PARTLY
        if fresh.accepted_at is None:
            fresh.accepted_at = moment
            occur(trail, fresh)
        return happened(trail, fresh, Step.SHORTAGE, moment, side=Side.CUSTOMER)


def return_handoff(
    *, by: Actor, at: datetime, handoff: Handoff, phenomenon: str, code: DefectCode | None = None,
    when: datetime | None = None, expected_seq: int | None = None,
) -> Handoff:  # fmt: skip
    """The customer sends all of it back: the supplier owes it again, and the clock goes on."""
    with change(by=by, at=at) as trail:
        fresh, _standing = begin(trail, handoff, Step.RETURN, expected_seq)
        moment = moment_given(when, at=at, zone=zone_of(fresh), field="when", not_before=last_moment(fresh))
        code_given(code, fresh, at)
        if fresh.state in (State.DELIVERED, State.UNCONFIRMED):
            # It was handed over again since: what is owed from now on is all of it.
            make_good(trail, fresh, moment)
        _open(trail, fresh, moment, [_Opened(seen_wrong(phenomenon or name_of(code)), code)])
        fresh.state = State.RETURNED
        return happened(trail, fresh, Step.RETURN, moment, side=Side.CUSTOMER)


@dataclass(frozen=True, slots=True)
class _Opened:
    phenomenon: str
    code: DefectCode | None = None
    line: HandoffLine | None = None
    quantity: Decimal | None = None
    shortage: bool = False


def open_returns(trail: Trail, handoff: Handoff, less: Sequence[Less], moment: datetime) -> None:
    """Open a return for all that comes back and for all that is missing, a line at a time."""
    if not less:
        raise Refused(
            expected=gettext_noop("Expected what comes back or is missing."),
            found=gettext_noop("Nothing was entered."),
            remedy=gettext_noop("Enter how much of which line, or accept all of it."),
        )
    _refuse_unclear(handoff, less)
    lines = lines_of(trail, handoff, [one.line for one in less if one.line])
    opened = [found for one in less for found in _of_line(trail, handoff, one, lines.get(one.line))]
    _open(trail, handoff, moment, opened)


def _refuse_unclear(handoff: Handoff, less: Sequence[Less]) -> None:
    """Of a handoff with lines each is named once, so that no more comes back or is missing than there was."""
    named = [one.line for one in less if one.line]
    if len(set(named)) == len(named) and (len(named) == len(less) or not handoff.lines.exists()):
        return
    raise Refused(
        field="lines",
        expected=gettext_noop("Expected each line at most once, and the line of everything that comes back."),
        found=gettext_noop("A line stands here twice, or none is named."),
        remedy=gettext_noop("Say of each line once how much comes back and how much is missing."),
    )


def seen_wrong(phenomenon: str, field: str = "phenomenon") -> str:
    """What is seen to be wrong, which must be said."""
    remedy = gettext_noop("Say what you see, such as torn or wrong label; no cause and no name of a person.")
    return text_needed(phenomenon, field, NOTE_LENGTH, remedy)


def name_of(code: DefectCode | None) -> str:
    """What a defect code says is wrong, for who chose a code and wrote nothing."""
    return say(code.name, settings.LANGUAGE_CODE) if code is not None else ""


def _of_line(trail: Trail, handoff: Handoff, less: Less, line: HandoffLine | None) -> list[_Opened]:
    place = f"_{line.position}" if line is not None else ""
    phenomenon = seen_wrong(less.phenomenon or name_of(less.code), f"phenomenon{place}")
    if line is not None:
        if not less.refused and not less.missing:
            raise Refused(
                field=f"refused{place}",
                expected=gettext_noop("Expected how much of “{name}” comes back or is missing."),
                found=gettext_noop("Nothing was entered."),
                remedy=gettext_noop("Enter a quantity above 0, or leave the line out."),
                name=line.name,
            )
        take_less(trail, line, refused=less.refused, missing=less.missing, unit=less.unit, code=less.code)
    else:
        refuse(faults_of_amount("refused", less.refused))
        refuse(faults_of_amount("missing", less.missing))
        code_given(less.code, handoff, trail.at)
    back = _Opened(phenomenon, less.code, line, less.refused or None)
    short = _Opened(phenomenon, less.code, line, less.missing or None, shortage=True)
    if less.missing:
        return [back, short] if less.refused else [short]
    return [back]


def _open(trail: Trail, handoff: Handoff, moment: datetime, opened: Sequence[_Opened]) -> None:
    numbers = next_numbers(prefix=NUMBER_PREFIX, at=trail.at, count=len(opened))
    made = [
        HandoffReturn(
            number=number, handoff=handoff, line=one.line, shortage=one.shortage, quantity=one.quantity,
            phenomenon=one.phenomenon, code=one.code, opened_at=moment,
        )
        for number, one in zip(numbers, opened, strict=True)
    ]  # fmt: skip
    tell_returned(trail, handoff, [trail.save(found, "handoff_return.opened") for found in made])
