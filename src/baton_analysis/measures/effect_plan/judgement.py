"""What comes out when a plan is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from baton_analysis.errors import gettext_noop
from baton_analysis.measures.before_after.comparison import Interval, Scale, finite
from baton_analysis.measures.effect_plan.plan import VERSION
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

Verdict = Literal["effective", "not_shown", "worse", "too_little_data"]

VERDICT_NAMES: Mapping[Verdict, str] = {
    "effective": gettext_noop("effective"),
    "not_shown": gettext_noop("effect not shown"),
    "worse": gettext_noop("worse than before"),
    "too_little_data": gettext_noop("too little data"),
}
"""What each verdict is called; English templates."""


@dataclass(frozen=True, slots=True)
class EffectJudgement(Result):
    """Whether an action worked, by the plan that was fixed for it.

    Attributes
    ----------
    verdict
        "not_shown" is no proof of the contrary: look at ``power`` and ``interval``.
    before, after
        Share, rate or mean; ``before`` of a standard or a chart is that, of a segmented regression None.
    estimate, scale, interval
        The change; with two sides the interval has the confidence 1 - ``level``, with one side 1 - 2 ``level``.
    p, level
        p, and up to which it shows something: alpha shared among comparisons, at a look that of its boundary.
    power
        Probability that this test with these numbers shows the minimal effect if it is there.
    n_before, n_after
        Units of shares, exposure of rates, or points; ``left_out`` counts observations that the plan leaves out (the
        trigger, and what lies between the windows or after this look).
    dispersion
        How many times as much as by chance shares or rates vary within the windows; None where there are too few points
        to tell. If that is more than chance, p and interval allow for it (method "..._quasi").
    look
        1, 2, ... of a group-sequential plan, else None.
    plan_digest
        Of the plan that was judged.
    """

    verdict: Verdict
    method: str
    n_before: float
    n_after: float
    left_out: int
    level: float
    plan_digest: str
    before: float | None = None
    after: float | None = None
    estimate: float | None = None
    scale: Scale | None = None
    interval: Interval | None = None
    p: float | None = None
    power: float | None = None
    dispersion: float | None = None
    look: int | None = None
    warnings: tuple[Notice, ...] = ()
    version: str = VERSION

    @property
    def n(self) -> float:
        return self.n_before + self.n_after

    @property
    def name(self) -> str:
        """What the verdict is called; English template."""
        return VERDICT_NAMES[self.verdict]

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON; None for what is not there or not finite."""
        plain = ("verdict", "method", "version", "n", "n_before", "n_after", "left_out", "level", "scale", "look")
        numbers = ("before", "after", "estimate", "p", "power", "dispersion")
        return {
            **{name: getattr(self, name) for name in (*plain, "plan_digest")},
            **{name: finite(getattr(self, name)) for name in numbers},
            "interval": None if self.interval is None else [finite(bound) for bound in self.interval],
            "warnings": [warning.render() for warning in self.warnings],
        }
