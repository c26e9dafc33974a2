"""Funnel plots: Spiegelhalter (2005), Statistics in Medicine 24: 1185-1202, formula by formula, and published data."""

from __future__ import annotations

import json
from math import comb, sqrt
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import polars as pl
import pytest

from baton_analysis.drawing.figures import number, percent
from baton_analysis.drawing.funnel_pictures import funnel_svg
from baton_analysis.errors import MeasureError
from baton_analysis.measures.funnel import FunnelPlot, Widening, funnel_plot

EVEN = {
    "links": list("abcdefghij"),
    "counts": [90, 91, 89, 92, 88, 45, 44, 46, 9, 10],
    "sizes": [100] * 5 + [50] * 3 + [10] * 2,
}


def row(found: FunnelPlot, link: str) -> dict[str, Any]:
    return found.frame.row(by_predicate=pl.col("link") == link, named=True)


def apart(spread: float, links: int = 60, seed: int = 7) -> tuple[list[int], list[int], list[int]]:
    """Links whose true shares lie around .9 with a standard deviation, of 200 to 2,000 handoffs."""
    chance = np.random.default_rng(seed)
    sizes = chance.integers(200, 2000, links)
    true = np.clip(0.9 + spread * chance.standard_normal(links), 0, 1)
    return list(range(links)), chance.binomial(sizes, true).tolist(), sizes.tolist()


def test_exact_binomial_limits_by_summing_probabilities() -> None:
    """Of 20 handoffs at .9: a count lies beyond a limit exactly if so extreme a count has at most the tail."""
    found = funnel_plot(["a", "b"], [18, 90], [20, 100], target=0.9)
    chances = [comb(20, k) * 0.9**k * 0.1 ** (20 - k) for k in range(21)]
    for level, low, high in ((0.95, "warning_low", "warning_high"), (0.998, "alarm_low", "alarm_high")):
        tail = (1 - level) / 2
        limits = row(found, "a")
        below = [k for k in range(21) if k < round(limits[low] * 20, 9)]
        above = [k for k in range(21) if k > round(limits[high] * 20, 9)]
        assert below == [k for k in range(21) if sum(chances[: k + 1]) < tail]
        assert above == [k for k in range(21) if sum(chances[k:]) < tail]


def test_spiegelhalter_appendix_a1_interpolation() -> None:
    """Lower limit (r - alpha)/n with r the quantile and alpha = (P(R <= r) - p)/P(R = r)."""
    chances = np.array([comb(20, k) * 0.9**k * 0.1 ** (20 - k) for k in range(21)])
    r = int(np.argmax(np.cumsum(chances) >= 0.025))
    alpha = (np.cumsum(chances)[r] - 0.025) / chances[r]
    found = funnel_plot(["a", "b"], [18, 90], [20, 100], target=0.9)
    assert row(found, "a")["warning_low"] == pytest.approx((r - alpha) / 20, abs=1e-12)


def test_phi_and_tau2_by_their_formulas() -> None:
    links, counts, sizes = apart(0.03)
    found = funnel_plot(links, counts, sizes)
    size, share = np.array(sizes), np.array(counts) / np.array(sizes)
    pooled = sum(counts) / sum(sizes)
    error = np.sqrt(pooled * (1 - pooled) / size)
    z = (share - pooled) / error
    z = np.clip(z, np.quantile(z, 0.1), np.quantile(z, 0.9))
    phi, weight = float((z**2).mean()), 1 / error**2
    tau2 = (60 * phi - 59) / (weight.sum() - (weight**2).sum() / weight.sum())
    assert (found.dispersion.phi, found.dispersion.tau2) == pytest.approx((phi, tau2))
    assert found.dispersion.bound == pytest.approx(1 + 2 * sqrt(2 / 60))
    assert found.tau2 == pytest.approx(tau2)
    first = row(found, "0")
    assert first["alarm_high"] == pytest.approx(min(1.0, pooled + 3.0902 * sqrt(phi) * error[0]), abs=1e-5)
    wider = funnel_plot(links, counts, sizes, widening="additive")
    assert row(wider, "0")["alarm_low"] == pytest.approx(pooled - 3.0902 * sqrt(error[0] ** 2 + tau2), abs=1e-5)


def test_rates_have_poisson_limits() -> None:
    """19.2 expected: P(X <= 10) = .0165 and P(X <= 11) = .0311, P(X >= 29) = .0243 and P(X >= 28) = .0377."""
    found = funnel_plot(["a", "b"], [19, 96], [19.2, 96.0], kind="rate", target=1.0, worse="above")
    limits = row(found, "a")
    assert 10 < limits["warning_low"] * 19.2 < 11
    assert 28 < limits["warning_high"] * 19.2 <= 29
    assert row(found, "b")["verdict"] == "usual"


@pytest.mark.parametrize(("spread", "phi"), [(0.0, 1.0), (0.03, None)])
def test_recovery_of_the_spread_between_links(spread: float, phi: float | None) -> None:
    links, counts, sizes = apart(spread, links=2000, seed=8)
    found = funnel_plot(links, counts, sizes, winsorise=0.0)
    assert sqrt(found.tau2) == pytest.approx(spread, abs=0.003)
    if phi is not None:
        assert found.dispersion.phi == pytest.approx(phi, abs=0.1)
        assert found.widened == "none"
        usual = (found.frame["verdict"] != "alarm").mean()
        assert usual == pytest.approx(0.998, abs=0.003)
        # Of a normal distribution drawn in at its 10 % quantile q: .8 - 2 q density(q) + .2 q^2.
        assert funnel_plot(links, counts, sizes).dispersion.phi == pytest.approx(0.678, abs=0.05)


