"""Training in clauses on behaviour: read, enter, take back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from baton.agreements.api.shapes import READ, WRITE, Note, see_clause
from baton.agreements.changes import training as changes
from baton.agreements.models import Training
from baton.agreements.queries import training as queries
from baton.agreements.rules.training import TRAINER_LENGTH
from baton.chain.queries.group_chats import people_in
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, named, reads, writes
from baton.core.api.schemas import Day, Edited, PublicId, SaidTexts, Sent, Shown
from baton.core.errors import NotFound
from baton.core.policy import may_use
from baton_analysis.errors import gettext_noop

router = Router()

Trainer = Annotated[str, StringConstraints(max_length=TRAINER_LENGTH, pattern=r"^[^\x00]*$")]


class TrainingAsked(Sent):
    """Of which clause."""

    clause: PublicId = Field(description="A promise on behaviour in an agreement.")


class TrainedShown(Shown):
    """Somebody who belongs to the party, with his last training."""

    person: PublicId
    name: SaidTexts
    training: PublicId | None
    trained_on: date | None
    expires_on: date | None
    trained_by: str
    holds: bool


class TrainingPageShown(Shown):
    """Training in a clause; names only for those who may read them."""

    people: int
    trained: int
    share: float | None
    rows: list[TrainedShown]


class TrainingSent(Sent):
    """Who was trained in a clause."""

    clause: PublicId
    person: PublicId
    trained_on: Day
    expires_on: Day | None = None
    trained_by: Trainer = ""


class TrainingShown(Shown):
    """A training."""

    id: PublicId
    person: PublicId
    trained_on: date
    expires_on: date | None
    trained_by: str
    counts: bool = Field(description="It was not taken back.")
    version: int = Field(examples=[42])


class TrainingEnd(Edited):
    """Why it is taken back."""

    why: Note = Field(min_length=1)


def _shown(one: Training) -> TrainingShown:
    return TrainingShown(
        id=one.public_id, person=one.person.public_id, trained_on=one.trained_on, expires_on=one.expires_on,
        trained_by=one.trained_by, counts=one.ended_at is None, version=one.changed_seq,
    )  # fmt: skip


def _see(request: ApiRequest) -> Callable[[str], Training]:
    return lambda public_id: queries.training(viewer=request.actor, at=request.now, public_id=public_id)


@reads(
    router, "", scope=READ, may=may_use, response=TrainingPageShown,
    summary=gettext_noop("Read who is trained in a clause"),
    description=gettext_noop("Shares for everybody; names for who leads the party, quality managers and HR."),
)  # fmt: skip
def read_training(request: ApiRequest, asked: Query[TrainingAsked]) -> Any:
    page = queries.training_page(viewer=request.actor, at=request.now, public_id=asked.clause)
    return TrainingPageShown(
        people=page.coverage.people, trained=page.coverage.trained, share=page.coverage.share,
        rows=[_trained(one) for one in page.people],
    )  # fmt: skip


@writes(
    router, "POST", "", scope=WRITE, may=may_use, response=TrainingShown, status=201,
    summary=gettext_noop("Enter a training"),
    description=gettext_noop("For who leads the party that owes the clause, and quality managers."),
    example={"clause": "2b3c4d5f6g7h8j9k", "person": "3c4d5f6g7h8j9k2b", "trained_on": "2026-03-31"},
)  # fmt: skip
def note_training(request: ApiRequest, sent: TrainingSent) -> HttpResponse:
    by, at = request.actor, request.now
    clause = named(lambda: see_clause(request)(sent.clause), "clause")

    def write() -> Training:
        known = people_in(queries.supplier_of(clause).public_id, at)
        person = named(lambda: _person(sent.person, {one.public_id: one for one in known}), "person")
        one = changes.Trained(person, sent.trained_on, sent.expires_on, sent.trained_by)
        return changes.note_training(by=by, at=at, clause=clause, trained=[one])[0]

    return made(request, show=_shown, see=_see(request), write=write)


@writes(
    router, "POST", "/{slug:public_id}/take-back", scope=WRITE, may=may_use, response=TrainingShown, versioned=True,
    summary=gettext_noop("Take a training back"), example={"version": 42, "why": "Another person"},
)  # fmt: skip
def withdraw_training(request: ApiRequest, public_id: PublicId, sent: TrainingEnd) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_shown, see=_see(request),
        write=lambda one, **seen: changes.withdraw_training(training=one, reason=sent.why, **seen),
    )  # fmt: skip


def _person(public_id: str, known: dict[str, Any]) -> Any:
    if public_id not in known:
        raise NotFound
    return known[public_id]


def _trained(one: queries.TrainedPerson) -> TrainedShown:
    training = one.training
    return TrainedShown(
        person=one.person.public_id, name=one.person.name, holds=one.holds,
        training=training.public_id if training else None, trained_on=training.trained_on if training else None,
        expires_on=training.expires_on if training else None, trained_by=training.trained_by if training else "",
    )  # fmt: skip
