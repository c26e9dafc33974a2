"""What the handoffs of a link tell as a whole: each figure counts one kind of thing, and nothing twice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from baton.handoffs import changes
from baton.handoffs.changes.figures import refresh_figures
from baton.handoffs.models import Handoff, LinkFigures
from baton.handoffs.pages.whole import whole_panel
from baton.handoffs.rules import Moments, Quantities, ReturnState, Stage
from tests.rooms.handoffs.held import DAY, HOUR, handed_over
from tests.world import NOON, SYSTEM, World


def figures(world: World, at: Any = NOON) -> dict[str, Any]:
    refresh_figures(by=SYSTEM, at=at)
    found: dict[str, Any] = LinkFigures.objects.get(link=world.laundry_ward).result
    return found


def checked(world: World, handoff: Handoff, stage: Stage, found: int | None = None, *, passed: bool = True) -> None:
    changes.record_check(
        by=world.actor(world.lin_mei), at=NOON, handoff=handoff, stage=stage, passed=passed, checked=Decimal(200),
        found=None if found is None else Decimal(found),
    )  # fmt: skip


def sent_back(world: World, handoff: Handoff, **more: Any) -> Any:
    given = {"phenomenon": "Torn", "when": NOON - HOUR, **more}
    changes.return_handoff(by=world.actor(world.chen_jie), at=NOON, handoff=handoff, **given)
    return handoff.returns.get()


def test_escapes_count_handoffs_on_both_sides_of_the_stroke(world: World) -> None:
    made = [handed_over(world, day) for day in range(10, 3, -1)]
    for one in made[:4]:
        checked(world, one, Stage.SELF_CHECK)
    checked(world, made[4], Stage.SELF_CHECK, 150, passed=False)
    sent_back(world, made[0])
    sent_back(world, made[5])  # nobody checked it: no check let it through
    rates = figures(world)["escapes"]["checks"]
    assert [(one["name"], one["looked_at"], one["found"], one["later"], one["escape"]) for one in rates] == [
        ("self_check", 5, 1, 1, 0.5)
    ]


def test_what_the_receiver_found_and_sent_back_is_no_escape_of_his_check(world: World) -> None:
    made = [handed_over(world, day) for day in range(10, 6, -1)]
    for one in made:
        checked(world, one, Stage.SELF_CHECK)
    checked(world, made[0], Stage.RECEIVER, 3, passed=False)
    checked(world, made[1], Stage.RECEIVER)
    for one in made[:2]:
        sent_back(world, one)
    rates = {one["name"]: (one["n"], one["found"], one["later"]) for one in figures(world)["escapes"]["checks"]}
    assert rates == {"self_check": (2, 0, 2), "receiver": (2, 1, 1)}


def test_a_handoff_counts_once_at_each_check(world: World) -> None:
    """Found at once by one check and by another, or sent back later: on one side of the stroke alone."""
    made = [handed_over(world, day) for day in range(10, 4, -1)]
    for one in made:
        checked(world, one, Stage.SELF_CHECK)
        checked(world, one, Stage.RECEIVER)
        checked(world, one, Stage.INSPECTOR)
    checked(world, made[0], Stage.SELF_CHECK, 2, passed=False)  # mended, and then sent back all the same
    sent_back(world, made[0])
    checked(world, made[1], Stage.SELF_CHECK, 2, passed=False)  # mended for good
    checked(world, made[2], Stage.RECEIVER, 1, passed=False)  # the inspector sees it, too
    checked(world, made[2], Stage.INSPECTOR, 1, passed=False)
    checked(world, made[3], Stage.INSPECTOR, 1, passed=False)
    rates = {one["name"]: (one["n"], one["found"], one["later"]) for one in figures(world)["escapes"]["checks"]}
    assert rates == {"self_check": (4, 1, 3), "receiver": (3, 1, 2), "inspector": (3, 2, 1)}


def test_what_is_in_doubt_escaped_nobody(world: World) -> None:
    one = handed_over(world, 5)
    checked(world, one, Stage.SELF_CHECK)
    back = sent_back(world, one)
    type(back).objects.filter(pk=back.pk).update(
        state=ReturnState.CONTESTED, contested_at=NOON, ground="It was right when it left"
    )
    (rate,) = figures(world)["escapes"]["checks"]
    assert (rate["n"], rate["escape"]) == (0, None)


def test_two_codes_of_one_name_are_two_causes(world: World) -> None:
    keeper = world.actor(world.lin_mei)
    output = world.laundry_ward.output
    for_all = changes.add_defect_code(by=keeper, at=NOON, code="TORN", name={"en": "Torn"})
    of_linen = changes.add_defect_code(by=keeper, at=NOON, code="TORN", name={"en": "Torn seam"}, output=output)
    for day, code in ((9, for_all), (8, of_linen), (7, of_linen), (6, None)):
        sent_back(world, handed_over(world, day), code=code)
    assert figures(world)["returns"] == 4
    page = whole_panel(keeper, NOON, world.laundry_ward.public_id)
    assert page is not None
    assert [(row["name"], row["n"]) for row in page["causes"]] == [
        ("TORN: Torn seam", 2), ("Without a code", 1), ("TORN: Torn", 1),
    ]  # fmt: skip


def test_what_is_overdue_counts_without_another_record(world: World) -> None:
    due = NOON + HOUR
    handed_over(world, 2, 1.0, due_at=NOON - 2 * DAY + 2 * HOUR)
    handed_over(world, 0, None, due_at=due)
    before = figures(world)
    assert (before["perfect"]["n"], before["perfect"]["value"], before["warned"]["n"]) == (1, 1.0, 0)
    assert refresh_figures(by=SYSTEM, at=due - HOUR / 2) == 0
    after = figures(world, at=due)
    assert (after["overdue"], after["perfect"]["n"], after["perfect"]["value"]) == (1, 2, 0.5)
    assert {part["name"]: (part["right"], part["n"]) for part in after["perfect"]["parts"]} == {
        "on_time": (1, 2),
        "complete": (1, 2),
        "conforming": (1, 1),
        "information_right": (1, 1),
    }, "whether anything of it is wrong, nobody can say yet"
    assert (after["warned"]["n"], after["warned"]["told"]) == (1, 0)
    assert refresh_figures(by=SYSTEM, at=due + DAY) == 0, "once is enough"


def test_what_is_missing_did_not_come_back_and_what_was_not_missing_was_complete(world: World) -> None:
    sheets = changes.LineGiven(name="Sheets", unit="pc", quantities=Quantities(delivered=Decimal(100)))
    by = {"by": world.actor(world.chen_jie), "at": NOON}
    made = []
    for day in (3, 2):
        moments = Moments(delivered_at=NOON - day * DAY)
        one = changes.record_handoff(by=SYSTEM, at=NOON, link=world.laundry_ward, moments=moments, lines=[sheets])
        less = changes.Less(phenomenon="Ten are not there", line=one.lines.get().public_id, missing=Decimal(10))
        made.append(changes.accept_in_part(**by, handoff=one, less=[less]))
    changes.withdraw_return(**by, found=made[1].returns.get(), reason="They lay in the other cage")
    Handoff.objects.filter(pk__in=[one.pk for one in made]).update(due_at=NOON)
    parts = {part["name"]: (part["right"], part["n"]) for part in figures(world)["perfect"]["parts"]}
    assert (parts["complete"], parts["conforming"]) == ((1, 2), (2, 2))


def test_figures_that_were_thrown_away_are_computed_again(world: World) -> None:
    handed_over(world, 2)
    before = figures(world)
    LinkFigures.objects.all().delete()
    assert refresh_figures(by=SYSTEM, at=NOON) == 1
    assert LinkFigures.objects.get().result == before
    Handoff.objects.all().update(state="withdrawn", withdrawn_at=NOON)
    LinkFigures.objects.all().delete()
    assert refresh_figures(by=SYSTEM, at=NOON) == 0, "what nobody wants any more has no figures"
