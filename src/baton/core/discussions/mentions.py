"""People whom a comment mentions: chosen by name among those who may see what it is about, stored by their ids.

Somebody who may not see it is treated as if there were nobody of that name: neither the suggestions nor what becomes of
a typed name say that he exists.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.translation import get_language

from baton.core.actors import Actor
from baton.core.discussions import policy, rules
from baton.core.errors import NotFound, Refused
from baton.core.models import Comment, Person
from baton.core.queries import roles_of
from baton.core.texts import clean_text
from baton_analysis.errors import gettext_noop

SUGGESTED = 6
"""People whom the list under the @ proposes."""

MOST_ASKED = 24
"""People of a fitting name about whom the room is asked whether they see the record; who types more, finds more."""

MOST_PLACES = 40
"""Signs @ of one comment behind which names are looked for."""


def sees(person: Person, kind: str, public_id: str, at: datetime) -> bool:
    """Whether a person reads what is said about a record."""
    return person.is_active and policy.may_read(Actor(person, roles_of(person, at)), kind, public_id)


def suggestions(*, viewer: Actor, at: datetime, kind: str, public_id: str, text: str) -> list[Person]:
    """Whom the viewer may mention about a record and whose name holds ``text``; without text those who have said
    something about it or are told of it. At most :data:`SUGGESTED`; NotFound for who does not see the record."""
    if not policy.may_read(viewer, kind, public_id) or not policy.may_comment(viewer):
        raise NotFound
    typed = clean_text(text)[: rules.LONGEST_NAME]
    found = _called_like(typed) if typed else _concerned(kind, public_id)
    others = (person for person in found if viewer.person is None or person.pk != viewer.person.pk)
    return _first(person for person in others if sees(person, kind, public_id, at))


def _first(people: Iterable[Person]) -> list[Person]:
    shown: list[Person] = []
    for person in people:
        shown.append(person)
        if len(shown) == SUGGESTED:
            break
    return shown


def _called_like(typed: str) -> QuerySet[Person]:
    wanted = Q()
    for code, _label in settings.LANGUAGES:
        wanted |= Q(**{f"name__{code}__icontains": typed}) | Q(**{f"sort_keys__{code}__icontains": typed.casefold()})
    language = get_language() or settings.LANGUAGE_CODE
    return Person.objects.filter(wanted, is_active=True).order_by(
        KeyTextTransform(language, "sort_keys"), "public_id"
    )[:MOST_ASKED]  # fmt: skip


def _concerned(kind: str, public_id: str) -> list[Person]:
    said = Comment.objects.filter(about_kind=kind, about_id=public_id, withdrawn_at__isnull=True)
    authors = [comment.author for comment in said.select_related("author").order_by("-pk")[:MOST_ASKED]]
    told = policy.discussion_of(kind).told(public_id)
    return list({person.pk: person for person in (*authors, *told)}.values())[:MOST_ASKED]


def with_mentions(
    *, at: datetime, kind: str, public_id: str, words: str, chosen: Collection[str] = (), before: Collection[str] = ()
) -> str:
    """The words with people in place of their names: ``@Wang Fang`` becomes ``@[id]`` where she sees the record.

    ``chosen`` are public ids from the suggestions, which tell people of the same name apart; ``before`` are those whom
    the comment mentions already. Refused where a name means several people who see the record and none was chosen, and
    where more than :data:`rules.MOST_MENTIONED` are mentioned.
    """
    known: dict[int, bool] = {}

    def seen(person: Person) -> bool:
        if person.pk not in known:
            known[person.pk] = sees(person, kind, public_id, at)
        return known[person.pk]

    named = Person.objects.filter(public_id__in=rules.mentioned(words)[: 2 * rules.MOST_MENTIONED])
    words = rules.without_mentions(words, {*before, *(one.public_id for one in named if seen(one))})
    for place in reversed(rules.places_of_names(words)[:MOST_PLACES]):
        spelled = rules.beginnings(words, place)
        called = _called(spelled, chosen)
        for name in spelled:
            people = [person for person in called.get(_normal(name), ()) if seen(person)]
            if people:
                one = _the_one(people, chosen, name)
                words = f"{words[: place - 1]}{rules.mention(one.public_id)}{words[place + len(name) :]}"
                break
    _demand_few(words)
    return words


def _called(spelled: Sequence[str], chosen: Collection[str]) -> Mapping[str, list[Person]]:
    """Active people by each of their names in its normal spelling, of those who are called like one of ``spelled``: the
    ``chosen`` ones (public ids), however many others bear the name, and :data:`MOST_ASKED` of all."""
    wanted, rows = Q(pk__in=()), Person.objects.filter(is_active=True)
    folded = [_normal(one) for one in spelled]
    for number, (code, _label) in enumerate(settings.LANGUAGES):
        # A text within JSON would be compared as JSON.
        fields = {f"name_{number}": "name", f"key_{number}": "sort_keys"}
        rows = rows.alias(**{alias: Cast(KeyTextTransform(code, at), TextField()) for alias, at in fields.items()})
        wanted |= Q(**{f"name_{number}__in": spelled}) | Q(**{f"key_{number}__in": folded})
    rows = rows.filter(wanted).order_by("pk")
    picked = list(rows.filter(public_id__in=chosen)[:MOST_ASKED]) if chosen else []
    found: dict[str, list[Person]] = {}
    for person in {person.pk: person for person in (*picked, *rows[:MOST_ASKED])}.values():
        for name in {_normal(name) for name in person.name.values()}:
            found.setdefault(name, []).append(person)
    return found


def _normal(name: str) -> str:
    return name.casefold()


def _the_one(people: Sequence[Person], chosen: Collection[str], name: str) -> Person:
    picked = [person for person in people if person.public_id in chosen] or people
    if len(picked) > 1:
        raise Refused(
            field="words",
            expected=gettext_noop("Expected to know who is mentioned."),
            found=gettext_noop("Several people here are called “{name}”."),
            remedy=gettext_noop("Choose one from the list that opens behind @, or write the name without @."),
            name=name,
        )
    return picked[0]


def _demand_few(words: str) -> None:
    count = len(rules.mentioned(words))
    if count > rules.MOST_MENTIONED:
        raise Refused(
            field="words",
            expected=gettext_noop("A comment mentions at most {most} people."),
            found=gettext_noop("This one mentions {count}."),
            remedy=gettext_noop("Mention those who are to do something; the others may follow."),
            most=rules.MOST_MENTIONED,
            count=count,
        )


def people_of(texts: Iterable[str]) -> dict[str, Person]:
    """The people whom these words mention, by public id. One query, none where nobody is mentioned."""
    ids = {public_id for words in texts for public_id in rules.mentioned(words)}
    return {person.public_id: person for person in Person.objects.filter(public_id__in=ids)} if ids else {}


def as_typed(words: str) -> str:
    """The words as their author typed them, with names in place of ids."""
    people = people_of([words])
    for public_id in rules.mentioned(words):
        name = str(people[public_id]) if public_id in people else public_id
        words = words.replace(rules.mention(public_id), f"@{name}")
    return words
