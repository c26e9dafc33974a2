"""Clauses of drafts as a table, in the layout in which those of all agreements are exported.

A row belongs to the draft of an agreement, where there is one; else to the version that counts, of which it can only
say what stands there. A clause is known again by its id or by its characteristic, so the same table changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baton.agreements import policy, queries
from baton.agreements.changes import change_clause
from baton.agreements.changes.bulk_clauses import (
    CLAUSES_TARGET,
    KINDS,
    clause_line,
    terms_line,
    terms_of,
)
from baton.agreements.imports.clause_columns import COLUMNS, UNIT_WORDS, text_field
from baton.agreements.imports.clause_rows import CHOICES, PLAIN, TEXTS, cells_of, chosen_version, rows
from baton.agreements.imports.clause_withdrawal import changed_since, give_back
from baton.agreements.models import Agreement, AgreementVersion, Clause
from baton.agreements.rules import (
    EDITABLE,
    MOST_CLAUSES,
    Measure,
    Sampling,
    Side,
    Terms,
    VersionState,
    faults,
    settled,
)
from baton.chain.policy import standing_of
from baton.chain.rules import OutputKind
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.import_targets import Findings, ImportRow, ImportTarget, TakingBack, twice
from baton.core.policy import may_use
from baton.core.queries.calendars import calendars as calendars_in_force
from baton.core.texts import Texts, folded, say
from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells import CellProblem
from baton_analysis.readers.cells.words import Choice
from baton_analysis.readers.cells.words import folded as folded_word

if TYPE_CHECKING:
    from baton.core.models import WorkCalendar

_UNITS = Choice(UNIT_WORDS)


@dataclass
class _Place:
    """The version of an agreement that rows of it mean, and its clauses by id and by side and characteristic."""

    agreement: Agreement
    version: AgreementVersion
    by_line: dict[str, Clause] = field(default_factory=dict)
    by_name: dict[tuple[str, str], list[Clause]] = field(default_factory=dict)
    count: int = 0
    told: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def editable(self) -> bool:
        return VersionState(self.version.state) in EDITABLE


def check(rows: Sequence[ImportRow], findings: Findings) -> None:
    """New clauses of drafts, and what changes in those that are there."""
    places = _places({row["agreement"] for row in rows}, findings)
    calendars = _calendars(findings.viewer)
    standing = standing_of(findings.viewer, day_of(findings.at))
    for row in rows:
        place = places.get(row["agreement"].casefold())
        if place is None:
            findings.refuse(row, "agreement", _unknown(row["agreement"]))
        elif not policy.may_write(standing, place.agreement.link):
            findings.refuse(row, "agreement", _over(place.agreement))
        else:
            _judge(row, place, calendars, findings)


def _judge(row: ImportRow, place: _Place, calendars: Mapping[str, list[WorkCalendar]], findings: Findings) -> None:
    clause = _known(row, place)
    if isinstance(clause, CellProblem):
        findings.refuse(row, "line" if row["line"] else "characteristic", clause)
        return
    terms = _terms(row, clause, calendars, findings)
    if terms is None:
        return
    key = (row["owed_by"], clause.line if clause is not None else _named(terms.characteristic))
    if place.told.setdefault(key, row.number) != row.number:
        findings.refuse(row, _characteristic(), twice(place.told[key]))
        return
    if not _is_well(row, terms, place, findings):
        return
    if clause is None:
        _new(row, terms, place, findings)
    elif terms != settled(clause.terms):
        _changed(row, clause, terms, place, findings)


def _known(row: ImportRow, place: _Place) -> Clause | CellProblem | None:
    """The clause that the row means; None where it is new."""
    if row["line"]:
        found = place.by_line.get(row["line"])
        if found is None:
            return CellProblem(
                expected=gettext_noop("Expected the id of a clause of {version}."),
                found=gettext_noop("“{value}” is none of them."),
                remedy=gettext_noop("Empty the cell to add the clause, or take the table anew."),
                values={"version": str(place.version), "value": row["line"]},
            )
        return found
    alike = place.by_name.get((row["owed_by"], _plain(row[_characteristic()])), [])
    if len(alike) > 1:
        return CellProblem(
            expected=gettext_noop("Expected a characteristic that one clause has."),
            found=gettext_noop("{count} clauses have it."),
            remedy=gettext_noop("Say by its id which one is meant."),
            values={"count": len(alike)},
        )
    return alike[0] if alike else None


def _terms(
    row: ImportRow, clause: Clause | None, calendars: Mapping[str, list[WorkCalendar]], findings: Findings
) -> Terms | None:
    """What the row says, over what stands there; empty cells leave it as it is. None where it is refused already."""
    base = clause.terms if clause is not None else Terms(owed_by=Side(row["owed_by"]), characteristic={})
    said: dict[str, Any] = {name: row[name] for name in PLAIN if row[name] is not None}
    said |= {name: KINDS[name](row[name]) for name in CHOICES if row[name]}
    said |= {name: texts for name in TEXTS if (texts := _texts(row, name, getattr(base, name)))}
    said["owed_by"] = Side(row["owed_by"])
    measure = said.get("measure", base.measure)
    if row["unit"]:
        said["unit"] = _unit(row["unit"], measure)
    if row["calendar"] and not _has_calendar(clause, row["calendar"]):
        calendar = _calendar(row["calendar"], calendars)
        if isinstance(calendar, CellProblem):
            findings.refuse(row, "calendar", calendar)
            return None
        said["calendar"] = calendar.public_id
    if said.get("sampling") is Sampling.ALL:
        said.setdefault("sample_size", None)
    elif row["sample_size"] is not None and "sampling" not in said:
        said["sampling"] = Sampling.SAMPLE
    return settled(replace(base, **said))


def _is_well(row: ImportRow, terms: Terms, place: _Place, findings: Findings) -> bool:
    """Refuse the row for everything in it that contradicts itself."""
    control = place.agreement.link.output.output_kind == OutputKind.CONTROL
    found = faults(terms, control=control)
    for fault in found:
        values = {name: str(value) for name, value in fault.values.items()}
        findings.refuse(row, fault.field, CellProblem(fault.expected, fault.found, fault.remedy, values))
    return not found and not findings.is_refused(row)


def _new(row: ImportRow, terms: Terms, place: _Place, findings: Findings) -> None:
    if not place.editable:
        findings.refuse(row, "agreement", _no_draft(place))
    elif place.count >= MOST_CLAUSES:
        findings.refuse(row, "agreement", CellProblem(
            expected=gettext_noop("Expected at most {most} clauses in one version."),
            found=gettext_noop("{version} would have more."),
            remedy=gettext_noop("Leave out what nobody measures or misses."),
            values={"most": MOST_CLAUSES, "version": str(place.version)},
        ))  # fmt: skip
    else:
        place.count += 1
        findings.new(row, CLAUSES_TARGET, clause_line(version=place.version.public_id, terms=terms))


def _changed(row: ImportRow, clause: Clause, terms: Terms, place: _Place, findings: Findings) -> None:
    if not place.editable:
        findings.refuse(row, "agreement", _no_draft(place))
    elif clause.offer_version_id is not None:
        findings.refuse(row, "line" if row["line"] else _characteristic(), CellProblem(
            expected=gettext_noop("Expected the clause as the service offer has it."),
            found=gettext_noop("This row says something else."),
            remedy=gettext_noop("Deviate from it on the page of the agreement, or leave the row out."),
        ))  # fmt: skip
    elif clause.owed_by != row["owed_by"]:
        findings.refuse(row, "owed_by", CellProblem(
            expected=gettext_noop("Expected the side that owes the clause; it does not change."),
            found=gettext_noop("It is there as: {there}."),
            remedy=gettext_noop("Leave that clause out and add another one."),
            values={"there": str(clause.get_owed_by_display())},
        ))  # fmt: skip
    else:
        line = {
            "clause": clause.public_id, "seq": clause.changed_seq, "terms": terms_line(terms),
            "former": terms_line(clause.terms), "example": clause.example,
        }  # fmt: skip
        # A unit and a calendar may be written in several ways that mean the same.
        same = {name for name in ("unit", "calendar") if getattr(terms, name) == getattr(clause.terms, name)}
        findings.change(row, line, was={name: cell for name, cell in cells_of(clause).items() if name not in same})


def apply(*, by: Actor, at: datetime, line: Mapping[str, Any]) -> None:
    """Change one clause as the row says; refused where somebody changed it since the check."""
    clause = Clause.objects.filter(public_id=line["clause"]).first()
    if clause is None:
        raise Refused(
            expected=gettext_noop("Expected a clause that is there."),
            found=gettext_noop("It was withdrawn since the check."),
            remedy=gettext_noop("Import the table again."),
        )
    terms = terms_of(line["terms"])
    if settled(clause.terms) != terms:
        change_clause(by=by, at=at, clause=clause, terms=terms, expected_seq=line["seq"])


def _places(named: set[str], findings: Findings) -> dict[str, _Place]:
    """By what the rows call them, folded. A fixed number of queries."""
    plain = {name.casefold() for name in named}
    wanted = {name.upper() for name in named}
    seen = queries.agreements_in_sight(viewer=findings.viewer, at=findings.at)
    found = list(
        seen.filter(Q(number__in=wanted) | Q(link__number__in=wanted))
        .select_related("link__supplier", "link__customer", "link__output")
    )  # fmt: skip
    versions = queries.versions_of(viewer=findings.viewer, agreements=found)
    chosen = {one.pk: chosen_version(versions[one.pk]) for one in found if versions[one.pk]}
    held = queries.clauses_by_version(viewer=findings.viewer, versions=list(chosen.values()))
    places: dict[str, _Place] = {}
    for one in found:
        if one.pk not in chosen:
            continue
        place = _Place(one, chosen[one.pk])
        for clause in held.get(place.version.pk, []):
            place.by_line[clause.line] = clause
            place.by_name.setdefault((clause.owed_by, _named(clause.characteristic)), []).append(clause)
        place.count = sum(clause.agreement_version_id == place.version.pk for clause in held.get(place.version.pk, []))
        places |= {name.casefold(): place for name in (one.number, one.link.number) if name.casefold() in plain}
    return places


def _calendars(viewer: Actor) -> dict[str, list[WorkCalendar]]:
    found: dict[str, list[WorkCalendar]] = {}
    for calendar in calendars_in_force(viewer=viewer):
        for name in {folded(name) for name in calendar.name.values()}:
            found.setdefault(name, []).append(calendar)
    return found


def _has_calendar(clause: Clause | None, text: str) -> bool:
    """Whether the clause has a calendar of this name already, which stays also where it is in force no more."""
    calendar = clause.calendar if clause is not None else None
    return calendar is not None and folded(text) in {folded(name) for name in calendar.name.values()}


def _calendar(text: str, calendars: Mapping[str, list[WorkCalendar]]) -> WorkCalendar | CellProblem:
    found = calendars.get(folded(text), [])
    if len(found) == 1:
        return found[0]
    return CellProblem(
        expected=gettext_noop("Expected the name of one calendar in force."),
        found=gettext_noop("{count} are called “{value}”."),
        remedy=gettext_noop("Correct the name, or leave the cell empty for the organisation’s own."),
        values={"count": len(found), "value": text[:60]},
    )


def _unit(text: str, measure: Measure | None) -> str:
    """The code of a unit by its code or word; that of a measured value as it is written."""
    if measure is Measure.VALUE:
        return text
    owners = _UNITS.owners(folded_word(text))
    return next(iter(owners)) if len(owners) == 1 else text


def _texts(row: ImportRow, name: str, there: Mapping[str, str]) -> Texts:
    given = {code: row[text_field(name, code)] for code, _label in settings.LANGUAGES}
    return {**there, **{code: text for code, text in given.items() if text}}


def _characteristic() -> str:
    return text_field("characteristic", settings.LANGUAGE_CODE)


def _named(texts: Mapping[str, str]) -> str:
    return _plain(say(texts, settings.LANGUAGE_CODE))


def _plain(text: str) -> str:
    return " ".join(folded(text).split())


def _unknown(text: str) -> CellProblem:
    return CellProblem(
        expected=gettext_noop("Expected the number of an agreement, or of a link that has one."),
        found=gettext_noop("“{value}” is none of them."),
        remedy=gettext_noop("Correct it, or begin the agreement on the page of its link first."),
        values={"value": text[:60]},
    )


def _over(agreement: Agreement) -> CellProblem:
    return CellProblem(
        expected=gettext_noop("Expected an agreement that you may write."),
        found=gettext_noop("You may not write {number}, or its link has ended."),
        remedy=gettext_noop("Leave the row out, or ask the quality manager."),
        values={"number": agreement.number},
    )


def _no_draft(place: _Place) -> CellProblem:
    return CellProblem(
        expected=gettext_noop("Expected an agreement with a draft; other versions do not change."),
        found=gettext_noop("{number} has none: its version {version} is {state}."),
        remedy=gettext_noop("Begin a new version on its page, then import the table again."),
        values={
            "number": place.agreement.number, "version": place.version.version,
            "state": str(place.version.get_state_display()),
        },
    )  # fmt: skip


CLAUSES = ImportTarget(
    title=_("Clauses of agreements"),
    text=_("What both sides of links owe each other, into the drafts of their agreements."),
    columns=COLUMNS,
    may_bring=policy.may_bring_clauses,
    makes=(CLAUSES_TARGET,),
    check=check,
    apply=apply,
    rows=rows,
    may_take=may_use,
    taking_back=TakingBack(give_back, changed_since),
    icon="handshake",
)
