"""Houses of quality are built, judged and turned into clauses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Max

from baton.agreements import policy
from baton.agreements.changes.checks import texts_given
from baton.agreements.changes.clauses import add_clause
from baton.agreements.changes.drafts import begin_agreement, draft_version
from baton.agreements.models import (
    Agreement,
    AgreementVersion,
    Clause,
    House,
    HouseCharacteristic,
    HouseNeed,
    Relation,
    Roof,
)
from baton.agreements.models.qfd import GOALS, SALES_POINTS, SIGNS, STRENGTHS
from baton.agreements.rules import OPEN, Side, Terms, VersionState
from baton.agreements.rules.houses import MOST_CHARACTERISTICS, MOST_NEEDS, RATINGS, NeedSource
from baton.chain import queries as chain
from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import next_number
from baton.core.days import day_of
from baton.core.errors import NotFound, Refused
from baton.core.policy import demand
from baton.core.texts import Texts, folded, sort_keys
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Link, OutsideNeed

P = TypeVar("P", HouseNeed, HouseCharacteristic)
V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """How much a need matters and how well it is met: importance from 1 to the end of the scale of its house, ratings
    from 1 to 5 or None, sales point 1, 1.2 or 1.5."""

    importance: int
    current: int | None = None
    target: int | None = None
    sales_point: float = 1.0


def begin_house(*, by: Actor, at: datetime, link: Link, name: Texts, importance_scale: int = 5) -> House:
    """Begin an empty house of the link."""
    with change(by=by, at=at) as trail:
        link = chain.link(viewer=by, at=at, public_id=link.public_id)
        demand(policy.may_write(standing_of(by, day_of(at)), link))
        house = House(link=link, number=next_number(prefix="H", at=at), importance_scale=importance_scale)
        _named(house, name)
        return trail.save(house, "house.begun")


def describe_house(
    *, by: Actor, at: datetime, house: House, name: Texts, importance_scale: int, expected_seq: int | None = None
) -> House:
    """Name the house and say how far its scale of importance goes; refused where a need lies beyond it."""
    with change(by=by, at=at) as trail:
        house = to_edit_house(trail, house, expected_seq)
        highest = house.needs.filter(dropped=False).aggregate(most=Max("importance"))["most"] or 1
        if highest > importance_scale:
            raise Refused(
                field="importance_scale",
                expected=gettext_noop("Expected a scale on which every need of the house lies."),
                found=gettext_noop("A need has the importance {highest}."),
                remedy=gettext_noop("Lower its importance first."),
                highest=highest,
            )
        house.importance_scale = importance_scale
        _named(house, name)
        return trail.save(house, "house.described")


def close_house(*, by: Actor, at: datetime, house: House, expected_seq: int | None = None, reason: str = "") -> House:
    """Put the house aside; it can be read and is changed no more."""
    with change(by=by, at=at, reason=reason) as trail:
        house = to_edit_house(trail, house, expected_seq)
        house.ended_at = at
        return trail.save(house, "house.closed")


def add_house_need(
    *,
    by: Actor,
    at: datetime,
    house: House,
    words: Texts,
    judged: Judged,
    source: NeedSource = NeedSource.SAID,
    outside_need: OutsideNeed | None = None,
) -> HouseNeed:
    """Add a need at the end. One that is an ``outside_need`` of the chain takes its words where none are given."""
    with change(by=by, at=at) as trail:
        house = to_edit_house(trail, house)
        places = _places(HouseNeed, house, MOST_NEEDS)
        if outside_need is not None:
            outside_need = chain.need(viewer=by, at=at, public_id=outside_need.public_id)
            source, words = NeedSource.CHAIN, words or outside_need.words
        need = HouseNeed(house=house, position=places + 1, source=source, outside_need=outside_need)
        need.words = texts_given(words, "words")
        _judge(need, judged, house)
        need = trail.save(need, "house_need.added")
        touch_house(trail, house)
        return need


def change_house_need(
    *,
    by: Actor,
    at: datetime,
    need: HouseNeed,
    words: Texts,
    judged: Judged,
    source: NeedSource,
    expected_seq: int | None = None,
) -> HouseNeed:
    """Correct a need; one that comes from the chain stays that need."""
    with change(by=by, at=at) as trail:
        house = to_edit_house(trail, need.house)
        need = trail.lock(HouseNeed, need, expected_seq=expected_seq)
        need.words = texts_given(words, "words")
        if need.outside_need is None:
            need.source = source
        _judge(need, judged, house)
        need = trail.save(need, "house_need.changed")
        touch_house(trail, house)
        return need


def add_characteristic(*, by: Actor, at: datetime, house: House, name: Texts, goal: str = "") -> HouseCharacteristic:
    """Add a characteristic at the end."""
    with change(by=by, at=at) as trail:
        house = to_edit_house(trail, house)
        places = _places(HouseCharacteristic, house, MOST_CHARACTERISTICS)
        one = HouseCharacteristic(house=house, position=places + 1, name=texts_given(name, "name"))
        one.goal = _among(goal, ["", *GOALS], "goal")
        one = trail.save(one, "house_characteristic.added")
        touch_house(trail, house)
        return one


def change_characteristic(
    *,
    by: Actor,
    at: datetime,
    characteristic: HouseCharacteristic,
    name: Texts,
    goal: str = "",
    line: str = "",
    expected_seq: int | None = None,
) -> HouseCharacteristic:
    """Correct a characteristic, and say which clause of the link's agreement promises it (its line; empty: none)."""
    with change(by=by, at=at) as trail:
        house = to_edit_house(trail, characteristic.house)
        one = trail.lock(HouseCharacteristic, characteristic, expected_seq=expected_seq)
        one.name, one.goal = texts_given(name, "name"), _among(goal, ["", *GOALS], "goal")
        one.line = _line_given(house, one, line)
        one = trail.save(one, "house_characteristic.changed")
        touch_house(trail, house)
        return one


