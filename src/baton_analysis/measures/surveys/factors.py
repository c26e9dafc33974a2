"""Exploratory factor analysis: which items measure the same thing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import polars as pl
from scipy.optimize import minimize
from scipy.special import chdtrc

from baton_analysis.arguments import checked
from baton_analysis.drawing.comparisons import plot_bars
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.inputs import Floats, demand_choice
from baton_analysis.measures.surveys.answers import VERSION, Answers
from baton_analysis.measures.surveys.correlations import complete_items, correlations_of
from baton_analysis.measures.surveys.factorability import few_respondents
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Rotation = Literal["varimax", "none"]

LOWEST_UNIQUENESS = 0.005
"""As in R factanal: an item with less is a Heywood case."""

_STEPS, _SMALL = 1000, 0.05


@dataclass(frozen=True, slots=True)
class FactorItem:
    """One item: its correlation with each factor, and the share of its variance that no factor explains."""

    name: str
    loadings: tuple[float, ...]
    uniqueness: float

    @property
    def communality(self) -> float:
        """Share of its variance that the factors explain."""
        return 1 - self.uniqueness


@dataclass(frozen=True, slots=True)
class FactorLoadings(Result):
    """Loadings of items on factors.

    Attributes
    ----------
    items
        In the order given; the factor that explains most comes first, and a factor's loadings have a positive sum.
    explained
        Share of the variance of all items that each factor explains.
    eigenvalues
        Of the correlations, the largest first: those above 1 are a usual first guess at the number of factors.
    chi_square, df, p
        Test that so many factors suffice; None without degrees of freedom. A small p: they do not.
    converged
        Whether the likelihood has reached its maximum.
    n, incomplete
        Respondents with an answer to every item, and those who are left out.
    """

    items: tuple[FactorItem, ...]
    explained: tuple[float, ...]
    eigenvalues: tuple[float, ...]
    chi_square: float | None
    df: int
    p: float | None
    rotation: Rotation
    converged: bool
    n: int
    incomplete: int
    warnings: tuple[Notice, ...] = ()
    method: str = "maximum_likelihood_factors"
    version: str = VERSION

    @property
    def factors(self) -> int:
        """How many there are."""
        return len(self.explained)

    def to_table(self) -> pl.DataFrame:
        """One row an item, then the share of the variance that each factor explains."""
        names = [f"factor_{number}" for number in range(1, self.factors + 1)]
        rows = [(one.name, *one.loadings, one.uniqueness) for one in self.items]
        schema = {"item": pl.String, **dict.fromkeys((*names, "uniqueness"), pl.Float64)}
        return pl.DataFrame([*rows, ("explained", *self.explained, None)], schema=schema, orient="row")

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        names = ("method", "version", "n", "incomplete", "factors", "rotation", "converged", "chi_square", "df", "p")
        return {
            **{name: getattr(self, name) for name in names},
            "explained": list(self.explained),
            "eigenvalues": list(self.eigenvalues),
            "items": [asdict(one) for one in self.items],
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """The eigenvalues (scree), and a line at 1; see :class:`baton_analysis.results.Plottable`."""
        names = [str(number) for number in range(1, len(self.eigenvalues) + 1)]
        return plot_bars(ax, names=names, sizes=self.eigenvalues, lines=[1.0], unit="eigenvalue")


@checked(MeasureError)
def factor_loadings(answers: Answers, factors: int, *, rotation: Rotation = "varimax") -> FactorLoadings:
    """Loadings by maximum likelihood (Lawley and Maxwell 1971, Factor Analysis as a Statistical Method; Joreskog 1967,
    Psychometrika 32: 443-482), as R factanal finds them. Respondents who left out an item are left out (listwise).

    Parameters
    ----------
    factors
        How many; so few that the correlations determine them.
    rotation
        "varimax": every factor has few high loadings (Kaiser 1958, Psychometrika 23: 187-200, with his normalisation).

    Raises
    ------
    MeasureError
        Too many factors, fewer than three items, items that do not vary or follow from others, or no more respondents
        than items.
    """
    demand_choice("rotation", rotation, get_args(Rotation))
    items, incomplete = complete_items(answers, 3)
    n, k = items.values.shape
    degrees = _degrees(k, factors)
    correlations = correlations_of(items)
    unique, misfit, converged = _most_likely(correlations, factors)
    loadings = _in_order(_varimax(_loadings(correlations, unique, factors), rotation))
    chi_square = (n - 1 - (2 * k + 5) / 6 - 2 * factors / 3) * misfit if degrees else None
    p = None if chi_square is None else float(chdtrc(degrees, max(0.0, chi_square)))
    return FactorLoadings(
        items=tuple(
            FactorItem(name, tuple(float(one) for one in row), float(rest))
            for name, row, rest in zip(items.names, loadings, unique, strict=True)
        ),
        explained=tuple(float(square) / k for square in (loadings**2).sum(axis=0)),
        eigenvalues=tuple(float(value) for value in np.linalg.eigvalsh(correlations)[::-1]),
        chi_square=chi_square,
        df=degrees,
        p=p,
        rotation=rotation,
        converged=converged,
        n=n,
        incomplete=incomplete,
        warnings=(*_warnings(items.names, unique, p, converged=converged), *few_respondents(n, k)),
    )


def _degrees(items: int, factors: int) -> int:
    """Correlations that are left when the loadings are determined."""
    degrees = ((items - factors) ** 2 - items - factors) // 2
    if not 1 <= factors < items or degrees < 0:
        raise MeasureError(
            expected=gettext_noop("There is a factor at least, and no more than so many items can determine."),
            found=gettext_noop("Factors: {factors}, items: {items}."),
            remedy=gettext_noop("Ask for fewer factors, or give more items."),
            factors=factors,
            items=items,
        )
    return degrees


def _most_likely(correlations: Floats, factors: int) -> tuple[Floats, float, bool]:
    """Uniquenesses of maximum likelihood, the misfit that is left, and whether the search came to its end."""

    def misfit(unique: Floats) -> tuple[float, Floats]:
        root = np.sqrt(unique)
        values, vectors = np.linalg.eigh(correlations / np.outer(root, root))
        rest, first = values[: len(values) - factors], values[len(values) - factors :]
        above = vectors[:, len(values) - factors :] * np.sqrt(np.maximum(first - 1, 0))
        fitted = (above**2).sum(axis=1) * unique + unique
        return float(-(np.log(rest) - rest).sum() - len(rest)), (fitted - 1) / unique**2

    start = np.clip((1 - 0.5 * factors / len(correlations)) / np.diag(np.linalg.inv(correlations)), 0.01, 1.0)
    bounds = [(LOWEST_UNIQUENESS, 1.0)] * len(correlations)
    found = minimize(misfit, start, jac=True, method="L-BFGS-B", bounds=bounds,
                     options={"maxiter": _STEPS, "maxfun": 10 * _STEPS, "ftol": 1e-12, "gtol": 1e-7})  # fmt: skip
    return np.asarray(found.x, dtype=np.float64), float(found.fun), bool(found.success)


def _loadings(correlations: Floats, unique: Floats, factors: int) -> Floats:
    root = np.sqrt(unique)
    values, vectors = np.linalg.eigh(correlations / np.outer(root, root))
    first, places = values[::-1][:factors], vectors[:, ::-1][:, :factors]
    found: Floats = places * np.sqrt(np.maximum(first - 1, 0)) * root[:, None]
    return found


def _varimax(loadings: Floats, rotation: Rotation) -> Floats:
    """Turned so that squared loadings, of items brought to one length, vary most within factors."""
    if rotation == "none" or loadings.shape[1] < 2:
        return loadings
    length = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    even = loadings / np.where(length > 0, length, 1.0)
    turn, before = np.eye(loadings.shape[1]), 0.0
    for _ in range(_STEPS):
        turned = even @ turn
        target = even.T @ (turned**3 - turned * (turned**2).mean(axis=0))
        left, values, right = np.linalg.svd(target)
        turn = left @ right
        if values.sum() < before * (1 + 1e-8):
            break
        before = float(values.sum())
    found: Floats = even @ turn * length
    return found


def _in_order(loadings: Floats) -> Floats:
    order = np.argsort(-(loadings**2).sum(axis=0), kind="stable")
    found = loadings[:, order]
    return np.asarray(found * np.where(found.sum(axis=0) < 0, -1.0, 1.0))


def _warnings(names: tuple[str, ...], unique: Floats, p: float | None, *, converged: bool) -> list[Notice]:
    remarks: list[Notice] = []
    if p is not None and p < _SMALL:
        more = gettext_noop("So many factors do not suffice (p = {p}): items go together in ways that they leave out."
                            " With many respondents that may be little.")  # fmt: skip
        remarks.append(Notice(more, values={"p": f"{p:.2g}"}))
    heywood = [name for name, rest in zip(names, unique, strict=True) if rest <= LOWEST_UNIQUENESS * 1.001]
    if heywood:
        whole = gettext_noop("A factor explains nearly all of these items (Heywood case): {items}. Ask for fewer"
                             " factors, or leave one of them out.")  # fmt: skip
        remarks.append(Notice(whole, values={"items": ", ".join(heywood)}))
    if not converged:
        lost = gettext_noop("The likelihood has not reached its maximum: ask for fewer factors.")
        remarks.append(Notice(lost))
    return remarks
