"""Clauses of a service offer that nobody has measured are tried out first, from the day on which it is offered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from django.db.models import Q

from baton.agreements.changes.drafts import clauses_in
from baton.agreements.models import Clause, OfferVersion
from baton.agreements.rules import TRIAL, OfferState, has_baseline, needs_trial
from baton.core.audit.trail import Trail
from baton.core.days import day_of
from baton.core.errors import Refused
from baton_analysis.errors import gettext_noop


def begin_trials(trail: Trail, version: OfferVersion, before: date | None) -> None:
    """Within an open change, on a locked draft whose first day was ``before``: trials that Baton reckoned from that
    day, or from the one on which the clause was written, and those that are over too soon, are reckoned from the first
    day as it now stands. A later day that somebody chose stays."""
    first = version.starts_on or day_of(trail.at)
    for clause in _untried(list(clauses_in(version).filter(dropped=False).select_related("calendar"))):
        reckoned = (before or day_of(clause.recorded_at)) + TRIAL
        if clause.trial_until != first + TRIAL and (clause.trial_until == reckoned or needs_trial(clause.terms, first)):
            held = trail.lock(Clause, clause)
            held.trial_until = first + TRIAL
            trail.save(held, "clause.on_trial")


def demand_trials(version: OfferVersion, clauses: Sequence[Clause], today: date) -> None:
    """Refuse a version with a clause that nobody has measured or tried out, and whose trial is over before customers
    can accept it: it would bind them at once."""
    first = max(version.starts_on or today, today)
    if over := [one for one in _untried(clauses) if needs_trial(one.terms, first)]:
        raise Refused(
            expected=gettext_noop("Expected clauses that nobody has measured to be tried out from {first} on."),
            found=gettext_noop("The trial is over by then in: {clauses}."),
            remedy=gettext_noop("Save the days of the version again: its trials begin anew with its first day."),
            first=first.isoformat(),
            clauses="; ".join(str(clause) for clause in over[:5]),
        )


def _untried(clauses: Sequence[Clause]) -> list[Clause]:
    """Those without a baseline that were not in a version which held, of an agreement or of a service offer."""
    unmeasured = [one for one in clauses if not has_baseline(one.terms)]
    tried = _tried({one.line for one in unmeasured}) if unmeasured else set()
    return [one for one in unmeasured if one.line not in tried]


def _tried(lines: Collection[str]) -> set[str]:
    held = Q(agreement_version__activated_at__isnull=False) | Q(
        offer_version__state__in=[OfferState.ACTIVE, OfferState.SUPERSEDED]
    )
    return set(Clause.objects.filter(held, line__in=lines, dropped=False).values_list("line", flat=True))
