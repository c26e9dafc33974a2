"""Consultations: who takes part, what people say, and what is answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Router
from pydantic import Field, StringConstraints

from baton.agreements import changes, policy
from baton.agreements.api.shapes import READ, WRITE, Note, TermsSent, see_version
from baton.agreements.models import AgreementVersion, ConsultationRule, Invitation, Opinion
from baton.agreements.models.rounds import OPINION_LENGTH
from baton.agreements.queries import consulting
from baton.agreements.queries.hearing import held_in, line_of, rule_of_consultations
from baton.agreements.rules import LINE_LENGTH, MOST_ASKED, Outcome, Side, Stance, VersionState
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, reads, shown, version_of, writes
from baton.core.api.schemas import Day, Edited, Flag, PublicId, SaidTexts, Sent, Shown
from baton.core.errors import NotFound, Stale
from baton.core.policy import may_use
from baton.core.problems import refusal
from baton_analysis.errors import gettext_noop

router = Router()
opinions_router = Router()
invitations_router = Router()
rule_router = Router()

Words = Annotated[str, StringConstraints(max_length=OPINION_LENGTH, pattern=r"^[^\x00]*$")]
Line = Annotated[str, StringConstraints(max_length=LINE_LENGTH, pattern=r"^[0-9a-z]*$")]


class OpinionShown(Shown):
    """What somebody said to a clause, or to the whole, and what was answered."""

    id: PublicId
    consultation: PublicId = Field(description="The version that it is about.")
    line: str = Field(description="Of the clause; empty: of the whole version.")
    person: PublicId | None = Field(description="Who said it; null: somebody outside, through a task link.")
    side: Side
    by_lead: bool = Field(description="Whether it was said for the side: then the other side answers it.")
    stance: Stance
    text: str
    proposed: dict[str, Any] = Field(description="Fields of the clause as a counter-proposal wants them.")
    changed: bool = Field(description="Whether what it is about was changed since it was said.")
    outcome: Outcome
    answer: str
    answered_at: datetime | None
    version: int = Field(examples=[42])


class SideShown(Shown):
    """How many people of a side were asked, and how many of them have spoken."""

    side: Side
    asked: int
    spoke: int
    taken_back: int = Field(description="Asked no more before they spoke.")
    participation: float | None = Field(description="In percent; null: nobody was asked.", examples=[75])
    in_workshops: int = Field(
        description="Devices that took part in workshops about the version; nameless, they count towards no minimum."
    )


class InvitationShown(Shown):
    """Somebody who is asked."""

    id: PublicId
    consultation: PublicId
    person: PublicId
    name: SaidTexts
    side: Side
    due_on: date
    ended_at: datetime | None = Field(description="From when on he is asked no more.")
    version: int = Field(examples=[42])


class ConsultationShown(Shown):
    """Participation, which everybody reads who sees the agreement; who said what, for those who may read it."""

    id: PublicId = Field(description="Of the version.")
    state: VersionState
    minimum_participation: int = Field(description="In percent, of those asked on each side.")
    unanswered: int = Field(description="Objections and counter-proposals that wait for an answer.")
    sides: list[SideShown]
    reads: bool = Field(description="Whether the caller reads who said what; else the two lists are empty.")
    invitations: list[InvitationShown]
    opinions: list[OpinionShown]
    version: int = Field(examples=[42])


class OpinionSent(Sent):
    """What the caller says himself. Of a counter-proposal, what is left out of ``proposed`` is emptied."""

    line: Line = Field(default="", description="Of the clause; empty: to the whole version.", examples=[""])
    stance: Stance
    text: Words = Field(default="", description="Needed for an objection and a comment.")
    proposed: TermsSent | None = Field(default=None, description="The clause as it should read.")


class AskedSent(Sent):
    """Whom to ask on a side."""

    side: Side
    due_on: Day
    people: Annotated[list[PublicId], Field(max_length=MOST_ASKED)] | None = Field(
        default=None, description="Null: everybody who belongs to the party of that side."
    )


class AnswerSent(Edited):
    """What is answered to an objection or a counter-proposal."""

    adopt: Flag = Field(description="true: it is done as it asks; false: it is declined, and the answer says why.")
    answer: Words = ""


class InvitationEnd(Edited):
    """Why somebody is asked no more."""

    why: Note = Field(min_length=1, examples=["Works elsewhere now"])


class RuleShown(Shown):
    """How many of those who are asked must have spoken."""

    minimum_participation: int = Field(description="In percent, of those asked on each side.")
    always: bool = Field(description="Whether nothing is signed before people were asked.")
    version: int = Field(description="0: nobody has said it yet, and what is usual holds.", examples=[42])


class RuleSent(Edited):
    """How many must have spoken from now on."""

    minimum_participation: Annotated[int, Field(ge=0, le=100, strict=True)]
    always: Flag = False


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=ConsultationShown,
    summary=gettext_noop("Read the consultation of a version"),
    description=gettext_noop("Participation, invitations and opinions, also when it is over."),
)  # fmt: skip
def read_consultation(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = consulting.consultation(viewer=request.actor, at=request.now, public_id=public_id)
    return shown(found.version, _shown(found))


@writes(
    router, "POST", "/{slug:public_id}/opinions", scope=WRITE, may=may_use, response=OpinionShown, status=201,
    summary=gettext_noop("Say something to a clause or to the whole version"),
    description=gettext_noop(
        "In the caller's own name: who is asked, and who speaks for a side. What he said to it before is changed."
    ),
    example={"line": "", "stance": "comment", "text": "It helps the night shift."},
)  # fmt: skip
def say_opinion(request: ApiRequest, public_id: PublicId, sent: OpinionSent) -> HttpResponse:
    version = see_version(request)(public_id)
    proposed = sent.proposed.terms(_side_of(request, version, sent.line)) if sent.proposed is not None else None
    return made(
        request, show=_show(request), see=_see(request),
        write=lambda: changes.say_opinion(
            by=request.actor, at=request.now, version=version, line=sent.line, stance=sent.stance, text=sent.text,
            proposed=proposed,
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/consent", scope=WRITE, may=may_use, response=ConsultationShown, versioned=True,
    summary=gettext_noop("Consent to every clause to which one has said nothing"), example={"version": 42},
)  # fmt: skip
def consent_to_the_rest(request: ApiRequest, public_id: PublicId, sent: Edited) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_show_all(request), see=see_version(request),
        write=lambda version, **seen: changes.consent_to_the_rest(version=version, **seen),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/invitations", scope=WRITE, may=may_use, response=ConsultationShown,
    summary=gettext_noop("Ask people of a side what they think of a version"),
    description=gettext_noop("Who speaks for the side, and the quality manager; while the consultation is open."),
    example={"side": "customer", "due_on": "2026-06-15", "people": None},
)  # fmt: skip
def ask_staff(request: ApiRequest, public_id: PublicId, sent: AskedSent) -> HttpResponse:
    version = see_version(request)(public_id)
    return made(
        request, show=_show_all(request), see=see_version(request), status=200,
        write=lambda: changes.ask_staff(
            by=request.actor, at=request.now, version=version, side=sent.side, due_on=sent.due_on, people=sent.people
        ),
    )  # fmt: skip


@writes(
    opinions_router, "POST", "/{slug:public_id}/answer", scope=WRITE, may=may_use, response=OpinionShown,
    versioned=True, summary=gettext_noop("Adopt or decline an objection or a counter-proposal"),
    description=gettext_noop("An adopted counter-proposal changes its clause. Nobody answers himself."),
    example={"adopt": False, "answer": "The van comes at seven.", "version": 42},
)  # fmt: skip
def answer_opinion(request: ApiRequest, public_id: PublicId, sent: AnswerSent) -> HttpResponse:
    write = changes.adopt_opinion if sent.adopt else changes.decline_opinion
    return changed(
        request, public_id, sent, show=_show(request), see=_see(request),
        write=lambda opinion, **seen: write(opinion=opinion, answer=sent.answer, **seen),
    )  # fmt: skip


@writes(
    opinions_router, "POST", "/{slug:public_id}/withdraw", scope=WRITE, may=may_use, response=OpinionShown,
    versioned=True, summary=gettext_noop("Take back what one has said"), example={"version": 42},
)  # fmt: skip
def withdraw_opinion(request: ApiRequest, public_id: PublicId, sent: Edited) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_show(request), see=_see(request),
        write=lambda opinion, **seen: changes.withdraw_opinion(opinion=opinion, **seen),
    )  # fmt: skip


@writes(
    invitations_router, "POST", "/{slug:public_id}/end", scope=WRITE, may=may_use, response=InvitationShown,
    versioned=True, summary=gettext_noop("Ask somebody no more who has not spoken"),
    example={"why": "Works elsewhere now", "version": 42},
)  # fmt: skip
def end_invitation(request: ApiRequest, public_id: PublicId, sent: InvitationEnd) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_invitation,
        see=lambda one: consulting.invitation(viewer=request.actor, at=request.now, public_id=one),
        write=lambda invitation, **seen: changes.end_invitation(invitation=invitation, reason=sent.why, **seen),
    )  # fmt: skip


@reads(
    rule_router, "", scope=READ, may=policy.may_say_how_many_take_part, response=RuleShown,
    summary=gettext_noop("Read how many must have spoken"), description=gettext_noop("For the quality manager."),
)  # fmt: skip
def read_participation_rule(request: ApiRequest) -> HttpResponse:
    rule = rule_of_consultations()
    return shown(rule, _rule(rule))


@writes(
    rule_router, "PATCH", "", scope=WRITE, may=policy.may_say_how_many_take_part, response=RuleShown, versioned=True,
    summary=gettext_noop("Say how many must have spoken"), description=gettext_noop("For the quality manager."),
    example={"minimum_participation": 60, "always": False, "version": 0, "reason": "Agreed in the council"},
)  # fmt: skip
def say_how_many_take_part(request: ApiRequest, sent: RuleSent) -> HttpResponse:
    by, at, seen = request.actor, request.now, version_of(request, sent.version)
    try:
        return made(
            request, show=_rule, see=lambda _: rule_of_consultations(), status=200,
            write=lambda: changes.say_how_many_take_part(
                by=by, at=at, minimum_participation=sent.minimum_participation, always=sent.always,
                expected_seq=seen, reason=sent.reason,
            ),
        )  # fmt: skip
    except Stale as stale:  # of a rule that nobody has said yet there is no row to read again
        return refusal(request, stale, theirs=_rule(rule_of_consultations()).model_dump(mode="json"))


def _side_of(request: ApiRequest, version: AgreementVersion, line: str) -> Side:
    """Who owes the clause on this line."""
    clauses = held_in(viewer=request.actor, version=version)
    owed = next((Side(one.owed_by) for one in clauses if line_of(one) == line), None)
    if owed is None:
        raise NotFound
    return owed


def _rule(rule: ConsultationRule) -> RuleShown:
    return RuleShown(
        minimum_participation=rule.minimum_participation, always=rule.always, version=rule.changed_seq
    )  # fmt: skip


def _show_all(request: ApiRequest) -> Callable[[AgreementVersion], ConsultationShown]:
    return lambda version: _shown(
        consulting.consultation(viewer=request.actor, at=request.now, public_id=version.public_id)
    )


def _shown(found: consulting.Consultation) -> ConsultationShown:
    heard = [one for part in found.parts for one in part.heard] + found.gone
    return ConsultationShown(
        id=found.version.public_id, state=VersionState(found.version.state),
        minimum_participation=found.hearing.minimum, unanswered=found.hearing.unanswered,
        sides=[
            SideShown(
                side=one.side, asked=one.asked, spoke=one.spoke, taken_back=one.taken_back, participation=one.share,
                in_workshops=found.came[one.side],
            )
            for one in found.hearing.sides
        ],
        reads=found.reads, invitations=[_invitation(one) for one in found.invitations],
        opinions=[_opinion(one) for one in heard], version=found.version.changed_seq,
    )  # fmt: skip


def _opinion(heard: consulting.Heard) -> OpinionShown:
    one = heard.opinion
    return OpinionShown(
        id=one.public_id, consultation=one.version.public_id, line=one.line,
        person=one.person.public_id if one.person is not None else None, side=Side(one.side), by_lead=one.by_lead,
        stance=Stance(one.stance), text=one.text, proposed=one.proposed, changed=heard.changed,
        outcome=Outcome(one.outcome), answer=one.answer, answered_at=one.answered_at, version=one.changed_seq,
    )  # fmt: skip


def _invitation(one: Invitation) -> InvitationShown:
    return InvitationShown(
        id=one.public_id, consultation=one.version.public_id, person=one.person.public_id, name=one.person.name,
        side=Side(one.side), due_on=one.due_on, ended_at=one.ended_at, version=one.changed_seq,
    )  # fmt: skip


def _see(request: ApiRequest) -> Callable[[str], Opinion]:
    return lambda public_id: consulting.opinion(viewer=request.actor, at=request.now, public_id=public_id)


def _show(request: ApiRequest) -> Callable[[Opinion], OpinionShown]:
    """An opinion as its reader sees it after the call."""

    def show(opinion: Opinion) -> OpinionShown:
        heard = consulting.opinions_of(viewer=request.actor, at=request.now, version=opinion.version)
        return _opinion(next(one for one in heard if one.opinion.pk == opinion.pk))

    return show
