"""A wave is opened: what it asks stands still, and everybody who is asked gets the way to one sheet.

Tokens are made here and never kept: what a letter carries is in memory until it is sent; for those without a mailbox it
lies sealed under a key that the database does not have. Ballots are written in an order of chance, and never in a
transaction in which something is written about a person.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from baton.core.actors import Actor
from baton.core.audit.chain import canonical
from baton.core.audit.trail import change
from baton.core.database.scrubbing import scrub
from baton.core.errors import Refused
from baton.core.jobs import enqueue
from baton.feedback.changes.checks import refuse
from baton.feedback.changes.findings import demand_answers
from baton.feedback.changes.keys import WaveKeys, keys_of, make_keys
from baton.feedback.changes.waves import demand_state, to_run
from baton.feedback.models import Ballot, Envelope, InvitedLink, SurveyInvitation, Wave, WaveLink
from baton.feedback.rules import Band, Mode, WaveState, Way, faults_of
from baton.feedback.rules.sealing import public_key, sealed_under
from baton.feedback.rules.tokens import digest_of, key_of, new_token
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.models import Person

HAND_OUT_JOB = "feedback.hand_out"
SLICE = 500
"""Ballots written in one statement, envelopes in one transaction."""
MOST_CARDS = 2_000
Scope = Mapping[str, Band]
"""What a sheet asks about: public ids of links of the wave, and in which band on each."""

_random = secrets.SystemRandom()


@dataclass(frozen=True, slots=True)
class Letter:
    """The way to his sheet for somebody who has a mailbox; lives in memory only."""

    invitation: SurveyInvitation
    token: str

    @property
    def person(self) -> Person:
        """To whom it goes."""
        return self.invitation.person


def open_wave(*, by: Actor, at: datetime, wave: Wave, expected_seq: int | None = None) -> Wave:
    """Let people answer. From now on the words, the links, who is asked and the promise stand still; thresholds only
    rise. A worker then gives everybody his way to a sheet (:func:`hand_out`).

    Refused: a questionnaire with faults, nobody asked, a time of closing that has passed, findings of earlier waves
    that nobody has answered.
    """
    with change(by=by, at=at) as trail:
        fresh = to_run(trail, wave, expected_seq, WaveState.DRAFT)
        contents = fresh.questionnaire.contents
        refuse(faults_of(contents, settings.LANGUAGE_CODE))
        invited = SurveyInvitation.objects.filter(wave=fresh).count()
        _demand_somebody(fresh, invited)
        demand_answers(by, fresh)
        if fresh.closes_at <= at:
            raise Refused(
                field="closes_at",
                expected=gettext_noop("Expected a time of closing that is to come."),
                found=gettext_noop("It has passed."),
                remedy=gettext_noop("Choose another time."),
            )
        fresh.document = fresh.questionnaire.document
        fresh.digest = sha256(canonical(fresh.document).encode()).hexdigest()
        fresh.state, fresh.opened_at, fresh.invited = WaveState.OPEN, at, invited
        if fresh.mode == Mode.ANONYMOUS:
            # On the disk before the wave can be open: what is sealed to a lost key is lost.
            fresh.public_key = public_key(make_keys(fresh).urn).hex()
        enqueue(HAND_OUT_JOB, wave=fresh.public_id)
        return trail.save(fresh, "wave.opened")


def hand_out(*, by: Actor, at: datetime, wave: Wave) -> Iterator[Letter]:
    """Lay ready the tokens of those who fetch them in Baton, and yield the letters for all others, who are
    :func:`handed` one by one as they are sent. Called again after a crash, it goes on with those who have none: what a
    lost letter carried is a ballot that nobody can use.
    """
    keys = _keys_of_open(wave)
    waiting = list(wave.invitations.filter(handed_at__isnull=True).select_related("person"))
    scopes = _scopes(waiting)
    tokens = {one.pk: new_token() for one in waiting}
    write_ballots(wave, [(tokens[one.pk], scopes[one.pk]) for one in waiting])
    _fill_envelopes(by, at, wave, [(one, tokens[one.pk]) for one in waiting if one.way == Way.APP], keys)
    letters = [Letter(one, tokens[one.pk]) for one in waiting if one.way == Way.MAIL]
    _random.shuffle(letters)
    yield from letters


def handed(*, by: Actor, at: datetime, letter: Letter) -> None:
    """The letter was given to the mail server."""
    with change(by=by, at=at) as trail:
        fresh = trail.lock(SurveyInvitation, letter.invitation)
        fresh.handed_at = at
        trail.save(fresh, "survey_invitation.sent")


def lay_ready(*, by: Actor, at: datetime, letter: Letter) -> None:
    """The mail server takes no letter for him: he fetches in Baton what it carried."""
    wave = letter.invitation.wave
    keys = _keys_of_open(wave)
    with change(by=by, at=at) as trail:
        fresh = trail.lock(SurveyInvitation, letter.invitation)
        Envelope(wave=wave, person=letter.person, seal=sealed_under(letter.token, keys.envelopes)).save(
            force_insert=True
        )
        fresh.way, fresh.handed_at = Way.APP, at
        trail.save(fresh, "survey_invitation.laid_ready")


def print_cards(*, by: Actor, at: datetime, wave: Wave, links: Sequence[WaveLink], count: int) -> list[str]:
    """Tokens for ``count`` cards that ask about ``links`` and are drawn by whoever comes; they are printed at once and
    kept nowhere. Only an open anonymous wave has cards."""
    if not 1 <= count <= MOST_CARDS:
        raise Refused(
            field="count",
            expected=gettext_noop("Expected 1 to {most} cards at a time."),
            found=gettext_noop("Found {count}."),
            remedy=gettext_noop("Correct the number."),
            most=MOST_CARDS,
            count=count,
        )
    with change(by=by, at=at) as trail:
        fresh = to_run(trail, wave, None, WaveState.OPEN)
        _demand_anonymous(fresh)
        if not links or any(link.wave_id != fresh.pk for link in links):
            raise Refused(
                field="links",
                expected=gettext_noop("Expected links of this wave."),
                remedy=gettext_noop("Choose about which of them the cards ask."),
            )
        fresh.cards += count
        trail.save(fresh, "wave.cards_printed", links=sorted(link.public_id for link in links))
    scope = {link.public_id: Band.STAFF for link in links}
    tokens = [new_token() for _ in range(count)]
    write_ballots(wave, [(token, scope) for token in tokens])
    return tokens


def write_ballots(wave: Wave, given: Sequence[tuple[str, Scope]]) -> None:
    """Write the ballots of tokens with what their sheets ask about. All unused ballots of the wave are written anew
    with them, in an order of chance: which of them came together, such as the one of somebody whose letter was sent
    later, no place and no transaction number says."""
    rows = [
        Ballot(
            digest=digest_of(token, wave.public_id), wave=wave,
            seal=sealed_under({link: band.value for link, band in scope.items()}, key_of(token, wave.public_id)),
        )
        for token, scope in given
    ]  # fmt: skip
    with transaction.atomic():
        # Against sheets that are handed in meanwhile: a ballot that was used must not come back.
        demand_state(Wave.objects.select_for_update(of=("self",)).get(pk=wave.pk), WaveState.OPEN)
        rows += Ballot.objects.filter(wave=wave)
        _random.shuffle(rows)
        Ballot.objects.filter(wave=wave).delete()
        Ballot.objects.bulk_create(rows, batch_size=SLICE)
        transaction.on_commit(lambda: scrub(Ballot._meta.db_table, at_once=False), robust=True)


def _fill_envelopes(
    by: Actor, at: datetime, wave: Wave, given: Sequence[tuple[SurveyInvitation, str]], keys: WaveKeys
) -> None:
    rows = [Envelope(wave=wave, person=one.person, seal=sealed_under(token, keys.envelopes)) for one, token in given]
    _random.shuffle(rows)
    ids = [one.pk for one, _token in given]
    for start in range(0, len(rows), SLICE):
        part = rows[start : start + SLICE]
        people = [row.person_id for row in part]
        with change(by=by, at=at) as trail:
            Envelope.objects.bulk_create(part)
            SurveyInvitation.objects.filter(pk__in=ids, person__in=people).update(handed_at=at)
            trail.note("wave.envelopes_filled", kind=Wave.kind, object_id=wave.public_id, count=len(part))


def _scopes(invitations: Sequence[SurveyInvitation]) -> dict[int, dict[str, Band]]:
    found: dict[int, dict[str, Band]] = {one.pk: {} for one in invitations}
    rows = InvitedLink.objects.filter(invitation__in=list(found)).order_by("wave_link__public_id")
    for invitation, link, band in rows.values_list("invitation", "wave_link__public_id", "band"):
        found[invitation][link] = Band(band)
    return found


def _keys_of_open(wave: Wave) -> WaveKeys:
    fresh = Wave.objects.get(pk=wave.pk)
    _demand_anonymous(fresh)
    keys = keys_of(fresh)
    if fresh.state != WaveState.OPEN or keys is None:
        raise Refused(
            expected=gettext_noop("Expected an open wave whose key is there."),
            found=gettext_noop("{number} is not open, or its key was lost."),
            remedy=gettext_noop("Load the page of the wave again: it says what became of it."),
            number=fresh.number,
        )
    return keys


def _demand_anonymous(wave: Wave) -> None:
    if wave.mode != Mode.ANONYMOUS:
        raise Refused(
            expected=gettext_noop("Expected an anonymous wave."),
            found=gettext_noop("{number} is answered by name, signed in."),
            remedy=gettext_noop("Tell people to open their surveys in Baton."),
            number=wave.number,
        )


def _demand_somebody(wave: Wave, invited: int) -> None:
    if not wave.links.exists():
        raise Refused(
            field="links",
            expected=gettext_noop("Expected at least one link to ask about."),
            found=gettext_noop("The wave has none."),
            remedy=gettext_noop("Choose links first."),
        )
    if invited == 0 and wave.mode == Mode.NAMED:
        raise Refused(
            expected=gettext_noop("Expected somebody to ask."),
            found=gettext_noop("Nobody is chosen."),
            remedy=gettext_noop("Choose whom to ask first."),
        )
