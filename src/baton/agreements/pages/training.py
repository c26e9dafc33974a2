"""Training as pages and tables show it: shares for everybody, names for a few."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from baton.agreements.queries.training import ClauseTraining, TrainedPerson, TrainingPage
from baton.core.texts import say

HELD, RUN_OUT, NONE = (
    ("kept", pgettext_lazy("training", "Trained")),
    ("at_risk", pgettext_lazy("training", "Run out")),
    ("unknown", pgettext_lazy("training", "Not trained yet")),
)
"""Code of the status, and its word."""


def people_rows(people: Iterable[TrainedPerson]) -> list[dict[str, Any]]:
    """People by name with how they stand; there is no other order."""
    rows = [{"one": one, **dict(zip(("sign", "word"), _state(one), strict=True))} for one in people]
    return sorted(rows, key=lambda row: say(row["one"].person.name))


def clause_rows(found: Iterable[ClauseTraining]) -> list[dict[str, Any]]:
    """Clauses on behaviour with the share of the people who are trained in them."""
    return [{"clause": one.clause, "coverage": one.coverage} for one in found]


def header() -> Sequence[str]:
    """Names of the columns."""
    return [_("Person"), _("Sign-in name"), _("State"), _("Trained on"), _("Valid until"), _("Trained by")]


def rows(page: TrainingPage, at: datetime) -> Iterator[Sequence[object]]:
    """A row for each person whom the viewer may read."""
    for row in people_rows(page.people):
        one, training = row["one"], row["one"].training
        held = (training.trained_on, training.expires_on, training.trained_by) if training else ("", "", "")
        yield [say(one.person.name), one.person.sign_in_name, str(row["word"]), *held]


def _state(one: TrainedPerson) -> tuple[str, Any]:
    if one.training is None:
        return NONE
    return HELD if one.holds else RUN_OUT
