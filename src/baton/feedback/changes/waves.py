"""Waves are prepared, changed and withdrawn before anybody is asked, and their thresholds raised afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from baton.chain import queries as chain
from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import next_number
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.policy import demand
from baton.core.texts import folded, sort_keys
from baton.feedback import policy
from baton.feedback.changes.checks import INTRO_LENGTH, digest_of_ids, reason_given, texts_given
from baton.feedback.models import InvitedLink, Questionnaire, SurveyInvitation, Wave, WaveLink
from baton.feedback.models.labels import WAVE_STATES
from baton.feedback.rules import FEWEST_COMMENTS, FEWEST_RANGE, LINKS_A_SHEET, Band, Mode, WaveState, Way
from baton.feedback.rules.waves import LONGEST, MOST_LINKS, SHORTEST
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Link
    from baton.core.models import Person

NUMBER_PREFIX = "SV"


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who is to be asked: about which links of the wave, and in which band on each."""

    person: Person
    links: Mapping[WaveLink, Band]
    way: Way


def prepare_wave(
    *, by: Actor, at: datetime, questionnaire: Questionnaire, title: Mapping[str, str], closes_at: datetime,
    links: Sequence[Link], mode: Mode = Mode.ANONYMOUS, **more: Any,
) -> Wave:  # fmt: skip
    """Prepare a wave about ``links``. ``more``: ``intro`` (texts), ``collector`` (person), ``least``,
    ``least_comments``, ``led_by`` (person; left out: who prepares it), ``reminds``.

    Refused: an ended questionnaire, links that have ended, a day of closing that has passed.
    """
    with change(by=by, at=at) as trail:
        demand(policy.may_run_waves(by))
        asked = trail.lock(Questionnaire, questionnaire)
        demand_used(asked)
        wave = Wave(
            number=next_number(prefix=NUMBER_PREFIX, at=at), questionnaire=asked, mode=mode, closes_at=closes_at,
            led_by=more.get("led_by", by.person),
        )  # fmt: skip
        _fill(wave, at, {"title": title, **more})
        trail.save(wave, "wave.prepared")
        _put_links(trail, wave, links)
        return wave


def change_wave(*, by: Actor, at: datetime, wave: Wave, expected_seq: int | None = None, **changes: Any) -> Wave:
    """Change what is prepared: ``title``, ``intro``, ``mode``, ``closes_at``, ``collector``, ``least``,
    ``least_comments``, ``questionnaire``. Of an open wave only ``closes_at`` and thresholds, and those only upward."""
    with change(by=by, at=at) as trail:
        fresh = to_run(trail, wave, expected_seq, WaveState.DRAFT, WaveState.OPEN)
        if fresh.state == WaveState.OPEN:
            _demand_only_upward(fresh, changes)
        for name in ("mode", "questionnaire", "closes_at", "collector"):
            if name in changes:
                setattr(fresh, name, changes[name])
        _fill(fresh, at, {"title": fresh.title, "intro": fresh.intro, **changes})
        return trail.save(fresh, "wave.changed")


def put_links(*, by: Actor, at: datetime, wave: Wave, links: Sequence[Link], expected_seq: int | None = None) -> Wave:
    """Ask about these links in place of those before. Whoever was chosen to be asked is chosen anew."""
    with change(by=by, at=at) as trail:
        fresh = to_run(trail, wave, expected_seq, WaveState.DRAFT)
        _clear_invitations(trail, fresh)
        left_out, _of_each = fresh.links.all().delete()
        _put_links(trail, fresh, links, also_none=left_out > 0)
        return fresh


