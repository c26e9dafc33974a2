"""Expectations as pages, panels, lists and exports show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from baton.core.days import day_of
from baton.core.texts import say
from baton.feedback.models import Expectation
from baton.feedback.rules.expectations import is_stale

ACTIONS = {
    "expectation.added": (pgettext_lazy("history", "Expectation entered"), "plus"),
    "expectation.changed": (pgettext_lazy("history", "Expectation said in other words"), "pencil"),
    "expectation.confirmed": (pgettext_lazy("history", "Still expected"), "check"),
    "expectation.told": (pgettext_lazy("history", "Supplier told that nobody has confirmed it"), "bell"),
    "expectation.ended": (pgettext_lazy("history", "Expected no more"), "circle-slash"),
}


def rows(expectations: Iterable[Expectation], at: datetime) -> list[dict[str, Any]]:
    """Expectations with their age and what it means."""
    today = day_of(at)
    return [{"expectation": one, **standing_of(one, today)} for one in expectations]


def standing_of(one: Expectation, today: date) -> dict[str, Any]:
    """``sign`` and ``word`` of its state, ``age`` of the last confirmation."""
    days = (today - one.confirmed_on).days
    age = ngettext("{n} day ago", "{n} days ago", days).format(n=days) if days else _("today")
    if one.ended_at is not None:
        return {"sign": "unknown", "word": pgettext("an expectation", "Ended"), "age": age}
    if is_stale(one.confirmed_on, today):
        return {"sign": "at_risk", "word": pgettext("an expectation", "Not confirmed for long"), "age": age}
    return {"sign": "kept", "word": pgettext("an expectation", "Holds"), "age": age}


def header() -> Sequence[str]:
    """Names of the columns."""
    return [
        _("Link"), _("Supplier"), _("Customer"), pgettext("of an expectation", "What is expected"), _("Learned by"),
        _("Learned on"), _("Last confirmed on"), _("State"), _("Reason"),
    ]  # fmt: skip


def table(expectations: Iterable[Expectation], at: datetime) -> Iterator[Sequence[object]]:
    """A row for each expectation."""
    today = day_of(at)
    for one in expectations:
        yield [
            one.link.number, say(one.link.supplier.name), say(one.link.customer.name), say(one.words),
            str(one.get_channel_display()), one.learned_on, one.confirmed_on, standing_of(one, today)["word"],
            one.ended_because,
        ]  # fmt: skip
