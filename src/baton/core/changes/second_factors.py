"""Second factors: codes that are spent, factors that were lost."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from baton.core import policy
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.models import Person
from baton.core.one_time_codes import totp_step


def spend_totp_code(*, authenticator: Authenticator, code: str) -> bool:
    """Note that a valid one-time code was used; False when this one, or a later one, was used before.

    RFC 6238, 5.2: the step of the last accepted code is kept with the factor and only later steps are accepted.
    """
    with transaction.atomic():
        fresh = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        step = totp_step(fresh, code)
        if step is None or step <= fresh.data.get("last_step", -1):
            return False
        fresh.data["last_step"] = step
        fresh.save(update_fields=["data"])
        authenticator.data = fresh.data
        return True


def remove_second_factor(*, by: Actor, at: datetime, person: Person) -> None:
    """Take a lost second factor and its recovery codes away, so that the password alone is enough again."""
    policy.demand(policy.may_manage_people(by))
    with change(by=by, at=at) as trail:
        removed, _rows = Authenticator.objects.filter(user=person).delete()
        if removed:
            trail.note("person.factor_removed", kind=Person.kind, object_id=person.public_id)
