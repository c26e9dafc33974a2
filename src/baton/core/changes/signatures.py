"""Signing: the one place where a signature is written."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from baton.core import policy, registries
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.changes.notifications import notify
from baton.core.errors import Forbidden, NotFound, Refused, TooLong, VersionChanged
from baton.core.models import Person, Signature
from baton.core.queries import people
from baton.core.rules import Role
from baton.core.signatures import Proof, digest_now, seal_of, short
from baton.core.signing_rules import OUTSIDE_GRADES, SIGNER_LENGTH, Grade, Meaning
from baton.core.texts import Texts, clean_text
from baton_analysis.errors import gettext_noop


def sign(
    *,
    by: Actor,
    at: datetime,
    kind: str,
    public_id: str,
    expected_digest: str,
    meaning: Meaning,
    grade: Grade,
    proof: Proof | None = None,
    name: str = "",
    side: str = "",
    capacity: Mapping[str, str] | None = None,
) -> Signature:
    """Sign the version of a record that the signer read, ``expected_digest`` being that of what he was shown.

    The room calls this in its change, after it has made sure that ``by`` may sign for this side. Of somebody signed in
    his own name is printed, and he signs for nobody else: with the grade of re-authentication ``proof`` must be that he
    has just shown who he is. Somebody outside (task link, paper) gives the ``name`` that is printed. ``capacity`` is
    what he signs as, by language.

    Raises :class:`VersionChanged` when the record changed since it was shown, :class:`Forbidden` for programs
    and without proof, :class:`NotFound` for a record that is no more or that the signer does not see.
    """
    _demand_signer(by, at, grade, proof)
    outside = grade in OUTSIDE_GRADES
    if kind not in registries.signables or not (outside or policy.may_see_object(by, kind, public_id)):
        raise NotFound
    zone = _zone_of(by)
    with change(by=by, at=at) as trail:
        _demand_same(kind, public_id, expected_digest)
        signature = Signature(
            object_kind=kind, object_id=public_id, digest=expected_digest, meaning=Meaning(meaning), grade=Grade(grade),
            means=list(_MEANS.get(grade, ()) if proof is None else proof.means), person=None if outside else by.person,
            printed_name={settings.LANGUAGE_CODE: name_given(name)} if outside else _own_name(by),
            side=side, capacity=dict(capacity or {}),
            signed_at=at, zone=zone.key, utc_offset=_minutes_ahead(at, zone), salt=secrets.token_hex(16),
        )  # fmt: skip
        return trail.save(signature, "signature.given", seal=seal_of(signature))


LOCKED_TOPIC = "core.signer_locked"
_MEANS = {Grade.TASK_LINK: ("link", "link_code"), Grade.PAPER: ("scan",)}
"""What somebody outside shows, by grade."""


def note_refused_signature(*, by: Actor, at: datetime, kind: str, public_id: str, locked: bool = False) -> None:
    """Note at the record that somebody tried to sign it and did not show who he is. When that ``locked`` the account,
    the administrators are told at once (21 CFR 11.300(d))."""
    with change(by=by, at=at) as trail:
        trail.note("signature.refused", kind=kind, object_id=public_id, **({"locked": True} if locked else {}))
        if locked and by.person is not None:
            for administrator in _administrators(at):
                notify(
                    by=by, at=at, person=administrator, topic=LOCKED_TOPIC, values={"name": dict(by.person.name)},
                    address=f"/people/{by.person.public_id}/", shows=[("person", by.person.public_id)],
                )  # fmt: skip


def _administrators(at: datetime) -> list[Person]:
    return list(people(viewer=Actor.system("signing"), at=at, role=Role.ADMINISTRATOR, active=True))


def _demand_signer(by: Actor, at: datetime, grade: Grade, proof: Proof | None) -> None:
    """Nobody signs for another, and no program for anybody."""
    if by.via:
        raise Forbidden(
            expected=gettext_noop("A signature is given by a person who is there."),
            found=gettext_noop("This call came with a token of the API."),
            remedy=gettext_noop("Sign on the page of the record."),
        )
    if grade in OUTSIDE_GRADES:
        return
    if by.person is None or not by.person.is_active:
        raise Forbidden
    shown = proof is not None and (proof.person, proof.at) == (by.person.public_id, at) and bool(proof.means)
    if grade is not Grade.TAP and not shown:
        raise Forbidden(
            expected=gettext_noop("Whoever signs shows for each signature who he is."),
            remedy=gettext_noop("Open the page of the record again and sign there."),
        )


def _demand_same(kind: str, public_id: str, expected_digest: str) -> None:
    now = digest_now(kind, public_id)
    if now != expected_digest:
        raise VersionChanged(shown=short(expected_digest), now=short(now), digest=now)


def _own_name(by: Actor) -> Texts:
    if by.person is None:
        raise Forbidden
    return dict(by.person.name) or {settings.LANGUAGE_CODE: by.person.sign_in_name}


def name_given(typed: str) -> str:
    """The name of somebody outside in one line; refused where it is empty or too long to be printed."""
    name = " ".join(clean_text(typed).split())
    if not name:
        raise Refused(
            field="name",
            expected=gettext_noop("Expected the name of a person."),
            found=gettext_noop("Nothing was entered."),
            remedy=gettext_noop("Enter first and last name, as they stand on documents."),
        )
    if len(name) > SIGNER_LENGTH:
        raise TooLong(field="name", most=SIGNER_LENGTH, length=len(name))
    return name


def _zone_of(by: Actor) -> ZoneInfo:
    """The signer's zone; of somebody outside the organisation's."""
    return ZoneInfo(by.person.time_zone if by.person is not None else timezone.get_default_timezone_name())


def _minutes_ahead(at: datetime, zone: ZoneInfo) -> int:
    ahead = at.astimezone(zone).utcoffset()
    return int(ahead.total_seconds() // 60) if ahead is not None else 0