def leave_out(
    *, by: Actor, at: datetime, part: HouseNeed | HouseCharacteristic, dropped: bool, expected_seq: int | None = None
) -> House:
    """Take a need or a characteristic out of its house, or take it up again; its relations are kept."""
    with change(by=by, at=at) as trail:
        house = to_edit_house(trail, part.house)
        held = trail.lock(type(part), part, expected_seq=expected_seq)
        if held.dropped and not dropped:
            _places(type(part), house, MOST_NEEDS if isinstance(part, HouseNeed) else MOST_CHARACTERISTICS)
            if isinstance(held, HouseCharacteristic):
                held.line = ""
        held.dropped = dropped
        trail.save(held, f"{held.kind}.{'dropped' if dropped else 'restored'}")
        return touch_house(trail, house)


def judge_house(
    *,
    by: Actor,
    at: datetime,
    house: House,
    needs: Mapping[str, Judged],
    relations: Mapping[tuple[str, str], int],
    roof: Mapping[tuple[str, str], str],
    expected_seq: int | None = None,
) -> House:
    """All judgements of a house at once, by public ids: of needs, of (need, characteristic) and of two characteristics.

    What is not given stays as it is. ``expected_seq`` is the version of the house that the person saw: of two who judge
    at once the second is told what the first said.
    """
    with change(by=by, at=at) as trail:
        house = to_edit_house(trail, house, expected_seq)
        rows = {one.public_id: one for one in house.needs.filter(dropped=False)}
        columns = {one.public_id: one for one in house.characteristics.filter(dropped=False)}
        for public_id, judged in needs.items():
            _judge_anew(trail, _known(rows, public_id), judged, house)
        _relate(
            trail,
            house,
            {(_known(rows, need), _known(columns, one)): strength for (need, one), strength in relations.items()},
        )
        _mark(
            trail, house, {(_known(columns, one), _known(columns, other)): sign for (one, other), sign in roof.items()}
        )
        return touch_house(trail, house)


def promise_characteristic(*, by: Actor, at: datetime, characteristic: HouseCharacteristic) -> Clause:
    """Turn a characteristic into a clause of the version of the agreement that is on its way: a promise of the
    supplier that still lacks measure, target and source. The agreement or its next version is begun where none is."""
    with change(by=by, at=at) as trail:
        house = to_edit_house(trail, characteristic.house)
        one = trail.lock(HouseCharacteristic, characteristic)
        if one.line and _held_lines(house) & {one.line}:
            raise Refused(
                expected=gettext_noop("Expected a characteristic that no clause promises yet."),
                found=gettext_noop("A clause of the agreement promises it."),
                remedy=gettext_noop("Open that clause."),
            )
        version = _on_its_way(by, at, house)
        clause = add_clause(by=by, at=at, version=version, terms=Terms(owed_by=Side.SUPPLIER, characteristic=one.name))
        one.line = clause.line
        trail.save(one, "house_characteristic.promised")
        touch_house(trail, house)
        return clause


def _on_its_way(by: Actor, at: datetime, house: House) -> AgreementVersion:
    agreement = Agreement.objects.filter(link=house.link).first()
    if agreement is None:
        return begin_agreement(by=by, at=at, link=house.link)
    open_one = agreement.versions.filter(state__in=sorted(OPEN)).first()
    return open_one or draft_version(by=by, at=at, agreement=agreement)


def _held_lines(house: House) -> set[str]:
    """Lines of the clauses in the versions of the link's agreement that hold or are on their way."""
    counting = [*sorted(OPEN), VersionState.ACTIVE]
    held = Clause.objects.filter(
        agreement_version__agreement__link=house.link, agreement_version__state__in=counting, dropped=False
    )
    offered = Clause.objects.filter(
        offer_version__agreement_versions__agreement__link=house.link,
        offer_version__agreement_versions__state__in=counting, dropped=False,
    )  # fmt: skip
    return {line for rows in (held, offered) for line in rows.values_list("line", flat=True)}


