"""Published rules of survey tools, the attacks that trust has to withstand, and 1,000 random organisations.

All 1,000: pytest tests/analysis/known_answers/test_disclosure.py -k random --exhaustive (some two minutes).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import pytest

from baton_analysis.measures.disclosure import Publication, audit_cells, publishable_cells
from tests.analysis.small_organisations import GROUPINGS, cells_of, exposed, organisation
from tests.exhaustive import shortly

SCALE = {"value": "score", "low": 1.0, "high": 5.0}
TEAMS: list[list[str]] = [[], ["team"]]


def sheets(groups: Mapping[str, int]) -> pl.DataFrame:
    """Answers of teams, in which 1 to 5 come by turns."""
    rows = [(team, number % 5 + 1) for team, size in groups.items() for number in range(size)]
    return pl.DataFrame(rows, schema=["team", "score"], orient="row")


def shown(found: Publication) -> dict[str, bool]:
    return dict(found.frame.select("cell", "shown").iter_rows())


def test_culture_amp_example_1_the_remainder_of_four_is_blocked() -> None:
    """academy.cultureamp.com, indirect identification, example 1: of 13, Sales 4 is hidden, and Technology 9 because
    13 - 9 = 4."""
    answers = sheets({"Sales": 4, "Technology": 9})
    found = publishable_cells(answers, TEAMS, **SCALE)
    assert shown(found) == {"": True, "Sales": False, "Technology": False}
    assert found.hidden == {(("team", "Sales"),): "few", (("team", "Technology"),): "complement"}
    assert found.frame["why"].to_list() == [None, "few", "protection"]
    filters = publishable_cells(answers.filter(team="Technology"), TEAMS, **SCALE)
    assert shown(filters) == {"": True, "Technology": True}


def test_culture_amp_example_2_a_remainder_of_six_is_shown() -> None:
    """The same page, example 2: 15 people, Technology 9, the rest 6."""
    assert all(shown(publishable_cells(sheets({"Technology": 9, "rest": 6}), TEAMS, **SCALE)).values())


def test_gp_patient_survey_the_next_lowest_is_hidden_too() -> None:
    """analysistool.gp-patient.co.uk: of 30, 0, 3 and 7 the 3 is hidden, and the 7 because it is the only one."""
    found = publishable_cells(sheets({"w": 30, "x": 0, "y": 3, "z": 7}), TEAMS, **SCALE)
    assert shown(found) == {"": True, "w": True, "y": False, "z": False}


@pytest.mark.parametrize(
    ("n", "scores", "comments"), [(4, False, False), (5, True, False), (9, True, False), (10, True, True)]
)
def test_viva_glint_scores_from_five_comments_from_ten(n: int, scores: bool, comments: bool) -> None:
    """learn.microsoft.com, Viva Glint, sharing results: 5 for scores, 10 for comments."""
    answers = sheets({"lab": n})
    assert shown(publishable_cells(answers, [["team"]], **SCALE))["lab"] is scores
    assert shown(publishable_cells(answers, [["team"]], **SCALE, least=10))["lab"] is comments


def test_a_table_with_margins_is_not_undone_by_subtraction() -> None:
    """Two departments by two bands, all margins published: the cell of three takes one in its row with it, one in its
    column, and the fourth."""
    sizes = {("a", "x"): 3, ("a", "y"): 9, ("b", "x"): 8, ("b", "y"): 20}
    rows = [(one, other, number % 5 + 1) for (one, other), size in sizes.items() for number in range(size)]
    answers = pl.DataFrame(rows, schema=["department", "role", "score"], orient="row")
    cube = [[], ["department"], ["role"], ["department", "role"]]
    plain = [key for key, members in cells_of(answers, cube).items() if len(members) >= 5]
    attacked = audit_cells(answers, cube, plain, **SCALE)
    assert (attacked.determined, attacked.smallest_group, attacked.safe) == (1, 3, False)
    assert attacked.warnings[0].render() == "The mean of 1 hidden cell can be computed."
    found = publishable_cells(answers, cube, **SCALE)
    after = audit_cells(answers, cube, found.published, **SCALE)
    assert after.safe
    assert (after.frame["upper"] - after.frame["lower"] > 0.5).all()
    assert exposed(cells_of(answers, cube), found.published, 5) is None
    hidden = sum(len(cells_of(answers, cube)[key]) for key, why in found.hidden.items() if why == "complement")
    assert hidden == 9 + 8 + 20 or hidden < 37


def test_filters_that_overlap_do_not_isolate_one_person() -> None:
    """Everybody, and everybody but the newcomer: two filters, each of them large."""
    rows = [("old", number % 5 + 1) for number in range(20)] + [("new", 2)]
    answers = pl.DataFrame(rows, schema=["since", "score"], orient="row")
    found = publishable_cells(answers, [[], ["since"]], **SCALE)
    assert shown(found) == {"": True, "old": False, "new": False}


def test_five_who_all_answered_one_end_are_not_shown_and_cannot_be_computed() -> None:
    """The team's mean of 1.0 would say what each of them answered; so would the total less the other team."""
    answers = pl.DataFrame({"team": ["a"] * 5 + ["b"] * 8, "score": [1] * 5 + [1, 2, 3, 4, 5, 3, 2, 4]})
    found = publishable_cells(answers, TEAMS, **SCALE)
    assert found.hidden == {(("team", "a"),): "alike", (("team", "b"),): "complement"}
    assert found.frame["why"].to_list() == [None, "protection", "protection"]
    assert "alike" not in str(found.to_dict())


