"""What the answers of the first-run wizard would enter. Pure Python: read from the draft, shown before anything is
entered, and carried out as it was shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from baton.chain.rules import NAME_LENGTH, OUTSIDE
from baton.starters.pasting import Chart, LineError, People, read_chart, read_people
from baton.starters.sectors import CODES, sector
from baton.starters.sectors.rules import LANGUAGES, Link, Promised, Sector
from baton_analysis.errors import gettext_noop

Texts = dict[str, str]

STEPS = ("sector", "names", "chart", "people", "promises", "confirm")
"""The steps in their order; ``names`` is left out where no sector was chosen."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of each the plan enters."""

    parties: int
    outputs: int
    needs: int
    links: int
    people: int

    @property
    def any(self) -> bool:
        return bool(self.parties or self.links or self.people)


@dataclass(slots=True)
class Plan:
    """The answers, read. ``names`` are own names of the sector's parties by code, in the languages that were typed;
    ``promises`` the leader's words by promise, in the organisation's language."""

    sector: Sector | None
    names: dict[str, Texts]
    left_out: frozenset[str]
    chart: Chart
    people: People
    leader: str
    promises: dict[Promised, str]
    errors: dict[str, list[LineError]] = field(default_factory=dict)

    @property
    def has_errors(self) -> bool:
        return any(self.errors.values())

    @property
    def tops(self) -> list[int]:
        """Places in the chart of the parties inside that stand at the left margin."""
        return [
            place for place, line in enumerate(self.chart.parties) if line.above is None and line.kind not in OUTSIDE
        ]

    @property
    def makes_promises(self) -> bool:
        """Whether there is somebody to promise something to; a sector brings its own links for the promises."""
        return bool(self.promises) and (self.sector is not None or bool(self.tops))

    def counts(self) -> Counts:
        """What the plan enters, where nothing of it is there yet."""
        own = len(self.promises) if self.sector is None and self.makes_promises else 0
        parties, outputs, needs, links = len(self.chart.parties), own, 0, own * len(self.tops)
        parties += bool(own)
        if self.sector is not None:
            kept = [link for link in self.sector.links if self._is_kept(link)]
            parties += sum(party.code not in self.left_out for party in self.sector.parties)
            needs = sum(need.whose not in self.left_out for need in self.sector.needs)
            links, outputs = len(kept), len({link.output for link in kept})
        return Counts(parties, outputs, needs, links, len(self.people.people))

    def _is_kept(self, link: Link) -> bool:
        return self.left_out.isdisjoint((link.supplier, link.customer))

    def named(self, code: str, language: str) -> str:
        """What a party of the sector is called in ``language``."""
        assert self.sector is not None
        return self.names.get(code, {}).get(language) or self.sector.party(code).name[language]


def plan_of(answers: Mapping[str, Any], *, language: str) -> Plan:
    """Read a draft; ``language`` is the organisation's. What cannot be read is among the errors, by step."""
    code = answers.get("sector", "")
    found = sector(code) if code in CODES else None
    names = {key: dict(texts) for key, texts in (answers.get("names") or {}).items()} if found else {}
    left_out = frozenset(answers.get("left_out") or ()) if found else frozenset()
    chart = read_chart(answers.get("chart", ""))
    places = [line.name for line in chart.parties]
    if found is not None:
        places += [
            names.get(party.code, {}).get(language) or party.name[language]
            for party in found.parties
            if party.code not in left_out
        ]
    people = read_people(answers.get("people", ""), places)
    said = answers.get("promises") or {}
    promises = {promised: text for promised in Promised if (text := said.get(promised, "").strip())}
    plan = Plan(found, names, left_out, chart, people, (answers.get("leader") or "").strip(), promises)
    plan.errors = {
        "names": _wrong_names(plan, language), "chart": chart.errors, "people": people.errors,
    }  # fmt: skip
    return plan


def steps_of(answers: Mapping[str, Any]) -> Sequence[str]:
    """The steps that this draft goes through."""
    return [step for step in STEPS if step != "names" or answers.get("sector") in CODES]


def _wrong_names(plan: Plan, language: str) -> list[LineError]:
    """Own names that are too long, or empty in the organisation's language; a line is a row of the table."""
    if plan.sector is None:
        return []
    wrong = []
    for row, party in enumerate(plan.sector.parties, start=1):
        texts = plan.names.get(party.code)
        if texts is None or party.code in plan.left_out:
            continue
        if not texts.get(language, "").strip():
            wrong.append(
                LineError(
                    row, expected=gettext_noop("Expected a name for “{party}”."), found=gettext_noop("Found none."),
                    remedy=gettext_noop("Give it one, or tick that you do not have it."), party=party.name[language],
                )
            )  # fmt: skip
        if any(len(text) > NAME_LENGTH for code, text in texts.items() if code in LANGUAGES):
            wrong.append(
                LineError(
                    row, expected=gettext_noop("Expected at most {most} characters for “{party}”."),
                    found=gettext_noop("Found more."), remedy=gettext_noop("Shorten it."), most=NAME_LENGTH,
                    party=party.name[language],
                )
            )  # fmt: skip
    return wrong
