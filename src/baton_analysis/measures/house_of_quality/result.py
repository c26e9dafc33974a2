"""The house as it comes out: weights of needs and characteristics, conflicts, what is missing, tables and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from baton_analysis.drawing.houses import ENGLISH, HouseWords, house_svg
from baton_analysis.drawing.plots import plot_indices
from baton_analysis.measures.house_of_quality.model import Direction, Floats, Sign
from baton_analysis.measures.house_of_quality.sensitivity import WEIGHTINGS, Robustness, Sensitivity
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

VERSION = "1"


@dataclass(frozen=True, slots=True)
class Weight:
    """Weight of a characteristic by one weighting.

    Attributes
    ----------
    value, share, rank
        The weight, its share of all weights, its place (1 is the heaviest; equal weights share the better place).
    interval
        Lowest and highest share when any one judgement moves by one step. No confidence interval: nothing was drawn at
        random.
    ranks
        Best and worst place, likewise.
    """

    value: float
    share: float
    rank: int
    interval: tuple[float, float]
    ranks: tuple[int, int]


@dataclass(frozen=True, slots=True)
class NeedWeight:
    """Weight of a need.

    Attributes
    ----------
    improvement
        Target / current; 1 where one of them is missing.
    absolute, relative
        Importance x improvement x sales point, and its share of all needs.
    strongest
        Its strongest relation: 0 says that no characteristic serves it.
    behind
        The best rating of a competitor minus the current one: above 0 others meet the need better. None where nobody
        was rated.
    """

    name: str
    importance: float
    current: float | None
    target: float | None
    sales_point: float
    improvement: float
    absolute: float
    relative: float
    strongest: int
    best_competitor: str | None
    behind: float | None


@dataclass(frozen=True, slots=True)
class CharacteristicWeight:
    """Weight of a characteristic by the three weightings.

    Attributes
    ----------
    importance_only
        Sum of importance x relation.
    demanded
        Sum of the absolute weight of the need x relation.
    normalised
        As ``demanded``, but the relations of each need are divided by their sum first (Lyman 1990), so that a need
        hands out its weight once, however many characteristics serve it.
    needs
        How many needs it serves.
    """

    name: str
    direction: Direction | None
    promised: bool | None
    importance_only: Weight
    demanded: Weight
    normalised: Weight
    needs: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two characteristics of which one hinders the other (``-`` or ``--``): their shares by demanded weight together,
    and the needs that both serve.
    """

    first: str
    second: str
    sign: Sign
    share: float
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HouseOfQuality(Result):
    """A house of quality.

    Attributes
    ----------
    needs, characteristics
        In the order given.
    relations
        Needs times characteristics: 0, 1, 3 or 9.
    roof
        Pairs of characteristics with their mark.
    conflicts
        Marks ``--`` and ``-`` of the roof: strong ones first, then those between heavy characteristics.
    needs_without_characteristic, characteristics_without_need
        What has no relation.
    needs_without_clause
        Needs that no promised characteristic serves; empty where it was not said which are promised.
    n
        Needs.
    """

    needs: tuple[NeedWeight, ...]
    characteristics: tuple[CharacteristicWeight, ...]
    relations: tuple[tuple[int, ...], ...]
    roof: tuple[tuple[str, str, Sign], ...]
    conflicts: tuple[Conflict, ...]
    sensitivity: Sensitivity
    needs_without_characteristic: tuple[str, ...]
    needs_without_clause: tuple[str, ...]
    characteristics_without_need: tuple[str, ...]
    importance_scale: int
    n: int
    method: str = "house_of_quality"
    warnings: tuple[Notice, ...] = ()
    version: str = VERSION

    def to_table(self) -> pl.DataFrame:
        """One row a characteristic. ``weight``, ``share`` and ``rank`` are those by demanded weight; ``lower`` and
        ``upper``, ``best`` and ``worst`` are their ranges when one judgement moves.
        """
        return pl.DataFrame(
            [
                {
                    "characteristic": one.name,
                    "needs": one.needs,
                    "by_importance": one.importance_only.value,
                    "weight": one.demanded.value,
                    "normalised": one.normalised.value,
                    "share": one.demanded.share,
                    "lower": one.demanded.interval[0],
                    "upper": one.demanded.interval[1],
                    "rank": one.demanded.rank,
                    "best": one.demanded.ranks[0],
                    "worst": one.demanded.ranks[1],
                    "rank_by_importance": one.importance_only.rank,
                    "rank_normalised": one.normalised.rank,
                }
                for one in self.characteristics
            ]
        )

    def needs_table(self) -> pl.DataFrame:
        """One row a need."""
        return pl.DataFrame([asdict(need) for need in self.needs], infer_schema_length=None)

    def matrix(self) -> pl.DataFrame:
        """The room of the house: one row a need, one column a characteristic."""
        names = [one.name for one in self.characteristics]
        header = "need"
        while header in names:
            header += "_"
        columns = {name: [row[place] for row in self.relations] for place, name in enumerate(names)}
        return pl.DataFrame({header: [need.name for need in self.needs], **columns})

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return {
            "method": self.method,
            "version": self.version,
            "n": self.n,
            "importance_scale": self.importance_scale,
            "needs": [asdict(need) for need in self.needs],
            "characteristics": [asdict(one) for one in self.characteristics],
            "relations": [list(row) for row in self.relations],
            "roof": [{"first": first, "second": second, "sign": sign} for first, second, sign in self.roof],
            "conflicts": [asdict(conflict) for conflict in self.conflicts],
            "sensitivity": _sensitivity(self.sensitivity),
            "needs_without_characteristic": list(self.needs_without_characteristic),
            "needs_without_clause": list(self.needs_without_clause),
            "characteristics_without_need": list(self.characteristics_without_need),
            "warnings": [warning.render() for warning in self.warnings],
        }

    def to_svg(self, id: str = "house", words: HouseWords = ENGLISH) -> str:
        """The drawn house, with figures beside every symbol; ``id`` begins the ids in it."""
        return house_svg(self.to_dict(), id, words)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Shares by demanded weight with their ranges, and a line where all would be equal; see
        :class:`baton_analysis.results.Plottable`.
        """
        return plot_indices(
            ax,
            names=[one.name for one in self.characteristics],
            values=[one.demanded.share for one in self.characteristics],
            lower=[one.demanded.interval[0] for one in self.characteristics],
            upper=[one.demanded.interval[1] for one in self.characteristics],
            line=1 / len(self.characteristics),
        )


def weights_in_order(values: Floats, places: Sequence[int], ranges: Sequence[tuple[Any, ...]]) -> list[Weight]:
    """One weight for each characteristic; ``ranges`` hold lowest and highest share, best and worst rank."""
    total = float(values.sum())
    return [
        Weight(
            value=float(value),
            share=float(value) / total if total else 0.0,
            rank=int(rank),
            interval=(float(low), float(high)),
            ranks=(int(best), int(worst)),
        )
        for value, rank, (low, high, best, worst) in zip(values, places, ranges, strict=True)
    ]


def _sensitivity(found: Sensitivity) -> dict[str, Any]:
    def plain(one: Robustness) -> dict[str, Any]:
        return {**asdict(one), "share": one.share, "share_new_first": one.share_new_first}

    return {**asdict(found), **{name: plain(getattr(found, name)) for name in WEIGHTINGS}}
