"""Every result of the analysis has what a result has: n, method, version, warnings, and its two plain forms."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import pkgutil
import typing
from collections.abc import Iterator

import pytest

import baton_analysis
from baton_analysis.results import Result

WANTED = ("n", "method", "version", "warnings", "to_dict", "to_table")
WITH_RESULTS = ("baton_analysis.measures", "baton_analysis.signals", "baton_analysis.analyse")
STEPS_ON_THE_WAY = {
    "AlarmRate": "of one chart; ExpectedAlarms is the result",
    "Blocks": "answers that cells do not tell apart, for Publication",
    "BusinessCalendar": "what was agreed",
    "Configuration": "what is wanted",
    "Components": "variances for ShrunkenMeans and IntraclassCorrelation",
    "Delays": "delays for PathTimes",
    "Dispersion": "how much links differ, for FunnelPlot",
    "Drawn": "draws for KeyDrivers",
    "EffectPlan": "what is wanted; EffectJudgement is the result",
    "FilledWeeks": "weeks for WeeklySeries",
    "Fit": "coefficients for SegmentedRegression",
    "FrozenLimits": "limits for another chart",
    "Grouped": "answers by group",
    "Items": "answers as a table",
    "Lattice": "cells for Publication and DisclosureAudit",
    "League": "places for FunnelPlot",
    "LinkTests": "p-values for BrokenStandards",
    "Mean": "figures for scores of surveys",
    "Moved": "what steps do to weights; HouseOfQuality is the result",
    "NetTimes": "facts; Timeliness is the result",
    "Ordered": "steps in order; PromiseChain is the result",
    "Outcome": "what EffectJudgement judges",
    "PreparedFacts": "facts",
    "Robustness": "counts for HouseOfQuality",
    "Spread": "covariances for Reliability and Factorability",
    "Steps": "single steps for HouseOfQuality",
    "Support": "bounds for PromiseChain",
    "Target": "what was promised",
    "Timing": "times for PromiseChain",
    "EventMapping": "columns of a log",
}
"""What public functions return and is no result, with the reason."""


def returned() -> Iterator[tuple[str, type]]:
    """Data classes that public functions of the analysis return, with the name of the function."""
    for found in pkgutil.walk_packages(baton_analysis.__path__, "baton_analysis."):
        if not found.name.startswith(WITH_RESULTS):
            continue
        module = importlib.import_module(found.name)
        for name, function in vars(module).items():
            if inspect.isfunction(function) and function.__module__ == found.name and not name.startswith("_"):
                answer = typing.get_type_hints(function).get("return")
                if inspect.isclass(answer) and dataclasses.is_dataclass(answer):
                    yield f"{found.name}.{name}", answer


def missing(kind: type) -> list[str]:
    """What a result has to have and this class does not, nor promise as a field."""
    there = {field.name for field in dataclasses.fields(kind)} | set(dir(kind))
    return [name for name in WANTED if name not in there]


def results() -> list[type[Result]]:
    found: list[type[Result]] = []
    waiting = [Result]
    while waiting:
        kinds = waiting.pop().__subclasses__()
        found += kinds
        waiting += kinds
    return sorted(set(found), key=lambda kind: kind.__name__)


def test_what_functions_return_is_a_result() -> None:
    wrong = {
        name: kind.__name__
        for name, kind in returned()
        if not issubclass(kind, Result) and kind.__name__ not in STEPS_ON_THE_WAY
    }
    assert wrong == {}
    assert len(results()) > 25


@pytest.mark.parametrize("kind", sorted({kind for _, kind in returned() if issubclass(kind, Result)}, key=str))
def test_a_result_has_what_results_have(kind: type[Result]) -> None:
    assert missing(kind) == []
    assert kind.to_dict is not Result.to_dict
    assert dataclasses.is_dataclass(kind)


def test_a_class_without_them_is_found() -> None:
    @dataclasses.dataclass
    class Bare(Result):
        n: int = 0

    assert missing(Bare) == ["method", "version", "warnings"]
