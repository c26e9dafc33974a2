"""PINs and badges: how they are spelled and compared, and when wrong ones lock.

They show who takes a step on a shared device. They open no page and sign nothing.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.utils.crypto import salted_hmac

from baton.core import policy
from baton.core.actors import Actor
from baton.core.models import ActProof, Person

PIN = re.compile(r"[0-9]{4,8}")
BADGE_LENGTH = range(4, 65)
"""Characters of the code of a badge, as its reader types it."""

WRONG_UNTIL_LOCKED = 5
LOCKED_FOR = timedelta(minutes=15)
WRONG_UNTIL_SPENT = 15
"""After so many wrong ones in a row a PIN is no more: its owner sets a new one. A PIN of four digits is then guessed
with a chance of 15 in 10,000."""

_RUNS = "01234567890"


def is_too_plain(pin: str) -> bool:
    """Whether others try it first: one digit, a run up or down, two digits in turn."""
    turns = len(pin) % 2 == 0 and pin == pin[:2] * (len(pin) // 2)
    return len(set(pin)) == 1 or pin in _RUNS or pin in _RUNS[::-1] or turns


def normal_badge(code: str) -> str:
    """The code of a badge without what readers add around it; empty where it is none."""
    text = code.strip().upper()
    return text if len(text) in BADGE_LENGTH and text.isascii() and text.isprintable() and " " not in text else ""


def pin_hash(person: Person, pin: str) -> str:
    """The PIN as it is stored: without the installation's key nobody tries out the few that there are."""
    return make_password(_peppered(person, pin))


def is_pin(proof: ActProof, pin: str) -> bool:
    """Whether this is the PIN. Costs as much as a password."""
    return bool(proof.pin_hash) and check_password(_peppered(proof.person, pin), proof.pin_hash)


def badge_digest(code: str) -> str:
    """By what a badge is found."""
    return salted_hmac("baton.core.badge", normal_badge(code), algorithm="sha256").hexdigest()


def proof_of(*, viewer: Actor, person: Person) -> ActProof | None:
    """What somebody has set, for himself and for who may take it away."""
    policy.demand(policy.is_self(viewer, person) or policy.may_manage_people(viewer) or viewer.is_system)
    return ActProof.objects.filter(person=person).first()


def person_with_badge(code: str) -> Person | None:
    """Whose badge it is."""
    if not normal_badge(code):
        return None
    found = ActProof.objects.select_related("person").filter(badge_digest=badge_digest(code)).first()
    return found.person if found is not None else None


def is_locked(proof: ActProof, at: datetime) -> bool:
    """Whether no PIN is accepted at ``at``."""
    return proof.locked_until is not None and at < proof.locked_until


def _peppered(person: Person, pin: str) -> str:
    return salted_hmac("baton.core.pin", f"{person.public_id}:{pin}", algorithm="sha256").hexdigest()
