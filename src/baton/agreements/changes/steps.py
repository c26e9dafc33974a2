"""A version goes from state to state: :class:`baton.agreements.rules.VersionState` says what each means."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from baton.agreements import policy
from baton.agreements.changes.answers import demand_heard
from baton.agreements.changes.checks import days_given, note_given, reason_given
from baton.agreements.changes.taking_up import taken_up
from baton.agreements.changes.telling import (
    ACCEPTED_TOPIC,
    CONSULTATION_TOPIC,
    DECLINED_TOPIC,
    ENDED_TOPIC,
    PROPOSED_TOPIC,
    tell_side,
)
from baton.agreements.models import AgreementVersion, Clause
from baton.agreements.rules import TRIAL, Side, VersionState, effective, missing, needs_trial, taker_of
from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.policy import demand
from baton_analysis.errors import gettext_noop


def propose_version(
    *, by: Actor, at: datetime, version: AgreementVersion, expected_seq: int | None = None, reason: str = ""
) -> AgreementVersion:
    """Offer a draft to the other side: its text stands still from now on. Of a version in consultation this is
    :func:`close_consultation`.

    A clause that nobody has measured and that has not been tried out yet is on trial for
    :data:`baton.agreements.rules.TRIAL` from the first day. Refused: a version without a clause, and days that do not
    fit. A red clause may be proposed, so that people talk about it; it cannot be signed.
    """
    with change(by=by, at=at, reason=reason) as trail:
        version = _to_step(trail, version, VersionState.PROPOSED, expected_seq)
        if version.state == VersionState.CONSULTATION:
            return _proposed_again(trail, version)
        mine = sorted(policy.speaks_for(standing_of(by, day_of(at)), version.agreement.link))
        version.proposed_side = mine[0] if len(mine) == 1 else ""
        version.proposed_by = by.person
        version = _stands_still(trail, version, "agreement_version.proposed")
        tell_side(trail, version, _others(version), PROPOSED_TOPIC)
        return version


def withdraw_version(
    *, by: Actor, at: datetime, version: AgreementVersion, expected_seq: int | None = None, reason: str = ""
) -> AgreementVersion:
    """Take a draft or a proposal back."""
    why = note_given(reason, "reason")
    with change(by=by, at=at, reason=why) as trail:
        version = _to_step(trail, version, VersionState.WITHDRAWN, expected_seq)
        return close(trail, version, VersionState.WITHDRAWN, "agreement_version.withdrawn", why)


def open_consultation(
    *, by: Actor, at: datetime, version: AgreementVersion, expected_seq: int | None = None
) -> AgreementVersion:
    """Ask those who work with it before it is signed; clauses are countered and changed meanwhile."""
    with change(by=by, at=at) as trail:
        version = _to_step(trail, version, VersionState.CONSULTATION, expected_seq)
        version = _moved(trail, version, VersionState.CONSULTATION, "agreement_version.consultation_opened")
        tell_side(trail, version, list(Side), CONSULTATION_TOPIC)
        return version


def close_consultation(
    *, by: Actor, at: datetime, version: AgreementVersion, expected_seq: int | None = None
) -> AgreementVersion:
    """End the consultation: the version is proposed as it now reads. Refused: what :func:`propose_version` refuses, and
    a version with an objection or a counter-proposal that waits for an answer, or of which too few of those asked have
    spoken."""
    with change(by=by, at=at) as trail:
        version = _to_step(trail, version, VersionState.PROPOSED, expected_seq, before=VersionState.CONSULTATION)
        return _proposed_again(trail, version)


def _proposed_again(trail: Trail, version: AgreementVersion) -> AgreementVersion:
    demand_heard(by=trail.by, version=version)
    version = _stands_still(trail, version, "agreement_version.consultation_closed")
    tell_side(trail, version, list(Side), PROPOSED_TOPIC)
    return version


def _stands_still(trail: Trail, version: AgreementVersion, action: str) -> AgreementVersion:
    """The version is there to be signed, as it reads from now on."""
    days_given(version.starts_on, version.ends_on, version.review_on, day_of(trail.at))
    if not clauses_of(version):
        raise Refused(
            expected=gettext_noop("Expected at least one clause."),
            found=gettext_noop("Found none."),
            remedy=gettext_noop("Write down what one side owes the other, then propose it."),
        )
    _begin_trials(trail, version)
    version.proposed_at = trail.at
    return _moved(trail, version, VersionState.PROPOSED, action)


def decline_version(
    *, by: Actor, at: datetime, version: AgreementVersion, reason: str, expected_seq: int | None = None
) -> AgreementVersion:
    """Say no to what the other side proposed, with a reason."""
    why = reason_given(reason)
    with change(by=by, at=at, reason=why) as trail:
        version = _to_step(trail, version, VersionState.DECLINED, expected_seq)
        version = close(trail, version, VersionState.DECLINED, "agreement_version.declined", why)
        tell_side(trail, version, _proposers(version), DECLINED_TOPIC)
        return version


def end_version(
    *, by: Actor, at: datetime, version: AgreementVersion, reason: str, expected_seq: int | None = None
) -> AgreementVersion:
    """End a version that is in force or signed, with a reason for the other side."""
    why = reason_given(reason)
    with change(by=by, at=at, reason=why) as trail:
        version = _to_step(trail, version, VersionState.ENDED, expected_seq)
        version = close(trail, version, VersionState.ENDED, "agreement_version.ended", why)
        tell_side(trail, version, list(Side), ENDED_TOPIC)
        return version


def accepted_by_both(trail: Trail, version: AgreementVersion) -> AgreementVersion:
    """Within the open change in which the second side signed a proposed version: it is accepted, and in force where its
    first day has come. For whoever writes the acceptances; refused where a clause lacks something."""
    demand_complete(version)
    if VersionState(version.state) is not VersionState.PROPOSED:
        raise ValueError(f"{version} is {version.state}, not proposed")
    version = _moved(trail, version, VersionState.ACCEPTED, "agreement_version.accepted")
    taken_up(trail, version)
    tell_side(trail, version, list(Side), ACCEPTED_TOPIC)
    if version.starts_on is None or version.starts_on <= day_of(trail.at):
        version = bring_into_force(trail, version)
    return version


def bring_into_force(trail: Trail, version: AgreementVersion) -> AgreementVersion:
    """Within an open change: an accepted version holds from now on, and the one before it no more."""
    demand_complete(version)
    before = AgreementVersion.objects.filter(agreement=version.agreement, state=VersionState.ACTIVE).first()
    if before is not None:
        held = trail.lock(AgreementVersion, before)
        close(trail, held, VersionState.SUPERSEDED, "agreement_version.superseded", "")
    for clause in Clause.objects.filter(agreement_version=version, example=True):
        agreed = trail.lock(Clause, clause)
        agreed.example = False
        trail.save(agreed, "clause.agreed")
    version.activated_at = trail.at
    return _moved(trail, version, VersionState.ACTIVE, "agreement_version.activated")


def clauses_of(version: AgreementVersion) -> list[Clause]:
    """The clauses that hold in the version, those of its service offer included, in their order."""
    own = list(Clause.objects.filter(agreement_version=version).select_related("calendar").order_by("position", "pk"))
    if version.offer_version_id is None:
        return effective([], own)
    offered = Clause.objects.filter(offer_version=version.offer_version_id, dropped=False).select_related("calendar")
    return effective(list(offered.order_by("position", "pk")), own)


def demand_complete(version: AgreementVersion) -> None:
    """Refuse a version with a clause that lacks its measure, unit, target or source."""
    red = [clause for clause in clauses_of(version) if missing(clause.terms)]
    if red:
        raise Refused(
            expected=gettext_noop("Expected clauses that each have a measure, a unit, a target and a data source."),
            found=gettext_noop("They lack in: {clauses}."),
            remedy=gettext_noop("Complete these clauses, or leave them out; then sign."),
            clauses="; ".join(str(clause) for clause in red[:5]),
        )


def _to_step(
    trail: Trail,
    version: AgreementVersion,
    after: VersionState,
    expected_seq: int | None,
    *,
    before: VersionState | None = None,
) -> AgreementVersion:
    """The version, locked, for whoever may take it to ``after`` (from ``before`` only, unless None)."""
    version = trail.lock(AgreementVersion, version, expected_seq=expected_seq)
    state = VersionState(version.state)
    if taker_of(state, after) is None or before not in (None, state):
        raise Refused(
            expected=gettext_noop("Expected a version from which this step leads on."),
            found=gettext_noop("Version {version} is {state}."),
            remedy=gettext_noop("Load the page again to see how it stands."),
            version=version.version,
            state=str(version.get_state_display()),
        )
    side = Side(version.proposed_side) if version.proposed_side else None
    standing = standing_of(trail.by, day_of(trail.at))
    link = version.agreement.link
    demand(policy.may_take(standing, link, before=state, after=after, proposed_side=side))
    return version


def _moved(
    trail: Trail, version: AgreementVersion, after: VersionState, action: str, **detail: Any
) -> AgreementVersion:
    version.state = after
    return trail.save(version, action, **detail)


def close(trail: Trail, version: AgreementVersion, after: VersionState, action: str, reason: str) -> AgreementVersion:
    """Within an open change: the version is over, for ``reason`` (empty: it follows from the state)."""
    version.closed_at, version.closed_because = trail.at, reason
    return _moved(trail, version, after, action)


def _begin_trials(trail: Trail, version: AgreementVersion) -> None:
    """Clauses that nobody has measured are tried out first, unless they were in an earlier version that held."""
    first = version.starts_on or day_of(trail.at)
    held = Clause.objects.filter(
        agreement_version__agreement=version.agreement, agreement_version__activated_at__isnull=False, dropped=False
    )
    tried_before = set(held.values_list("line", flat=True))
    for clause in Clause.objects.filter(agreement_version=version, dropped=False).select_related("calendar"):
        if needs_trial(clause.terms, None if clause.line in tried_before else first):
            tried = trail.lock(Clause, clause)
            tried.trial_until = first + TRIAL
            trail.save(tried, "clause.on_trial")


def _others(version: AgreementVersion) -> list[Side]:
    return [Side(version.proposed_side).other] if version.proposed_side else list(Side)


def _proposers(version: AgreementVersion) -> list[Side]:
    return [Side(version.proposed_side)] if version.proposed_side else list(Side)
