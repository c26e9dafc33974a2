"""Whatever is given to a public function, the answer is a result or a message that says what was expected."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl
import pytest

import baton_analysis
from baton_analysis.arguments import CHECKED
from baton_analysis.errors import BatonError
from baton_analysis.facts.calendars import always_open
from baton_analysis.facts.events import event_facts
from baton_analysis.facts.handoffs import Milestone, Promise, Target, events_of_rows, handoff_facts
from baton_analysis.facts.mapping import EventMapping
from baton_analysis.measures.before_after import group_sequential, sequential_probability_ratio
from baton_analysis.measures.clause_weeks import CLAUSE_FACTS
from baton_analysis.measures.control_charts import (
    ManyCharts,
    individuals_chart,
    individuals_charts,
    levey_jennings_chart,
)
from baton_analysis.measures.effect_plan import EffectPlan, Observation, Window
from baton_analysis.measures.escape_rates import Check
from baton_analysis.measures.handover_chain import handover_chain
from baton_analysis.measures.house_of_quality import Characteristic, Need
from baton_analysis.measures.promise_chain import ChainStep, FinalPromise
from baton_analysis.measures.sampling import operating_characteristic, single_plan
from baton_analysis.measures.settlement import PricedHandoff
from baton_analysis.measures.surveys import net_promoter
from baton_analysis.measures.two_judgements import JudgedWeek
from baton_analysis.measures.yields import Step
from baton_analysis.readers import read
from baton_analysis.results import Result
from baton_analysis.signals.broken_standards import attainment_below_standard
from baton_analysis.signals.chart_rules import WESTERN_ELECTRIC, Rule, find_flags
from baton_analysis.signals.inspection_switching import InspectionState, LotResult, SkipLot
from baton_analysis.signals.unproven_fixes import Fix
from baton_analysis.simulation import organisation, simulate

for _found in pkgutil.walk_packages(baton_analysis.__path__, "baton_analysis."):
    if not _found.name.endswith("sqlite_child"):  # a program of its own, started by the reader
        importlib.import_module(_found.name)

ONCE, NOWHERE = object(), object()
"""Stand for values that can be gone through only once, and for a path where there is nothing."""

ODD: tuple[Any, ...] = (
    "text", "", None, b"x", True, np.bool_(False), 1j, -1, 0, 2.5, float("nan"), float("inf"), [], [None], ["x"], [[]],
    [[1.0], [2.0, 3.0]], [{"a": 1}], {"a": 1}, {"a": "b"}, {1: None}, {1}, object(), (1, 2), ("a", None), [1.0] * 3,
    np.array([object()]), np.array([1j]), np.array([["a"]]), np.array(["2026-01-01"], dtype="M8[D]"), np.array(3.0),
    pl.Series(["a"]), pl.DataFrame({"a": [1]}), date(2026, 3, 2), datetime(2026, 3, 2, tzinfo=UTC), [object()],
    lambda *given: None, np.datetime64("NaT"), NOWHERE, ONCE,
)  # fmt: skip

VALUES = [9.8, 10.1, 10.0, 10.3, 9.9, 10.2, 9.7, 10.0, 10.1, 9.9, 10.0, 10.2, 12.5]
TABLE, GROUPS = [VALUES, VALUES[::-1]], [[[1.0, 2.0], [2.0, 3.0], [1.0, 4.0]]]
COUNTS, SIZES = [3.0, 4.0, 0.0, 2.0], [50.0, 60.0, 40.0, 50.0]
SHARES = {"before": (30, 100), "after": (15, 100)}
DAY = date(2026, 1, 5)
CALENDAR = always_open()
MOMENTS = [datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 3, 9, tzinfo=UTC)]
PLAN = EffectPlan(
    metric="late", test="two_proportions", better="lower", minimal_effect=0.1, baseline=Window(DAY, date(2026, 3, 1)),
    follow_up=Window(date(2026, 3, 8), date(2026, 5, 1)), fixed_on=date(2026, 3, 2),
)  # fmt: skip
SEEN = [Observation(DAY + timedelta(weeks=number), 3, 20) for number in range(15)]
SAMPLING = single_plan(1000, 1.0)
RATED: Any = {"a": [5, 4, None, 2, 1, 3, 4], "b": [4, 4, 3, 1, 2, 3, 5], "c": [5, 3, 2, 2, 1, 4, 4]}
LOTS = [LotResult(number, "accepted") for number in range(3)]
CHANCE = np.random.default_rng(1).normal(size=40).tolist()
SMALL = organisation(parties=3, links=3, seed=1)


@cache
def rows() -> pl.DataFrame:
    return pl.DataFrame({"subject": ["a>b"] * 2, "case": [1, 2], "received": MOMENTS, "accepted": MOMENTS})


@cache
def handoffs() -> Any:
    return handoff_facts(events_of_rows(rows()), Promise(CALENDAR, Target(60)), as_of=MOMENTS[1])


@cache
def handed_over() -> nw.LazyFrame[Any]:
    return nw.from_native(simulated().handovers.lazy())


@cache
def simulated() -> Any:
    return simulate(SMALL, seed=1, first=DAY, end=date(2026, 1, 25))


@cache
def log() -> pl.DataFrame:
    return pl.DataFrame({"case": ["1", "1", "2"], "ward": ["a", "b", "a"], "time": [*MOMENTS, MOMENTS[0]]})


MAPPING = EventMapping(case="case", party="ward", time="time", party_kind="department")


@cache
def events() -> Any:
    return event_facts(log(), MAPPING)


def good(folder: Path) -> Mapping[str, dict[str, Any]]:
    """By name of a function or a class, arguments with which it does what it is for."""
    table = folder / "log.csv"
    table.write_text("case,ward,time\n1,a,2026-01-05T09:00:00Z\n1,b,2026-01-06T09:00:00Z\n", encoding="utf-8")
    facts = folder / "facts"
    facts.mkdir()
    simulated().handovers.write_parquet(facts / "1.parquet")
    charts, flags = individuals_charts(TABLE), find_flags(individuals_charts(TABLE))
    chart = individuals_chart(VALUES)
    moments = {"calendar": CALENDAR, "starts": MOMENTS}
    count_charts = {"counts": [COUNTS], "sizes": [SIZES]}
    counted = {"counts": COUNTS, "sizes": SIZES}
    year = {"seed": 1, "end": date(2026, 1, 25), "volume": 0.01, "planted": False}
    return {
        "business_calendar": {"zone": "UTC", "hours": {"mon-fri": [("08:00", "17:00")]}},
        "always_open": {"zone": "UTC"},
        "calendar_from_dict": {"settings": CALENDAR.to_dict()},
        "net_seconds": {**moments, "ends": MOMENTS},
        "due_at": {**moments, "seconds": 60.0},
        "is_business_day": {"calendar": CALENDAR, "days": [20000]},
        "count_days": {"calendar": CALENDAR, "begins": [20000], "ends": [20003]},
        "offset_days": {"calendar": CALENDAR, "days": [20000], "offsets": [2]},
        "due_after_days": {**moments, "days": [1, 2]},
        "check_handoffs": {"facts": nw.from_native(handoffs().frame.lazy())},
        "Clock": {}, "Target": {"seconds": 60.0}, "Promise": {"calendar": CALENDAR},
        "events_of_rows": {"rows": rows()},
        "handoff_facts": {"events": events_of_rows(rows()), "promises": Promise(CALENDAR), "as_of": MOMENTS[1]},
        "clause_weeks": {"facts": nw.from_native(pl.DataFrame(schema=dict(CLAUSE_FACTS)).lazy()), "as_of": MOMENTS[1]},
        "Milestone": {"subject": "a>b", "start": ("received",), "end": "accepted"},
        "rows_of_milestones": {
            "rows": rows(), "milestones": [Milestone("a>b", ("received",), "accepted")], "reference": "case",
        },
        "Check": {"name": "self-check", "found": 3},
        "escape_rates": {"checks": [Check("inspector", 3)], "came_back": 1},
        "perfect_handoff": {"handoffs": pl.DataFrame({"on_time": [True, None]}), "unknown": "left_out",
                            "parts": ["on_time"]},
        "JudgedWeek": {"week": DAY}, "two_judgements": {"weeks": [JudgedWeek(DAY, 1, 2, 3, 4)]},
        "Claim": {"share": Decimal("0.1"), "made_at": MOMENTS[0]},
        "PricedHandoff": {"key": "1", "supplier": "a", "customer": "b", "price": Decimal(3)},
        "settle": {
            "handoffs": [PricedHandoff("1", "a", "b", Decimal(3))], "as_of": MOMENTS[1],
            "claim_limit": timedelta(days=1),
        },
        "funnel_plot": {"links": list("abcd"), "counts": COUNTS, "sizes": SIZES},
        "median": {"values": VALUES}, "path_delays": {"lateness": TABLE},
        "path_times": {"handoffs": nw.from_native(handoffs().frame.lazy()), "path": ["a>b"], "by": "case"},
        "wilson_interval": counted, "clopper_pearson_upper": counted,
        "attainment": {"facts": handoffs()}, "attainments": {"facts": handoffs()},
        "FrozenLimits": {"method": "i", "centre": 0.0, "spread": 1.0, "n": 20}, "CarriedOn": {"phase": 0},
        "Rule": {"id": "X", "kind": "run", "name": "run", "length": 3},
        "RuleSet": {"name": "mine", "rules": (Rule("X", "run", "run", length=3),)},
        "find_carried_violations": {"chart": chart}, "carried_flags": {"found": flags, "sizes": TABLE},
        "find_violations": {"chart": chart}, "find_episodes": {"chart": chart}, "find_flags": {"charts": charts},
        "RuleFlags.violations": {"self": flags, "series": 0},
        "shewhart_constants": {"n": 5}, "over_dispersion_threshold": {"ranges": 10},
        **dict.fromkeys(("p_chart", "laney_p_chart", "proportion_chart", "np_chart"), counted),
        **dict.fromkeys(("u_chart", "laney_u_chart"), counted),
        "c_chart": {"counts": COUNTS},
        **dict.fromkeys(("individuals_chart", "ewma_chart"), {"values": VALUES}),
        "levey_jennings_chart": {"values": VALUES, "mean": 10.0, "sd": 0.2},
        "cusum_chart": {"values": VALUES, "target": 10.0, "sigma": 0.2},
        **dict.fromkeys(("xbar_r_chart", "xbar_s_chart"), {"subgroups": [[1.0, 2.0], [2.0, 4.0], [1.0, 3.0]]}),
        "ManyCharts.of_limits": {"cls": ManyCharts, "values": TABLE, "centre": 10.0, "sigma": 0.2},
        **dict.fromkeys(("p_charts", "laney_p_charts", "u_charts", "laney_u_charts"), count_charts),
        "individuals_charts": {"values": TABLE},
        **dict.fromkeys(("xbar_r_charts", "xbar_s_charts"), {"values": GROUPS}),
        "weekly_series": {"facts": handed_over()}, "link_weeks": {"facts": handed_over()},
        "link_weeks_of_files": {"place": facts},
        "refreshed_link_weeks": {"place": facts, "store": folder / "store"},
        "shewhart_run_length": {}, "cusum_run_length": {}, "cusum_run_length_siegmund": {}, "ewma_run_length": {},
        "expected_false_alarms": {"charts": [(3, WESTERN_ELECTRIC)]}, "alarm_rate": {}, "engine_named": {},
        "capability": {"values": VALUES, "lower": 9.0, "upper": 13.0}, "anderson_darling": {"values": VALUES},
        "propose_columns": {"names": ["ward"], "wanted": {"party": ["ward", "department"]}},
        "preview": {"path": table}, "read": {"path": table}, "open_rows": {"path": table},
        "paste_rows": {"text": "a\tb\n1\t2\n"},
        "event_facts": {"frame": log(), "mapping": MAPPING},
        "HandoverChain.weekly": {"self": handover_chain(events()), "supplier": "a", "customer": "b"},
        **dict.fromkeys(("handover_chain", "handover_counts", "directly_follows"), {"facts": events()}),
        "discover": {"path": table, "case": "case", "party": "ward", "time": "time", "party_kind": "department"},
        "chain_of_table": {
            "table": read(table), "case": "case", "party": "ward", "time": "time", "party_kind": "department",
        },
        "control_false_discoveries": {"p": [0.001, 0.2]},
        **dict.fromkeys(("intraclass_correlation", "shrunken_means"), {"groups": "abcabcabcabca", "values": VALUES}),
        "within_group_agreement": {"groups": "abab", "ratings": [[1, 2], [2, 2], [3, 3], [3, 2]], "low": 1, "high": 5},
        "value_weighted_mean": {"values": COUNTS, "weights": SIZES},
        "rater_effects": {"raters": "aabbcc", "rated": "xyxyxy", "ratings": [1, 2, 3, 5, 4, 4]},
        "rating_bias": _rated(),
        "publishable_cells": {
            "answers": _sheets(), "groupings": [[], ["team"]], "value": "score", "low": 1.0, "high": 5.0,
        },
        "audit_cells": {
            "answers": _sheets(), "groupings": [[], ["team"]], "published": [()], "value": "score", "low": 1.0,
            "high": 5.0,
        },
        "rank_correlation": {"first": VALUES, "second": VALUES[::-1]},
        "key_drivers": {"outcome": VALUES, "drivers": {"speed": VALUES[::-1], "care": CHANCE[:13]}, "draws": 100},
        "newest_points": {"links": ["a", "b"], "charts": charts, "volumes": 3.0},
        "attainment_below_standard": {"links": ["a"], "kept": [9], "volumes": [10], "standards": 0.9},
        "broken_standards": {"tests": attainment_below_standard(["a"], [9], [10], 0.9)},
        "net_promoter": {"answers": [10, 9, 7, None, 3]}, "satisfied_share": {"answers": [5, 4, None, 2]},
        "effort_score": {"answers": {7: 3, 5: 1}}, "satisfaction_index": {"answers": RATED},
        "score_difference": {"first": net_promoter([10, 3]), "second": net_promoter([10, 9])},
        "cronbach_alpha": {"answers": RATED}, "cronbach_alphas": {"answers": RATED, "groups": list("aabbbab")},
        "kano_categories": {"functional": RATED, "dysfunctional": RATED}, "kano_of_counts": {"counts": {"a": {"M": 3}}},
        "importance_performance": {"performance": RATED, "importance": RATED},
        "factorability": {"answers": RATED}, "factor_loadings": {"answers": RATED, "factors": 1},
        "service_gaps": {"expectations": RATED, "perceptions": RATED, "dimensions": {"one": ["a"], "two": ["b", "c"]}},
        "service_performance": {"perceptions": RATED, "dimensions": {"one": ["a"], "two": ["b", "c"]}},
        "cohen_kappa": {"first": ["a", "b", "a"], "second": ["a", "b", "b"]},
        "fleiss_kappa": {"gradings": [["a", "b"], ["a", "a"], ["b", "b"]]},
        "change_point": {"values": VALUES, "seed": 1},
        "group_sequential": {"looks": 2},
        **{f"GroupSequentialDesign.{name}": {"self": group_sequential(2), "drift": 2.0}
           for name in ("power", "expected_information")},
        "welch": {"before": VALUES, "after": VALUES[:6]},
        "power_of_proportions": {"before": 0.3, "after": 0.2, "n_before": 100, "n_after": 100},
        "power_of_rates": {"before": 0.3, "after": 0.2, "exposure_before": 100.0, "exposure_after": 100.0},
        "power_of_standard": {"standard": 0.9, "share": 0.8, "n": 100},
        "power_of_estimate": {"effect": 1.0, "error": 0.5},
        "SequentialRatioTest.expected_units": {"self": sequential_probability_ratio(0.1, 0.2), "rate": "changed"},
        "SequentialRatioTest.follow": {"self": sequential_probability_ratio(0.1, 0.2), "cases": [0.0, 1.0]},
        "sequential_probability_ratio": {"unchanged": 0.1, "changed": 0.2},
        "poisson_rates": {"before": (11, 800.0), "after": (21, 3011.0)},
        "segmented_regression": {"values": [*VALUES, *VALUES], "change": 13},
        "two_proportions": SHARES, "fisher_exact": SHARES,
        "share_against_standard": {"after": (9, 10), "standard": 0.9},
        "Window": {"start": DAY, "end": DAY}, "Observation": {"day": DAY, "value": 3.0}, "SeriesModel": {},
        "EffectPlan.from_dict": {"cls": EffectPlan, "plain": PLAN.to_dict()},
        "EffectPlan": {name: getattr(PLAN, name) for name in inspect.signature(EffectPlan).parameters},
        "judge": {"plan": PLAN, "observations": SEEN, "today": date(2026, 6, 1)},
        **dict.fromkeys(
            ("average_and_range", "analysis_of_variance"),
            {"measurements": [[[1.0, 2.0, 3.0], [1.1, 2.1, 2.9]], [[1.0, 2.2, 3.1], [1.2, 2.0, 3.0]]]},
        ),
        "z_score": {"result": 10.5, "assigned": 10.0, "deviation": 0.2},
        "z_prime_score": {"result": 10.5, "assigned": 10.0, "deviation": 0.2, "assigned_uncertainty": 0.1},
        "zeta_score": {"result": 10.5, "assigned": 10.0, "result_uncertainty": 0.2, "assigned_uncertainty": 0.1},
        "en_score": {"result": 10.5, "assigned": 10.0, "result_expanded": 0.2, "assigned_expanded": 0.1},
        "SamplingPlan.judge": {"self": SAMPLING, "found": [1]}, "own_plan": {"n": 20, "accept": 1},
        "OperatingCharacteristic.quality_at": {
            "self": operating_characteristic(SAMPLING, [0.0, 0.01, 0.05, 0.2]), "acceptance": 0.5,
        },
        "operating_characteristic": {"plan": SAMPLING, "quality": [0.0, 0.01]},
        "skip_lot_acceptance": {"acceptance": 0.9, "lots": 10, "fraction": 0.25},
        "plan_between": {"good": 0.01, "poor": 0.1}, "zero_acceptance_plan": {"limiting_quality": 0.05},
        "code_letter": {"lot_size": 500}, "tighter_plan": {"plan": SAMPLING},
        **dict.fromkeys(("single_plan", "double_plan"), {"lot_size": 500, "aql": 1.0}),
        "house_of_quality": {
            "needs": [Need("fast", 5, 2, 4, 1.0)], "characteristics": [Characteristic("hours")],
            "relations": {("fast", "hours"): 9},
        },
        "promise_chain": {"steps": [ChainStep("lab", target=Target(60.0))], "final": FinalPromise(target=Target(90.0))},
        "supported": {"shares": [0.9, None], "promised": 0.8},
        "Step": {"name": "weigh", "entered": 10, "first_pass_good": 9},
        "path_yield": {"steps": [Step("weigh", 10, 9)]}, "defect_rate": {"defects": 3, "units": 100},
        "sigma_level": {"per_million": 100.0}, "per_million_of_sigma": {"level": 3.0},
        "pareto": {"counts": {"late": 3.0, "lost": 1.0}},
        "LotResult": {"label": 1, "judgement": "accepted"}, "Decision": {"kind": "resume", "by": "chief"},
        "SkipLot": {}, "SkipLot.draws": {"self": SkipLot(), "lot": 1, "seed": "seed"},
        "SwitchingRules": {"name": "mine", "source": "own", "reduce_by": "score", "reduce_at": 30},
        "score_of": {"plan": SAMPLING, "found": [1]}, "follow": {"events": LOTS},
        "step": {"state": InspectionState(), "event": LOTS[0], "rules": _rules()},
        "judge_runs": {"levels": [levey_jennings_chart(VALUES, mean=10, sd=0.2)]},
        "leading_indicators": {"upstream": {"lab": CHANCE}, "downstream": {"ward": CHANCE[::-1]}},
        "Fix": {"action": "wash", "carried_out": DAY},
        "unproven_fixes": {"fixes": [Fix("wash", DAY)], "today": date(2026, 6, 1)},
        "organisation": {"parties": 3, "links": 3, "seed": 1},
        "simulate": {"organisation": SMALL, "seed": 1, "first": DAY, "end": date(2026, 1, 11)},
        "weekly_waits": {"organisation": SMALL, "seed": 1, "first": DAY, "weeks": 2},
        "write_facts": {"year": simulated(), "folder": folder / "out"},
        "write_log": {"year": simulated(), "path": folder / "out.csv"},
        **dict.fromkeys(("factory_year", "hospital_year", "laboratory_year"), year),
        "synthetic_events": {"n_events": 10, "parties": 3, "seed": 1},
    }  # fmt: skip


def _sheets() -> pl.DataFrame:
    return pl.DataFrame({"team": list("aaaabbbbbbb"), "score": [1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 3]})


def _rated() -> dict[str, Any]:
    pairs = [(one, other, wave) for wave in range(4) for one in "abcd" for other in "abcd" if one != other]
    raters, rated, waves = (list(column) for column in zip(*pairs, strict=True))
    ratings = np.random.default_rng(2).normal(size=(2, len(pairs))).tolist()
    return {
        "raters": raters, "rated": rated, "waves": waves, "ratings": ratings[0], "attainment": ratings[1],
        "simulations": 200,
    }  # fmt: skip


def _rules() -> Any:
    from baton_analysis.signals.inspection_switching import ISO_2859_1

    return ISO_2859_1


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, dict[str, Any]]:
    return good(tmp_path_factory.mktemp("odd"))


def name_of(function: Callable[..., Any]) -> str:
    return function.__qualname__.removesuffix(".__init__")


def called(function: Callable[..., Any], given: Mapping[str, Any]) -> object:
    """The answer, shown as a notebook shows it: what cannot be printed or saved is no answer."""
    if function.__name__ == "__init__":
        return getattr(inspect.getmodule(function), name_of(function))(**given)
    first = [given[name] for name in ("self", "cls", "tests") if name in given]
    answer = function(*first, **{name: value for name, value in given.items() if name not in {"self", "cls", "tests"}})
    if isinstance(answer, Result):
        assert str(answer)
        assert json.dumps(answer.to_dict(), allow_nan=False)
    return answer


def trouble(function: Callable[..., Any], given: Mapping[str, Any]) -> str:
    """What came instead of a result or a message with a remedy; nothing where all is well."""
    try:
        called(function, given)
    except BatonError as refused:
        return "" if refused.remedy and str(refused) else "it says nothing"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


@pytest.mark.parametrize("function", CHECKED, ids=name_of)
def test_odd_arguments(function: Callable[..., Any], examples: Mapping[str, dict[str, Any]], tmp_path: Path) -> None:
    usual = examples[name_of(function)]
    called(function, usual)
    bare = {}
    for name in inspect.signature(function).parameters.keys() - {"self", "cls"}:
        for number, odd in enumerate(ODD):
            value = odd
            if odd is ONCE:
                value = iter([1, "a"])
            elif odd is NOWHERE:
                value = tmp_path / f"{name}{number}"
            if said := trouble(function, {**usual, name: value}):
                bare[name, repr(odd)[:60]] = said
    assert bare == {}


SHARED = ("measures.charted_series", "measures.before_after.segments", "measures.capability", "readers.xes")
"""Packages of which modules of the analysis share functions; what is for readers is guarded there, too."""


def test_what_the_packages_offer_is_guarded() -> None:
    """Every function that a package names in ``__all__``; within the readers only what they offer together, and not
    the writing of a report, which is a step of ``baton analyse``."""
    guarded = {function.__wrapped__ for function in CHECKED}  # type: ignore[attr-defined]
    bare = set()
    for found in pkgutil.walk_packages(baton_analysis.__path__, "baton_analysis."):
        offers = found.name == "baton_analysis.readers" or not found.name.startswith("baton_analysis.readers")
        if found.ispkg and offers and not found.name.endswith(SHARED):
            module = importlib.import_module(found.name)
            for name in getattr(module, "__all__", ()):
                offered = getattr(module, name)
                takes = inspect.isfunction(offered) and inspect.signature(offered).parameters
                if takes and inspect.unwrap(offered) not in guarded and name != "report_page":
                    bare.add(f"{found.name}.{name}")
    assert bare == set()
