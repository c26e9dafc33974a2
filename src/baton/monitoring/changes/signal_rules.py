"""Rules of who is told of which signals: made and withdrawn."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.errors import Refused
from baton.core.policy import demand
from baton.core.rules import Role
from baton.monitoring import policy
from baton.monitoring.models import SignalRule
from baton.monitoring.rules import MEASURES, WATCHED_RULE_CODES, Severity
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.models import Person

MOST_RULES = 50


def add_signal_rule(
    *,
    by: Actor,
    at: datetime,
    person: Person | None = None,
    role: str = "",
    measure: str = "",
    rule: str = "",
    severity: str = "",
    better: bool = False,
) -> SignalRule:
    """Have ``person``, or whoever holds ``role``, told of new signals; what is left empty does not matter. Refused:
    neither or both, one of whom there is such a rule already, a guest's role."""
    demand(policy.may_change_rule(by, person))
    _check(person, role, measure, rule, severity)
    with change(by=by, at=at) as trail:
        live = SignalRule.objects.filter(withdrawn_at__isnull=True, person=person, role=role)
        if live.filter(measure=measure, rule=rule, severity=severity, better=better).exists():
            raise Refused(
                expected=gettext_noop("Expected a rule that there is not yet."),
                found=gettext_noop("The same is told to the same already."),
                remedy=gettext_noop("Change one of the values, or leave it as it is."),
            )
        if live.count() >= MOST_RULES:
            raise Refused(
                expected=gettext_noop("Expected at most {most} rules for one person or role."),
                remedy=gettext_noop("Withdraw those that are not needed any more."),
                most=MOST_RULES,
            )
        made = SignalRule(
            person=person, role=role, measure=measure, rule=rule, severity=severity, better=better
        )  # fmt: skip
        return trail.save(made, "signal_rule.added")


def withdraw_signal_rule(
    *, by: Actor, at: datetime, rule: SignalRule, expected_seq: int | None = None
) -> SignalRule:  # fmt: skip
    """Nobody is told because of this rule any more. Twice is once."""
    with change(by=by, at=at) as trail:
        fresh = trail.lock(SignalRule, rule, expected_seq=expected_seq)
        demand(policy.may_change_rule(by, fresh.person))
        if fresh.withdrawn_at is None:
            fresh.withdrawn_at = at
            trail.save(fresh, "signal_rule.withdrawn")
        return fresh


def forget_person(*, by: Actor, at: datetime, person: Person) -> None:
    """Nobody is told any more who is forgotten. Called in that change."""
    with change(by=by, at=at) as trail:
        for rule in SignalRule.objects.filter(person=person, withdrawn_at__isnull=True):
            fresh = trail.lock(SignalRule, rule)
            fresh.withdrawn_at = at
            trail.save(fresh, "signal_rule.withdrawn")


def _check(person: Person | None, role: str, measure: str, rule: str, severity: str) -> None:
    if (person is None) == (role == ""):
        raise Refused(
            field="person",
            expected=gettext_noop("Expected either a person or a role."),
            remedy=gettext_noop("Choose one of both."),
        )
    known = {
        "role": ("", *(one for one in Role if one is not Role.GUEST)), "measure": ("", *MEASURES),
        "rule": ("", *WATCHED_RULE_CODES), "severity": ("", *Severity),
    }  # fmt: skip
    for field, value in {"role": role, "measure": measure, "rule": rule, "severity": severity}.items():
        if value not in known[field]:
            raise Refused(
                field=field,
                expected=gettext_noop("Expected one of: {known}."),
                found=gettext_noop("Found “{value}”."),
                remedy=gettext_noop("Choose one of them, or leave it empty."),
                known=", ".join(one for one in known[field] if one),
                value=value[:40],
            )
