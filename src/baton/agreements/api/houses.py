"""Houses of quality: list, read with weights, begin, add to, judge, turn into clauses."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from baton.agreements.api.shapes import READ, WRITE, ClauseShown, clause_shown, see_clause
from baton.agreements.changes import houses as changes
from baton.agreements.changes.houses import Judged
from baton.agreements.models import House
from baton.agreements.queries import houses as queries
from baton.agreements.rules.houses import MOST_CHARACTERISTICS, MOST_NEEDS, NeedSource
from baton.chain import queries as chain
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, named, reads, shown, writes
from baton.core.api.schemas import Asked, Edited, Flag, PublicId, Rows, SaidTexts, Search, Sent, Shown, Texts
from baton.core.policy import may_use
from baton_analysis.errors import gettext_noop

router = Router()
characteristics_router = Router()

Rating = Annotated[int, Field(ge=1, le=5)]
SalesPoint = Annotated[float, Field(ge=1, le=1.5, description="1, 1.2 or 1.5.", examples=[1.2])]
Strength = Literal[0, 1, 3, 9]
Mark = Literal["", "++", "+", "-", "--"]
Goal = Literal["", "larger", "smaller", "nominal"]


class HouseOrder(StrEnum):
    """By what houses are ordered; with a minus sign descending."""

    NUMBER = "number"
    NUMBER_DOWN = "-number"
    NAME = "name"
    NAME_DOWN = "-name"


class HousesAsked(Asked):
    """Which houses, in which order."""

    search: Search = ""
    party: PublicId | None = Field(default=None, description="On either side of the link.")
    closed: Flag = Field(default=False, description="Closed ones, too.")
    order: HouseOrder = HouseOrder.NUMBER


class HouseShown(Shown):
    """A house of quality."""

    id: PublicId
    number: str = Field(examples=["H-2026-0001"])
    link: PublicId
    name: SaidTexts
    importance_scale: int
    closed: bool
    version: int = Field(examples=[42])


class NeedShown(Shown):
    """Something that the customer needs, with its weight."""

    id: PublicId
    words: SaidTexts
    source: NeedSource
    outside_need: PublicId | None
    importance: int
    current: int | None
    target: int | None
    sales_point: float
    others: dict[str, int] = Field(description="How others meet it, from 1 to 5, by name.", examples=[{"City": 4}])
    weight: float | None = Field(description="Importance x target / current x sales point; null while unweighed.")
    has_clause: bool = Field(description="Whether a characteristic serves it that a clause promises.")


class CharacteristicShown(Shown):
    """Something that can be measured, with its weights."""

    id: PublicId
    name: SaidTexts
    goal: str = Field(description="larger, smaller, nominal; empty: not said.")
    line: str = Field(description="Line of the clause that promises it; empty: none.")
    by_importance: float | None
    weight: float | None = Field(description="By demanded weight; null while unweighed.")
    normalised: float | None
    share: float | None
    rank: int | None
    best_rank: int | None = Field(description="If any one judgement moves by one step.")
    worst_rank: int | None


class RelationShown(Shown):
    """How far a characteristic serves a need."""

    need: PublicId
    characteristic: PublicId
    strength: int = Field(description="9 strong, 3 medium, 1 weak.")


class MarkShown(Shown):
    """How two characteristics touch each other."""

    first: PublicId
    second: PublicId
    sign: str = Field(description="++, +, - or --.")


class HouseWeighed(HouseShown):
    """A house with all that is in it."""

    needs: list[NeedShown]
    characteristics: list[CharacteristicShown]
    relations: list[RelationShown]
    roof: list[MarkShown]
    clauses_without_need: list[str] = Field(description="Lines of promises behind which stands no need.")


class HouseSent(Sent):
    """A new house."""

    link: PublicId
    name: Texts = Field(examples=[{"en": "Clean linen on the wards"}])
    importance_scale: Literal[5, 10] = 5


class JudgedSent(Sent):
    """How much a need matters and how well it is met."""

    importance: Annotated[int, Field(ge=1, le=10)]
    current: Rating | None = None
    target: Rating | None = None
    sales_point: SalesPoint = 1.0

    def judged(self) -> Judged:
        """As changes take it."""
        return Judged(**{name: getattr(self, name) for name in JudgedSent.model_fields})


class NeedSent(JudgedSent):
    """A new need."""

    words: Texts = Field(examples=[{"en": "Linen is there when we change the beds"}])
    source: NeedSource = NeedSource.SAID


class CharacteristicSent(Sent):
    """A new characteristic."""

    name: Texts = Field(examples=[{"en": "Hours to delivery"}])
    goal: Goal = ""


class NeedJudged(JudgedSent):
    """A need, judged."""

    need: PublicId


class RelationSent(Sent):
    """How far a characteristic serves a need."""

    need: PublicId
    characteristic: PublicId
    strength: Strength


class MarkSent(Sent):
    """How two characteristics touch each other; empty: not at all."""

    first: PublicId
    second: PublicId
    sign: Mark


class JudgementsSent(Edited):
    """Judgements of a house; what is not named stays as it is."""

    needs: list[NeedJudged] = Field(default_factory=list, max_length=MOST_NEEDS)
    relations: list[RelationSent] = Field(default_factory=list, max_length=MOST_NEEDS * MOST_CHARACTERISTICS)
    roof: list[MarkSent] = Field(
        default_factory=list, max_length=MOST_CHARACTERISTICS * (MOST_CHARACTERISTICS - 1) // 2
    )


def _house(one: House) -> dict[str, Any]:
    return {
        "id": one.public_id, "number": one.number, "link": one.link.public_id, "name": one.name,
        "importance_scale": one.importance_scale, "closed": one.ended_at is not None, "version": one.changed_seq,
    }  # fmt: skip


def _weighed(request: ApiRequest, one: House) -> HouseWeighed:
    page = queries.house_page(viewer=request.actor, at=request.now, public_id=one.public_id)
    found = page.weighed
    without = {need.pk for need in page.needs_without_clause}
    need_of = {need.pk: need.public_id for need in page.needs}
    column_of = {column.pk: column.public_id for column in page.characteristics}
    need_weights = [None] * len(page.needs) if found is None else [need.absolute for need in found.needs]
    weights = [None] * len(page.characteristics) if found is None else list(found.characteristics)
    return HouseWeighed(
        **_house(page.house),
        needs=[
            NeedShown(
                id=need.public_id, words=need.words, source=NeedSource(need.source), importance=need.importance,
                outside_need=need.outside_need.public_id if need.outside_need is not None else None,
                current=need.current, target=need.target, sales_point=need.sales_point, weight=weight,
                others=need.others,
                has_clause=need.pk not in without,
            )
            for need, weight in zip(page.needs, need_weights, strict=True)
        ],
        characteristics=[
            CharacteristicShown(
                id=column.public_id, name=column.name, goal=column.goal, line=column.line,
                by_importance=weight.importance_only.value if weight else None,
                weight=weight.demanded.value if weight else None,
                normalised=weight.normalised.value if weight else None,
                share=weight.demanded.share if weight else None, rank=weight.demanded.rank if weight else None,
                best_rank=weight.demanded.ranks[0] if weight else None,
                worst_rank=weight.demanded.ranks[1] if weight else None,
            )
            for column, weight in zip(page.characteristics, weights, strict=True)
        ],
        relations=[
            RelationShown(need=need_of[need], characteristic=column_of[column], strength=strength)
            for (need, column), strength in page.relations.items()
            if strength and need in need_of and column in column_of
        ],
        roof=[
            MarkShown(first=column_of[first], second=column_of[second], sign=sign)
            for (first, second), sign in page.roof.items()
            if first in column_of and second in column_of
        ],
        clauses_without_need=[clause.line for clause in page.clauses_without_need],
    )  # fmt: skip


def _see(request: ApiRequest, public_id: str) -> House:
    return queries.house(viewer=request.actor, at=request.now, public_id=public_id)


@reads(
    router, "", scope=READ, may=may_use, response=Rows[HouseShown],
    summary=gettext_noop("List houses of quality"),
    description=gettext_noop("Houses of links in sight."),
)  # fmt: skip
def list_houses(request: ApiRequest, asked: Query[HousesAsked]) -> Any:
    filters = queries.HouseFilters(
        search=asked.search, party=asked.party or "", closed=asked.closed, order=asked.order.value
    )
    part = queries.house_slice(
        viewer=request.actor, at=request.now, filters=filters, limit=asked.limit, cursor=asked.cursor
    )
    return Rows[HouseShown](rows=[HouseShown(**_house(one)) for one in part.rows], next=part.next)


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=HouseWeighed,
    summary=gettext_noop("Read a house of quality"),
    description=gettext_noop("With needs, characteristics, relations, roof and weights."),
)  # fmt: skip
def read_house(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = _see(request, public_id)
    return shown(found, _weighed(request, found))


@writes(
    router, "POST", "", scope=WRITE, may=may_use, response=HouseWeighed, status=201,
    summary=gettext_noop("Begin a house of quality"),
    description=gettext_noop("An empty house of a link."),
    example={"link": "2b3c4d5f6g7h8j9k", "name": {"en": "Clean linen on the wards"}},
)  # fmt: skip
def begin_house(request: ApiRequest, sent: HouseSent) -> HttpResponse:
    by, at = request.actor, request.now
    link = named(lambda: chain.link(viewer=by, at=at, public_id=sent.link), "link")
    return made(
        request, show=lambda house: _weighed(request, house), see=lambda public_id: _see(request, public_id),
        write=lambda: changes.begin_house(
            by=by, at=at, link=link, name=sent.name, importance_scale=sent.importance_scale
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/needs", scope=WRITE, may=may_use, response=HouseWeighed, status=201,
    summary=gettext_noop("Add a need to a house of quality"),
    description=gettext_noop("In the customer's words; shows the house."),
    example={"words": {"en": "Linen is there when we change the beds"}, "importance": 5, "current": 2, "target": 4},
)  # fmt: skip
def add_house_need(request: ApiRequest, public_id: PublicId, sent: NeedSent) -> HttpResponse:
    by, at, house = request.actor, request.now, _see(request, public_id)
    return made(
        request, show=lambda need: _weighed(request, need.house),
        see=lambda _need: _see(request, public_id),
        write=lambda: changes.add_house_need(
            by=by, at=at, house=house, words=sent.words, judged=sent.judged(), source=sent.source
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/characteristics", scope=WRITE, may=may_use, response=HouseWeighed, status=201,
    summary=gettext_noop("Add a characteristic to a house of quality"),
    description=gettext_noop("Something that can be measured; shows the house."),
    example={"name": {"en": "Hours to delivery"}, "goal": "smaller"},
)  # fmt: skip
def add_house_characteristic(request: ApiRequest, public_id: PublicId, sent: CharacteristicSent) -> HttpResponse:
    by, at, house = request.actor, request.now, _see(request, public_id)
    return made(
        request, show=lambda one: _weighed(request, one.house),
        see=lambda _one: _see(request, public_id),
        write=lambda: changes.add_characteristic(by=by, at=at, house=house, name=sent.name, goal=sent.goal),
    )  # fmt: skip


@writes(
    router, "PATCH", "/{slug:public_id}/judgements", scope=WRITE, may=may_use, response=HouseWeighed, versioned=True,
    summary=gettext_noop("Judge a house of quality"),
    description=gettext_noop("Importance and ratings of needs, relations, marks of the roof: all of it or nothing."),
    example={
        "relations": [{"need": "2b3c4d5f6g7h8j9k", "characteristic": "3c4d5f6g7h8j9k2m", "strength": 9}],
        "version": 42,
    },
)  # fmt: skip
def judge_house(request: ApiRequest, public_id: PublicId, sent: JudgementsSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=lambda house: _weighed(request, house),
        see=lambda found: _see(request, found),
        write=lambda house, **seen: changes.judge_house(
            house=house, needs={one.need: one.judged() for one in sent.needs},
            relations={(one.need, one.characteristic): one.strength for one in sent.relations},
            roof={(one.first, one.second): one.sign for one in sent.roof}, **seen,
        ),
    )  # fmt: skip


@writes(
    characteristics_router, "POST", "/{slug:public_id}/promise", scope=WRITE, may=may_use, response=ClauseShown,
    status=201,
    summary=gettext_noop("Turn a characteristic into a clause"),
    description=gettext_noop("Of the version of the link's agreement that is on its way; one is begun where none is."),
)  # fmt: skip
def promise_characteristic(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    by, at = request.actor, request.now
    found = queries.house_characteristic(viewer=by, at=at, public_id=public_id)
    return made(
        request, show=lambda clause: clause_shown(request, clause), see=see_clause(request),
        write=lambda: changes.promise_characteristic(by=by, at=at, characteristic=found),
    )  # fmt: skip