def test_a_rest_that_is_no_cell_and_all_of_one_mind_is_protected() -> None:
    """North less those who lead is six people who all answered 5: they add up to 30, the most they can."""
    rows = [("north", "leads", number % 5 + 1) for number in range(10)] + [("north", "–", 5)] * 6
    rows += [("south", "–", number % 5 + 1) for number in range(12)]
    answers = pl.DataFrame(rows, schema=["site", "role", "score"], orient="row")
    cube: list[list[str]] = [[], ["site"], ["role"]]
    crossed = [*cube, ["site", "role"]]
    plain = list(cells_of(answers, cube))
    six = pl.col("cell") == "north, –"
    assert audit_cells(answers, crossed, plain, **SCALE).frame.filter(six)["lower"].item() == 5
    found = publishable_cells(answers, cube, **SCALE)
    assert 1 <= len(found.hidden) <= 2
    after = audit_cells(answers, crossed, found.published, **SCALE).frame.filter(six).row(0, named=True)
    assert after["lower"] < 4.9


def test_who_came_or_left_since_the_last_time_is_not_computed() -> None:
    """Six answered, then one was withdrawn: 6 less 5 is one person."""
    answers = sheets({"lab": 5, "ward": 12, "store": 9})
    before = {(("team", "lab"),): 6, (("team", "ward"),): 12, (): 27}
    found = publishable_cells(answers, TEAMS, **SCALE, before=before)
    assert found.hidden[()] == found.hidden[(("team", "lab"),)] == "wave"
    assert shown(found)["ward"]


def test_who_left_with_several_answers_is_one_person() -> None:
    """One of seven who each judge three links left, and took three answers with him; two took six."""
    rows = [(link, (person * 3 + place) % 5 + 1) for person in range(6) for place, link in enumerate("abc")]
    answers = pl.DataFrame(rows, schema=["link", "score"], orient="row")
    for left in (1, 2, 4):
        before = {(): 3 * (6 + left)}
        as_answers = publishable_cells(answers, [[]], **SCALE, once="link", before=before)
        as_people = publishable_cells(answers, [[]], **SCALE, once="link", each=5, before=before)
        assert as_people.hidden == {(): "wave"}
        assert (() in as_answers.hidden) is (3 * left < 5)
    five = publishable_cells(answers, [[]], **SCALE, once="link", each=5, before={(): 3 * 11})
    assert five.published == ((),)


