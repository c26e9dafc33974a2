"""What a signature is bound to: the digest of the exact version, the seal in the audit trail, the proof of who signs.

Definition: the digest of a version is the SHA-256 of the canonical JSON (sorted keys, no spaces, UTF-8) of
``{"content": ..., "kind": ..., "public_id": ...}``, where the content is what its room says that a signature stands
for (``registries.Signable``). Names that say nothing (null, an empty text, list or object, false) are left out of the
content: a release that gives records one more field, which says nothing of what was signed before, voids no
signature. The seal is the SHA-256 of the canonical JSON of all values of the signature with its random salt; it
stands in the audit entry with which the signature was written, and so in the hash chain.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from baton.core import registries
from baton.core.audit.chain import canonical
from baton.core.audit.values import plain, values_of
from baton.core.errors import NotFound

if TYPE_CHECKING:
    from baton.core.models import Signature

SHORT = 16
"""Characters of a digest that people compare by eye: 64 bits."""


@dataclass(frozen=True, slots=True)
class Proof:
    """That somebody has just shown who he is. Made where it was checked, taken by ``changes.sign``.

    ``person`` is his public id, ``means`` what was asked for (``sign_in_name``, ``password``, ``code``), ``at`` the
    moment of the request in which it was checked: it counts in that one only.
    """

    person: str
    means: tuple[str, ...]
    at: datetime


def digest_of(kind: str, public_id: str, content: Mapping[str, Any]) -> str:
    """SHA-256 of a version, as 64 hexadecimal characters."""
    said = {"kind": kind, "public_id": public_id, "content": _said(plain(content))}
    return sha256(canonical(said).encode()).hexdigest()


def _said(value: Any) -> Any:
    """Without names that say nothing; the places in a list stay."""
    if isinstance(value, Mapping):
        named = {name: _said(one) for name, one in value.items()}
        return {name: one for name, one in named.items() if one is not False and one not in (None, "", [], {})}
    return [_said(one) for one in value] if isinstance(value, list | tuple) else value


def digests_now(kind: str, public_ids: Collection[str]) -> dict[str, str]:
    """The digests of the records as they now stand; those that are no more are left out."""
    if kind not in registries.signables:
        return {}
    contents = registries.signables.get(kind).contents(public_ids)
    return {public_id: digest_of(kind, public_id, content) for public_id, content in contents.items()}


def digest_now(kind: str, public_id: str) -> str:
    """The digest of one record as it now stands; :class:`NotFound` where there is none."""
    found = digests_now(kind, [public_id]).get(public_id)
    if found is None:
        raise NotFound
    return found


def short(digest: str) -> str:
    """The beginning of a digest in groups that can be read out: ``3f2a 91c0 7b1e 0d54``."""
    return " ".join(digest[start : start + 4] for start in range(0, SHORT, 4))


def digest_in_groups(digest: str) -> str:
    """All 64 characters, four by four."""
    return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))


def seal_of(signature: Signature) -> str:
    """SHA-256 of everything that stands in a signature, as 64 hexadecimal characters."""
    said = {"public_id": signature.public_id, **values_of(signature)}
    return sha256(canonical(said).encode()).hexdigest()
