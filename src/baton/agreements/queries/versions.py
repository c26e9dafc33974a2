"""One version of an agreement with all that its page shows, versions side by side, and what exactly is signed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from baton.agreements import policy
from baton.agreements.models import Acceptance, Agreement, AgreementVersion, Clause, LeaderPromise
from baton.agreements.queries.agreements import (
    Tally,
    agreement,
    clauses_by_version,
    left_out,
    numbered_version,
    offered_lines,
    runs_out,
    tally_of,
)
from baton.agreements.rules import (
    OPEN,
    Difference,
    Side,
    Standing,
    VersionState,
    compare,
    missing,
    next_states,
    standing,
)
from baton.chain.policy import standing_of
from baton.chain.queries.discussing import link_called
from baton.core.actors import Actor
from baton.core.audit.values import plain
from baton.core.days import day_of
from baton.core.history import HistoryEntry, history_of


@dataclass(frozen=True, slots=True)
class HeldClause:
    """A clause with how far it counts on the day and what it lacks. ``offered``: it stands in the service offer;
    ``edits``: the viewer may change it here; ``deviates``: he may say that something else holds here than the offer
    says; ``instead_of``: the offer's clause from which it deviates."""

    clause: Clause
    standing: Standing
    missing: tuple[str, ...]
    offered: bool
    edits: bool
    deviates: bool = False
    instead_of: Clause | None = None


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """An agreement as its page shows it: one version of it, the others by number (newest first), what the viewer may
    do, and what happened. ``steps`` are the states to which he may take the version; ``left_out`` the clauses that were
    taken out of it, or of the offer for this link; ``speaks_for`` the sides of the link that he leads."""

    agreement: Agreement
    version: AgreementVersion
    versions: list[AgreementVersion]
    clauses: list[HeldClause]
    left_out: list[Clause]
    tally: Tally
    acceptances: list[Acceptance]
    speaks_for: frozenset[Side]
    steps: tuple[VersionState, ...]
    may_write: bool
    may_edit: bool
    may_offer: bool
    runs_out: bool
    history: list[HistoryEntry]

    def owed_by(self, side: Side) -> list[HeldClause]:
        """The clauses that this side owes."""
        return [held for held in self.clauses if held.clause.owed_by == side]

    @property
    def may_draft(self) -> bool:
        """Whether the next version can be begun."""
        return self.may_write and not any(VersionState(one.state) in OPEN for one in self.versions)


def agreement_page(*, viewer: Actor, at: datetime, public_id: str, number: int | None = None) -> AgreementPage:
    """Everything that the page of an agreement shows: of version ``number``, or else of the one that counts (in force,
    else on its way, else the last)."""
    seen = agreement(viewer=viewer, at=at, public_id=public_id)
    versions = list(seen.versions.select_related("offer_version__offer", "proposed_by").order_by("-version"))
    shown = _one_of(versions, number) if number is not None else that_counts(versions)
    if shown is None:
        shown = numbered_version(viewer=viewer, at=at, public_id=public_id, number=number or 0)
    shown.agreement = seen
    day = day_of(at)
    placed, state = standing_of(viewer, day), VersionState(shown.state)
    may_edit = policy.may_edit_clauses(placed, seen.link, state)
    clauses = clauses_by_version(viewer=viewer, versions=[shown])[shown.pk]
    taken_out = left_out(viewer=viewer, version=shown)
    offered = offered_lines(viewer=viewer, version=shown)
    side = Side(shown.proposed_side) if shown.proposed_side else None
    return AgreementPage(
        agreement=seen,
        version=shown,
        versions=versions,
        clauses=_held(clauses, shown, offered, day, may_edit=may_edit),
        left_out=[one for one in taken_out if one.deviates_from or one.line not in offered],
        tally=tally_of(clauses, day),
        acceptances=list(shown.acceptances.order_by("recorded_at")),
        speaks_for=policy.speaks_for(placed, seen.link),
        steps=tuple(
            after
            for after in next_states(state)
            if policy.may_take(placed, seen.link, before=state, after=after, proposed_side=side)
        ),
        may_write=policy.may_write(placed, seen.link),
        may_edit=may_edit,
        may_offer=seen.offer_id is None and policy.may_write_offers(placed, seen.link.supplier),
        runs_out=runs_out(shown, day),
        history=_history(viewer, seen, versions, [*clauses, *taken_out]),
    )


def _held(
    clauses: Sequence[Clause], shown: AgreementVersion, offered: Mapping[str, Clause], day: date, *, may_edit: bool
) -> list[HeldClause]:
    found = []
    for one in clauses:
        own = one.agreement_version_id == shown.pk
        held = held_on(one, day, edits=may_edit and own)
        found.append(replace(held, deviates=may_edit and not own, instead_of=offered.get(one.deviates_from)))
    return found


