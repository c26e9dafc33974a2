"""Who is told of what happens to handoffs: at once of warnings and returns, once a day of all that waits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import ngettext, override

from baton.chain.queries.discussing import link_called
from baton.chain.queries.group_chats import leaders_of
from baton.core.actors import Actor
from baton.core.audit.trail import Trail
from baton.core.changes import notify, notify_once_a_day
from baton.core.changes.notifications import Told
from baton.core.queries.people import people
from baton.core.rules import Role
from baton.handoffs.models import Handoff, HandoffReturn, LinkPractice
from baton.handoffs.queries.waiting import Waiting, waiting_by_party
from baton.handoffs.rules import Form

if TYPE_CHECKING:
    from baton.core.models import Person

WAITING_TOPIC = "handoffs.waiting"
WARNED_TOPIC = "handoffs.warned"
RETURNED_TOPIC = "handoffs.returned"
CONTESTED_TOPIC = "handoffs.contested"
RETURN_DECIDED_TOPIC = "handoffs.return_decided"
TELL_JOB = "handoffs.tell_what_waits"


def tell_warned(trail: Trail, handoff: Handoff) -> None:
    """Who leads the customer hears that it comes later or less than wanted."""
    _tell(trail, handoff, WARNED_TOPIC, leaders_of(handoff.link.customer.public_id, trail.at))


def tell_returned(trail: Trail, handoff: Handoff, opened: Iterable[HandoffReturn]) -> None:
    """Who leads the supplier hears in one message what came back or is missing; of a call its team hears otherwise."""
    found = list(opened)
    if found and handoff.form != Form.CALL:
        values = {"what": " · ".join(dict.fromkeys(one.phenomenon for one in found))}
        people_told = leaders_of(handoff.link.supplier.public_id, trail.at)
        _tell(trail, handoff, RETURNED_TOPIC, people_told, values, found)


def tell_contested(trail: Trail, found: HandoffReturn) -> None:
    """Who leads the customer hears it, and whoever decides."""
    handoff = found.handoff
    practice = LinkPractice.objects.filter(link=handoff.link_id).select_related("arbiter").first()
    arbiter = practice.arbiter if practice is not None else None
    deciding = [arbiter] if arbiter is not None and arbiter.is_active else managers(trail.at)
    told = [*leaders_of(handoff.link.customer.public_id, trail.at), *deciding]
    _tell(trail, handoff, CONTESTED_TOPIC, told, {"number": found.number}, [found])


def tell_decided(trail: Trail, found: HandoffReturn) -> None:
    """Who leads either side hears what was decided."""
    link = found.handoff.link
    told = [one for party in (link.supplier, link.customer) for one in leaders_of(party.public_id, trail.at)]
    _tell(trail, found.handoff, RETURN_DECIDED_TOPIC, told, {"number": found.number}, [found])


def tell_what_waits(*, by: Actor, at: datetime) -> int:
    """Tell whoever leads a party, in one message a day, what waits there: deliveries to accept, what is owed and late
    or due within a day, judgements for which the other side waits. Returns how many heard something new."""
    told: dict[int, tuple[Person, list[Waiting]]] = {}
    for party, waiting in waiting_by_party(viewer=by, at=at).items():
        for person in leaders_of(party, at):
            told.setdefault(person.pk, (person, []))[1].append(waiting)
    heard = [
        notify_once_a_day(by=by, at=at, person=person, topic=WAITING_TOPIC, told=_digest(Waiting.together(parts)))
        for person, parts in told.values()
    ]
    return sum(one is not None for one in heard)


def _digest(waiting: Waiting) -> Callable[[datetime | None], Told | None]:
    """What is said of it: how it stands now, whatever was said before."""

    def told(_since: datetime | None) -> Told | None:
        return ({"what": _in_words(waiting)}, reverse("handoffs:today"), ()) if waiting else None

    return told


def _in_words(waiting: Waiting) -> Mapping[str, str]:
    """What waits, by language."""
    found = {}
    for code, _label in settings.LANGUAGES:
        with override(code):
            found[code] = " ".join(part for part in _parts(waiting) if part)
    return found


def _parts(waiting: Waiting) -> Iterable[str]:
    for count, words in (
        (waiting.to_accept, ngettext(
            "{count} delivery waits for your acceptance.", "{count} deliveries wait for your acceptance.",
            waiting.to_accept)),
        (waiting.late, ngettext(
            "{count} handoff that you owe is late.", "{count} handoffs that you owe are late.", waiting.late)),
        (waiting.soon, ngettext(
            "{count} handoff that you owe is due within a day.", "{count} handoffs that you owe are due within a day.",
            waiting.soon)),
        (waiting.to_judge, ngettext(
            "{count} handoff was judged by the other side and waits for your judgement.",
            "{count} handoffs were judged by the other side and wait for your judgement.", waiting.to_judge)),
    ):  # fmt: skip
        if count:
            yield words.format(count=count)


def _tell(
    trail: Trail, handoff: Handoff, topic: str, told: Iterable[Any], values: Mapping[str, str] | None = None,
    parts: Iterable[HandoffReturn] = (),
) -> None:  # fmt: skip
    """Tell each of them once, but not who did it himself."""
    persons = {one.pk: one for one in told}
    if trail.by.person is not None:
        persons.pop(trail.by.person.pk, None)
    said = {"number": handoff.number, "link": link_called(handoff.link.public_id), **(values or {})}
    for person in persons.values():
        notify(
            by=trail.by, at=trail.at, person=person, topic=topic, values=said,
            address=reverse("handoffs:handoff", args=[handoff.public_id]),
            shows=[(Handoff.kind, handoff.public_id), *((HandoffReturn.kind, one.public_id) for one in parts)],
        )  # fmt: skip


def managers(at: datetime) -> Iterable[Person]:
    """The quality managers, who decide where nobody else can."""
    return people(viewer=Actor.system("handoffs"), at=at, role=Role.QUALITY_MANAGER, active=True)
