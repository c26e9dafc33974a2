"""Training in how a clause asks people to behave is entered, several people at once, and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from baton.agreements import policy
from baton.agreements.changes.checks import reason_given
from baton.agreements.models import Clause, Training
from baton.agreements.queries.training import supplier_of
from baton.agreements.rules import ClauseKind, Side
from baton.agreements.rules.training import MOST_LINES, TRAINER_LENGTH
from baton.chain.policy import standing_of
from baton.chain.queries.group_chats import people_in
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.days import day_of
from baton.core.errors import Refused, TooLong
from baton.core.policy import demand
from baton.core.texts import clean_text
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Party
    from baton.core.models import Person


@dataclass(frozen=True, slots=True)
class Trained:
    """That somebody was trained: when, until when it counts (None: it does not run out), by whom."""

    person: Person
    trained_on: date
    expires_on: date | None = None
    trained_by: str = ""


def note_training(*, by: Actor, at: datetime, clause: Clause, trained: Sequence[Trained]) -> list[Training]:
    """Enter who of the supplying party was trained in a clause on behaviour: all, or nobody. What is entered already
    (the same person on the same day) stays as it is and is left out.

    Refused: nothing new, a clause of another kind, somebody who does not belong to the party, a day that has not come,
    an end before the day, and more than :data:`MOST_LINES` at once.
    """
    party = supplier_of(clause)
    with change(by=by, at=at) as trail:
        demand(policy.may_keep_training(standing_of(by, day_of(at)), party))
        _demand_behaviour(clause)
        if not 1 <= len(trained) <= MOST_LINES:
            raise Refused(
                field="people",
                expected=gettext_noop("Expected 1 to {most} people."),
                found=gettext_noop("Found {count}."),
                remedy=gettext_noop("Enter them in parts."),
                most=MOST_LINES,
                count=len(trained),
            )
        known = {one.pk for one in people_in(party.public_id, at)}
        held = Training.objects.filter(party=party, line=clause.line, ended_at__isnull=True)
        entered = set(held.values_list("person", "trained_on"))
        new: list[Training] = []
        for one in trained:
            training = _checked(one, party, clause.line, known, day_of(at))
            if (one.person.pk, one.trained_on) not in entered:
                entered.add((one.person.pk, one.trained_on))
                new.append(trail.save(training, "training.noted"))
        if not new:
            raise Refused(
                field="people",
                expected=gettext_noop("Expected a training that is not entered yet."),
                found=gettext_noop("All of these people are entered for their days."),
                remedy=gettext_noop("Correct the days, or leave it as it is."),
            )
        return new


def withdraw_training(
    *, by: Actor, at: datetime, training: Training, reason: str, expected_seq: int | None = None
) -> Training:
    """Take a training back that was entered by mistake, with a reason; who it was stays in the history."""
    why = reason_given(reason)
    with change(by=by, at=at, reason=why) as trail:
        held = trail.lock(Training, training, expected_seq=expected_seq)
        demand(policy.may_keep_training(standing_of(by, day_of(at)), held.party))
        if held.ended_at is not None:
            raise Refused(
                expected=gettext_noop("Expected a training that counts."),
                found=gettext_noop("It was taken back."),
                remedy=gettext_noop("Load the page again to see which count."),
            )
        held.ended_at, held.ended_because = at, why
        return trail.save(held, "training.withdrawn")


def _checked(one: Trained, party: Party, line: str, known: set[int], today: date) -> Training:
    """The training as it is entered; refused for its days, somebody else's person, and a trainer of too many words."""
    _demand_days(one, today)
    if one.person.pk not in known:
        raise Refused(
            field="people",
            expected=gettext_noop("Expected people who belong to the party that owes the clause."),
            found=gettext_noop("“{name}” does not."),
            remedy=gettext_noop("Enter the training with the party to which he belongs."),
            name=one.person.name,
        )
    words = " ".join(clean_text(one.trained_by).split())
    if len(words) > TRAINER_LENGTH:
        raise TooLong(field="people", most=TRAINER_LENGTH, length=len(words))
    return Training(
        party=party, line=line, person=one.person, trained_on=one.trained_on, expires_on=one.expires_on,
        trained_by=words,
    )  # fmt: skip


def _demand_behaviour(clause: Clause) -> None:
    if clause.clause_kind != ClauseKind.BEHAVIOUR or clause.owed_by != Side.SUPPLIER:
        raise Refused(
            expected=gettext_noop("Expected a promise about how people behave."),
            found=gettext_noop("This clause is of another kind."),
            remedy=gettext_noop("Say in the clause that it is about behaviour, or enter training with another one."),
        )


def _demand_days(one: Trained, today: date) -> None:
    if one.trained_on > today or one.trained_on.year < 1950:
        raise Refused(
            field="people",
            expected=gettext_noop("Expected the day of a training that has been held."),
            found=gettext_noop("Found {day}."),
            remedy=gettext_noop("Correct the day."),
            day=one.trained_on.isoformat(),
        )
    if one.expires_on is not None and one.expires_on < one.trained_on:
        raise Refused(
            field="people",
            expected=gettext_noop("Expected a last day on or after {first}, the first day."),
            found=gettext_noop("Found {last}."),
            remedy=gettext_noop("Give a later day, or leave it empty."),
            first=one.trained_on.isoformat(),
            last=one.expires_on.isoformat(),
        )