def test_over_dispersion_is_named_and_limits_may_stay() -> None:
    links, counts, sizes = apart(0.05)
    for widening, said in (("multiplicative", "are widened for it"), ("none", "call too many links unusual")):
        chosen: Widening = widening  # type: ignore[assignment]
        found = funnel_plot(links, counts, sizes, widening=chosen)
        assert found.widened == widening
        assert said in found.warnings[0].render()
        assert f"phi is {found.dispersion.phi:.2f}".rstrip("0") in found.warnings[0].render()
    narrow, wide = (funnel_plot(links, counts, sizes, widening=one).frame for one in ("none", "multiplicative"))  # type: ignore[arg-type]
    assert (narrow["verdict"] != "usual").sum() > (wide["verdict"] != "usual").sum()


def test_three_handoffs_neither_top_nor_bottom_the_league() -> None:
    links, counts, sizes = apart(0.03)
    for lucky in (0, 3):
        found = funnel_plot([*links, "new"], [*counts, lucky], [*sizes, 3])
        place = found.frame["link"].to_list().index("new")
        new = row(found, "new")
        assert 5 < place < 55
        assert new["place_to"] - new["place_from"] > 50
    best, worst = found.frame.row(0, named=True), found.frame.row(-1, named=True)
    assert best["place_to"] < worst["place_from"]


def test_where_no_link_can_be_told_from_another_all_places_are_ties() -> None:
    found = funnel_plot(**EVEN)
    assert found.tau2 == 0
    assert found.frame.select("place_from", "place_to").unique().rows() == [(1, 10)]
    assert found.warnings[-1].render() == "No link can be told from another: all places of the league are ties."
    assert found.frame["verdict"].unique().to_list() == ["usual"]


def test_all_kept_is_a_funnel_without_width() -> None:
    found = funnel_plot(["a", "b"], [5, 3], [5, 3])
    assert (found.target, found.frame["verdict"].to_list()) == (1.0, ["usual", "usual"])
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["phi"] == 0


def test_links_without_handoffs_are_left_out_and_said() -> None:
    found = funnel_plot(["a", "b", "c"], [9, 8, 0], [10, 10, 0])
    assert found.links == 2
    assert found.warnings[0].render() == "1 link without a single handoff is left out."


def test_the_picture_rings_alarms_and_escapes_names() -> None:
    found = funnel_plot(["a<b", *"cdefghijk"], [20, *[90] * 9], [100] * 10)
    points = [
        {
            "label": one["link"],
            "size": one["size"],
            "value": one["value"],
            "verdict": one["verdict"],
            "href": "/links/1/",
        }
        for one in found.frame.iter_rows(named=True)
    ]
    wanted = {"title": "Couriers & posts", "unit": "handoffs", "share": True, "target": found.target, "points": points}
    drawn = funnel_svg({**wanted, "curves": found.curves.to_dicts()}, "all", percent, number)
    tree = ElementTree.fromstring(drawn)
    assert [one.text for one in tree.iter("title")][-1] == "a<b: 20.0\u00a0% (100)"
    assert len(tree.findall(".//g[@class='violation']")) == 1
    assert len(tree.findall(".//a")) == 10
    bare = funnel_plot(["a", "b"], [5, 3], [5, 3])
    assert "<svg" in funnel_svg(
        {**wanted, "points": points[:2], "curves": bare.curves.to_dicts()}, "two", percent, number
    )


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"counts": [1, 2]}, "Links: 10, counts: 2"),
        ({"counts": [101] + [1] * 9}, "0 can be used"),
        ({"counts": [0.5] * 10}, "0 can be used"),
        ({"sizes": [100] + [0] * 9, "counts": [1] + [0] * 9}, "1 can be used"),
        ({"target": 1.0}, "It is 1.0"),
        ({"kind": "mean"}, "“mean” was given"),
        ({"worse": "left"}, "“left” was given"),
        ({"widening": "twice"}, "“twice” was given"),
        ({"levels": (0.998, 0.95)}, "levels are 0.998 and 0.95"),
        ({"winsorise": 0.5}, "share is 0.5"),
    ],
)
def test_what_is_no_funnel_is_refused(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(MeasureError) as refused:
        funnel_plot(**{**EVEN, **changed})
    assert words in str(refused.value)


@pytest.mark.shared_data
def test_nhs_england_accident_and_emergency_four_hours(shared_data: Path) -> None:
    """NHS England, attendances and breaches by provider, April 2016 to December 2017: 89.6 and 89.0 % within 4 hours.
    Providers differ by so much more than chance that only widened limits make sense (Spiegelhalter 2005)."""
    rows = pl.read_csv(shared_data / "nhs" / "ae_attendances_2016_2017.csv.gz", try_parse_dates=True)
    for year, kept in ((2016, 0.896), (2017, 0.890)):
        of_year = rows.filter(pl.col("period").dt.year() == year)
        providers = of_year.group_by("org_code").agg(pl.col("attendances", "breaches").sum()).sort("org_code")
        providers = providers.filter(pl.col("attendances") > 0)
        within = providers["attendances"] - providers["breaches"]
        found = funnel_plot(providers["org_code"].to_list(), within, providers["attendances"])
        assert found.target == pytest.approx(kept, abs=0.0005)
        assert found.dispersion.phi > 100
        assert found.widened == "multiplicative"
        said = [warning.render() for warning in found.warnings]
        assert said[0].startswith(f"Links differ by more than chance: phi is {found.dispersion.phi:,.2f}".rstrip("0"))
        assert any(text.startswith("Wider limits do not explain") for text in said)
        exact = funnel_plot(providers["org_code"].to_list(), within, providers["attendances"], widening="none")
        assert (exact.frame["verdict"] == "alarm").mean() > 0.8
        assert (found.frame["verdict"] == "alarm").mean() < 0.1
