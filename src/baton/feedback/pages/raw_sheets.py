"""Sheets without names as the outside collector takes them away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from baton.feedback.models import Wave
from baton.feedback.models.labels import BANDS
from baton.feedback.rules import Band, Kind

_PARTS = {
    Kind.PAIR: ("expected", "experienced"),
    Kind.KANO: ("functional", "dysfunctional"),
}


def header(wave: Wave) -> Sequence[str]:
    """Names of the columns: keys of questions, with those of their parts."""
    return [_("Key"), _("Supplier"), _("Customer"), _("Output"), pgettext("who answers", "Band"), *_columns(wave)]


def rows(wave: Wave, found: Iterable[Any]) -> Iterator[Sequence[object]]:
    """A row a sheet, in the order given."""
    columns = _columns(wave)
    for sheet in found:
        link = sheet.wave_link.link if sheet.wave_link else None
        ends = (str(link.supplier), str(link.customer), str(link.output)) if link else ("", "", "")
        band = str(BANDS[Band(sheet.band)]) if sheet.band else ""
        yield [sheet.key, *ends, band, *(_said(sheet.answers, column) for column in columns)]


def _columns(wave: Wave) -> list[str]:
    found = []
    for one in wave.contents.questions():
        parts: tuple[str, ...] = _PARTS.get(one.kind, ())
        if one.kind in {Kind.MATRIX, Kind.POINTS}:
            parts = tuple(option.key for option in one.options)
        if one.kind is not Kind.TEXT:
            found += [f"{one.key}.{part}" for part in parts] if parts else [one.key]
    return found


def _said(answers: dict[str, Any], column: str) -> object:
    key, _dot, part = column.partition(".")
    answer = answers.get(key)
    if part and isinstance(answer, dict):
        answer = answer.get(part)
    return " ".join(map(str, answer)) if isinstance(answer, list) else answer