def that_counts(versions: Sequence[AgreementVersion]) -> AgreementVersion:
    """Of the versions of one agreement, newest first: the one in force, else the one on its way, else the last."""
    in_force = [one for one in versions if one.state == VersionState.ACTIVE]
    on_its_way = [one for one in versions if VersionState(one.state) in OPEN]
    return (in_force or on_its_way or list(versions))[0]


def held_on(clause: Clause, day: date, *, edits: bool = False) -> HeldClause:
    """The clause as it counts on the day."""
    terms = clause.terms
    return HeldClause(clause, standing(terms, day), missing(terms), clause.offer_version_id is not None, edits)


def comparison(
    *, viewer: Actor, at: datetime, public_id: str, before: int, after: int
) -> tuple[AgreementVersion, AgreementVersion, list[Difference], dict[str, str]]:
    """Two versions of an agreement, by their numbers, what became of each clause from the one to the other, and the
    names of the calendars in which they are counted, by public id."""
    old = numbered_version(viewer=viewer, at=at, public_id=public_id, number=before)
    new = numbered_version(viewer=viewer, at=at, public_id=public_id, number=after)
    held = clauses_by_version(viewer=viewer, versions=[old, new])
    was, now = ({_line(one): one.terms for one in held[shown.pk]} for shown in (old, new))
    clauses = [one for shown in (old, new) for one in held[shown.pk]]
    calendars = {one.calendar.public_id: str(one.calendar) for one in clauses if one.calendar is not None}
    return old, new, compare(was, now), calendars


def contents_of(*, viewer: Actor, public_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """What exactly is signed of each of these versions: the version itself and every clause that holds in it, whatever
    happens to its state. The caller has made sure that ``viewer`` may see them. A fixed number of queries."""
    link = "agreement__link__"
    rows = AgreementVersion.objects.filter(public_id__in=public_ids)
    versions = list(rows.select_related(f"{link}supplier", f"{link}customer", f"{link}output"))
    held = clauses_by_version(viewer=viewer, versions=versions)
    due = LeaderPromise.objects.filter(agreement__in=[one.agreement_id for one in versions])
    days: dict[int, list[LeaderPromise]] = {}
    for promise in due.order_by("pk"):
        days.setdefault(promise.agreement_id, []).append(promise)
    return {one.public_id: _content(one, held.get(one.pk, []), days.get(one.agreement_id, [])) for one in versions}


def names_of(*, viewer: Actor, public_ids: Collection[str]) -> dict[str, dict[str, str]]:
    """What people call each of these versions, by language: ``A-2026-0001 v2 · Laundry → Ward 3: clean linen``. The
    caller has made sure that ``viewer`` may see them."""
    rows = AgreementVersion.objects.filter(public_id__in=public_ids).select_related("agreement__link")
    return {
        one.public_id: {code: f"{one} · {text}" for code, text in link_called(one.agreement.link.public_id).items()}
        for one in rows
    }


def _content(version: AgreementVersion, clauses: Sequence[Clause], promises: Sequence[LeaderPromise]) -> dict[str, Any]:
    link = version.agreement.link
    said = {
        "agreement": version.agreement.number, "version": version.version, "link": link.number,
        "supplier": link.supplier.number, "customer": link.customer.number, "output": link.output.number,
        "starts_on": version.starts_on, "ends_on": version.ends_on, "review_on": version.review_on,
        "renewal_days": version.renewal_days, "minimum_participation": version.minimum_participation,
        "clauses": [{"line": _line(one), **asdict(one.terms)} for one in clauses],
    }  # fmt: skip
    lines = {_line(one) for one in clauses}
    # Named only where a leader promises days: what was signed before there were such promises reads as it did.
    if dated := [one for one in promises if one.line in lines]:
        said["days"] = [
            {"line": one.line, "due_on": one.due_on.isoformat(), "rhythm": one.rhythm, "evidence": one.evidence}
            for one in dated
        ]
    return {name: plain(value) for name, value in said.items()}


def _line(clause: Clause) -> str:
    """By which line a clause is compared: a deviation by that of the offer's clause."""
    return clause.deviates_from or clause.line


def _one_of(versions: Sequence[AgreementVersion], number: int) -> AgreementVersion | None:
    return next((one for one in versions if one.version == number), None)


def _history(
    viewer: Actor, seen: Agreement, versions: Sequence[AgreementVersion], clauses: Sequence[Clause]
) -> list[HistoryEntry]:
    ids = [seen.public_id, *(one.public_id for one in versions), *(one.public_id for one in clauses)]
    return history_of(viewer=viewer, object_ids=ids)