def invite_people(*, by: Actor, at: datetime, wave: Wave, asked: Sequence[Asked]) -> int:
    """Ask these people, in place of those who were chosen before. Returns how many. Nobody is told before it opens.

    Refused: somebody who is there twice, who is asked about no link or about more than
    :data:`baton.feedback.rules.LINKS_A_SHEET`, or about a link that the wave does not ask about.
    """
    with change(by=by, at=at) as trail:
        fresh = to_run(trail, wave, None, WaveState.DRAFT)
        own = set(fresh.links.values_list("pk", flat=True))
        for one in asked:
            _demand_askable(one, own)
        if len({one.person.pk for one in asked}) != len(asked):
            raise Refused(
                expected=gettext_noop("Expected everybody once."),
                found=gettext_noop("Somebody is there twice."),
                remedy=gettext_noop("Put the links about which one person is asked together."),
            )
        _clear_invitations(trail, fresh)
        rows = [SurveyInvitation(wave=fresh, person=one.person, way=one.way) for one in asked]
        said = digest_of_ids(sorted(one.person.public_id for one in asked))
        if rows:
            trail.bulk(
                SurveyInvitation.kind, "wave.people_chosen", rows=rows, digest=said, row_range=(1, len(rows)),
                object_id=fresh.public_id,
            )  # fmt: skip
        held = {row.person_id: row for row in SurveyInvitation.objects.filter(wave=fresh)}
        InvitedLink.objects.bulk_create(
            [
                InvitedLink(invitation=held[one.person.pk], wave_link=link, band=band)
                for one in asked
                for link, band in one.links.items()
            ],
            batch_size=500,
        )
        return len(rows)


def withdraw_wave(*, by: Actor, at: datetime, wave: Wave, reason: str, expected_seq: int | None = None) -> Wave:
    """Give up a wave that was not opened."""
    why = reason_given(reason)
    with change(by=by, at=at, reason=why) as trail:
        fresh = to_run(trail, wave, expected_seq, WaveState.DRAFT)
        fresh.state, fresh.ended_because = WaveState.WITHDRAWN, why
        return trail.save(fresh, "wave.withdrawn")


def predict_rating(*, by: Actor, at: datetime, wave_link: WaveLink, rating: float | None) -> WaveLink:
    """The supplier says how it will be rated on average, before answers open; None takes it back."""
    with change(by=by, at=at) as trail:
        fresh = trail.lock(WaveLink, wave_link)
        link = chain.link(viewer=by, at=at, public_id=fresh.link.public_id)
        demand(policy.may_predict(standing_of(by, day_of(at)), link))
        demand_state(fresh.wave, WaveState.DRAFT, WaveState.OPEN)
        low, high = fresh.wave.rating_scale
        if rating is not None and not low <= rating <= high:
            raise Refused(
                field="predicted",
                expected=gettext_noop("Expected a number from {low} to {high}."),
                found=gettext_noop("Found {value}."),
                remedy=gettext_noop("Correct the number."),
                low=low,
                high=high,
                value=rating,
            )
        fresh.predicted, fresh.predicted_at = rating, at if rating is not None else None
        return trail.save(fresh, "wave_link.predicted")


def to_run(trail: Trail, wave: Wave, expected_seq: int | None, *states: WaveState) -> Wave:
    """The wave, locked, for whoever may run it; refused outside these states."""
    fresh = trail.lock(Wave, wave, expected_seq=expected_seq)
    demand(policy.may_run_waves(trail.by))
    demand_state(fresh, *states)
    return fresh


def demand_state(wave: Wave, *states: WaveState) -> None:
    """Refused unless the wave is in one of these states."""
    if wave.state not in states:
        raise Refused(
            expected=gettext_noop("Expected a wave of another state: {states}."),
            found=gettext_noop("{number} is: {state}."),
            remedy=gettext_noop("Load the page again to see what can be done with it now."),
            states=" / ".join(str(WAVE_STATES[state]) for state in states),
            number=wave.number,
            state=str(wave.get_state_display()),
        )


def demand_used(questionnaire: Questionnaire) -> None:
    """Refused: a questionnaire that was ended."""
    if questionnaire.ended_at is not None:
        raise Refused(
            field="questionnaire",
            expected=gettext_noop("Expected a questionnaire that is used."),
            found=gettext_noop("{number} was ended."),
            remedy=gettext_noop("Choose another one."),
            number=questionnaire.number,
        )


