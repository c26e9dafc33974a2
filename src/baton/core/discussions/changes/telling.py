"""Telling people of a comment: those whom it mentions at once, those who follow in one message until they look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from baton.core import registries
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes.notifications import notify
from baton.core.discussions import policy
from baton.core.discussions.mentions import sees
from baton.core.models import Comment, Following, Notification, Person

TELL_JOB = "core.tell_of_comment"
MENTIONED_TOPIC = "core.mentioned"
COMMENTED_TOPIC = "core.commented"
MOST_KEPT = 50
"""Comments of which a message remembers that it counts them: a repeated run tells of one of the latest only."""


def address_of(comment: str) -> str:
    """The address that leads to a comment, wherever it is shown."""
    return f"/comments/{comment}/"


def tell(*, by: Actor, at: datetime, comment: str, people: Sequence[str], followers: bool, progress: Any = None) -> int:
    """Tell the mentioned ``people`` (public ids) and, if asked to, the ``followers`` of a comment; only who now sees
    what it is about, and nobody of his own words. Returns how many were told.

    Whoever has an unread message about the same record gets no second one: that one counts the new comment. A run that
    is repeated tells nobody twice.
    """
    said = Comment.objects.select_related("author").filter(public_id=comment, withdrawn_at__isnull=True).first()
    if said is None or said.about_kind not in registries.policies:
        return 0
    mentioned = _seeing(said, Person.objects.filter(public_id__in=people), at)
    following = _seeing(said, _followers(said), at) if followers else []
    done = {person.pk for person in mentioned}
    if not mentioned and not following:
        return 0
    name = dict(policy.discussion_of(said.about_kind).name(said.about_id))
    with change(by=by, at=at) as trail:
        for person in mentioned:
            _mention(by, at, said, person, name)
        for person in following:
            if person.pk not in done:
                _count(trail, by, at, said, person, name)
                done.add(person.pk)
    return len(done)


def _seeing(said: Comment, people: Iterable[Person], at: datetime) -> list[Person]:
    others = {person.pk: person for person in people if person.pk != said.author_id}
    return [person for person in others.values() if sees(person, said.about_kind, said.about_id, at)]


def _followers(said: Comment) -> Iterator[Person]:
    rows = Following.objects.filter(about_kind=said.about_kind, about_id=said.about_id).select_related("person")
    wants = {row.person.pk: row.follows for row in rows}
    yield from (row.person for row in rows if row.follows)
    for person in policy.discussion_of(said.about_kind).told(said.about_id):
        if wants.get(person.pk, True):
            yield person


def _mention(by: Actor, at: datetime, said: Comment, person: Person, name: dict[str, str]) -> None:
    address = address_of(said.public_id)
    if not Notification.objects.filter(person=person, topic=MENTIONED_TOPIC, address=address).exists():
        notify(
            by=by, at=at, person=person, topic=MENTIONED_TOPIC, address=address, values={"name": name},
            shows=[(Comment.kind, said.public_id)],
        )  # fmt: skip


def _count(trail: Trail, by: Actor, at: datetime, said: Comment, person: Person, name: dict[str, str]) -> None:
    """One message a record: its address is that of the first comment which the person has not seen."""
    about = f"{said.about_kind} {said.about_id}"
    rows = Notification.objects.filter(person=person, topic=COMMENTED_TOPIC).order_by("-pk")[:50]
    sent = [row for row in rows if row.values.get("about") == about]
    if any(said.public_id in row.values["comments"] for row in sent):
        return
    unread = next((row for row in sent if row.read_at is None), None)
    if unread is None:
        values = {"name": name, "about": about, "comments": [said.public_id], "count": 1}
        address = address_of(said.public_id)
        notify(
            by=by, at=at, person=person, topic=COMMENTED_TOPIC, address=address, values=values,
            shows=[(Comment.kind, said.public_id)],
        )  # fmt: skip
        return
    fresh = trail.lock(Notification, unread)
    comments = [*fresh.values["comments"], said.public_id][-MOST_KEPT:]
    fresh.values = {**fresh.values, "name": name, "comments": comments, "count": fresh.values["count"] + 1}
    trail.save(fresh, "notification.renewed")
