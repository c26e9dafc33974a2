"""Surveys: list, read, prepare, change, choose links and people, open, close. Answers are read nowhere here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from baton.chain import queries as chain
from baton.chain.api.parties import party_named, person_named
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, named, reads, shown, writes
from baton.core.api.schemas import Asked, Edited, Language, PublicId, Rows, SaidTexts, Sent, Shown, Texts
from baton.core.policy import may_use
from baton.core.slices import slice_of
from baton.feedback import changes, policy, queries
from baton.feedback.changes.checks import INTRO_LENGTH
from baton.feedback.models import Questionnaire, Wave
from baton.feedback.models.questionnaires import REASON_LENGTH
from baton.feedback.queries.asking import ways_chosen
from baton.feedback.queries.choosing import links_by_rule, waves_of_all_states
from baton.feedback.rules import Mode, WaveState, Way
from baton.feedback.rules.asking import HALF_WIDTHS, WINDOW_RANGE, LinkRule
from baton.feedback.rules.waves import MOST_LINKS
from baton.handoffs.api.shapes import Moment
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Link

READ, WRITE = "feedback:read", "feedback:write"

router = Router()

Intro = dict[Language, Annotated[str, StringConstraints(max_length=INTRO_LENGTH, pattern=r"^[^\x00]*$")]]
Least = Annotated[int, Field(strict=True, ge=5, le=100)]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=REASON_LENGTH, pattern=r"^[^\x00]*$")]


class SurveyShown(Shown):
    """A survey. While it is open, ``participation`` is told in steps of a tenth from 50 people asked on, and not at all
    before."""

    id: PublicId
    number: str = Field(examples=["SV-2026-0001"])
    title: SaidTexts
    intro: SaidTexts
    questionnaire: PublicId
    mode: Mode
    state: WaveState
    links: int = Field(description="About how many links it asks.")
    invited: int = Field(description="People asked; 0 before it is opened.")
    by_mail: int = Field(description="Of the people chosen those who get a letter; the others fetch their code.")
    cards: int
    participation: float | None
    least: int = Field(description="Fewest answers for a figure.")
    least_comments: int = Field(description="Fewest sheets for comments.")
    window_days: int
    half_width: float | None
    collector: PublicId | None
    opened_at: datetime | None
    closes_at: datetime
    closed_at: datetime | None
    published_at: datetime | None
    version: int = Field(examples=[42])


class SurveysAsked(Asked):
    """Which surveys."""

    state: Literal["", "draft", "open", "closed", "published", "lost", "withdrawn"] = ""


class SurveySent(Sent):
    """A new survey, about no link yet."""

    questionnaire: PublicId
    title: Texts = Field(examples=[{"en": "Autumn"}])
    intro: Intro = Field(default_factory=dict, description="What people read first.")
    mode: Mode = Field(default=Mode.ANONYMOUS, description="It stands still once the survey is open.")
    closes_at: Moment
    least: Least = 5
    least_comments: Annotated[int, Field(strict=True, ge=10, le=1_000)] = 10
    collector: PublicId | None = None


class SurveyChange(Edited):
    """What is left out stays. Of an open survey only its end and thresholds change, and those only upward."""

    title: Texts | None = None
    intro: Intro | None = None
    mode: Mode | None = None
    closes_at: Moment | None = None
    least: Least | None = None
    least_comments: Annotated[int, Field(strict=True, ge=10, le=1_000)] | None = None


class LinksSent(Edited):
    """Links in place of those before: by a rule, or by their ids."""

    rule: Literal["all", "supplier", "customer", "within"] | None = Field(
        default=None,
        description="all in force; of the party: what it hands over (supplier), gets (customer), has inside (within).",
    )
    party: PublicId | None = None
    links: list[PublicId] = Field(default_factory=list, max_length=MOST_LINKS)


class PeopleSent(Edited):
    """By which rule people are asked."""

    window_days: Annotated[int, Field(strict=True, ge=WINDOW_RANGE.start, le=WINDOW_RANGE.stop - 1)] = 90
    half_width: Annotated[float, Field(ge=HALF_WIDTHS[0], le=HALF_WIDTHS[1])] | None = Field(
        default=None, description="Of the interval for which enough people are asked; null: everybody."
    )


class WaySent(Edited):
    """How those who are chosen get to their sheets."""

    way: Literal["mail", "app"] = Field(
        description="mail: by e-mail, where people have a mailbox and want it, the others in Baton; app: all in Baton."
    )


class CloseSent(Edited):
    """Why before its time."""

    reason: Reason = Field(examples=["Enough have answered"])


def _shown(request: ApiRequest) -> Callable[[Wave], SurveyShown]:
    def show(one: Wave) -> SurveyShown:
        return SurveyShown(
            id=one.public_id, number=one.number, title=one.title, intro=one.intro,
            questionnaire=one.questionnaire.public_id, mode=Mode(one.mode), state=WaveState(one.state),
            links=one.links.count(), invited=one.invited, cards=one.cards,
            by_mail=ways_chosen(viewer=request.actor, wave=one).get(Way.MAIL, 0),
            participation=queries.participation(viewer=request.actor, wave=one), least=one.least,
            least_comments=one.least_comments, window_days=one.window_days, half_width=one.half_width,
            collector=one.collector.public_id if one.collector is not None else None, opened_at=one.opened_at,
            closes_at=one.closes_at, closed_at=one.closed_at, published_at=one.published_at, version=one.changed_seq,
        )  # fmt: skip

    return show


def _see(request: ApiRequest) -> Callable[[str], Wave]:
    return lambda public_id: queries.wave(viewer=request.actor, public_id=public_id)


def _questionnaire(request: ApiRequest, public_id: str) -> Questionnaire:
    return named(lambda: queries.questionnaire(viewer=request.actor, public_id=public_id), "questionnaire")


def _link(request: ApiRequest, public_id: str) -> Link:
    return named(lambda: chain.link(viewer=request.actor, at=request.now, public_id=public_id), "links")


@reads(
    router, "", scope=READ, may=may_use, response=Rows[SurveyShown], summary=gettext_noop("List surveys"),
    description=gettext_noop("For who sees surveys, and collectors their own; the youngest first."),
)  # fmt: skip
def list_surveys(request: ApiRequest, asked: Query[SurveysAsked]) -> Any:
    rows = waves_of_all_states(viewer=request.actor, state=asked.state)
    part = slice_of(rows.order_by("-number"), asked=asked.filters(), limit=asked.limit, cursor=asked.cursor)
    return Rows[SurveyShown](rows=[_shown(request)(one) for one in part.rows], next=part.next)


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=SurveyShown, summary=gettext_noop("Read a survey"),
)  # fmt: skip
def read_survey(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = _see(request)(public_id)
    return shown(found, _shown(request)(found))


@writes(
    router, "POST", "", scope=WRITE, may=policy.may_run_waves, response=SurveyShown, status=201,
    summary=gettext_noop("Prepare a survey"),
    description=gettext_noop("For quality managers. Links and people are chosen next; nobody is told before it opens."),
    example={"questionnaire": "2b3c4d5f6g7h8j9k", "title": {"en": "Autumn"}, "closes_at": "2026-12-18T18:00:00+08:00"},
)  # fmt: skip
def prepare_survey(request: ApiRequest, sent: SurveySent) -> HttpResponse:
    asked = _questionnaire(request, sent.questionnaire)
    collector = person_named(request, sent.collector, "collector") if sent.collector is not None else None
    return made(request, show=_shown(request), see=_see(request), write=lambda: changes.prepare_wave(
        by=request.actor, at=request.now, questionnaire=asked, title=sent.title, intro=sent.intro, mode=sent.mode,
        closes_at=sent.closes_at, least=sent.least, least_comments=sent.least_comments, collector=collector, links=[],
    ))  # fmt: skip


@writes(
    router, "PATCH", "/{slug:public_id}", scope=WRITE, may=policy.may_run_waves, response=SurveyShown, versioned=True,
    summary=gettext_noop("Change a survey"),
    description=gettext_noop("Of an open one only its end and thresholds; thresholds only rise."),
    example={"version": 42, "least": 8},
)  # fmt: skip
def change_survey(request: ApiRequest, public_id: PublicId, sent: SurveyChange) -> HttpResponse:
    given = {name: value for name, value in sent.model_dump(exclude={"version"}).items() if value is not None}
    return changed(
        request, public_id, sent, show=_shown(request), see=_see(request),
        write=lambda one, **seen: changes.change_wave(wave=one, **seen, **given),
    )  # fmt: skip


@writes(
    router, "PUT", "/{slug:public_id}/links", scope=WRITE, may=policy.may_run_waves, response=SurveyShown,
    versioned=True, summary=gettext_noop("Choose about which links a survey asks"),
    description=gettext_noop("In place of those before. Whoever was chosen to be asked is chosen anew."),
    example={"version": 42, "rule": "supplier", "party": "2b3c4d5f6g7h8j9k"},
)  # fmt: skip
def put_survey_links(request: ApiRequest, public_id: PublicId, sent: LinksSent) -> HttpResponse:
    links = {one.pk: one for one in (_link(request, link) for link in sent.links)}
    if sent.rule is not None:
        rule = LinkRule(sent.rule)
        party = party_named(request, sent.party or "", "party").public_id if rule.is_of_party else ""
        meant = links_by_rule(viewer=request.actor, at=request.now, rule=rule, party=party)
        links |= {one.pk: one for one in meant}
    return changed(
        request, public_id, sent, show=_shown(request), see=_see(request),
        write=lambda one, **seen: changes.put_links(wave=one, links=list(links.values()), **seen),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/people", scope=WRITE, may=policy.may_run_waves, response=SurveyShown,
    versioned=True, summary=gettext_noop("Choose by the rule whom a survey asks"),
    description=gettext_noop("Those who dealt with its links, nobody about his own department or twice in 30 days."),
    example={"version": 42, "window_days": 90, "half_width": 0.5},
)  # fmt: skip
def choose_survey_people(request: ApiRequest, public_id: PublicId, sent: PeopleSent) -> HttpResponse:
    def write(one: Wave, **seen: Any) -> Wave:
        changes.choose_people(wave=one, window_days=sent.window_days, half_width=sent.half_width, **seen)
        return _see(request)(one.public_id)

    return changed(request, public_id, sent, show=_shown(request), see=_see(request), write=write)


@writes(
    router, "PUT", "/{slug:public_id}/way", scope=WRITE, may=policy.may_run_waves, response=SurveyShown,
    versioned=True, summary=gettext_noop("Choose how a survey reaches people"),
    description=gettext_noop("Of an anonymous one in preparation, once people are chosen."),
    example={"version": 42, "way": "app"},
)  # fmt: skip
def put_survey_way(request: ApiRequest, public_id: PublicId, sent: WaySent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_shown(request), see=_see(request),
        write=lambda one, **seen: changes.choose_way(wave=one, way=Way(sent.way), **seen),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/open", scope=WRITE, may=policy.may_run_waves, response=SurveyShown,
    versioned=True, summary=gettext_noop("Open a survey"),
    description=gettext_noop("From then on words, links, people and the promise stand still."),
    example={"version": 42},
)  # fmt: skip
def open_survey(request: ApiRequest, public_id: PublicId, sent: Edited) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_shown(request), see=_see(request),
        write=lambda one, **seen: changes.open_wave(wave=one, **seen),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/close", scope=WRITE, may=policy.may_run_waves, response=SurveyShown,
    versioned=True, summary=gettext_noop("Close a survey before its time"),
    description=gettext_noop("Nobody answers any more, and it cannot be opened again."),
    example={"version": 42, "reason": "Enough have answered"},
)  # fmt: skip
def close_survey(request: ApiRequest, public_id: PublicId, sent: CloseSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_shown(request), see=_see(request),
        write=lambda one, **seen: changes.close_wave(wave=one, reason=sent.reason, **seen),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/publish", scope=WRITE, may=policy.may_run_waves, response=SurveyShown,
    versioned=True, summary=gettext_noop("Publish the results of a closed survey"),
    description=gettext_noop(
        "At once, where it asks about at most 100 links. Baton publishes each closed survey by itself some minutes"
        " later."
    ),
    example={"version": 42},
)  # fmt: skip
def publish_survey(request: ApiRequest, public_id: PublicId, sent: Edited) -> HttpResponse:
    found = _see(request)(public_id)
    ready = None
    if found.state == WaveState.CLOSED:  # before the transaction begins, in which nobody else could write
        ready = changes.work_out(by=request.actor, wave=found, at_once=True)
    return changed(
        request, public_id, sent, show=_shown(request), see=_see(request),
        write=lambda one, **seen: changes.publish_wave(wave=one, worked_out=ready, **seen),
    )  # fmt: skip