def demand_thresholds(least: int, least_comments: int) -> None:
    """Refused: so few answers or sheets that they would give people away."""
    if least not in FEWEST_RANGE or least_comments < max(least, FEWEST_COMMENTS):
        raise Refused(
            field="least",
            expected=gettext_noop("Expected at least {least} answers for a figure and {comments} sheets for comments."),
            found=gettext_noop("Found {value} and {value_comments}."),
            remedy=gettext_noop("Raise them: fewer would give people away."),
            least=FEWEST_RANGE.start,
            comments=FEWEST_COMMENTS,
            value=least,
            value_comments=least_comments,
        )


def _fill(wave: Wave, at: datetime, given: Mapping[str, Any]) -> None:
    wave.title = texts_given(given["title"], "title")
    wave.intro = texts_given(given.get("intro") or {}, "intro", most=INTRO_LENGTH, optional=True)
    wave.collector = given.get("collector", wave.collector)
    wave.least = given.get("least", wave.least)
    wave.least_comments = given.get("least_comments", wave.least_comments)
    wave.reminds = given.get("reminds", wave.reminds)
    demand_thresholds(wave.least, wave.least_comments)
    if not at + SHORTEST <= wave.closes_at <= (wave.opened_at or at) + LONGEST:
        raise Refused(
            field="closes_at",
            expected=gettext_noop("Expected a time at least an hour and at most {days} days from now."),
            found=gettext_noop("Found {time}."),
            remedy=gettext_noop("Choose another time."),
            days=LONGEST.days,
            time=wave.closes_at.isoformat(timespec="minutes"),
        )
    wave.sort_keys = sort_keys(wave.title)
    wave.search_text = folded(wave.number, *wave.title.values())


def _demand_only_upward(wave: Wave, changes: Mapping[str, Any]) -> None:
    still = [name for name in changes if name not in {"closes_at", "least", "least_comments"}]
    lower = any(changes.get(name, 0) < getattr(wave, name) for name in ("least", "least_comments") if name in changes)
    if still or lower:
        raise Refused(
            field="least" if lower and not still else (still[0] if still else ""),
            expected=gettext_noop("While a wave is open only its end is moved and thresholds are raised."),
            found=gettext_noop("People have been promised what stood there when it was opened."),
            remedy=gettext_noop("Leave it as it is; the next wave may be otherwise."),
        )


def _put_links(trail: Trail, wave: Wave, links: Sequence[Link], *, also_none: bool = False) -> None:
    """Write down about which links a wave asks; ``also_none``: that it asks about none any more, too."""
    if len(links) > MOST_LINKS:
        raise Refused(
            field="links",
            expected=gettext_noop("Expected at most {most} links."),
            found=gettext_noop("Found {count}."),
            remedy=gettext_noop("Ask about some of them, in several waves."),
            most=MOST_LINKS,
            count=len(links),
        )
    rows = []
    for link in links:
        if link.ended_on is not None:
            raise Refused(
                field="links",
                expected=gettext_noop("Expected links that have not ended."),
                found=gettext_noop("{number} has ended."),
                remedy=gettext_noop("Leave it out."),
                number=link.number,
            )
        rows.append(WaveLink(wave=wave, link=link))
    said = digest_of_ids(sorted(link.public_id for link in links))
    if rows or also_none:
        trail.bulk(
            WaveLink.kind, "wave.links_chosen", rows=rows, digest=said, row_range=(1, len(rows)),
            object_id=wave.public_id,
        )  # fmt: skip


def _demand_askable(one: Asked, own: set[int]) -> None:
    if not 1 <= len(one.links) <= LINKS_A_SHEET or {link.pk for link in one.links} - own:
        raise Refused(
            expected=gettext_noop("Expected 1 to {most} links of this wave for everybody."),
            found=gettext_noop("Somebody is asked about {count}, or about one of another wave."),
            remedy=gettext_noop("Choose for him the links with which he deals most."),
            most=LINKS_A_SHEET,
            count=len(one.links),
        )


def _clear_invitations(trail: Trail, wave: Wave) -> None:
    """Nobody was told of them: they were a choice, and leave no rows."""
    held = SurveyInvitation.objects.filter(wave=wave)
    if count := held.count():
        held.delete()
        trail.note("wave.people_cleared", kind=Wave.kind, object_id=wave.public_id, count=count)
