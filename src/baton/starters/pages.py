"""What the pages of the starters show."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from baton.agreements.rules import Direction, Side
from baton.chain.forms.parties import KIND_CHOICES
from baton.core.texts import say
from baton.starters.plans import Plan
from baton.starters.sectors import CODES, sector
from baton.starters.sectors.rules import UNITS, Clause, Dimension, Factor
from baton.starters.sectors.sources import SOURCES

KINDS = dict(KIND_CHOICES)
FACTORS = {
    Factor.MAN: gettext_lazy("Man"), Factor.MACHINE: pgettext_lazy("5M1E", "Machine"),
    Factor.MATERIAL: gettext_lazy("Material"), Factor.METHOD: gettext_lazy("Method"),
    Factor.ENVIRONMENT: gettext_lazy("Environment"),
    Factor.MEASUREMENT: gettext_lazy("Measurement"),
}  # fmt: skip
DIMENSIONS = {
    Dimension.RELIABILITY: gettext_lazy("Reliability"), Dimension.ASSURANCE: gettext_lazy("Assurance"),
    Dimension.TANGIBLES: gettext_lazy("Tangibles"), Dimension.EMPATHY: gettext_lazy("Empathy"),
    Dimension.RESPONSIVENESS: gettext_lazy("Responsiveness"), Dimension.OVERALL: gettext_lazy("Overall judgement"),
    Dimension.SWITCHING_COST: gettext_lazy("Cost of switching"),
}  # fmt: skip
SIGNS = {Direction.AT_LEAST: "≥ ", Direction.AT_MOST: "≤ ", Direction.BETWEEN: ""}


def sector_cards() -> list[dict[str, Any]]:
    """Every sector as a line of a choice: code, name, what it is, how large it is."""
    return [
        {
            "code": code, "name": say(one.name), "about": say(one.about), "parties": len(one.parties),
            "links": len(one.links),
        }
        for code, one in ((code, sector(code)) for code in CODES)
    ]  # fmt: skip


def tree(plan: Plan) -> list[dict[str, Any]]:
    """The chart as nested lists: each with ``name``, ``kind`` and what stands ``under`` it."""
    made: list[dict[str, Any]] = []
    roots: list[dict[str, Any]] = []
    for line in plan.chart.parties:
        made.append({"name": line.name, "kind": KINDS[line.kind.value], "under": []})
        (roots if line.above is None else made[line.above]["under"]).append(made[-1])
    return roots


def sector_context(code: str) -> dict[str, Any]:
    """Everything that a sector brings, in the reader's language."""
    found = sector(code)
    names = {party.code: say(party.name) for party in found.parties}
    return {
        "sector": found,
        "name": say(found.name),
        "about": say(found.about),
        "parties": [
            (names[party.code], KINDS[party.kind.value], names.get(party.deputy_of or party.parent, ""))
            for party in found.parties
        ],
        "needs": [(names[need.whose], say(need.name)) for need in found.needs],
        "promises": [say(promise.text) for promise in found.promises],
        "links": [
            {
                "supplier": names[link.supplier], "customer": names[link.customer],
                "output": say(found.output(link.output).name), "clauses": [clause_words(one) for one in link.clauses],
            }
            for link in found.links
        ],
        "survey": [(DIMENSIONS[item.dimension], say(item.text)) for item in found.survey],
        "checks": [(FACTORS[item.factor], names[item.party], say(item.text)) for item in found.checks],
        "notes": [say(note.text) for note in found.notes],
        "sources": sorted({(key, SOURCES[key]) for link in found.links for one in link.clauses if (key := one.source)}),
    }  # fmt: skip


def clause_words(clause: Clause) -> dict[str, Any]:
    """A starting value: ``measure``, ``value`` with its sign and unit, ``origin`` (source or example) and ``note``."""
    language = get_language() or settings.LANGUAGE_CODE
    value = f"{clause.value:g}" if clause.upto is None else f"{clause.value:g}–{clause.upto:g}"
    whole = (clause.direction, clause.value, clause.unit) in {
        (Direction.AT_LEAST, 100, "%"), (Direction.AT_MOST, 0, "1")
    }  # fmt: skip
    said = f"{'' if whole else SIGNS[clause.direction]}{value} {say(UNITS[clause.unit], language)}"
    if clause.attainment is not None:
        said += f" · {_('in {share} % of cases').format(share=f'{clause.attainment:g}')}"
    if clause.owed_by is Side.CUSTOMER:
        said += f" · {_('owed by the customer')}"
    return {
        "measure": say(clause.measure), "value": said, "origin": clause.source or _("example"),
        "note": say(clause.note) if clause.note else "",
    }  # fmt: skip
