"""Hiding few cells so that nothing about few people can be computed from the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from scipy.optimize import Bounds, LinearConstraint, milp

from baton_analysis.arguments import checked
from baton_analysis.drawing.figures import percent
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.disclosure.derivation import (
    blocks_of,
    derivations,
    pinned_down,
    small_group,
)
from baton_analysis.measures.disclosure.lattice import Flags, Key, Lattice, Places, demand_least, keys_of, lattice_of
from baton_analysis.measures.disclosure.publication import FEWEST_ANSWERS, Publication, Reason
from baton_analysis.readers.model import Notice

MUCH_HIDDEN = 0.5
_MOST_ROUNDS = 2_000


@checked(MeasureError)
def publishable_cells(
    answers: pl.DataFrame,
    groupings: Sequence[Sequence[str]],
    *,
    value: str,
    low: float,
    high: float,
    least: int = FEWEST_ANSWERS,
    before: Mapping[Key, int] | None = None,
    already: Sequence[Key] = (),
    once: str | None = None,
    pool: str | None = None,
    each: int = 1,
) -> Publication:
    """Which cells of a fixed set of groupings may be published.

    Hidden are cells of fewer than ``least`` answers, cells in which all answers are the same, and then as few others as
    possible, counted by their answers, so that from the totals of the shown ones (a) of no group of fewer than
    ``least`` people the total can be computed, (b) of no hidden cell of the first kinds, and (c) no group is known to
    have answered one end of the scale. Complementary suppression by integer programming: Fischetti and Salazar (1999),
    Mathematical Programming 84: 283-312, with the sets of cells that give a group away found one by one, each of which
    has to lose a cell. Readers are taken to know every number of answers.

    Parameters
    ----------
    answers
        One row a sheet. A sheet without a value (not applicable) is left out.
    groupings
        Lists of columns: ``[[], ["department"], ["department", "role"]]``; the empty one is all answers together. With
        a column for the wave, waves are published together.
    value, low, high
        The column of the answers, and the ends of their scale.
    before
        Numbers of answers with which cells over the same answers were published before. A cell that has changed since
        by the answers of fewer than ``least`` people is hidden: who came or left could be computed.
    already
        Cells that are out and cannot be taken back; others are hidden in their stead.
    once, pool
        Where people give several answers: a column within whose values nobody has two (such as the link that is
        judged), and one of whose values everybody has but one (such as the department that judges). Groups are then
        counted by how many people there are at least behind their answers. Without ``once`` each answer is somebody
        else's.
    each
        So many answers one person gives at most, to different values of ``once``.

    Raises
    ------
    MeasureError
        Columns that are not there, answers off the scale, a ``least`` below 3, or cells that are out already and give a
        group away by themselves.
    """
    demand_least(least)
    lattice = lattice_of(answers, groupings, value, low, high, once=once, pool=pool)
    fixed = _places(lattice, already)
    reasons = _first_reasons(lattice, least, before or {}, fixed, each)
    guarded = np.array([cell in reasons for cell in range(len(lattice.keys))])
    shown = _complemented(lattice, least, guarded, fixed)
    for cell in np.flatnonzero(~shown & ~guarded):
        reasons[int(cell)] = "complement"
    return Publication(
        frame=_frame(lattice, shown, reasons),
        published=tuple(key for key, there in zip(lattice.keys, shown, strict=True) if there),
        hidden={lattice.keys[cell]: reason for cell, reason in sorted(reasons.items())},
        n=int(lattice.counts.sum()),
        cells=len(lattice.keys),
        least=least,
        left_out=lattice.left_out,
        warnings=_warnings(lattice, shown),
    )


def _places(lattice: Lattice, keys: Sequence[Key]) -> Flags:
    known = set(keys_of(keys))
    return np.array([key in known for key in lattice.keys], dtype=np.bool_)


def _first_reasons(
    lattice: Lattice, least: int, before: Mapping[Key, int], fixed: Flags, each: int
) -> dict[int, Reason]:
    """Cells that are hidden for themselves."""
    found: dict[int, Reason] = {}
    of_one = np.minimum(lattice.units, each)
    for cell, (key, size, people) in enumerate(zip(lattice.keys, lattice.sizes, lattice.people, strict=True)):
        if fixed[cell]:
            continue
        if people < least:
            found[cell] = "few"
        elif lattice.alike[cell]:
            found[cell] = "alike"
        elif 0 < abs(size - before.get(key, size)) < least * of_one[cell]:
            found[cell] = "wave"
    return found


def _complemented(lattice: Lattice, least: int, guarded: Flags, fixed: Flags) -> Flags:
    """The cells that are left when enough others are hidden."""
    leaks: list[frozenset[int]] = []
    for _ in range(_MOST_ROUNDS):
        shown = ~guarded
        shown[_chosen(lattice, leaks, fixed)] = False
        new = _all_leaks(lattice, np.flatnonzero(shown), least, guarded, fixed)
        if not new:
            return shown
        leaks += new
    raise _hopeless(_MOST_ROUNDS)


def _all_leaks(lattice: Lattice, published: Places, least: int, guarded: Flags, fixed: Flags) -> list[frozenset[int]]:
    """Sets of published cells each of which gives something away: those found first, those found when each of these
    loses its smallest cell, and so on until nothing is left to find."""
    cost = np.where(fixed, np.inf, lattice.sizes)
    found: list[frozenset[int]] = []
    while new := [published[leak] for leak in _leaks(lattice, published, least, guarded)]:
        found += [frozenset(leak.tolist()) for leak in new]
        lost = {int(leak[cost[leak].argmin()]) for leak in new}
        if any(fixed[cell] for cell in lost):
            break
        published = np.array([cell for cell in published if cell not in lost], dtype=np.int64)
    return found


def _leaks(lattice: Lattice, published: Places, least: int, guarded: Flags) -> list[Places]:
    """Places among published cells that together give something away; none where nothing does."""
    hidden = derivations(lattice, published, np.flatnonzero(guarded))
    if hidden:
        return hidden
    blocks = blocks_of(lattice, published)
    group = small_group(blocks, least)
    return [group[0]] if group is not None else pinned_down(lattice, published, blocks)


def _chosen(lattice: Lattice, leaks: list[frozenset[int]], fixed: Flags) -> Places:
    """The cells to hide so that every leak loses one, with as few answers as possible."""
    concerned = np.array(sorted({cell for leak in leaks for cell in leak}), dtype=np.int64)
    if not leaks:
        return concerned
    place = {cell: number for number, cell in enumerate(concerned.tolist())}
    demand = np.zeros((len(leaks), len(concerned)))
    for row, leak in enumerate(leaks):
        demand[row, [place[cell] for cell in leak]] = 1
    found = milp(
        lattice.sizes[concerned],
        integrality=np.ones(len(concerned)),
        bounds=Bounds(0, np.where(fixed[concerned], 0.0, 1.0)),
        constraints=LinearConstraint(demand, 1, np.inf),
    )
    if found.x is None:
        raise MeasureError(
            expected=gettext_noop("Cells that are out already give no small group away by themselves."),
            found=gettext_noop("Among {cells} of them there is such a group, or a cell of few answers."),
            remedy=gettext_noop("Nothing that is hidden now can mend it: tell those concerned."),
            cells=int(fixed.sum()),
        )
    hidden: Places = concerned[found.x > 0.5]
    return hidden


def _frame(lattice: Lattice, shown: Flags, reasons: Mapping[int, Reason]) -> pl.DataFrame:
    sizes = lattice.sizes
    means = lattice.totals / sizes
    why = [None if there else "few" if reasons[cell] == "few" else "protection" for cell, there in enumerate(shown)]
    return pl.DataFrame(
        {
            "grouping": lattice.groupings,
            "cell": [", ".join(part for _, part in key) for key in lattice.keys],
            "shown": shown,
            "n": [int(size) if there else None for size, there in zip(sizes, shown, strict=True)],
            "mean": [round(float(mean), 1) if there else None for mean, there in zip(means, shown, strict=True)],
            "why": why,
        },
        schema_overrides={"n": pl.Int64, "mean": pl.Float64, "why": pl.String},
    )


def _hopeless(rounds: int) -> MeasureError:
    return MeasureError(
        expected=gettext_noop("The cells can be made safe in {rounds} steps."),
        found=gettext_noop("After these some can still be computed from others."),
        remedy=gettext_noop("Publish fewer groupings that cross each other."),
        rounds=rounds,
    )


def _warnings(lattice: Lattice, shown: Flags) -> tuple[Notice, ...]:
    said = []
    if lattice.left_out:
        gaps = gettext_noop("{count} answers in which something is missing are left out.")
        said.append(Notice(gaps, count=lattice.left_out))
    share = 1 - float(shown.mean())
    if share > MUCH_HIDDEN:
        much = gettext_noop("{share} of the cells are hidden: publish fewer or larger ones.")
        said.append(Notice(much, values={"share": percent(share, 0)}))
    return tuple(said)
