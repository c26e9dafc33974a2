"""Who is told of feedback, and how its words are checked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from baton.core.actors import Actor
from baton.core.audit.trail import Trail
from baton.core.changes import notify
from baton.core.errors import TooLong
from baton.core.given import words_given
from baton.core.queries import colleagues
from baton.core.texts import clean_text
from baton.feedback.models import FeedbackItem
from baton.feedback.queries.inbox import quality_managers, who_owes
from baton.feedback.rules.inbox import WORDS_LENGTH

if TYPE_CHECKING:
    from baton.core.models import Person

FEEDBACK_CAME_TOPIC = "feedback.feedback_came"
FEEDBACK_DEALT_TOPIC = "feedback.feedback_dealt_with"
FEEDBACK_THANKS_TOPIC = "feedback.feedback_thanks"
FEEDBACK_LATE_TOPIC = "feedback.feedback_late"


def owing_of(at: datetime, item: FeedbackItem) -> list[Person]:
    """Who leads the party with which it lies; nobody where it lies with none."""
    return who_owes(viewer=teller_of(item), at=at, party=item.holder) if item.holder is not None else []


def quality_of(at: datetime, item: FeedbackItem) -> list[Person]:
    """Who holds the role of quality manager, but for who told it."""
    viewer = Actor.system("feedback")
    keys = quality_managers(viewer=viewer, at=at) - {item.teller_id}
    return list(colleagues(viewer=viewer).filter(pk__in=keys).order_by("pk"))


def teller_of(item: FeedbackItem) -> Actor:
    """Who told it, so that nobody is asked to deal with what he told himself."""
    return Actor(item.teller) if item.teller is not None else Actor.system("feedback")


def tell_of(trail: Trail, item: FeedbackItem, topic: str, people: Iterable[Person]) -> None:
    """Tell them that something happened to it; never in whose words."""
    for person in people:
        notify(
            by=trail.by, at=trail.at, person=person, topic=topic, values={"number": item.number},
            address=reverse("inbox:item", args=[item.public_id]), shows=[(FeedbackItem.kind, item.public_id)],
        )  # fmt: skip


def said(words: str, remedy: str) -> str:
    """The words, cleaned; refused where there are none or too many."""
    return words_given(words, "words", most=WORDS_LENGTH, remedy=remedy)


def within(raw: str, field: str, most: int) -> str:
    """The text, cleaned; refused beside ``field`` where it is longer than ``most``."""
    text = clean_text(raw)
    if len(text) > most:
        raise TooLong(field=field, most=most, length=len(text))
    return text
