"""Who is asked is chosen by the rule, and people say that they do not want to be asked."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.days import day_of
from baton.core.errors import Forbidden, Refused
from baton.core.policy import demand
from baton.core.queries import colleagues
from baton.feedback import policy
from baton.feedback.changes.waves import Asked, invite_people, to_run
from baton.feedback.models import QuietPerson, SurveyInvitation, Wave
from baton.feedback.queries.asking import choice_for, ways_for
from baton.feedback.rules import Mode, WaveState, Way
from baton.feedback.rules.asking import HALF_WIDTHS, QUIET_MOST_DAYS, WINDOW_RANGE
from baton_analysis.errors import gettext_noop


def choose_people(
    *, by: Actor, at: datetime, wave: Wave, window_days: int, half_width: float | None = None,
    expected_seq: int | None = None, random: Random | None = None,
) -> int:  # fmt: skip
    """Ask those who dealt with the links of the wave in the last ``window_days``, in place of those who were chosen
    before; with ``half_width`` so many of them, by chance, that the interval of a mean is so narrow on both sides.
    Returns how many.

    Refused: a number that makes no sense, nobody to ask.
    """
    demand_rule(window_days, half_width)
    with change(by=by, at=at) as trail:
        fresh = to_run(trail, wave, expected_seq, WaveState.DRAFT)
        choice = choice_for(viewer=by, at=at, wave=fresh, window_days=window_days, half_width=half_width, random=random)
        if not choice.shares:
            raise Refused(
                expected=gettext_noop("Expected somebody to ask."),
                found=gettext_noop("Nobody dealt with these links who may be asked now."),
                remedy=gettext_noop("Choose other links, look back further, or wait until people may be asked again."),
            )
        fresh.window_days, fresh.half_width = window_days, half_width
        trail.save(
            fresh, "wave.rule_chosen", deviation=choice.spread.deviation, share=choice.spread.share,
            could=len(choice.could), quiet=choice.quiet, lately=choice.lately,
        )  # fmt: skip
        people = {one.pk: one for one in colleagues(viewer=by).filter(pk__in=choice.shares)}
        named = fresh.mode == Mode.NAMED
        ways = {} if named else ways_for(viewer=by, people=list(people.values()))
        asked = [
            Asked(people[person], {choice.links[link]: band for link, band in held.items()}, ways.get(person, Way.APP))
            for person, held in choice.shares.items()
            if person in people
        ]
        return invite_people(by=by, at=at, wave=fresh, asked=asked)


def choose_way(*, by: Actor, at: datetime, wave: Wave, way: Way, expected_seq: int | None = None) -> Wave:
    """By which way those who are chosen get to their sheets, until the wave opens: ``MAIL`` by e-mail, as far as they
    have a mailbox and want to be told so, ``APP`` all of them in Baton. Who is chosen anew goes by the first again.

    Refused: a named wave, which is answered in Baton anyway; nobody chosen yet.
    """
    with change(by=by, at=at) as trail:
        fresh = to_run(trail, wave, expected_seq, WaveState.DRAFT)
        held = SurveyInvitation.objects.filter(wave=fresh).select_related("person")
        people = {one.person_id: one.person for one in held}
        if fresh.mode == Mode.NAMED or not people or way is Way.CARD:
            raise Refused(
                field="way",
                expected=gettext_noop("Expected an anonymous survey for which people are chosen."),
                remedy=gettext_noop("Choose the people first; a named survey is always answered in Baton."),
            )
        usual = ways_for(viewer=by, people=list(people.values()))
        mailed = [person for person in people if way is Way.MAIL and usual[person] is Way.MAIL]
        held.filter(person__in=mailed).update(way=Way.MAIL)
        held.exclude(person__in=mailed).update(way=Way.APP)
        trail.note(
            "wave.ways_chosen", kind=Wave.kind, object_id=fresh.public_id, mail=len(mailed),
            app=len(people) - len(mailed),
        )  # fmt: skip
        return fresh


def demand_rule(window_days: int, half_width: float | None) -> None:
    """Refused: a number of days or a half-width that makes no sense."""
    if window_days not in WINDOW_RANGE:
        raise Refused(
            field="window_days",
            expected=gettext_noop("Expected a number from {low} to {high}."),
            found=gettext_noop("Found {value}."),
            remedy=gettext_noop("Correct the number."),
            low=WINDOW_RANGE.start,
            high=WINDOW_RANGE.stop - 1,
            value=window_days,
        )
    low, high = HALF_WIDTHS
    if half_width is not None and not low <= half_width <= high:
        raise Refused(
            field="half_width",
            expected=gettext_noop("Expected a number from {low} to {high}."),
            found=gettext_noop("Found {value}."),
            remedy=gettext_noop("Correct the number, or leave it empty to ask everybody."),
            low=low,
            high=high,
            value=half_width,
        )


def stay_quiet(*, by: Actor, at: datetime, until: date | None, expected_seq: int | None = None) -> QuietPerson:
    """Ask not to be asked in surveys before the day ``until``; None takes it back. Surveys that one is asked in
    already go on: nobody could take one's sheet out of them."""
    demand(policy.may_be_quiet(by))
    if by.person is None:
        raise Forbidden
    today = day_of(at)
    if until is not None and not today < until <= today + timedelta(days=QUIET_MOST_DAYS):
        raise Refused(
            field="until",
            expected=gettext_noop("Expected a day after today, at most {days} days from now."),
            found=gettext_noop("Found {day}."),
            remedy=gettext_noop("Choose another day."),
            days=QUIET_MOST_DAYS,
            day=until.isoformat(),
        )
    with change(by=by, at=at) as trail:
        held = QuietPerson.objects.filter(person=by.person).first()
        fresh = trail.lock(QuietPerson, held, expected_seq=expected_seq) if held else QuietPerson(person=by.person)
        fresh.until = until
        return trail.save(fresh, "quiet_person.said")
