"""Findings as pages, lists and exports show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from baton.core import formats
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.forms import text_field
from baton.core.texts import say
from baton.feedback import policy
from baton.feedback.models import Finding, PublishedCell, Wave
from baton.feedback.models.findings import FINDING_STATES
from baton.feedback.pages.results import Line, called_link
from baton.feedback.queries.findings import findings_in_sight
from baton.feedback.queries.results import Group
from baton.feedback.rules import scored_of
from baton.feedback.rules.findings import FindingState, is_of_service, words_of
from baton.feedback.rules.published import Figure, Grouping

if TYPE_CHECKING:
    from baton.chain.models import Party

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


def with_acts(lines: Iterable[Line], *, viewer: Actor, at: datetime, wave: Wave, group: Group) -> list[Line]:
    """Lines of the results of a supplier or of a link, each mean with what can be done about it: to the finding about
    it, or, for whoever enters findings, to where one is opened with this figure in it."""
    if group.grouping not in (Grouping.SUPPLIER, Grouping.LINK):
        return list(lines)
    link = group.wave_link
    supplier = link.link.supplier if link is not None else group.supplier
    of_it = findings_in_sight(viewer=viewer, at=at).filter(wave=wave, supplier=supplier, wave_link=link)
    held = {one.question: one for one in of_it}
    of_service = {one.key for one in scored_of(wave.contents) if is_of_service(one)}
    asked = {"link": link.link.public_id} if link is not None else {"supplier": supplier.public_id if supplier else ""}
    may = policy.may_add_findings(viewer)
    found = []
    for line in lines:
        cell = line.cell
        if cell is None or cell.figure != Figure.MEAN or cell.column not in of_service:
            found.append(line)
        elif (one := held.get(cell.column)) is not None:
            found.append(replace(line, act=reverse("surveys:finding", args=[one.public_id]), finding=one.number))
        else:
            query = urlencode({**asked, "column": cell.column})
            address = f"{reverse('surveys:add_finding', args=[wave.public_id])}?{query}"
            found.append(replace(line, act=address) if may else line)
    return found


def first_words(wave: Wave, figure: PublishedCell | None) -> dict[str, Any]:
    """First values of the form in which a finding about a published figure is entered."""
    supplier = supplier_of(figure) if figure is not None else None
    if figure is None or supplier is None:
        return {}
    said = words_of(wave.contents, figure.column, supplier.name) or {}
    return {
        "supplier": supplier.public_id,
        **{text_field("words", code): text for code, text in said.items()},
    }


def figure_words(wave: Wave, figure: PublishedCell | None) -> str:
    """The figure that goes into the finding, in words; empty for none."""
    column = next((one for one in scored_of(wave.contents) if figure and one.key == figure.column), None)
    supplier = supplier_of(figure) if figure is not None else None
    if figure is None or column is None:
        return ""
    said = found(Finding(mean=figure.value, n=figure.n, low=column.low, high=column.high))
    about = called_link(figure.wave_link) if figure.wave_link is not None else str(supplier)
    return formats.labelled(about, said)


def supplier_of(figure: PublishedCell) -> Party | None:
    """Whose service a published figure is about; None where it is about several."""
    return figure.wave_link.link.supplier if figure.wave_link is not None else figure.supplier


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
