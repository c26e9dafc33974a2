"""Keys under which other systems know records."""

from __future__ import annotations

from datetime import datetime

from baton.core import policy
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.errors import NotFound, Refused, TooLong
from baton.core.models import ExternalKey
from baton.core.models.external_keys import KEY_LENGTH, SYSTEM_LENGTH
from baton.core.texts import clean_text, folded
from baton_analysis.errors import gettext_noop


def give_external_key(*, by: Actor, at: datetime, kind: str, object_id: str, system: str, key: str) -> ExternalKey:
    """Say under which ``key`` another ``system`` knows the record ``object_id`` of a ``kind``.

    A system keeps the spelling under which it was first named, whatever the letter case. A key that the record has
    already is returned as it stands. Refused: one that another record of the kind has, nothing, or too long a text.
    Raises :class:`NotFound` for kinds without keys and for records that ``by`` does not see, :class:`Forbidden` where
    he may not give any.
    """
    rules = policy.rules_of_keys(kind)
    if not rules.seen(by, {object_id}):
        raise NotFound
    policy.demand(rules.may_give(by, object_id))
    system, key = _said(system, "system", SYSTEM_LENGTH), _said(key, "key", KEY_LENGTH)
    with change(by=by, at=at) as trail:
        system = known_spelling(system)
        in_use = ExternalKey.everything.filter(
            withdrawn_at__isnull=True, system=system, record_kind=kind, key=key
        ).first()
        if in_use is not None and in_use.object_id == object_id:
            return in_use
        if in_use is not None:
            raise Refused(
                field="key",
                expected=gettext_noop("Expected a key that no other record has in {system}."),
                found=gettext_noop("Another one has it already."),
                remedy=gettext_noop("Enter another key, or withdraw it there first."),
                system=system,
            )
        given = ExternalKey(
            record_kind=kind, object_id=object_id, subject=rules.subject(object_id), system=system, key=key,
            search_text=folded(key),
        )  # fmt: skip
        return trail.save(given, "external_key.given")


def withdraw_external_key(*, by: Actor, at: datetime, key: ExternalKey, expected_seq: int | None = None) -> ExternalKey:
    """From ``at`` on the key means the record no more and may be given to another one. Withdrawn twice is once."""
    rules = policy.rules_of_keys(key.record_kind)
    policy.demand(rules.may_give(by, key.object_id))
    with change(by=by, at=at) as trail:
        fresh = trail.lock(ExternalKey, key, expected_seq=expected_seq)
        if fresh.withdrawn_at is not None:
            return fresh
        fresh.withdrawn_at = at
        return trail.save(fresh, "external_key.withdrawn")


def _said(raw: str, field: str, most: int) -> str:
    text = clean_text(raw)
    if not text or len(text) > most:
        raise TooLong(
            field=field, most=most, length=len(text), remedy=gettext_noop("Enter what the other system shows.")
        )
    return text


def known_spelling(system: str) -> str:
    """The spelling under which a system was first named, whatever the letter case."""
    known = ExternalKey.objects.filter(system__iexact=system).order_by("pk").values_list("system", flat=True).first()
    return known or system
