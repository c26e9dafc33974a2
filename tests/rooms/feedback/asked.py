"""Questionnaires and waves for tests, made through the changes of the room."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from baton.feedback import changes, queries
from baton.feedback.changes import Asked, Letter
from baton.feedback.models import Finding
from baton.feedback.rules import Band, Contents, Way, contents_of
from baton.feedback.rules.findings import FindingState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from baton.chain.models import Link
    from baton.core.models import Person
    from baton.feedback.models import Questionnaire, Wave
    from baton.feedback.queries import Slip
    from tests.world import World

_ENDS = {"1": {"en": "Never"}, "5": {"en": "Always"}}


def document() -> dict[str, Any]:
    """A short questionnaire: two ratings, a comment about the link, and a recommendation about none."""
    return {
        "sections": [
            {
                "key": "service",
                "title": {"en": "Service", "zh-hans": "服务"},
                "questions": [
                    {"key": "on_time", "kind": "rating", "words": {"en": "{output} comes on time."}, "anchors": _ENDS,
                     "required": True, "dimension": "reliability"},
                    {"key": "complete", "kind": "rating", "words": {"en": "Nothing is missing."}, "anchors": _ENDS},
                    {"key": "better", "kind": "text", "words": {"en": "What should be better?"}},
                ],
            },
            {
                "key": "all",
                "title": {"en": "All in all"},
                "questions": [
                    {"key": "recommend", "kind": "nps", "words": {"en": "Would you recommend working here?"},
                     "about": "wave"},
                ],
            },
        ]
    }  # fmt: skip


def contents() -> Contents:
    """The same, read."""
    return contents_of(document())


def written(world: World, **given: Any) -> Questionnaire:
    """A questionnaire of the quality manager."""
    given = {"name": {"en": "Internal service"}, "contents": contents(), **given}
    return changes.write_questionnaire(by=world.actor(world.lin_mei), at=datetime.now(UTC), **given)


def prepared(world: World, *, links: Iterable[Link] | None = None, **given: Any) -> Wave:
    """A wave about the linen and the doses of Ward 3, in preparation, open for a week once it is opened."""
    at = datetime.now(UTC)
    given = {
        "questionnaire": given.pop("questionnaire", None) or written(world), "title": {"en": "Autumn"},
        "closes_at": at + timedelta(days=7), **given,
    }  # fmt: skip
    chosen = list(links) if links is not None else [world.laundry_ward, world.pharmacy_ward]
    return changes.prepare_wave(by=world.actor(world.lin_mei), at=at, links=chosen, **given)


def asking(world: World, wave: Wave, people: Iterable[Person] = (), *, way: Way = Way.APP) -> Wave:
    """The same wave with people asked about all of its links; by default those of Ward 3."""
    chosen = list(people) or [world.wang_fang, world.zhou_min, world.chen_jie, world.sun_lei]
    lead = {world.wang_fang.pk, world.zhou_min.pk}
    asked = [
        Asked(one, dict.fromkeys(wave.links.all(), Band.LEAD if one.pk in lead else Band.STAFF), way) for one in chosen
    ]
    changes.invite_people(by=world.actor(world.lin_mei), at=datetime.now(UTC), wave=wave, asked=asked)
    return wave


def opened(world: World, wave: Wave | None = None) -> Wave:
    """An open wave; its ways are not handed out."""
    ready = wave or asking(world, prepared(world))
    return changes.open_wave(by=world.actor(world.lin_mei), at=datetime.now(UTC), wave=ready)


def letters(world: World, wave: Wave) -> list[Letter]:
    """The letters of those who get one; ways that are fetched in Baton are laid ready."""
    return list(changes.hand_out(by=world.actor(world.lin_mei), at=datetime.now(UTC), wave=wave))


def cards(world: World, wave: Wave, count: int) -> list[str]:
    """Tokens of cards that ask about all links of the wave."""
    return changes.print_cards(
        by=world.actor(world.lin_mei), at=datetime.now(UTC), wave=wave, links=list(wave.links.all()), count=count
    )


def slip(wave: Wave, token: str) -> Slip:
    """What a token opens."""
    found = queries.slip_of(wave=wave, typed=token)
    assert found is not None
    return found


def cast(wave: Wave, token: str, **answers: Any) -> None:
    """Hand in a sheet with these answers about every link."""
    ballot = slip(wave, token)
    given = {link.public_id: answers for link, _band in ballot.links}
    changes.cast_sheet(at=datetime.now(UTC), slip=ballot, answers=given)


def closed(world: World, wave: Wave) -> Wave:
    """The wave, closed by the quality manager."""
    return changes.close_wave(by=world.actor(world.lin_mei), at=datetime.now(UTC), wave=wave)


def all_answered(world: World) -> None:
    """Every finding has an answer, so that the next wave may be opened."""
    for one in Finding.objects.filter(state=FindingState.OPEN):
        changes.decline_finding(
            by=world.actor(world.lin_mei), at=datetime.now(UTC), finding=one, answer="Not this year"
        )
