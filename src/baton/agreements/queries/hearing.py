"""Whether a version may be put up to be signed: what was said to it and waits for an answer, and who took part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q

from baton.agreements.models import AgreementVersion, Clause, ConsultationRule, Invitation, Opinion
from baton.agreements.queries.agreements import clauses_by_version
from baton.agreements.rules import TO_ANSWER, Hearing, Outcome, Side, SideHeard, Stance
from baton.core.actors import Actor
from baton.core.audit.chain import canonical
from baton.core.audit.values import plain

if TYPE_CHECKING:
    from baton.agreements.queries.consulting import ConsultedClause

OPEN_ONES = Q(outcome=Outcome.OPEN, stance__in=sorted(TO_ANSWER))
"""Objections and counter-proposals that wait for an answer."""


def rule_of_consultations() -> ConsultationRule:
    """What the organisation has said, or a new rule with what is usual."""
    return ConsultationRule.objects.first() or ConsultationRule()


def has_spoken() -> Exists:
    """Of invitations: whether who is asked has said something that he has not taken back."""
    said = Opinion.objects.filter(version=OuterRef("version"), person=OuterRef("person"))
    return Exists(said.exclude(outcome=Outcome.WITHDRAWN))


def hearings_of(*, viewer: Actor, versions: Sequence[AgreementVersion]) -> dict[int, Hearing]:
    """What stands between each of the versions and its signatures, by key. The caller has made sure that ``viewer`` may
    see the versions; a stranger gets nothing. Three queries, whatever the number of versions."""
    if viewer.is_anonymous or not versions:
        return {}
    keys = [one.pk for one in versions]
    waiting = dict(
        Opinion.objects.filter(OPEN_ONES, version__in=keys).values_list("version").annotate(n=Count("pk")).order_by()
    )
    invited = Invitation.objects.filter(version__in=keys).annotate(spoke=has_spoken())
    counts: dict[tuple[int, str], SideHeard] = {}
    for key, side, spoke, ended_at in invited.values_list("version", "side", "spoke", "ended_at"):
        before = counts.get((key, side), SideHeard(Side(side)))
        over = ended_at is not None and not spoke
        counts[key, side] = SideHeard(
            Side(side), before.asked + (not over), before.spoke + bool(spoke), before.taken_back + over
        )
    rule = rule_of_consultations()
    return {
        one.pk: Hearing(
            sides=[counts.get((one.pk, side), SideHeard(side)) for side in Side],
            minimum=max(rule.minimum_participation, one.minimum_participation),
            needed=rule.always or one.minimum_participation > 0,
            unanswered=waiting.get(one.pk, 0),
        )
        for one in versions
    }


def hearing_of(*, viewer: Actor, version: AgreementVersion) -> Hearing:
    """The same of one version."""
    return hearings_of(viewer=viewer, versions=[version])[version.pk]


def line_of(clause: Clause) -> str:
    """By which line opinions name a clause: a deviation goes by that of the offer's clause."""
    return clause.deviates_from or clause.line


def said_of(clauses: Sequence[Clause], line: str) -> str:
    """SHA-256 of what an opinion is said to: of one of the clauses that hold in a version, or for an empty ``line`` of
    all of them; empty where there is no such clause (any more)."""
    meant = [clause for clause in clauses if line in ("", line_of(clause))]
    if not meant:
        return ""
    content = [(line_of(clause), plain(_said(clause))) for clause in meant]
    return sha256(canonical({"clauses": content}).encode()).hexdigest()


def _said(clause: Clause) -> dict[str, object]:
    """The terms but for the trial, which begins by itself when the version is proposed."""
    return {name: value for name, value in asdict(clause.terms).items() if name != "trial_until"}


def held_in(*, viewer: Actor, version: AgreementVersion) -> list[Clause]:
    """The clauses that hold in a version which the caller has read with this viewer."""
    return clauses_by_version(viewer=viewer, versions=[version]).get(version.pk, [])


def seen_now(version: AgreementVersion, clause: Clause | None, line: str, *, by_lead: bool) -> int:
    """What a person has seen when he reads the clause on this line, as a number that grows with every change of it, and
    for who speaks for a side with every counter-proposal of a side: so of two who counter a clause at once, the second
    reads first what the first proposed."""
    return _seen(version, clause, last_counter(version, line) if by_lead and clause is not None else None)


def seen_of(part: ConsultedClause, version: AgreementVersion, *, by_lead: bool) -> int:
    """The same of a clause whose opinions were read."""
    counters = [one.opinion for one in part.heard if _is_counter(one.opinion)] if by_lead else []
    return _seen(version, part.clause, max(counters, key=lambda one: one.changed_seq, default=None))


def last_counter(version: AgreementVersion, line: str) -> Opinion | None:
    """The newest counter-proposal of a side to this line that nobody has answered."""
    rows = Opinion.objects.filter(
        version=version, line=line, by_lead=True, stance=Stance.COUNTER_PROPOSAL, outcome=Outcome.OPEN
    )
    return rows.order_by("-changed_seq").first()


def _is_counter(opinion: Opinion) -> bool:
    return opinion.by_lead and opinion.stance == Stance.COUNTER_PROPOSAL and opinion.outcome == Outcome.OPEN


def _seen(version: AgreementVersion, clause: Clause | None, last: Opinion | None) -> int:
    if clause is None:
        return version.changed_seq
    return max(clause.changed_seq, last.changed_seq if last is not None else 0)
