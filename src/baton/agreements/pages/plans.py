"""Joint quality plans as pages and tables show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from baton.agreements.models import Clause, PlanEdition, PlanItem
from baton.agreements.models.agreements import SIDES
from baton.agreements.models.plans import ITEM_STATES
from baton.agreements.pages.history import timeline
from baton.agreements.pages.reviews import KEEPINGS
from baton.agreements.queries.confirming import SideConfirmed
from baton.agreements.queries.plans import PlanPage, items_in_sight, people_named
from baton.agreements.queries.plans import edition as edition_to_read
from baton.agreements.rules import Side
from baton.agreements.rules.plans import ItemState
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.present import now
from baton.core.texts import say

_READING = Actor.system("agreements")
ACTIONS = {
    "quality_plan.begun": (gettext_lazy("Joint quality plan begun"), "plus"),
    "plan_goal.added": (gettext_lazy("Goal added"), "plus"),
    "plan_goal.changed": (gettext_lazy("Goal changed"), "pencil"),
    "plan_goal.taken_out": (gettext_lazy("Goal taken out"), "minus"),
    "plan_goal.taken_up": (gettext_lazy("Goal taken up again"), "undo-2"),
    "plan_item.added": (gettext_lazy("Item of the plan added"), "plus"),
    "plan_item.changed": (gettext_lazy("Item of the plan changed"), "pencil"),
    "plan_item.reported": (gettext_lazy("Said how far an item has come"), "check"),
    "plan_edition.issued": (gettext_lazy("Edition of the plan issued"), "send"),
}
"""Words and icons of what happens to plans."""


def plan_context(
    page: PlanPage, signed: Mapping[int, Sequence[SideConfirmed]], at: datetime, own: int | None
) -> dict[str, Any]:  # fmt: skip
    """What ``agreements/plans/plan.html`` shows. ``signed`` are the sides of each edition, by its key; ``own`` is the
    key of the reader."""
    day = day_of(at)
    named = {one.public_id: str(one) for one in [*page.goals, *page.items, *page.dropped, *page.editions]}
    groups = [
        {"goal": goal, "rows": item_rows([one for one in page.items if one.goal_id == goal.pk], page.clauses, day, own)}
        for goal in page.goals
    ]
    kept = {goal.pk for goal in page.goals}
    rest = item_rows([one for one in page.items if one.goal_id not in kept], page.clauses, day, own)
    lines = timeline(page.history, named)
    return {
        "page": page, "plan": page.plan, "link": page.plan.link, "groups": groups, "rest": rest,
        "editions": [{"edition": one, "sides": signed.get(one.pk, [])} for one in page.editions],
        "history": [
            {**line, "title": ACTIONS[entry.action][0], "icon": ACTIONS[entry.action][1]}
            if entry.action in ACTIONS else line
            for line, entry in zip(lines, page.history, strict=True)
        ],
    }  # fmt: skip


def item_rows(
    items: Iterable[PlanItem], clauses: Mapping[str, Clause], day: date, own: int | None = None
) -> list[dict[str, Any]]:  # fmt: skip
    """Items with the party and person that see to them, the clause they support, and how they are kept. ``own`` is the
    key of the reader, who says how far his have come."""
    rows = []
    for one in items:
        link = one.plan.link
        sign, word = KEEPINGS[one.keeping_on(day)]
        if one.state == ItemState.DOING and sign == "info":
            word = ITEM_STATES[ItemState.DOING]
        parties = {Side.SUPPLIER.value: link.supplier, Side.CUSTOMER.value: link.customer}
        rows.append(
            {
                "item": one, "party": parties[one.side], "clause": clauses.get(one.line), "sign": sign, "word": word,
                "changed_for": parties.get(one.changed_for),
                "left": one.person is not None and not one.person.is_active,
                "mine": own is not None and one.person_id == own,
            }
        )  # fmt: skip
    return rows


def edition_context(
    edition: PlanEdition, sides: Sequence[SideConfirmed], people: Mapping[str, str]
) -> dict[str, Any]:  # fmt: skip
    """What ``agreements/plans/edition.html`` shows; ``people`` are names by public id."""
    link = edition.plan.link
    parties = {Side.SUPPLIER.value: link.supplier, Side.CUSTOMER.value: link.customer}

    def rows(goal: str) -> list[dict[str, Any]]:
        return [
            {
                "what": one["what"], "party": parties[one["side"]], "who": people.get(one["person"], ""),
                "due_on": date.fromisoformat(one["due_on"]) if one["due_on"] else None,
                "state": ITEM_STATES[ItemState(one["state"])], "measure": one["measure"], "target": one["target"],
                "note": one["note"], "clause": one["clause"],
            }
            for one in edition.content["items"]
            if one["goal"] == goal
        ]  # fmt: skip

    return {
        "edition": edition, "plan": edition.plan, "link": link, "sides": sides, "rest": rows(""),
        "groups": [{"words": goal["words"], "rows": rows(goal["id"])} for goal in edition.content["goals"]],
    }  # fmt: skip


def edition_for_outside(public_id: str) -> dict[str, Any]:
    """What ``agreements/plans/_outside.html`` shows: an edition, for whoever was asked to sign it."""
    found = edition_to_read(viewer=_READING, at=now(), public_id=public_id)
    names = people_named(viewer=_READING, public_ids=people_in(found))
    return {"issued": edition_context(found, [], names)}


def people_in(edition: PlanEdition) -> set[str]:
    """Public ids of the people whom an edition names."""
    return {one["person"] for one in edition.content["items"] if one["person"]}


def header() -> Sequence[str]:
    """Names of the columns of the table of items."""
    return [
        _("Plan"), _("Link"), pgettext("of a plan", "Goal"), _("What is done"), _("Side"), _("Party"), _("Responsible"),
        _("Due on"), _("State"), _("Done on"), _("Measure"), _("Target"), _("Note"), _("Changed on"),
    ]  # fmt: skip


def rows(items: Iterable[PlanItem], at: datetime) -> Iterator[Sequence[object]]:
    """A row for each item."""
    for one in items:
        link = one.plan.link
        party = link.supplier if one.side == Side.SUPPLIER else link.customer
        yield [
            one.plan.number, link.number, say(one.goal.words) if one.goal is not None else "", say(one.what),
            str(SIDES[Side(one.side)]), say(party.name), str(one.person) if one.person is not None else "", one.due_on,
            str(one.get_state_display()), one.done_on, one.measure, one.target, one.note, day_of(one.changed_at),
        ]  # fmt: skip


def all_items(viewer: Actor, at: datetime) -> Iterator[Sequence[object]]:
    """Every item that the viewer sees and that was not taken out."""
    found = items_in_sight(viewer=viewer, at=at).exclude(state=ItemState.DROPPED)
    return rows(found.order_by("plan__number", "position", "pk"), at)
