"""What a clause promises, held against what was reached, as plain values for JSON."""

from __future__ import annotations

from typing import Any

from scipy.special import gammaincinv

from baton.monitoring.rules import ATTAINMENT, BROKEN_PROMISE, DEFECT_RATE, PromiseStatus, Side, promise_status
from baton_analysis.errors import gettext_noop
from baton_analysis.measures.clause_weeks import ClauseWeeks, Promised
from baton_analysis.measures.proportions import wilson_interval

_TAIL = 0.025


def promise_of(name: str, series: ClauseWeeks) -> dict[str, Any] | None:
    """The promise of the clause that the measure ``name`` shows; None where it promises nothing of the kind.

    {promised, reached, low, high (95 %: Wilson's of a share, the exact one of a Poisson rate), count, n, status,
    clause, version, first, last (weeks)}. Shares and rates are fractions.
    """
    if name == ATTAINMENT and series.share is not None:
        said = series.share
        bounds = wilson_interval([said.count], [said.n])
        low, high = float(bounds[0][0]), float(bounds[1][0])
        spotless, most = said.count == said.n, False
    elif name == DEFECT_RATE and series.rate is not None:
        said = series.rate
        low, high = _poisson(said)
        spotless, most = said.count == 0, True
    else:
        return None
    status = promise_status(said.promised, low, high, n=said.n, spotless=spotless, most=most)
    return {
        "promised": said.promised, "reached": said.count / said.n, "low": low, "high": high, "count": said.count,
        "n": said.n, "status": status, "clause": said.clause, "version": said.version, "first": said.first,
        "last": said.last,
    }  # fmt: skip


def _poisson(said: Promised) -> tuple[float, float]:
    """Exact interval of a rate (Garwood 1936, Biometrika 28: 437-442)."""
    low = float(gammaincinv(said.count, _TAIL)) if said.count else 0.0
    return low / said.n, float(gammaincinv(said.count + 1, 1 - _TAIL)) / said.n


def with_promise(name: str, promise: dict[str, Any], episodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The episodes of a chart, and that its promise is broken, if it is: as one of them on the worse side."""
    if promise["status"] != PromiseStatus.BROKEN:
        return episodes
    side = Side.BELOW if name == ATTAINMENT else Side.ABOVE
    rule = {
        "rule": BROKEN_PROMISE,
        "name": gettext_noop("promised are {promised}, reached are {low} to {high}"),
        "values": {key: float(f"{promise[key]:.6g}") for key in ("promised", "low", "high")},
    }
    last = promise["last"]
    broken = {
        "side": side, "began": promise["first"], "week": last, "last_week": last, "resumed": last, "rules": [rule],
    }  # fmt: skip
    for place, one in enumerate(episodes):
        if one["side"] == side:
            joined = {**one, "rules": [*one["rules"], rule], "last_week": max(one["last_week"], last)}
            return [*episodes[:place], joined, *episodes[place + 1 :]]
    return [*episodes, broken]
