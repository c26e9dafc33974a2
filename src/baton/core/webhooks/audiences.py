"""Who reads a group chat, and what all of them may see.

Everybody in the chat is asked about every record whose name would stand in the message. One who may not see one of them
is enough to withhold it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from baton.core import policy, registries
from baton.core.actors import Actor
from baton.core.formats import remarks_in
from baton.core.models import Person, Webhook
from baton.core.people_forms import ROLE_NAMES
from baton.core.queries import people, roles_by_person
from baton.core.registries import Announced, Audience
from baton.core.rules import Role
from baton.core.texts import Texts, say

_ASKING = Actor.system("group_chats")
MOST_READERS = 100
"""Each is asked about each record: a chat of more people is told nothing by name, only as “everybody”."""
MOST_PARTS = 20
"""So many records of a digest are asked about."""
NAMED_PARTS = 3
"""So many of them a message names."""


def parted(audience: str) -> tuple[str, str]:
    """``party:2b3c`` → its kind and its key."""
    kind, _colon, key = audience.partition(":")
    return kind, key


def choices(*, by: Actor, at: datetime) -> list[tuple[str, str]]:
    """(audience, name) of every group for which ``by`` may add a chat."""
    return [
        (f"{kind}:{key}" if key else kind, name)
        for kind, audience in registries.audiences
        for key, name in audience.choices(by, at)
    ]


def named(webhook: Webhook) -> Texts:
    """What the group of a chat is called, by language."""
    kind, key = parted(webhook.audience)
    return dict(registries.audiences.get(kind).named(key)) if kind in registries.audiences else {}


def leaders(audience: str, at: datetime) -> list[Person]:
    """Who is told that a chat was added for the group."""
    kind, key = parted(audience)
    return list(registries.audiences.get(kind).leaders(key, at))


def announced(webhook: Webhook, kind: str, public_id: str, sight: Sight | None = None) -> Announced | None:
    """The record as this chat is told of it; None where it is not its business.

    Of a digest only what everybody in the chat may see, where his ``sight`` is given.
    """
    group, key = parted(webhook.audience)
    if group not in registries.audiences:
        return None
    audience = registries.audiences.get(group)
    if kind in registries.digests:
        parts: Sequence[Announced | None] = registries.digests.get(kind).parts(public_id)
    else:
        parts = [registries.announcements.get(kind)(public_id)] if kind in registries.announcements else []
    concerned = [one for one in parts if one is not None and (not audience.concerned or key in one.concerns)]
    if not concerned:
        return None
    if audience.nameless:
        return Announced({}, frozenset(), frozenset())
    return _digest(concerned, sight) if kind in registries.digests else concerned[0]


def _digest(parts: Sequence[Announced], sight: Sight | None) -> Announced | None:
    """What everybody may see of the first of them, in one line; None where that is nothing."""
    seen = [one for one in parts[:MOST_PARTS] if sight is None or sight.reaches(one)]
    named, rest = seen[:NAMED_PARTS], ["…"] if len(parts) > NAMED_PARTS else []
    if not named:
        return None
    name = {
        code: remarks_in(code, [*dict.fromkeys(say(one.name, code) for one in named), *rest])
        for code, _label in settings.LANGUAGES
    }
    shows = frozenset(record for one in named for record in one.shows)
    return Announced(name, shows, frozenset(group for one in named for group in one.concerns))


class Sight:
    """What everybody in a chat sees, asked once for each record; for one run, because rights change."""

    def __init__(self, webhook: Webhook, at: datetime) -> None:
        kind, key = parted(webhook.audience)
        audience = registries.audiences.get(kind)
        self.nameless = audience.nameless
        asked = list(audience.people(key, at))
        held = roles_by_person(viewer=_ASKING, at=at, people=asked)
        self._readers = [Actor(person, frozenset(held.get(person.pk, ()))) for person in asked]
        self._known: dict[tuple[str, str], bool] = {}

    def reaches(self, shown: Announced) -> bool:
        """Whether everybody in the chat may see all that would be named; nobody in it: no."""
        if self.nameless:
            return True
        countable = 0 < len(self._readers) <= MOST_READERS
        return countable and all(self._all_see(*record) for record in shown.shows)

    def _all_see(self, kind: str, public_id: str) -> bool:
        if (kind, public_id) not in self._known:
            self._known[kind, public_id] = all(policy.may_see_object(one, kind, public_id) for one in self._readers)
        return self._known[kind, public_id]


def _holders(role: str, at: datetime) -> Iterable[Person]:
    return people(viewer=_ASKING, at=at, role=Role(role), active=True)


def _in_all_languages(msgid: str) -> Texts:
    said = {}
    for code, _label in settings.LANGUAGES:
        with translation.override(code):
            said[code] = gettext(msgid)
    return said


def _role_named(role: str) -> Texts:
    said = {}
    for code, _label in settings.LANGUAGES:
        with translation.override(code):
            said[code] = str(ROLE_NAMES[Role(role)])
    return said


ROLES = Audience(
    choices=lambda actor, at: [
        (role.value, gettext("Role: {role}").format(role=name))
        for role, name in ROLE_NAMES.items()
        if role is not Role.GUEST
    ],
    people=_holders,
    leaders=_holders,
    named=_role_named,
)
EVERYBODY = Audience(
    choices=lambda actor, at: [("", gettext("Everybody: no names are sent"))],
    people=lambda key, at: (),
    leaders=lambda key, at: (),
    named=lambda key: _in_all_languages("Everybody: no names are sent"),
    nameless=True,
)
