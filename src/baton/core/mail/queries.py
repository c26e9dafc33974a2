"""What the pages show of e-mail."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from baton.core import policy, registries
from baton.core.actors import Actor
from baton.core.errors import Forbidden
from baton.core.mail.sending import MailFailure
from baton.core.models import Mail, MailChoices, Person
from baton.core.rules import MailRhythm

FAILURES = {
    MailFailure.CONNECT: _("The mail server cannot be reached."),
    MailFailure.SIGN_IN: _("The mail server refuses the installation’s name and password."),
    MailFailure.RECIPIENT: _("The mail server takes nothing for this address."),
    MailFailure.REFUSED: _("The mail server refuses the sender or the e-mail."),
    MailFailure.OTHER: _("It could not be handed over; the log of the worker says why."),
}


def mails(*, viewer: Actor) -> QuerySet[Mail]:
    """Every e-mail of the last 30 days with the number of messages in it, the newest first. What stands in them is
    their readers' business."""
    policy.demand(policy.may_see_mails(viewer))
    return Mail.objects.select_related("person").annotate(messages=Count("entries")).order_by("-made_at", "-pk")


def mail_choices(*, viewer: Actor) -> MailChoices:
    """What the viewer himself chose, or an unsaved record with what holds until he does."""
    if viewer.person is None:
        raise Forbidden
    return MailChoices.objects.filter(person=viewer.person).first() or MailChoices(person=viewer.person)


@dataclass(frozen=True, slots=True)
class Choosable:
    """Kinds of messages that people choose together, because they have one title, and what holds for them."""

    title: str
    topics: tuple[str, ...]
    rhythm: MailRhythm


def choosable(chosen: MailChoices) -> list[Choosable]:
    """Of what somebody may choose how soon he is told."""
    by_title: dict[str, list[str]] = {}
    for topic, entry in registries.topics:
        if entry.title:
            by_title.setdefault(str(entry.title), []).append(topic)
    return [Choosable(title, tuple(topics), _rhythm(chosen, topics[0])) for title, topics in by_title.items()]


def _rhythm(chosen: MailChoices, topic: str) -> MailRhythm:
    return MailRhythm(chosen.rhythms.get(topic, registries.topics.get(topic).rhythm))


def told_by_mail(*, viewer: Actor, people: Collection[Person], topic: str) -> frozenset[int]:
    """Keys of those of ``people`` who have a mailbox, may sign in and want to be told of ``topic`` by e-mail."""
    policy.demand(policy.may_use(viewer))
    reached = {one.pk for one in people if one.email and one.is_active}
    chosen = MailChoices.objects.filter(person__in=reached).values_list("person", "rhythms")
    shipped = registries.topics.get(topic).rhythm
    wanted = dict.fromkeys(reached, shipped) | {person: rhythms.get(topic, shipped) for person, rhythms in chosen}
    return frozenset(person for person, rhythm in wanted.items() if MailRhythm(rhythm) is not MailRhythm.NEVER)