def _line_given(house: House, one: HouseCharacteristic, line: str) -> str:
    if not line:
        return ""
    taken = house.characteristics.filter(line=line, dropped=False).exclude(pk=one.pk).first()
    if line not in _held_lines(house) or taken is not None:
        raise Refused(
            field="line",
            expected=gettext_noop("Expected a clause of the agreement of this link that no other characteristic has."),
            remedy=gettext_noop("Choose another clause, or none."),
        )
    return line


def to_edit_house(trail: Trail, house: House, expected_seq: int | None = None) -> House:
    """The house, locked, for whoever may write for its link; refused once it is closed."""
    house = trail.lock(House, house, expected_seq=expected_seq)
    demand(policy.may_write(standing_of(trail.by, day_of(trail.at)), house.link))
    if house.ended_at is not None:
        raise Refused(
            expected=gettext_noop("Expected a house that people work with."),
            found=gettext_noop("{number} is closed."),
            remedy=gettext_noop("Begin another house of the link."),
            number=house.number,
        )
    return house


def touch_house(trail: Trail, house: House) -> House:
    """Make the house as somebody saw it before stale: a part of it has changed."""
    if trail.last_seq:
        House.objects.filter(pk=house.pk).update(changed_seq=trail.last_seq)
        house.changed_seq = trail.last_seq
    return house


def _named(house: House, name: Texts) -> None:
    house.name = texts_given(name, "name")
    house.sort_keys, house.search_text = sort_keys(house.name), folded(house.number, *house.name.values())


def _places(model: type[HouseNeed] | type[HouseCharacteristic], house: House, most: int) -> int:
    """The last place that is taken; refused where the house is full."""
    rows = model._default_manager.filter(house=house)
    if rows.filter(dropped=False).count() >= most:
        raise Refused(
            expected=gettext_noop("Expected at most {most} of them in a house."),
            remedy=gettext_noop("Put together what belongs together, or begin another house."),
            most=most,
        )
    return int(rows.aggregate(last=Max("position"))["last"] or 0)


def _judge(need: HouseNeed, judged: Judged, house: House) -> None:
    if not 1 <= judged.importance <= house.importance_scale:
        raise Refused(
            field="importance",
            expected=gettext_noop("Expected an importance from 1 to {most}."),
            found=gettext_noop("Found {value}."),
            remedy=gettext_noop("Correct it; leave out a need that matters to nobody."),
            most=house.importance_scale,
            value=judged.importance,
        )
    for name in ("current", "target"):
        _among(getattr(judged, name), [None, *RATINGS], name)
    _among(judged.sales_point, list(SALES_POINTS), "sales_point")
    need.importance, need.current, need.target = judged.importance, judged.current, judged.target
    need.sales_point = judged.sales_point


def _judge_anew(trail: Trail, need: HouseNeed, judged: Judged, house: House) -> None:
    if Judged(**{name: getattr(need, name) for name in _JUDGED}) != judged:
        held = trail.lock(HouseNeed, need)
        _judge(held, judged, house)
        trail.save(held, "house_need.judged")


def _relate(trail: Trail, house: House, wanted: Mapping[tuple[HouseNeed, HouseCharacteristic], int]) -> None:
    known = {(one.need_id, one.characteristic_id): one for one in Relation.objects.filter(need__house=house)}
    for (need, characteristic), strength in wanted.items():
        _among(strength, list(STRENGTHS), "strength")
        held = known.get((need.pk, characteristic.pk))
        if strength == (held.strength if held else 0):
            continue
        relation = trail.lock(Relation, held) if held else Relation(need=need, characteristic=characteristic)
        relation.strength = strength
        trail.save(relation, "house_relation.judged")


def _mark(trail: Trail, house: House, wanted: Mapping[tuple[HouseCharacteristic, HouseCharacteristic], str]) -> None:
    known = {(one.first_id, one.second_id): one for one in Roof.objects.filter(first__house=house)}
    for pair, sign in wanted.items():
        _among(sign, ["", *SIGNS], "sign")
        first, second = sorted(pair, key=lambda one: one.pk)
        if first.pk == second.pk:
            raise NotFound
        held = known.get((first.pk, second.pk))
        if sign == (held.sign if held else ""):
            continue
        mark = trail.lock(Roof, held) if held else Roof(first=first, second=second)
        mark.sign = sign
        trail.save(mark, "house_roof.judged")


_JUDGED = ("importance", "current", "target", "sales_point")


def _known(parts: Mapping[str, P], public_id: str) -> P:
    if public_id not in parts:
        raise NotFound
    return parts[public_id]


def _among(value: V, known: Sequence[V | None], field: str) -> V:
    if value not in known:
        raise Refused(
            field=field,
            expected=gettext_noop("Expected one of these: {choices}."),
            found=gettext_noop("Found {value}."),
            remedy=gettext_noop("Choose one of these."),
            choices=", ".join(str(one) for one in known if one not in ("", None)),
            value=str(value),
        )
    return value
