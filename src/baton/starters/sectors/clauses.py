"""What a starting value of a clause must be: in a known unit, within its bounds, with a source or marked as example."""

from __future__ import annotations

from collections.abc import Iterator

from baton.agreements.rules import Direction
from baton.starters.sectors import walking
from baton.starters.sectors.rules import SHARES, UNITS, Clause, Sector, SectorError
from baton.starters.sectors.sources import SOURCES
from baton_analysis.errors import gettext_noop


def in_clauses(sector: Sector) -> Iterator[SectorError]:
    """What is wrong with the clauses of a sector; a link without one has no measure at all."""
    for link in sector.links:
        if not link.clauses:
            yield SectorError(
                file=sector.file, table="link", entry=walking.called(link),
                expected=gettext_noop("Expected at least one clause: what is not measured cannot be agreed."),
                found=gettext_noop("Found none."), remedy=gettext_noop("Add one under clauses."),
            )  # fmt: skip
        for clause in link.clauses:
            wrong = _wrong(clause)
            if wrong:
                yield SectorError(
                    file=sector.file, table="link.clauses", entry=f"{walking.called(link)}, {clause.measure['en']}",
                    expected=wrong[0], found=gettext_noop("Found {said}."), remedy=wrong[1], said=_said(clause),
                    units=", ".join(UNITS), sources=", ".join(SOURCES),
                )  # fmt: skip


def _wrong(clause: Clause) -> tuple[str, str] | None:
    """Expected and remedy of the first thing that is wrong; None when all is well."""
    shares = [clause.attainment, *((clause.value, clause.upto) if clause.unit in SHARES else ())]
    if clause.unit not in UNITS:
        return gettext_noop("Expected one of the units {units}."), gettext_noop("Correct unit.")
    if clause.value < 0 or any(share is not None and not 0 <= share <= 100 for share in shares):
        return (
            gettext_noop("Expected shares from 0 to 100 and no negative values."),
            gettext_noop("Correct value, upto or attainment."),
        )
    if clause.attainment is not None and clause.unit in SHARES:
        return (
            gettext_noop("Expected attainment only where the value is no share itself."),
            gettext_noop("Leave out attainment."),
        )
    ranged = clause.direction is Direction.BETWEEN
    if ranged != (clause.upto is not None) or (clause.upto is not None and clause.upto <= clause.value):
        return (
            gettext_noop("Expected upto, above value, with direction between, and only there."),
            gettext_noop("Correct upto or direction."),
        )
    if bool(clause.source) == clause.example or (clause.source and clause.source not in SOURCES):
        return (
            gettext_noop("Expected either example = true or one of the sources {sources}."),
            gettext_noop("Name the source, or mark the value as an example."),
        )
    return None


def _said(clause: Clause) -> str:
    parts = [clause.direction, f"{clause.value:g}", clause.unit]
    for key, value in (("upto", clause.upto), ("attainment", clause.attainment), ("source", clause.source)):
        if value not in {None, ""}:
            parts.append(f"{key} {value}")
    return ", ".join([*parts, "example"] if clause.example else parts)
