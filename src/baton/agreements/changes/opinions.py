"""What people say to a version: consent, objection, comment, counter-proposal; and that they take it back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext, override

from baton.agreements import policy
from baton.agreements.changes.checks import terms_given
from baton.agreements.changes.drafts import is_control
from baton.agreements.changes.telling import COUNTERED_TOPIC, tell_side
from baton.agreements.models import AgreementVersion, Clause, Invitation, Opinion
from baton.agreements.models.rounds import OPINION_LENGTH
from baton.agreements.queries.consulting import belongs
from baton.agreements.queries.hearing import has_spoken, held_in, last_counter, line_of, said_of, seen_now
from baton.agreements.rules import HEARD, TO_ANSWER, Outcome, Side, Stance, Terms, VersionState, differing
from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.audit.values import plain, shown_values
from baton.core.database.scrubbing import scrub
from baton.core.days import day_of
from baton.core.errors import Forbidden, Refused, Stale, TooLong
from baton.core.policy import demand
from baton.core.texts import clean_text
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.models import Person


def say_opinion(
    *,
    by: Actor,
    at: datetime,
    version: AgreementVersion,
    line: str,
    stance: Stance,
    text: str = "",
    proposed: Terms | None = None,
    expected_seq: int | None = None,
) -> Opinion:
    """Say something to the clause ``line`` of a version, or with an empty line to the whole; what the person said to it
    before is changed as long as nobody has answered it.

    In a consultation this does who is asked, and who speaks for a side; to a proposal who speaks for a side, and no
    consent: that is a signature. A counter-proposal holds the clause as it is ``proposed``. ``expected_seq`` is
    :func:`baton.agreements.queries.hearing.seen_now` of what the person saw: :class:`Stale` with what now stands where
    it has moved on.
    """
    with change(by=by, at=at) as trail:
        version = trail.lock(AgreementVersion, version)
        side, by_lead = _speaker(trail, version)
        _demand_open(version, stance, by_lead)
        clauses = held_in(viewer=by, version=version)
        clause = _clause_on(clauses, line)
        if expected_seq is not None:
            _demand_seen(version, clause, line, expected_seq, by_lead)
        opinion = _mine(trail, version, line, said_of(clauses, line))
        opinion.side, opinion.by_lead, opinion.stance, opinion.outcome = side, by_lead, stance, Outcome.OPEN
        opinion.text = text_given(text, needed=stance in (Stance.OBJECTION, Stance.COMMENT))
        opinion.proposed = _proposal(version, clause, proposed) if stance is Stance.COUNTER_PROPOSAL else {}
        opinion.said_of = said_of(clauses, line)
        added = opinion._state.adding
        opinion = trail.save(opinion, "opinion.said" if added else "opinion.changed")
        if by_lead and stance in TO_ANSWER:
            tell_side(trail, version, [side.other], COUNTERED_TOPIC)
        return opinion


def consent_to_the_rest(
    *, by: Actor, at: datetime, version: AgreementVersion, expected_seq: int | None = None
) -> AgreementVersion:
    """Consent to every clause to which ``by`` has said nothing. ``expected_seq`` is that of the version: nobody
    consents to what was changed since he read it."""
    with change(by=by, at=at) as trail:
        version = trail.lock(AgreementVersion, version, expected_seq=expected_seq)
        side, by_lead = _speaker(trail, version)
        _demand_open(version, Stance.CONSENT, by_lead)
        mine = Opinion.objects.filter(version=version, person=by.person)
        said = {one.line: one for one in mine.exclude(outcome__in=[Outcome.ADOPTED, Outcome.DECLINED])}
        answered = set(mine.filter(outcome__in=[Outcome.ADOPTED, Outcome.DECLINED]).values_list("line", flat=True))
        clauses = held_in(viewer=by, version=version)
        for clause in clauses:
            line = line_of(clause)
            known = said.get(line)
            if line in answered or (known is not None and known.outcome == Outcome.OPEN):
                continue
            opinion = trail.lock(Opinion, known) if known is not None else Opinion(version=version, line=line)
            opinion.person, opinion.side, opinion.by_lead = by.person, side, by_lead
            opinion.stance, opinion.outcome, opinion.text = Stance.CONSENT, Outcome.OPEN, ""
            opinion.proposed, opinion.said_of = {}, said_of(clauses, line)
            trail.save(opinion, "opinion.said" if known is None else "opinion.changed")
        return version


def withdraw_opinion(*, by: Actor, at: datetime, opinion: Opinion, expected_seq: int | None = None) -> Opinion:
    """Take back what one has said oneself, as long as nobody has answered it."""
    with change(by=by, at=at) as trail:
        version = trail.lock(AgreementVersion, opinion.version)
        fresh = trail.lock(Opinion, opinion, expected_seq=expected_seq)
        demand(by.person is not None and fresh.person_id == by.person.pk)
        if VersionState(version.state) not in HEARD or fresh.outcome != Outcome.OPEN:
            raise over(fresh, version)
        fresh.outcome = Outcome.WITHDRAWN
        return trail.save(fresh, "opinion.withdrawn")


def forget_person(*, by: Actor, at: datetime, person: Person) -> None:
    """Take out the words of everything that ``person`` said to agreements; called when the core forgets him. What he
    proposed and what was answered stays: it is part of what was agreed. Where he was silent he is asked no more, and
    counts no longer among those asked."""
    with change(by=by, at=at) as trail:
        for said in Opinion.objects.filter(person=person).exclude(text=""):
            opinion = trail.lock(Opinion, said)
            opinion.text, opinion.forgotten = "", True
            trail.save(opinion, "opinion.forgotten")
        silent = Invitation.objects.filter(
            ~has_spoken(), person=person, ended_at__isnull=True, version__state__in=sorted(HEARD)
        )
        for asked in silent:
            invitation = trail.lock(Invitation, asked)
            with override(settings.LANGUAGE_CODE):
                invitation.ended_at, invitation.ended_because = at, gettext("Was forgotten.")
            trail.save(invitation, "invitation.ended")
    transaction.on_commit(lambda: scrub("agreements_opinion"), robust=True)


def over(opinion: Opinion, version: AgreementVersion) -> Refused:
    """What is said to somebody who answers, changes or withdraws an opinion that is over."""
    if VersionState(version.state) not in HEARD:
        return Refused(
            expected=gettext_noop("Expected a version in consultation, or one that is proposed."),
            found=gettext_noop("Version {version} is {state}."),
            remedy=gettext_noop("What was said to it stays as it is."),
            version=version.version,
            state=str(version.get_state_display()),
        )
    return Refused(
        expected=gettext_noop("Expected an opinion that nobody has answered or taken back."),
        found=gettext_noop("This one is: {outcome}."),
        remedy=gettext_noop("Load the page again to see how it stands."),
        outcome=str(opinion.get_outcome_display()),
    )


_WHY = gettext_noop("Say in a few words what should be otherwise and why, so that it can be answered.")


def text_given(raw: str, *, needed: bool, field: str = "text", remedy: str = _WHY) -> str:
    """What is said, cleaned; refused when it is too long, or missing where it is ``needed``."""
    said = clean_text(raw)
    if len(said) > OPINION_LENGTH:
        raise TooLong(field=field, most=OPINION_LENGTH, length=len(said))
    if needed and not said:
        raise Refused(
            field=field,
            expected=gettext_noop("Expected a sentence."),
            found=gettext_noop("Nothing was entered."),
            remedy=remedy,
        )
    return said


def _speaker(trail: Trail, version: AgreementVersion) -> tuple[Side, bool]:
    """For which side the actor speaks, and whether he leads it; refused to who is neither asked nor leads a side."""
    by, link = trail.by, version.agreement.link
    if by.person is None:
        raise Forbidden
    asked = Invitation.objects.filter(version=version, person=by.person, ended_at__isnull=True).first()
    leads = policy.speaks_for(standing_of(by, day_of(trail.at)), link)
    if leads:
        side = Side(asked.side) if asked is not None and Side(asked.side) in leads else sorted(leads)[0]
        return side, True
    if asked is None:
        raise Forbidden(
            expected=gettext_noop("Expected somebody who is asked what he thinks of this version."),
            found=gettext_noop("You are not, or not any more."),
            remedy=gettext_noop("Ask the head of your department to invite you, or comment on the agreement."),
        )
    if not belongs(viewer=by, at=trail.at, version=version, side=Side(asked.side)):
        raise Forbidden(
            expected=gettext_noop("Expected somebody who belongs to the department that was asked."),
            found=gettext_noop("You do not belong to it any more."),
            remedy=gettext_noop("Ask its head whether you should still take part."),
        )
    return Side(asked.side), False


def _demand_open(version: AgreementVersion, stance: Stance, by_lead: bool) -> None:
    state = VersionState(version.state)
    if state is VersionState.CONSULTATION or (
        state is VersionState.PROPOSED and by_lead and stance is not Stance.CONSENT
    ):
        return
    raise Refused(
        expected=gettext_noop("Expected a consultation that is still open."),
        found=gettext_noop("Version {version} is {state}."),
        remedy=gettext_noop("Tell the head of your side, who can open the consultation again before it is signed."),
        version=version.version,
        state=str(version.get_state_display()),
    )


def _clause_on(clauses: list[Clause], line: str) -> Clause | None:
    clause = next((one for one in clauses if line_of(one) == line), None)
    if line and clause is None:
        raise Refused(
            expected=gettext_noop("Expected a clause that stands in this version."),
            found=gettext_noop("It was taken out meanwhile."),
            remedy=gettext_noop("Say it to the whole version, if it still matters."),
        )
    return clause


def _demand_seen(version: AgreementVersion, clause: Clause | None, line: str, expected_seq: int, by_lead: bool) -> None:
    now = seen_now(version, clause, line, by_lead=by_lead)
    if now == expected_seq:
        return
    theirs: dict[str, Any] = shown_values(clause) if clause is not None else {}
    last = last_counter(version, line) if by_lead else None
    raise Stale(theirs=theirs | (last.proposed if last is not None else {}), version=now)


def _mine(trail: Trail, version: AgreementVersion, line: str, now: str) -> Opinion:
    """The person's opinion that is to be written: his own as long as it is not answered, else a new one, which is
    refused where the answered one was to the same text."""
    said = Opinion.objects.filter(version=version, line=line, person=trail.by.person).order_by("-pk")
    held = said.filter(outcome__in=[Outcome.OPEN, Outcome.WITHDRAWN]).first()
    if held is not None:
        return trail.lock(Opinion, held)
    last = said.first()
    if last is not None and last.said_of == now:
        raise Refused(
            expected=gettext_noop("Expected something that was not answered yet."),
            found=gettext_noop("You spoke to this before, and were answered: {answer}"),
            remedy=gettext_noop("Say more in the comments of the agreement; once it is changed, you are heard again."),
            answer=last.answer or str(last.get_outcome_display()),
        )
    return Opinion(version=version, line=line, person=trail.by.person)


def _proposal(version: AgreementVersion, clause: Clause | None, proposed: Terms | None) -> dict[str, Any]:
    if clause is None or proposed is None:
        raise Refused(
            expected=gettext_noop("Expected a counter-proposal to a clause."),
            remedy=gettext_noop("Choose the clause and say how it should read; to the whole version say a comment."),
        )
    wanted = terms_given(proposed, control=is_control(version))
    names = differing(clause.terms, wanted)
    if not names:
        raise Refused(
            expected=gettext_noop("Expected a proposal that differs from the clause."),
            found=gettext_noop("It says the same."),
            remedy=gettext_noop("Change what should be otherwise, or consent to the clause."),
        )
    return {name: plain(getattr(wanted, name)) for name in names}
