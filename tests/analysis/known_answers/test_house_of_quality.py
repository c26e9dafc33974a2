"""Houses of quality against printed ones and against hand calculation."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import pytest

from baton_analysis.measures.house_of_quality import Characteristic, HouseOfQuality, Need, house_of_quality


def columns(*names: str) -> list[Characteristic]:
    return [Characteristic(name) for name in names]


def coffee_maker() -> HouseOfQuality:
    """The house printed at schematex.js.org/examples/matrix-qfd-coffee-maker: 45, 39, 51, or 33 %, 29 %, 38 %."""
    return house_of_quality(
        [Need("Quiet operation", 5), Need("Brews fast", 3), Need("Energy efficient", 4)],
        columns("Fan RPM", "Heater watts", "Insulation"),
        {
            ("Quiet operation", "Fan RPM"): 9,
            ("Quiet operation", "Insulation"): 3,
            ("Brews fast", "Heater watts"): 9,
            ("Energy efficient", "Heater watts"): 3,
            ("Energy efficient", "Insulation"): 9,
        },
        roof={("Fan RPM", "Heater watts"): "--", ("Heater watts", "Insulation"): "+"},
    )


def full_weights(**promised: bool) -> HouseOfQuality:
    """Weights 10, 9.6 and 2 of needs of importance 5, 4 and 2: by importance 57, 53, 22; by demanded weight 118.8,
    118.4, 27.6. The second characteristic nearly catches up with the first.
    """
    needs = [
        Need("on time", 5, current=2, target=4),
        Need("clean", 4, current=2, target=4, sales_point=1.2, competitors={"the hotel next door": 4, "at home": 3}),
        Need("soft", 2, current=3, target=3),
    ]
    characteristics = [Characteristic(name, promised=promised.get(name)) for name in ("hours", "spots", "feel")]
    strengths = [[9, 3, 0], [3, 9, 1], [0, 1, 9]]
    relations = {
        (need.name, one.name): strength
        for need, row in zip(needs, strengths, strict=True)
        for one, strength in zip(characteristics, row, strict=True)
    }
    return house_of_quality(needs, characteristics, relations)


def test_printed_coffee_maker() -> None:
    house = coffee_maker()
    plain = [one.importance_only for one in house.characteristics]
    assert [weight.value for weight in plain] == [45, 39, 51]
    assert [round(100 * weight.share) for weight in plain] == [33, 29, 38]
    assert [weight.rank for weight in plain] == [2, 3, 1]
    conflict = house.conflicts[0]
    assert (conflict.first, conflict.second, conflict.sign) == ("Fan RPM", "Heater watts", "--")
    assert conflict.share == pytest.approx((45 + 39) / 135)
    assert len(house.conflicts) == 1
    assert house.roof[1] == ("Heater watts", "Insulation", "+")


def test_printed_column_of_a_lesson() -> None:
    """Importance 5, 3 and 4 with 9, 3 and 3: "added together, resulting in 66" (learndesk.us, house of quality)."""
    needs = [Need("a", 5), Need("b", 3), Need("c", 4)]
    house = house_of_quality(needs, columns("weight"), {("a", "weight"): 9, ("b", "weight"): 3, ("c", "weight"): 3})
    assert house.characteristics[0].demanded.value == 66


def test_both_weightings_by_hand() -> None:
    house = full_weights()
    assert [need.improvement for need in house.needs] == [2, 2, 1]
    assert [need.absolute for need in house.needs] == pytest.approx([10, 9.6, 2])
    assert [need.relative for need in house.needs] == pytest.approx([10 / 21.6, 9.6 / 21.6, 2 / 21.6])
    assert [one.importance_only.value for one in house.characteristics] == [57, 53, 22]
    demanded = [one.demanded for one in house.characteristics]
    assert [weight.value for weight in demanded] == pytest.approx([118.8, 118.4, 27.6])
    assert [weight.share for weight in demanded] == pytest.approx([118.8 / 264.8, 118.4 / 264.8, 27.6 / 264.8])
    assert [weight.rank for weight in demanded] == [1, 2, 3]


def test_lyman_s_normalisation_by_hand() -> None:
    """Each need hands its weight out once: 10 in twelfths, 9.6 in thirteenths, 2 in tenths."""
    normalised = [one.normalised.value for one in full_weights().characteristics]
    wanted = [10 * 9 / 12 + 9.6 * 3 / 13, 10 * 3 / 12 + 9.6 * 9 / 13 + 2 * 1 / 10, 9.6 * 1 / 13 + 2 * 9 / 10]
    assert normalised == pytest.approx(wanted)
    assert sum(normalised) == pytest.approx(10 + 9.6 + 2)


def test_normalising_can_turn_an_order_over() -> None:
    """A need that many characteristics serve counts many times if it is not normalised (Raharjo 2013)."""
    relations = {("served by all", name): 9 for name in "abc"} | {("served by one", "d"): 9}
    house = house_of_quality([Need("served by all", 4), Need("served by one", 3)], columns(*"abcd"), relations)
    assert [one.demanded.rank for one in house.characteristics] == [1, 1, 1, 4]
    assert [one.normalised.rank for one in house.characteristics] == [2, 2, 2, 1]


def test_single_steps_by_hand() -> None:
    """Two needs of importance 5 and 4, each with a characteristic of its own at 9: weights 45 and 36.

    Steps: 9 to 3 twice, 0 to 1 twice, 5 to 4 (a tie), 4 to 5 (a tie) and 4 to 3. Only 9 to 3 of the first turns it over
    (15 against 36). 0 to 1 gives the second 41 at most.
    """
    house = house_of_quality([Need("a", 5), Need("b", 4)], columns("x", "y"), {("a", "x"): 9, ("b", "y"): 9})
    found = house.sensitivity.demanded
    assert (found.n, found.reversing, found.share) == (7, 1, 1 / 7)
    first = house.sensitivity.reversals[0]
    assert (first.kind, first.need, first.characteristic, first.before, first.after) == ("relation", "a", "x", 9, 3)
    assert (first.first, first.new_first, first.pairs) == (("y",), True, 1)
    ties = [one for one in house.sensitivity.reversals if one.kind == "importance"]
    assert [(one.need, one.after, one.first, one.pairs) for one in ties] == [
        ("a", 4, ("x", "y"), 0), ("b", 5, ("x", "y"), 0),
    ]  # fmt: skip
    assert found.new_first == 3
    x = house.characteristics[0].demanded
    assert x.ranks == (1, 2)
    assert x.interval == pytest.approx((15 / 51, 45 / 57))


def test_linear_scale_by_hand() -> None:
    """9 once against 3 three times: 9 and 9 are alike, 5 and 9 are not; 9 against 3 twice turns over: 9 > 6, 5 < 6."""
    relations = {("a", "x"): 9, ("b", "y"): 3, ("c", "y"): 3}
    house = house_of_quality([Need(name, 2) for name in "abc"], columns("x", "y"), relations)
    assert house.sensitivity.linear_scale == 1
    assert house.sensitivity.between_weightings == 0
    assert coffee_maker().sensitivity.linear_scale == pytest.approx(1 / 3)


def test_what_is_missing_is_listed() -> None:
    house = house_of_quality(
        [Need("heard", 5), Need("unheard", 4)],
        [Characteristic("hours", promised=False), Characteristic("spots", promised=True)],
        {("heard", "hours"): 3},
    )
    assert house.needs_without_characteristic == ("unheard",)
    assert house.needs_without_clause == ("heard", "unheard")
    assert house.characteristics_without_need == ("spots",)
    said = " ".join(warning.render() for warning in house.warnings)
    assert "unheard" in said
    assert "spots" in said
    assert full_weights(hours=True).needs_without_clause == ("soft",)
    assert full_weights().needs_without_clause == ()


def test_others_who_meet_a_need_better() -> None:
    clean = full_weights().needs[1]
    assert (clean.best_competitor, clean.behind) == ("the hotel next door", 2)
    assert full_weights().needs[0].behind is None


def test_tables_and_plain_values() -> None:
    house = full_weights()
    assert house.matrix().rows() == [("on time", 9, 3, 0), ("clean", 3, 9, 1), ("soft", 0, 1, 9)]
    assert house.to_table()["by_importance"].to_list() == [57, 53, 22]
    assert house.needs_table()["absolute"].to_list() == pytest.approx([10, 9.6, 2])
    plain = json.loads(json.dumps(house.to_dict(), allow_nan=False))
    assert plain["sensitivity"]["demanded"]["n"] == house.sensitivity.demanded.n
    assert plain["relations"] == [[9, 3, 0], [3, 9, 1], [0, 1, 9]]


def test_the_drawn_house_can_be_read_without_its_symbols() -> None:
    picture = coffee_maker().to_svg("coffee")
    root = ElementTree.fromstring(picture)
    titles = [title.text for title in root.iter("title")]
    assert "Quiet operation – Fan RPM: strong" in titles
    assert "Fan RPM – Heater watts: hinders much" in titles
    figures = [text.text for text in root.iter("text")]
    assert figures.count("9") == 3
    assert {"45", "39", "51", "33.3\u00a0%", "−−"} <= set(figures)


def test_markup_in_a_name_is_text_in_the_picture() -> None:
    house = house_of_quality([Need("<script>", 3)], columns("a & b"), {("<script>", "a & b"): 1})
    picture = house.to_svg()
    assert not re.search(r"<script", picture)
    assert "a &amp; b" in picture
    ElementTree.fromstring(picture)


def test_long_chinese_names_are_cut_where_latin_ones_of_twice_the_letters_are() -> None:
    long = "床单被套枕套在每天早上七点以前送到病房门口并且数量与前一天下午的申请完全一致"
    picture = house_of_quality([Need(long, 3)], columns("x"), {}).to_svg()
    shown = [title.tail or "" for title in ElementTree.fromstring(picture).iter("title")]
    cut = next(text for text in shown if text.endswith("…"))
    assert len(cut) == 17
    assert f"<title>{long}</title>" in picture
