"""Figures of needs: of five or more only, in time, hours, met; and whether they go with what departments keep."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from baton.chain.models import Party
from baton.core.errors import Forbidden
from baton.feedback import changes
from baton.feedback.queries import need_figures as queries
from baton.feedback.rules.need_figures import groups_shown
from baton.feedback.rules.needs import Addressee, NeedCategory
from tests.rooms.feedback.test_needs import promised, said, weekdays
from tests.world import World

if TYPE_CHECKING:
    from baton.core.models import Person

MONDAY = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
TRAINING, TOOLS, MATERIAL = NeedCategory.TRAINING, NeedCategory.TOOLS, NeedCategory.MATERIAL


def _counts(**cells: dict[NeedCategory, int]) -> Any:
    return groups_shown({
        int(name[1:]): {category: list(range(count)) for category, count in of.items()} for name, of in cells.items()
    })  # fmt: skip


def test_few_needs_are_taken_together_and_too_few_left_out() -> None:
    found = _counts(d1={TRAINING: 7, TOOLS: 3, MATERIAL: 2}, d2={TRAINING: 5, TOOLS: 4}, d3={TOOLS: 2})
    first, second = found.departments
    assert [(one.category, len(one.needs)) for one in first.groups] == [(TRAINING, 7), (None, 5)]
    assert [(one.category, len(one.needs)) for one in second.groups] == [(TRAINING, 5)]
    assert (first.left_out, second.left_out) == (False, True)
    # four of the second and two of the third department are six together
    assert (len(found.rest), len(found.needs), found.left_out) == (6, 23, False)


def test_no_figure_of_fewer_than_five_follows_from_others() -> None:
    """Whatever the numbers, each group that is shown has five needs or more, no two overlap, and every sum is one of
    whole groups: so every difference is one, too."""
    for tools in range(12):
        for training in range(12):
            found = _counts(d1={TOOLS: tools, TRAINING: training}, d2={MATERIAL: 6, TOOLS: (tools * 5) % 7})
            parts = [len(group.needs) for one in found.departments for group in one.groups]
            parts += [len(found.rest)] if found.rest else []
            assert all(part >= 5 for part in parts)
            assert len(found.needs) == sum(parts)


@pytest.mark.django_db
class TestReport:
    def _lived(self, world: World, began: datetime = MONDAY) -> None:
        """Seven needs of Ward 3: five answered after 1 to 5 hours, one after three weeks, one that is not late yet."""
        weekdays()
        for hour in range(1, 6):
            need = promised(world, said(world, at=began), at=began + timedelta(hours=hour))
            changes.judge_need(
                by=world.actor(world.chen_jie), at=began + timedelta(days=2), need=need, met=hour > 1, words="Yes"
            )
        late = said(world, world.sun_lei, at=began)
        changes.decline_need(by=world.actor(world.wang_fang), at=began + timedelta(days=21), need=late, words="No")
        said(world, at=began + timedelta(days=21))

    def _report(self, world: World, person: Person) -> queries.NeedReport:
        return queries.need_report(viewer=world.actor(person), at=MONDAY + timedelta(days=22))

    def test_shares_and_median_of_a_department(self, world: World) -> None:
        self._lived(world)
        found = self._report(world, world.he_jun)
        (ward,) = found.departments
        assert (ward.department, ward.figures.n) == (world.ward, 7)
        in_time, met, hours = ward.figures.in_time, ward.figures.met, ward.figures.hours
        assert in_time is not None
        assert met is not None
        assert hours is not None
        assert (in_time.count, in_time.n) == (5, 6), "the one that waits is not late yet"
        assert in_time.low < 5 / 6 < in_time.high
        assert (met.count, met.n) == (4, 6), "one was not met, one was declined"
        assert (hours.value, hours.n) == (3.5, 6)
        assert found.whole is not None
        assert found.whole.n == 7

    def test_a_share_of_four_is_told_of_in_no_sum(self, world: World) -> None:
        """Four of six needs for tools were judged: whether they were met stands neither there nor in the whole."""
        self._lived(world)
        for number in range(6):
            need = promised(world, said(world, at=MONDAY, category=TOOLS), at=MONDAY + timedelta(hours=1))
            if number < 4:
                changes.judge_need(by=world.actor(world.chen_jie), at=MONDAY + timedelta(days=2), need=need, met=True)
        found = self._report(world, world.lin_mei)
        tools = next(one.figures for one in found.departments[0].categories if one.category is TOOLS)
        assert (tools.n, tools.met, tools.in_time and tools.in_time.n) == (6, None, 6)
        assert found.whole is not None
        assert found.whole.met is not None
        assert (found.whole.n, found.whole.met.n) == (13, 6)

    def test_four_needs_are_told_of_nowhere(self, world: World) -> None:
        for _turn in range(4):
            said(world, at=MONDAY)
        found = self._report(world, world.lin_mei)
        assert (found.whole, list(found.departments), found.left_out) == (None, [], True)

    def test_heads_see_their_departments_without_what_was_not_addressed_to_them(self, world: World) -> None:
        self._lived(world)
        said(world, at=MONDAY, addressee=Addressee.QUALITY)
        assert [self._report(world, who).whole for who in (world.zhao_lei, world.xu_jing)] == [None, None]
        counts = {
            name: whole.n
            for name in ("wang_fang", "liu_yang", "lin_mei", "wu_tao")
            if (whole := self._report(world, getattr(world, name)).whole) is not None
        }
        assert counts == {"wang_fang": 7, "liu_yang": 7, "lin_mei": 8, "wu_tao": 8}

    @pytest.mark.parametrize("name", ["chen_jie", "zhou_min", "sun_yan", "qian_li", "ivy_stone"])
    def test_others_see_no_figures(self, world: World, name: str) -> None:
        with pytest.raises(Forbidden):
            self._report(world, getattr(world, name))
        assert world.client(getattr(world, name)).get("/surveys/needs/figures/").status_code == 403

    def test_the_page_says_why_nothing_can_be_said_of_the_relation(self, world: World) -> None:
        self._lived(world, began=datetime.now(UTC) - timedelta(days=40))
        page = world.client(world.he_jun).get("/surveys/needs/figures/").content.decode()
        assert "At least five are needed" in page
        assert "Ward 3" in page

    def test_who_sees_not_every_link_is_told_of_no_relation(self, world: World) -> None:
        self._lived(world)
        assert self._report(world, world.wang_fang).in_time is None
        relation = self._report(world, world.he_jun).in_time
        assert relation is not None
        assert relation.why_not is not None


def test_shares_and_what_is_kept_are_held_against_each_other() -> None:
    nothing = queries.NeedFigures(5, None, None, None)
    kept = [0.80, 0.85, 0.9, 0.88, 0.95, 0.97, 0.99]
    departments = [queries.DepartmentFigures(Party(), nothing, [], False, (share, 100)) for share in kept]
    shares = [queries.Share(count, 10, 0, 1) for count in (3, 4, 5, 6, 7, 9, 8)]
    found = queries._relation(departments, [*shares[:6], None])
    assert found.found is not None
    assert len(found.points) == found.found.n == 6
    assert found.found.value > 0.9
    assert any("few" in one.render() for one in found.found.warnings)
