"""Waves that were answered through their doors, closed and published, for tests of results."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from baton.core.changes import add_person
from baton.feedback import changes
from baton.feedback.changes import Asked
from baton.feedback.models import Finding
from baton.feedback.rules import Band, Way
from tests.rooms.feedback.asked import cards, cast, closed, letters, opened, prepared
from tests.world import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from baton.chain.models import Link
    from baton.core.models import Person
    from baton.feedback.models import Wave
    from tests.world import World

Answered = dict[str, Any]


def people(count: int, prefix: str = "r") -> list[Person]:
    """New people with a mailbox, who belong to nothing."""
    at = datetime.now(UTC)
    return [
        add_person(
            by=SYSTEM, at=at, sign_in_name=f"{prefix}{number}", name={"en": f"Rater {prefix}{number}"},
            email=f"{prefix}{number}@ward.example",
        )
        for number in range(count)
    ]  # fmt: skip


def answered(
    world: World, given: Mapping[Link, Sequence[Answered]], *, leads: int = 0, prefix: str = "r", **more: Any
) -> Wave:
    """An open wave in which each answer about a link comes from somebody else; the first ``leads`` of each link head
    their department."""
    wave = prepared(world, links=list(given), **more)
    by_link = {one.link_id: one for one in wave.links.all()}
    asked, said = [], {}
    crowd = iter(people(sum(len(one) for one in given.values()), prefix))
    for link, answers in given.items():
        for place, one in enumerate(answers):
            person = next(crowd)
            band = Band.LEAD if place < leads else Band.STAFF
            asked.append(Asked(person, {by_link[link.pk]: band}, Way.MAIL))
            said[person.pk] = one
    changes.invite_people(by=world.actor(world.lin_mei), at=datetime.now(UTC), wave=wave, asked=asked)
    wave = opened(world, wave)
    for letter in letters(world, wave):
        cast(wave, letter.token, **said[letter.person.pk])
    return wave


def drawn(world: World, answers: Sequence[Answered], *, links: Sequence[Link], **more: Any) -> Wave:
    """An open wave in which cards were drawn, each of which asks about all of the links."""
    wave = opened(world, prepared(world, links=links, **more))
    for token, one in zip(cards(world, wave, len(answers)), answers, strict=True):
        cast(wave, token, **one)
    return wave


def published(world: World, wave: Wave) -> Wave:
    """The wave, closed and published; its findings are declined, so that another one can be opened."""
    by, at = world.actor(world.lin_mei), datetime.now(UTC)
    done = changes.publish_wave(by=by, at=at, wave=closed(world, wave))
    for finding in Finding.objects.filter(wave=done):
        changes.decline_finding(by=by, at=at, finding=finding, answer="This is a test.")
    return done


def ratings(*numbers: int) -> list[Answered]:
    """Sheets that rate the punctuality so."""
    return [{"on_time": number} for number in numbers]


def spread(count: int) -> list[Answered]:
    """So many sheets whose ratings differ."""
    return ratings(*(1 + (number * 7) % 5 for number in range(count)))
