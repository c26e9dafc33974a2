"""The register of standards as a page and a table show it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from baton.agreements.models.clauses import ASPECTS
from baton.agreements.queries.coverage import CoverageFilters, CoverageRow, Register, aspects_shown, register
from baton.agreements.rules import Aspect
from baton.agreements.rules.coverage import BothSides, Coverage, Stands
from baton.chain.forms.parties import KIND_CHOICES
from baton.core.actors import Actor

STANDS = {
    Stands.BINDING: ("kept", pgettext_lazy("clause", "Binding")),
    Stands.ON_TRIAL: ("info", pgettext_lazy("clause", "On trial")),
    Stands.RED: ("broken", pgettext_lazy("clause", "Incomplete")),
    Stands.EXAMPLE: ("unknown", pgettext_lazy("clause", "Example only")),
    Stands.BEING_AGREED: ("info", pgettext_lazy("clause", "Being agreed")),
}
"""Code of the status of clauses that stand so, and its word."""
KIND_NAMES = dict(KIND_CHOICES)
"""What kinds of parties are called."""
SIDES = (("supplier", gettext_lazy("As supplier")), ("customer", gettext_lazy("As customer")))


def whole_context(found: Register) -> dict[str, Any]:
    """The figures above the table: of all links in sight, or of both sides of one party."""
    if found.at is None:
        return {"sides": [], "whole": found.whole, "counts": clause_counts(found.whole), "aspects": _of_whole(found)}
    both = found.at.sides
    sides = [
        {"side": side, "title": title, "coverage": one, "counts": clause_counts(one)}
        for (side, title), one in zip(SIDES, (both.outgoing, both.incoming), strict=True)
    ]
    return {"sides": sides, "whole": None, "counts": [], "aspects": aspect_lines(both)}


def _of_whole(found: Register) -> list[dict[str, Any]]:
    return [
        {"label": ASPECTS[aspect], "sides": [_aspect(found.whole, aspect)]} for aspect in aspects_shown(found.whole)
    ]


def aspect_lines(both: BothSides) -> list[dict[str, Any]]:
    """For each aspect of quality the share of the links with a promise of it, on each side."""
    shown = dict.fromkeys([*aspects_shown(both.outgoing), *aspects_shown(both.incoming)])
    return [
        {"label": ASPECTS[aspect], "sides": [_aspect(one, aspect) for one in (both.outgoing, both.incoming)]}
        for aspect in shown
    ]


def _aspect(coverage: Coverage, aspect: Aspect) -> dict[str, Any]:
    return {"share": coverage.share_of(aspect), "on": coverage.aspects.get(aspect, 0), "links": coverage.links}


def clause_counts(coverage: Coverage) -> list[tuple[str, Any, int]]:
    """Status, word and number of the clauses that stand so."""
    return [(code, word, coverage.of(stands)) for stands, (code, word) in STANDS.items()]


def row_lines(rows: Iterable[CoverageRow]) -> list[dict[str, Any]]:
    """The rows of the table: clauses of both sides together."""
    return [
        {
            "row": row, "party": row.party, "kind": KIND_NAMES[row.party.party_kind],
            "outgoing": row.sides.outgoing, "incoming": row.sides.incoming,
            **{stands.value: row.sides.outgoing.of(stands) + row.sides.incoming.of(stands) for stands in Stands},
        }
        for row in rows
    ]  # fmt: skip


def header() -> Sequence[str]:
    """Names of the columns of the table that people take away."""
    return [
        _("Party"), _("Number"), _("Kind"), _("Side"), _("Links"), _("Covered"), _("Coverage, %"), _("On its way"),
        *(str(word) for _code, word in STANDS.values()),
        *(pgettext("links with a promise", "{aspect}, %").format(aspect=ASPECTS[aspect]) for aspect in Aspect),
    ]  # fmt: skip


def rows(found: Iterable[CoverageRow]) -> Iterator[Sequence[object]]:
    """Two rows for each party: what it supplies and what it gets."""
    for row in found:
        for (_side, title), one in zip(SIDES, (row.sides.outgoing, row.sides.incoming), strict=True):
            yield [
                str(row.party), row.party.number, str(KIND_NAMES[row.party.party_kind]), str(title), one.links,
                one.covered, _percent(one.share), one.on_its_way, *(one.of(stands) for stands in STANDS),
                *(_percent(one.share_of(aspect)) for aspect in Aspect),
            ]  # fmt: skip


def all_rows(viewer: Actor, at: datetime) -> Iterator[Sequence[object]]:
    """Every party that the viewer sees and that has a row, those without a link, too."""
    every = register(viewer=viewer, at=at, filters=CoverageFilters(everything=True))
    return rows(every.rows)


def _percent(share: float | None) -> float | str:
    return "" if share is None else round(100 * share, 1)
