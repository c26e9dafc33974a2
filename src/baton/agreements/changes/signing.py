"""A side accepts a version with a signature; when both have, it is accepted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext, override

from baton.agreements import policy
from baton.agreements.changes.answers import demand_heard
from baton.agreements.changes.steps import accepted_by_both, clauses_of
from baton.agreements.changes.telling import SIGNED_TOPIC, tell_side
from baton.agreements.models import Acceptance, Agreement, AgreementVersion
from baton.agreements.queries import is_superseded, signed_by, valid_acceptances
from baton.agreements.queries.hearing import hearing_of
from baton.agreements.rules import Objection, Side, VersionState, is_over, missing, objection
from baton.chain.policy import standing_of
from baton.chain.rules import OUTSIDE
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import MadeLink, make_task_link, sign, withdraw_task_link
from baton.core.days import day_of
from baton.core.discussions.changes import add_comment
from baton.core.errors import Forbidden, NotFound, Refused
from baton.core.policy import demand
from baton.core.signatures import Proof
from baton.core.signing_rules import Grade, Meaning
from baton.core.texts import Texts, say
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Party
    from baton.core.attachments.keeping import KeptFile
    from baton.core.models import Attachment, Signature, TaskLink

OUTSIDE_TASK = "agreements.acceptance"
OPINION_TASK = "agreements.opinion"
_ASKING = Actor.system("signing")


@dataclass(frozen=True, slots=True)
class Mark:
    """What the QR code of a printed page says: which version, and the digest of its text."""

    public_id: str
    digest: str


@dataclass(frozen=True, slots=True)
class Signer:
    """By which door somebody signs: the ``grade``; in a session the ``proof`` that it is he, else the ``name`` that is
    printed."""

    grade: Grade
    proof: Proof | None = None
    name: str = ""


def accept_version(
    *, by: Actor, at: datetime, version: AgreementVersion, side: Side, expected_digest: str, proof: Proof
) -> Acceptance:
    """Sign a proposed version for the side that ``by`` leads, himself, as he was shown it (``expected_digest``).

    The signature of the second side makes it accepted, and brings it into force where its first day has come. A side
    whose signature became void, because the version was changed in a consultation, signs again.
    """
    signer = Signer(Grade.REAUTHENTICATION, proof)
    with change(by=by, at=at) as trail:
        version = trail.lock(AgreementVersion, version)
        _demand_may_sign(trail, version, side)
        return accepted(trail, version, side, signer, expected_digest)


def accepted(
    trail: Trail,
    version: AgreementVersion,
    side: Side,
    signer: Signer,
    expected_digest: str,
    *,
    scan: Attachment | None = None,
) -> Acceptance:
    """Within an open change: the side has signed the locked version. For the doors, which have asked who may."""
    held = valid_acceptances(viewer=trail.by, versions=[version]).get(version.pk, {})
    if side in held:
        raise refusal(Objection.SIGNED)
    outside = signer.proof is None
    signature = sign(
        by=trail.by, at=trail.at, kind=AgreementVersion.kind, public_id=version.public_id,
        expected_digest=expected_digest, meaning=Meaning.ACCEPTANCE, grade=signer.grade, proof=signer.proof,
        name=signer.name, side=side,
        capacity=for_the_party(party_of(version, side)) if outside else capacity_for(trail, party_of(version, side)),
    )  # fmt: skip
    earlier = Acceptance.objects.filter(version=version, side=side).first()
    if earlier is None:
        acceptance = Acceptance(version=version, side=side, signature=signature, scan=scan)
        acceptance = trail.save(acceptance, "acceptance.given")
    else:
        acceptance = trail.lock(Acceptance, earlier)
        acceptance.signature, acceptance.scan, acceptance.digest = signature, scan, ""
        acceptance = trail.save(acceptance, "acceptance.renewed")
    if side.other in held:
        accepted_by_both(trail, version)
    else:
        tell_side(trail, version, [side.other], SIGNED_TOPIC)
    return acceptance


def accept_on_paper(
    *,
    by: Actor,
    at: datetime,
    version: AgreementVersion,
    side: Side,
    marks: Collection[Mark],
    name: str,
    scan: KeptFile,
) -> Acceptance:
    """Register the signed or chopped paper copy of exactly this version, which ``name`` signed for a side.

    ``marks`` are what its QR codes say. For a party of the organisation this does who speaks for its side, or the
    quality manager; for an outside party whoever writes the agreement. The scan is kept with the agreement's comments.
    """
    with change(by=by, at=at) as trail:
        version = trail.lock(AgreementVersion, version)
        _demand_may_register(trail, version, side)
        demand_open(version, day_of(at))
        mark = _the_mark(version, marks)
        with override(settings.LANGUAGE_CODE):
            words = gettext("Signed paper copy of version {version}, for {party}.").format(
                version=version.version, party=say(party_of(version, side).name)
            )
        said = add_comment(
            by=by, at=at, kind=Agreement.kind, public_id=version.agreement.public_id, words=words, files=[scan]
        )
        signer = Signer(Grade.PAPER, name=name)
        return accepted(trail, version, side, signer, mark.digest, scan=said.attachments.get())


def _demand_may_register(trail: Trail, version: AgreementVersion, side: Side) -> None:
    standing, link = standing_of(trail.by, day_of(trail.at)), version.agreement.link
    outside = party_of(version, side).party_kind in OUTSIDE
    demand(trail.by.person is not None and not trail.by.via and policy.may_write(standing, link))
    demand(outside or standing.edits_all or side in policy.speaks_for(standing, link))
    other = valid_acceptances(viewer=trail.by, versions=[version]).get(version.pk, {}).get(side.other)
    if not outside and other is not None and trail.by.person is not None:
        demand(other.signature.person_id != trail.by.person.pk)


def _the_mark(version: AgreementVersion, marks: Collection[Mark]) -> Mark:
    """The one mark on the paper; refused where there is none, or one of another version. Whether the text was changed
    since it was printed, signing itself tells."""
    mine = [mark for mark in marks if mark.public_id == version.public_id]
    if len(mine) == len(marks) == 1:
        return mine[0]
    others = AgreementVersion.objects.select_related("agreement").filter(
        public_id__in=[mark.public_id for mark in marks]
    ).exclude(pk=version.pk)  # fmt: skip
    if (other := others.first()) is not None:
        raise Refused(
            field="scan",
            expected=gettext_noop("Expected the paper copy of {wanted}."),
            found=gettext_noop("Its QR code is that of {other}."),
            remedy=gettext_noop("Choose the scan of the right version, or print this one and have it signed."),
            wanted=str(version),
            other=str(other),
        )
    raise Refused(
        field="scan",
        expected=gettext_noop("Expected one QR code of this version, as it stands on its printed page."),
        found=gettext_noop("Found {count} of them."),
        remedy=gettext_noop("Scan the whole page at 200 to 300 dpi, straight and sharp, and nothing else."),
        count=len(marks),
    )


def ask_outside(
    *,
    by: Actor,
    at: datetime,
    version: AgreementVersion,
    side: Side,
    digest: str,
    name: str,
    days: int,
    email: str = "",
    language: str = "",
) -> MadeLink:
    """Ask somebody of an outside party to accept a proposed version with a task link, or what he thinks of one in
    consultation. See :func:`baton.core.changes.make_task_link`."""
    with change(by=by, at=at) as trail:
        version = trail.lock(AgreementVersion, version)
        demand(policy.may_write(standing_of(by, day_of(at)), version.agreement.link))
        task = OPINION_TASK if version.state == VersionState.CONSULTATION else OUTSIDE_TASK
        if task == OUTSIDE_TASK:
            demand_open(version, day_of(at))
        demand_outside(party_of(version, side))
        return make_task_link(
            by=by, at=at, task=task, public_id=version.public_id, digest=digest, name=name, days=days,
            side=side, email=email, language=language,
        )  # fmt: skip


def withdraw_asking(*, by: Actor, at: datetime, link: TaskLink) -> TaskLink:
    """Take a task link back that was not used."""
    version = AgreementVersion.objects.filter(public_id=link.object_id).first()
    if version is None or link.task not in (OUTSIDE_TASK, OPINION_TASK):
        raise NotFound
    demand(policy.may_write(standing_of(by, day_of(at)), version.agreement.link))
    return withdraw_task_link(by=by, at=at, link=link)


def accept_through_link(*, by: Actor, at: datetime, link: TaskLink, digest: str, name: str) -> Signature:
    """Within the change of the core that uses up a task link: whom it was sent to accepts for his side."""
    with change(by=by, at=at) as trail:
        version = asked_about(trail, link)
        demand_open(version, day_of(at))
        demand_outside(party_of(version, Side(link.side)))
        return accepted(trail, version, Side(link.side), Signer(Grade.TASK_LINK, name=name), digest).signature


def asked_about(trail: Trail, link: TaskLink) -> AgreementVersion:
    """The version, locked, that a task link is about."""
    version = AgreementVersion.objects.filter(public_id=link.object_id).first()
    if version is None:
        raise NotFound
    return trail.lock(AgreementVersion, version)


def demand_outside(party: Party) -> None:
    """Refuse for a party of the organisation: its people sign in and sign themselves."""
    if party.party_kind not in OUTSIDE:
        raise Refused(
            expected=gettext_noop("A task link is for somebody of an outside party, who has no sign-in."),
            found=gettext_noop("This side is a party of the organisation."),
            remedy=gettext_noop("Let its head sign in and sign."),
        )


def demand_open(version: AgreementVersion, day: date) -> None:
    """Refuse a version that is not there to be signed, that cannot hold any more, in which a clause lacks something, or
    that was not heard."""
    if is_superseded(viewer=_ASKING, version=version):
        raise refusal(Objection.SUPERSEDED)
    if VersionState(version.state) is not VersionState.PROPOSED:
        raise refusal(Objection.NOT_PROPOSED, state=str(version.get_state_display()))
    if is_over(version.ends_on, version.agreement.link.ended_on, day):
        raise refusal(Objection.OVER)
    if any(missing(clause.terms) for clause in clauses_of(version)):
        raise refusal(Objection.RED)
    demand_heard(by=_ASKING, version=version)


def _demand_may_sign(trail: Trail, version: AgreementVersion, side: Side) -> None:
    held = valid_acceptances(viewer=trail.by, versions=[version]).get(version.pk, {})
    if trail.by.person is None:
        raise Forbidden
    found = objection(
        state=VersionState(version.state),
        over=is_over(version.ends_on, version.agreement.link.ended_on, day_of(trail.at)),
        superseded=is_superseded(viewer=trail.by, version=version),
        red=any(missing(clause.terms) for clause in clauses_of(version)),
        speaks_for=policy.speaks_for(standing_of(trail.by, day_of(trail.at)), version.agreement.link),
        side=side,
        signed=held.keys(),
        signed_himself=signed_by(viewer=trail.by, version=version, held=held),
        hearing=hearing_of(viewer=trail.by, version=version),
    )
    if found is not None:
        raise refusal(found, state=str(version.get_state_display()))


_REFUSALS: dict[Objection, tuple[type[Refused], str, str, str]] = {
    Objection.NOT_PROPOSED: (
        Refused,
        gettext_noop("A version is signed while it is proposed."),
        gettext_noop("This one is: {state}."),
        gettext_noop("Load the page again to see how it stands."),
    ),
    Objection.OVER: (
        Refused,
        gettext_noop("A version is signed while it can still hold."),
        gettext_noop("Its last day is over, or its link has ended."),
        gettext_noop("Open a consultation and give it a later last day; a link that has ended needs none."),
    ),
    Objection.SUPERSEDED: (
        Refused,
        gettext_noop("Expected the version of the service offer that is offered now."),
        gettext_noop("This one accepts a version that is offered no more."),
        gettext_noop("Open the agreement again: its newest version waits there, or write a new one."),
    ),
    Objection.RED: (
        Refused,
        gettext_noop("Expected clauses that each have a measure, a unit, a target and a data source."),
        gettext_noop("At least one lacks something; it is marked in the version."),
        gettext_noop("Open a consultation and complete it, then sign."),
    ),
    Objection.NOT_HIS: (
        Forbidden,
        gettext_noop("For a side signs who heads its party today, or stands in for the head with such links."),
        gettext_noop("You do neither."),
        gettext_noop("Ask the head of the party to sign, or the quality manager who that is."),
    ),
    Objection.OTHER_SIDE: (
        Forbidden,
        gettext_noop("Nobody signs for both sides of an agreement."),
        gettext_noop("You have signed for the other side, or registered its paper copy."),
        gettext_noop("Ask somebody else who leads this side, or its deputy."),
    ),
    Objection.UNANSWERED: (
        Refused,
        gettext_noop("Expected every objection and counter-proposal to be answered."),
        gettext_noop("At least one waits for an answer."),
        gettext_noop("Adopt or decline each of them on the page of the consultation."),
    ),
    Objection.TOO_FEW: (
        Refused,
        gettext_noop("Expected enough of those asked on each side to have spoken."),
        gettext_noop("Too few have, or nobody was asked."),
        gettext_noop("Open a consultation and ask people, or ask the quality manager for another minimum."),
    ),
    Objection.SIGNED: (
        Refused,
        gettext_noop("Each side signs a version once."),
        gettext_noop("This side has signed it as it stands."),
        gettext_noop("Load the page again to see both signatures."),
    ),
}


def refusal(why: Objection, **values: Any) -> Refused:
    """What is said to somebody who may not sign, because of ``why``."""
    kind, expected, found, remedy = _REFUSALS[why]
    return kind(expected=expected, found=found, remedy=remedy, **values)


def capacity_for(trail: Trail, party: Party) -> Texts:
    """As what he signs for a party, in every language: as its head, or in the place of its head."""
    is_head = any(lead.head for lead in standing_of(trail.by, day_of(trail.at)).leading(party))
    return _in_every_language(
        gettext_noop("Head of {party}") if is_head else gettext_noop("Deputy of the head of {party}"), party.name
    )


def for_the_party(party: Party) -> Texts:
    """As what somebody outside signs, in every language."""
    return _in_every_language(gettext_noop("For {party}"), party.name)


def _in_every_language(template: str, name: Texts) -> Texts:
    said = {}
    for code, _label in settings.LANGUAGES:
        with override(code):
            said[code] = gettext(template).format(party=say(name, code))
    return said


def party_of(version: AgreementVersion, side: Side) -> Any:
    """The party on a side of the link."""
    link = version.agreement.link
    return link.supplier if side is Side.SUPPLIER else link.customer


def side_named(raw: str) -> Side:
    """The side with this name; :class:`NotFound` for any other word."""
    try:
        return Side(raw)
    except ValueError:
        raise NotFound from None
