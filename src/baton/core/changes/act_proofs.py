"""PINs and badges: set by their owners, taken away, and shown on a shared device."""

from __future__ import annotations

from datetime import datetime

from baton.core import policy
from baton.core.act_proofs import (
    BADGE_LENGTH,
    LOCKED_FOR,
    PIN,
    WRONG_UNTIL_LOCKED,
    WRONG_UNTIL_SPENT,
    badge_digest,
    is_locked,
    is_pin,
    is_too_plain,
    normal_badge,
    pin_hash,
)
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.errors import Forbidden, Refused
from baton.core.formats import moment
from baton.core.models import ActProof, Person
from baton.core.queries import roles_of
from baton_analysis.errors import gettext_noop


def set_pin(*, by: Actor, at: datetime, pin: str) -> ActProof:
    """Set one's own PIN; an earlier one is no more, and wrong tries are forgotten."""
    person = _owner(by)
    if not PIN.fullmatch(pin) or is_too_plain(pin):
        raise Refused(
            field="pin",
            expected=gettext_noop("Expected 4 to 8 digits that nobody tries first."),
            found=gettext_noop("Found something else, one digit only, a run such as 1234, or two digits in turn."),
            remedy=gettext_noop("Choose another one, longer rather than cleverer."),
        )
    hashed = pin_hash(person, pin)
    with change(by=by, at=at) as trail:
        proof = _taken(trail, person)
        proof.pin_hash, proof.wrong, proof.locked_until = hashed, 0, None
        return trail.save(proof, "act_proof.pin_set")


def set_badge(*, by: Actor, at: datetime, code: str) -> ActProof:
    """Say which badge is one's own; one badge belongs to one person."""
    person = _owner(by)
    if not normal_badge(code):
        raise Refused(
            field="badge",
            expected=gettext_noop("Expected the code of a badge: {least} to {most} letters, digits and signs."),
            found=gettext_noop("Found something else."),
            remedy=gettext_noop("Put the cursor into the field and hold the badge to the reader."),
            least=BADGE_LENGTH.start,
            most=BADGE_LENGTH.stop - 1,
        )
    digest = badge_digest(code)
    with change(by=by, at=at) as trail:
        if ActProof.objects.filter(badge_digest=digest).exclude(person=person).exists():
            raise Refused(
                field="badge",
                expected=gettext_noop("Expected a badge of your own."),
                found=gettext_noop("Somebody else has entered this one."),
                remedy=gettext_noop("Take your own, or ask the administrator to take the badge from the other person."),
            )
        proof = _taken(trail, person)
        proof.badge_digest = digest
        return trail.save(proof, "act_proof.badge_set")


def remove_proofs(*, by: Actor, at: datetime, person: Person) -> None:
    """PIN and badge of ``person`` are no more: himself, his head or an administrator. He sets new ones. Removed twice
    is once."""
    policy.demand(policy.may_remove_proofs(by, person, roles_of(person, at)))
    _empty(by=by, at=at, person=person, action="act_proof.removed")


def forget_proofs(*, by: Actor, at: datetime, person: Person) -> None:
    """Nothing of somebody who is forgotten is left to compare with."""
    _empty(by=by, at=at, person=person, action="act_proof.forgotten")


def show_pin(*, at: datetime, person: Person, pin: str, device: str, request: str = "") -> Actor:
    """Who acts, once the PIN of ``person`` was shown on the shared device ``device`` (public id). He acts without the
    roles that he has in the whole organisation.

    Raises :class:`Refused` for a wrong PIN and counts it: five in a row lock for a quarter of an hour, fifteen end the
    PIN. The caller has made sure that the device is in use and that the person belongs to its team.
    """
    by = Actor(person, request=request, via=device)
    proof = ActProof.objects.select_related("person").filter(person=person).first()
    if proof is None or not proof.pin_hash:
        raise _refused(gettext_noop("{name} has no PIN."), person, gettext_noop("Set one under My profile."))
    right = not is_locked(proof, at) and is_pin(proof, pin)
    # Who typed it is not known before it is right.
    with change(by=Actor(None, request=request, via=device), at=at) as trail:
        # Somebody may have tried others meanwhile.
        fresh = trail.lock(ActProof, proof)
        if is_locked(fresh, at):
            raise _refused(
                gettext_noop("After too many wrong ones no PIN of {name} is accepted before {until}."),
                person,
                gettext_noop("Wait, use the badge, or set a new PIN under My profile."),
                until=moment(fresh.locked_until),
            )
        if right and fresh.pin_hash == proof.pin_hash:
            _forget_wrong(trail, fresh)
            return by
        wrong = _count(trail, fresh, at)
    raise _refused(
        gettext_noop("It is not this one. Wrong ones in a row: {wrong}."),
        person,
        gettext_noop(
            "Type it again; after {most} wrong ones it is locked for a while. Who forgot it sets a new one under My "
            "profile."
        ),
        wrong=wrong,
        most=WRONG_UNTIL_LOCKED,
    )


def show_badge(*, person: Person, device: str, request: str = "") -> Actor:
    """Who acts, once his badge was read on the shared device (:func:`baton.core.act_proofs.person_with_badge`)."""
    return Actor(person, request=request, via=device)


def _owner(by: Actor) -> Person:
    policy.demand(policy.may_use(by))
    if by.person is None or by.via:
        raise Forbidden
    return by.person


def _taken(trail: Trail, person: Person) -> ActProof:
    held = ActProof.objects.filter(person=person).first()
    return trail.lock(ActProof, held) if held is not None else ActProof(person=person)


def _empty(*, by: Actor, at: datetime, person: Person, action: str) -> None:
    with change(by=by, at=at) as trail:
        for held in ActProof.objects.filter(person=person):
            proof = trail.lock(ActProof, held)
            if not proof.pin_hash and proof.badge_digest is None:
                continue
            proof.pin_hash, proof.badge_digest, proof.wrong, proof.locked_until = "", None, 0, None
            trail.save(proof, action)


def _forget_wrong(trail: Trail, proof: ActProof) -> None:
    if proof.wrong:
        proof.wrong, proof.locked_until = 0, None
        trail.save(proof, "act_proof.pin_shown")


def _count(trail: Trail, proof: ActProof, at: datetime) -> int:
    proof.wrong += 1
    if proof.wrong >= WRONG_UNTIL_SPENT:
        proof.pin_hash, proof.locked_until = "", None
        trail.save(proof, "act_proof.pin_ended")
        return proof.wrong
    if proof.wrong % WRONG_UNTIL_LOCKED == 0:
        proof.locked_until = at + LOCKED_FOR
    trail.save(proof, "act_proof.pin_refused")
    return proof.wrong


def _refused(found: str, person: Person, remedy: str, **values: object) -> Refused:
    return Refused(
        field="pin", expected=gettext_noop("Expected the PIN of {name}."), found=found, remedy=remedy, name=str(person),
        **values,
    )  # fmt: skip
