"""Whether items share enough for factors: KMO measure of sampling adequacy, Bartlett's test of sphericity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import polars as pl
from scipy.special import chdtrc

from baton_analysis.arguments import checked
from baton_analysis.drawing.comparisons import plot_bars
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.inputs import Floats
from baton_analysis.measures.surveys.answers import VERSION, Answers
from baton_analysis.measures.surveys.correlations import complete_items, correlations_of
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Adequacy = Literal["marvelous", "meritorious", "middling", "mediocre", "miserable", "unacceptable"]

LEVELS: tuple[tuple[float, Adequacy], ...] = (
    (0.9, "marvelous"), (0.8, "meritorious"), (0.7, "middling"), (0.6, "mediocre"), (0.5, "miserable"),
    (-np.inf, "unacceptable"),
)  # fmt: skip
"""Lowest KMO of each word (Kaiser 1974)."""

ACCEPTABLE = 0.5
PER_ITEM = 5
"""Respondents that are wanted for each item."""


@dataclass(frozen=True, slots=True)
class ItemAdequacy:
    """Measure of sampling adequacy (MSA) of one item."""

    name: str
    msa: float


@dataclass(frozen=True, slots=True)
class Factorability(Result):
    """Whether items share enough for factors.

    Attributes
    ----------
    kmo, verdict
        Kaiser-Meyer-Olkin measure, from 0 to 1, and Kaiser's word for it.
    items
        The measure of each item, in the order given.
    chi_square, df, p
        Bartlett's test: how likely so large correlations are if items have nothing in common.
    n, incomplete
        Respondents with an answer to every item, and those who are left out.
    """

    kmo: float
    items: tuple[ItemAdequacy, ...]
    chi_square: float
    df: int
    p: float
    n: int
    incomplete: int
    warnings: tuple[Notice, ...] = ()
    method: str = "kmo_bartlett"
    version: str = VERSION

    @property
    def verdict(self) -> Adequacy:
        return next(word for lowest, word in LEVELS if self.kmo >= lowest)

    def to_table(self) -> pl.DataFrame:
        """One row an item, then all together with Bartlett's test."""
        whole = {"item": "all", "msa": self.kmo, "chi_square": self.chi_square, "df": self.df, "p": self.p}
        rows = [{"item": one.name, "msa": one.msa} for one in self.items]
        schema = {"item": pl.String, "msa": pl.Float64, "chi_square": pl.Float64, "df": pl.Int64, "p": pl.Float64}
        return pl.DataFrame([*rows, whole], schema=schema)

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        names = ("method", "version", "n", "incomplete", "kmo", "verdict", "chi_square", "df", "p")
        return {
            **{name: getattr(self, name) for name in names},
            "items": [asdict(one) for one in self.items],
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """The measure of each item, and a line at .5; see :class:`baton_analysis.results.Plottable`."""
        names, sizes = [one.name for one in self.items], [one.msa for one in self.items]
        return plot_bars(ax, names=names, sizes=sizes, lines=[ACCEPTABLE], unit="MSA")


@checked(MeasureError)
def factorability(answers: Answers) -> Factorability:
    """KMO with the measure of each item (Kaiser 1974, Psychometrika 39: 31-36) and Bartlett's test of sphericity (1950,
    British Journal of Statistical Psychology 3: 77-85). Respondents who left out an item are left out (listwise).

    Raises
    ------
    MeasureError
        Fewer than three items, items that do not vary or follow from others, or no more respondents than items.
    """
    items, incomplete = complete_items(answers, 3)
    correlations = correlations_of(items)
    n, k = items.values.shape
    shared, alone = _squares(correlations)
    each = shared.sum(axis=0) / (shared + alone).sum(axis=0)
    degrees = k * (k - 1) // 2
    chi_square = -(n - 1 - (2 * k + 5) / 6) * float(np.linalg.slogdet(correlations)[1])
    rows = tuple(ItemAdequacy(name, float(msa)) for name, msa in zip(items.names, each, strict=True))
    kmo = float(shared.sum() / (shared + alone).sum())
    p = float(chdtrc(degrees, max(0.0, chi_square)))
    return Factorability(
        kmo=kmo,
        items=rows,
        chi_square=chi_square,
        df=degrees,
        p=p,
        n=n,
        incomplete=incomplete,
        warnings=(*_warnings(kmo, p, rows), *few_respondents(n, k)),
    )


def few_respondents(n: int, items: int) -> tuple[Notice, ...]:
    """A warning where respondents are few for so many items."""
    if n >= PER_ITEM * items:
        return ()
    few = gettext_noop("There are {n} respondents for {items} items; {wanted} are wanted. Another wave may show other"
                       " factors.")  # fmt: skip
    return (Notice(few, values={"n": n, "items": items, "wanted": PER_ITEM * items}),)


def _squares(correlations: Floats) -> tuple[Floats, Floats]:
    """Squared correlations and partial correlations of each two items, 0 of an item with itself."""
    inverse = np.linalg.inv(correlations)
    scale = np.sqrt(np.diag(inverse))
    partial = inverse / np.outer(scale, scale)
    others = 1 - np.eye(len(correlations))
    return correlations**2 * others, partial**2 * others


def _warnings(kmo: float, p: float, rows: Sequence[ItemAdequacy]) -> list[Notice]:
    remarks: list[Notice] = []
    if kmo < ACCEPTABLE:
        low = gettext_noop("KMO is {kmo}, below {wanted}: these items have too little in common for factors.")
        remarks.append(Notice(low, values={"kmo": f"{kmo:.2f}", "wanted": f"{ACCEPTABLE:.2f}"}))
    weak = [row.name for row in rows if row.msa < ACCEPTABLE]
    if weak:
        apart = gettext_noop("These items share too little with the others: {items}. Leave them out first.")
        remarks.append(Notice(apart, values={"items": ", ".join(weak)}))
    if p > 0.05:
        chance = gettext_noop("The correlations may be chance (Bartlett, p = {p}).")
        remarks.append(Notice(chance, values={"p": f"{p:.2f}"}))
    return remarks
