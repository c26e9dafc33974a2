"""Findings as pages, lists and exports show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from baton.core import formats
from baton.core.days import day_of
from baton.core.texts import say
from baton.feedback.models import Finding
from baton.feedback.models.findings import FINDING_STATES
from baton.feedback.rules.findings import FindingState

ACTIONS = {
    "finding.drawn": (pgettext_lazy("history", "Found by a survey"), "flag"),
    "finding.added": (pgettext_lazy("history", "Finding entered"), "plus"),
    "finding.answered": (pgettext_lazy("history", "Finding answered"), "message-square"),
    "finding.declined": (pgettext_lazy("history", "No action, with a reason"), "ban"),
    "finding.done": (pgettext_lazy("history", "What was promised is done"), "circle-check"),
    "finding.reopened": (pgettext_lazy("history", "Not done after all"), "undo-2"),
    "wave_exception.asked": (pgettext_lazy("history", "Asked to open a wave without answers"), "flag"),
}


def sign_of(one: Finding, today: date) -> tuple[str, str]:
    """The status of a finding and its word."""
    state = FindingState(one.state)
    word = str(FINDING_STATES[state])
    if state is FindingState.DONE:
        return "kept", word
    if state is FindingState.DECLINED:
        return "info", word
    due = one.answer_due_on if state is FindingState.OPEN else one.promised_for
    if due is not None and due < today:
        return "broken", _("{state}, late since {day}").format(state=word, day=formats.day(due))
    return "at_risk" if state is FindingState.OPEN else "info", word


def found(one: Finding) -> str:
    """``2.4 on a scale from 1 to 5 (17 answers)``; empty for what was entered by hand."""
    if one.mean is None or one.n is None or one.low is None or one.high is None:
        return ""
    said = _("{mean} on a scale from {low} to {high} ({n} answers)")
    return said.format(
        mean=number_format(one.mean, 1), low=number_format(one.low, 0), high=number_format(one.high, 0), n=one.n
    )


def rows(findings: Iterable[Finding], at: datetime) -> list[dict[str, Any]]:
    """Findings with their sign and what was found in figures."""
    today = day_of(at)
    signs = ((one, sign_of(one, today)) for one in findings)
    return [{"finding": one, "sign": sign, "word": word, "found": found(one)} for one, (sign, word) in signs]


def by_wave(findings: Iterable[Finding], at: datetime) -> list[dict[str, Any]]:
    """The same, put together by the wave that found them; in the order given."""
    return [{"wave": wave, "rows": rows(list(mine), at)} for wave, mine in groupby(findings, key=lambda one: one.wave)]


def header() -> Sequence[str]:
    """Names of the columns."""
    return [
        _("Number"), pgettext("of a survey", "Wave"), _("Supplier"), pgettext("of a finding", "What was found"),
        _("Mean"), _("Answers"), _("State"), _("Answer due on"), _("Answer"), _("Who sees to it"),
        pgettext("a promise", "By when"), _("Done on"), _("What was done"),
    ]  # fmt: skip


def table(findings: Iterable[Finding]) -> Iterator[Sequence[object]]:
    """A row for each finding."""
    for one in findings:
        yield [
            one.number, one.wave.number, say(one.supplier.name), say(one.words), one.mean, one.n,
            str(one.get_state_display()), one.answer_due_on, one.answer, str(one.owner) if one.owner else "",
            one.promised_for, one.done_on, one.outcome,
        ]  # fmt: skip
