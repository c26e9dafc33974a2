"""Signatures under records, and whether they still hold."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from baton.core import policy, registries
from baton.core.actors import Actor
from baton.core.errors import NotFound
from baton.core.models import AuditEntry, Person, Signature
from baton.core.retention import retention_of
from baton.core.signatures import digest_now, digests_now, seal_of
from baton.core.texts import Texts


class Fate(StrEnum):
    """What has become of a signature.

    HOLDS    the record still is the version that was signed
    CHANGED  the record was changed after it was signed
    GONE     the record is no more
    FORGED   the signature is not what the audit trail says was written
    """

    HOLDS = "holds"
    CHANGED = "changed"
    GONE = "gone"
    FORGED = "forged"


@dataclass(frozen=True, slots=True)
class SignatureStanding:
    """A signature and what has become of it."""

    signature: Signature
    fate: Fate

    @property
    def holds(self) -> bool:
        return self.fate is Fate.HOLDS


@dataclass(frozen=True, slots=True)
class ToSign:
    """A version that somebody is about to sign: what it is called, by language, and its digest."""

    kind: str
    public_id: str
    name: Texts
    digest: str


@dataclass(frozen=True, slots=True)
class SignedName:
    """How many signatures bear the name of a person, and until when the last of them is kept."""

    count: int
    kept_until: datetime | None


def to_sign(*, viewer: Actor, kind: str, public_id: str) -> ToSign:
    """The record as it now stands, to be signed by ``viewer``; :class:`NotFound` where he does not see it."""
    if kind not in registries.signables or not policy.may_see_object(viewer, kind, public_id):
        raise NotFound
    names = registries.signables.get(kind).names([public_id])
    return ToSign(kind, public_id, dict(names.get(public_id, {})), digest_now(kind, public_id))


def signatures_of(*, viewer: Actor, kind: str, public_id: str) -> list[SignatureStanding]:
    """The signatures under a record, in the order in which they were given, each with whether it still holds.

    :class:`NotFound` where the viewer does not see the record. Two queries and those of the room.
    """
    if not policy.may_see_object(viewer, kind, public_id):
        raise NotFound
    return _standings(kind, [public_id]).get(public_id, [])


def signatures_of_several(
    *, viewer: Actor, kind: str, public_ids: Collection[str]
) -> dict[str, list[SignatureStanding]]:
    """As :func:`signatures_of`, for records that the caller has read with this viewer: as many queries as for one."""
    policy.demand(policy.is_signed_in(viewer))
    return _standings(kind, public_ids)


def signature(*, viewer: Actor, public_id: str) -> Signature:
    """One signature; :class:`NotFound` where the viewer does not see the record under which it stands."""
    found = Signature.objects.select_related("person").filter(public_id=public_id).first()
    if found is None or not policy.may_see_object(viewer, found.object_kind, found.object_id):
        raise NotFound
    return found


def signed_record(public_id: str) -> tuple[str, str]:
    """Kind and public id of the record under which a signature stands; empty where there is no such signature. Asked
    for its address by the core, for those who see it."""
    found = Signature.objects.filter(public_id=public_id).values_list("object_kind", "object_id").first()
    return found or ("", "")


def signed_name(*, viewer: Actor, person: Person) -> SignedName:
    """What stays of the name of ``person`` when he is forgotten."""
    policy.demand(policy.may_list_people(viewer) or policy.is_self(viewer, person))
    given = Signature.objects.filter(person=person)
    last = given.order_by("-signed_at").values_list("signed_at", flat=True).first()
    years = relativedelta(years=retention_of(Signature.kind).years)
    return SignedName(given.count(), last + years if last is not None else None)


def _standings(kind: str, public_ids: Collection[str]) -> dict[str, list[SignatureStanding]]:
    rows = Signature.objects.filter(object_kind=kind, object_id__in=public_ids)
    given = list(rows.select_related("person").order_by("pk"))
    now = digests_now(kind, {one.object_id for one in given}) if given else {}
    seals = _seals(given)
    found: dict[str, list[SignatureStanding]] = {}
    for one in given:
        fate = _fate(one, now.get(one.object_id), seals.get(one.changed_seq))
        found.setdefault(one.object_id, []).append(SignatureStanding(one, fate))
    return found


def _seals(given: Iterable[Signature]) -> dict[int, tuple[str, str]]:
    """Signature and seal that the audit entries of ``given`` speak of, by number."""
    wanted = [one.changed_seq for one in given]
    entries = AuditEntry.objects.filter(seq__in=wanted, kind=Signature.kind).values_list("seq", "object_id", "body")
    return {seq: (public_id, json.loads(body)["detail"].get("seal", "")) for seq, public_id, body in entries}


def _fate(one: Signature, now: str | None, written: tuple[str, str] | None) -> Fate:
    if written != (one.public_id, seal_of(one)):
        return Fate.FORGED
    if now is None:
        return Fate.GONE
    return Fate.HOLDS if now == one.digest else Fate.CHANGED
