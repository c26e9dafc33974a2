"""Whether a clause counts on a day: red, on trial, binding. Pure Python."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from baton.agreements.rules.checks import missing
from baton.agreements.rules.clauses import Terms

BASELINE_WEEKS = 4
"""Fewest measured weeks that make a baseline."""

TRIAL = timedelta(weeks=13)
"""How long a clause without a baseline is on trial where nobody says otherwise; a starting value without a source."""


class Standing(StrEnum):
    """How far a clause counts.

    RED       lacks its measure, unit, target or source: it cannot be agreed
    ON_TRIAL  is tried out until a day, because nobody knows yet what is usual: it cannot be breached
    BINDING   is to be kept
    """

    RED = "red"
    ON_TRIAL = "on_trial"
    BINDING = "binding"


def has_baseline(terms: Terms) -> bool:
    """Whether somebody has measured, for :data:`BASELINE_WEEKS` at least, what is usual."""
    return terms.baseline_value is not None and (terms.baseline_weeks or 0) >= BASELINE_WEEKS


def needs_trial(terms: Terms, first: date | None = None) -> bool:
    """Whether the clause cannot be agreed without another day until which it is tried out: it has none, or one before
    the ``first`` day on which it holds (None: it held before, and was tried out then)."""
    if has_baseline(terms):
        return False
    return terms.trial_until is None or (first is not None and terms.trial_until < first)


def standing(terms: Terms, day: date) -> Standing:
    """How far the clause counts on ``day``, the last day of its trial included. Without a baseline and without a trial
    that would end, it stays on trial."""
    if missing(terms):
        return Standing.RED
    if terms.trial_until is not None:
        return Standing.ON_TRIAL if day <= terms.trial_until else Standing.BINDING
    return Standing.BINDING if has_baseline(terms) else Standing.ON_TRIAL
