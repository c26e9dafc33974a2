"""From lot size, inspection level and AQL to the plan of a standard."""

from __future__ import annotations

from math import inf
from typing import cast, get_args

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.sampling.military_standard import (
    AQLS,
    LETTERS,
    LEVELS,
    MIL_STD_105E,
    SamplingRules,
    Severity,
)
from baton_analysis.measures.sampling.plans import SamplingPlan, Stage
from baton_analysis.readers.model import Notice

_LARGEST_PERCENT = 10
"""Above this an AQL cannot be a percentage of items: it counts nonconformities per 100 items."""


@checked(MeasureError)
def code_letter(lot_size: int, level: str = "II", *, rules: SamplingRules = MIL_STD_105E) -> str:
    """The sample-size code letter of a lot (table I of MIL-STD-105E).

    Raises
    ------
    MeasureError
        The lot has fewer than 2 items or is no whole number, or the level is none of :data:`LEVELS`.
    """
    if not (2 <= lot_size < inf and lot_size == int(lot_size)):
        raise MeasureError(
            expected=gettext_noop("Sampling tables begin at lots of 2 items."),
            found=gettext_noop("The lot has {lot_size}."),
            remedy=gettext_noop("Inspect a single item itself, or correct the size of the lot."),
            lot_size=lot_size,
        )
    if level not in LEVELS:
        raise _not_one_of(gettext_noop("The inspection level is one of {known}."), ", ".join(LEVELS), level)
    letters = next(letters for largest, letters in rules.lot_ranges if largest is None or lot_size <= largest)
    return letters[LEVELS.index(level)]


@checked(MeasureError)
def single_plan(
    lot_size: int,
    aql: float,
    *,
    level: str = "II",
    severity: Severity = "normal",
    rules: SamplingRules = MIL_STD_105E,
) -> SamplingPlan:
    """The single plan of a lot; where the table has an arrow, the plan to which it leads, with that plan's own size.

    Where the sample is as large as the lot, the whole lot is inspected (:attr:`SamplingPlan.whole_lot`).

    Raises
    ------
    MeasureError
        Lot size, AQL, level or severity are not in the tables.
    """
    return _looked_up(lot_size, aql, level, severity, rules, double=False)


@checked(MeasureError)
def double_plan(
    lot_size: int,
    aql: float,
    *,
    level: str = "II",
    severity: Severity = "normal",
    rules: SamplingRules = MIL_STD_105E,
) -> SamplingPlan:
    """The double plan of a lot; where the table refers to the single plan (acceptance number 0), that one.

    Raises
    ------
    MeasureError
        As :func:`single_plan`.
    """
    return _looked_up(lot_size, aql, level, severity, rules, double=True)


@checked(MeasureError)
def tighter_plan(plan: SamplingPlan, rules: SamplingRules = MIL_STD_105E) -> SamplingPlan | None:
    """The single plan of the same lot with the next smaller AQL; None at the smallest, or for a plan of your own."""
    if plan.aql is None or plan.lot_size is None or plan.aql not in AQLS or plan.aql == AQLS[0]:
        return None
    smaller = AQLS[AQLS.index(plan.aql) - 1]
    return single_plan(plan.lot_size, smaller, level=plan.level, severity=cast(Severity, plan.severity), rules=rules)


def _looked_up(
    lot_size: int, aql: float, level: str, severity: Severity, rules: SamplingRules, *, double: bool
) -> SamplingPlan:
    letter = code_letter(lot_size, level, rules=rules)
    if aql not in AQLS:
        raise _not_one_of(gettext_noop("The AQL is one of {known}."), ", ".join(f"{known:g}" for known in AQLS), aql)
    if severity not in rules.tables:
        raise _not_one_of(gettext_noop("The severity is one of {known}."), ", ".join(get_args(Severity)), severity)
    table, column = rules.tables[severity], AQLS.index(aql)
    row = table.row_for(LETTERS.index(letter), column)
    stages = table.double(row, column) if double else ()
    method = "double" if stages else "single"
    stages = stages or table.single(row, column)
    return SamplingPlan(
        stages,
        method=method,
        rules=rules.name,
        letter=LETTERS[row],
        aql=aql,
        level=level,
        severity=severity,
        lot_size=lot_size,
        warnings=_remarks(stages, aql, lot_size, refers_to_single=double and method == "single"),
    )


def _remarks(stages: tuple[Stage, ...], aql: float, lot_size: int, *, refers_to_single: bool) -> tuple[Notice, ...]:
    remarks: list[Notice] = []
    size = sum(stage.n for stage in stages)
    if size >= lot_size:
        whole = gettext_noop("The plan asks for {size} items and the lot has {lot_size}: inspect the whole lot.")
        remarks.append(Notice(whole, values={"size": size, "lot_size": lot_size}))
    if aql > _LARGEST_PERCENT:
        per_hundred = gettext_noop("An AQL above 10 counts nonconformities per 100 items, not nonconforming items.")
        remarks.append(Notice(per_hundred))
    if refers_to_single:
        remarks.append(Notice(gettext_noop("There is no double plan here: the table refers to the single plan.")))
    return tuple(remarks)


def _not_one_of(expected: str, known: str, found: object) -> MeasureError:
    return MeasureError(
        expected=expected,
        found=gettext_noop("It is {given}."),
        remedy=gettext_noop("Choose one of these; between two, the smaller is the stricter."),
        known=known,
        given=found,
    )