def test_two_waves_published_together_pass_the_audit() -> None:
    """By themselves 9 and 6 may be shown; with both waves together and one of them, the other is known."""
    rows = [("1", "lab", number % 5 + 1) for number in range(9)] + [("2", "lab", number % 5 + 1) for number in range(3)]
    rows += [(wave, "ward", number % 5 + 1) for wave in "12" for number in range(20)]
    answers = pl.DataFrame(rows, schema=["wave", "team", "score"], orient="row")
    cube = [["wave"], ["team"], ["wave", "team"]]
    found = publishable_cells(answers, cube, **SCALE)
    assert audit_cells(answers, cube, found.published, **SCALE).safe
    assert found.hidden[(("wave", "2"), ("team", "lab"))] == "few"
    assert len(found.hidden) > 1


def test_what_is_out_already_is_not_hidden_but_another_is() -> None:
    answers = sheets({"Sales": 4, "Technology": 9, "Legal": 12})
    first = publishable_cells(answers, TEAMS, **SCALE)
    assert not shown(first)["Technology"]
    later = publishable_cells(answers, TEAMS, **SCALE, already=[(("team", "Technology"),)])
    assert shown(later) == {"": True, "Sales": False, "Technology": True, "Legal": False}


def test_means_are_shown_to_one_decimal_and_hidden_cells_have_no_figures() -> None:
    found = publishable_cells(sheets({"lab": 7, "ward": 11, "store": 2}), TEAMS, **SCALE)
    by_name = {row["cell"]: row for row in found.frame.to_dicts()}
    assert by_name[""]["mean"] == round(sum(number % 5 + 1 for size in (7, 11, 2) for number in range(size)) / 20, 1)
    for row in found.frame.filter(~pl.col("shown")).to_dicts():
        assert row["n"] is row["mean"] is None


@pytest.mark.slow
def test_random_organisations_give_no_small_group_away() -> None:
    """No group of fewer than five can be computed from any; from cells of five and more alone it can in over 20 %."""
    number = shortly(8, 1_000)
    leaking, exposures = 0, []
    for seed in range(number):
        answers = organisation(seed)
        cells = cells_of(answers)
        found = publishable_cells(answers, GROUPINGS, **SCALE)
        if exposed(cells, found.published, 5) is not None:
            exposures.append(seed)
        plain = [key for key, members in cells.items() if len(members) >= 5]
        leaking += exposed(cells, plain, 5) is not None
        assert all(len(cells[key]) >= 5 for key in found.published)
    print(f"{number} organisations: {len(exposures)} give a small group away; with plain hiding {leaking}")
    assert exposures == []
    assert leaking / number > 0.2


def test_five_answers_of_one_person_are_no_group_of_five() -> None:
    """One judges five suppliers, whom twenty others judge too; their total less that of the twenty is his."""
    rows = [(f"s{supplier}", "ward", "head", supplier % 5 + 1) for supplier in range(5)]
    rows += [(f"s{supplier}", "ward", "staff", 1 + (who + supplier) % 5) for supplier in range(5) for who in range(20)]
    sheets = pl.DataFrame(rows, schema=["supplier", "customer", "band", "score"], orient="row")
    cube = [[], ["band"]]
    head = (("band", "head"),)
    counted = publishable_cells(sheets, cube, value="score", low=1, high=5)
    assert head in counted.published
    people = publishable_cells(sheets, cube, value="score", low=1, high=5, once="supplier", pool="customer")
    assert people.hidden[head] == "few"
    assert len(people.published) == 1
    audit = audit_cells(sheets, cube, counted.published, value="score", low=1, high=5, once="supplier", pool="customer")
    assert audit.smallest_group == 1
    # Five wards, each of which judges one supplier, are five people at least.
    apart = sheets.with_columns(customer=pl.col("supplier"))
    told = publishable_cells(apart, cube, value="score", low=1, high=5, once="supplier", pool="customer")
    assert head in told.published
