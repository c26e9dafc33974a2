"""What the core asks about records of the chain on which people comment: what they are called, and who is told.

Asked by the core for people of whom it has made sure that they see the record; nothing of it is shown to others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import reduce
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import override

from baton.chain.models import GapAnswer, Link, Membership, Output, OutsideNeed, Party, Project, Responsibility
from baton.chain.models.gaps import DETECTORS
from baton.chain.policy import in_force
from baton.chain.queries.gap_detectors import Gap
from baton.chain.queries.gaps import gap_with_subject, sees_gap
from baton.chain.queries.successions import link_with_sides
from baton.chain.rules import PAIR_DETECTORS, Capacity, Detector, Responsible
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.discussions.queries import about_which
from baton.core.formats import labelled
from baton.core.texts import Texts, say
from baton.core.versions import Memory

if TYPE_CHECKING:
    from baton.core.models import Person

GAP = "gap"
"""Kind under which people talk about gaps, which are no records."""
_ASKING = Actor.system("discussions")
_NAMED = 3
"""Parties of a circle that its name names."""
_CONCERNED = 12
"""Of a gap of more parties no head is told who did not ask for it."""


def link_called(public_id: str) -> Mapping[str, str]:
    """Laundry → Ward 3: clean linen."""
    link = Link.objects.select_related("supplier", "customer", "output").get(public_id=public_id)
    sides = lasting_name(link.supplier), lasting_name(link.customer)
    called = {}
    for code, _label in settings.LANGUAGES:
        with override(code):
            called[code] = labelled(f"{say(sides[0], code)} → {say(sides[1], code)}", say(link.output.name, code))
    return called


def party_called(public_id: str) -> Mapping[str, str]:
    """Its name; of a person the number, because messages that name him would outlive him."""
    return lasting_name(Party.objects.get(public_id=public_id))


def output_called(public_id: str) -> Mapping[str, str]:
    """Its name."""
    name: Texts = Output.objects.get(public_id=public_id).name
    return name


def need_called(public_id: str) -> Mapping[str, str]:
    """Its words."""
    words: Texts = OutsideNeed.objects.get(public_id=public_id).words
    return words


def project_called(public_id: str) -> Mapping[str, str]:
    """Its name."""
    name: Texts = Project.objects.get(public_id=public_id).name
    return name


def gap_called(public_id: str, at: datetime) -> Mapping[str, str]:
    """What kind of gap, and the parties or the output that it is about; a gap of one person names nobody."""
    found = gap_with_subject(viewer=_ASKING, at=at, public_id=public_id)
    return {} if found is None else gap_named(found)


def gap_named(gap: Gap) -> Texts:
    """The gap by language, as :func:`gap_called` calls it; names of persons are left out of it."""
    handed = [one.name for one in gap.about if one.kind in ("link", "output")]
    # Whom work goes past is not for everybody who sees that there is no link.
    around = [one.public_id for one in gap.about if one.kind == "party"][: 2 if gap.from_log else _NAMED]
    parties = Party.objects.in_bulk([] if gap.about[0].kind == "output" else around, field_name="public_id")
    names = [lasting_name(parties[one]) for one in around if one in parties]
    more = " → …" if gap.detector is Detector.CYCLE and len(gap.about) > _NAMED else ""
    said = {}
    for code, _label in settings.LANGUAGES:
        chain = " → ".join(say(name, code) for name in names) + more
        with override(code):
            kind = "" if gap.from_log else str(DETECTORS[gap.detector])
            parts = [part for part in (kind, chain, *(say(name, code) for name in handed)) if part]
            said[code] = reduce(labelled, parts) if parts else ""
    return said


def told_of_gap(public_id: str, at: datetime) -> Iterable[Person]:
    """Who is to close it, and the heads of the parties that it concerns, unless these are many."""
    found = gap_with_subject(viewer=_ASKING, at=at, public_id=public_id)
    if found is None:
        return []
    alike = PAIR_DETECTORS if found.from_log else {found.detector}
    answers = GapAnswer.objects.filter(detector__in=alike, key=found.key, withdrawn=False, assignee__isnull=False)
    closing = [answer.assignee for answer in answers.select_related("assignee") if answer.assignee is not None]
    paths = found.paths if len(found.paths) <= _CONCERNED else ()
    return [*closing, *_heads(Party.objects.filter(path__in=paths).values("pk"), day_of(at))]


def gaps_discussed(*, viewer: Actor, at: datetime) -> frozenset[str]:
    """Ids of the gaps in the viewer's sight about which somebody said something."""
    discussed = about_which(viewer=viewer, kind=GAP)
    return frozenset(one for one in discussed if sees_gap(viewer=viewer, at=at, public_id=one))


def lasting_name(party: Party) -> Texts:
    """Its name; of a person the number, because what is kept with the name would outlive him."""
    name: Texts = party.name
    return (
        name if party.person_id is None else dict.fromkeys((code for code, _label in settings.LANGUAGES), party.number)
    )


def heads_of_link(public_id: str, day: date) -> Iterable[Person]:
    """The heads of both sides."""

    def read() -> list[Person]:
        link = link_with_sides(public_id)
        return _heads([link.supplier_id, link.customer_id] if link is not None else [], day)

    return _KEPT.unchanged(("chain", "core.Person"), (public_id, day), read)


_KEPT: Memory[list[Person]] = Memory(most=1_000)
"""Heads of links, by the link and the day."""


def heads_of_party(public_id: str, day: date) -> Iterable[Person]:
    """Its head."""
    return _heads(Party.objects.filter(public_id=public_id).values("pk"), day)


def heads_of_output(public_id: str, day: date) -> Iterable[Person]:
    """The heads of the parties that are accountable for it."""
    held = Responsibility.objects.filter(
        in_force(day), output__public_id=public_id, responsible=Responsible.ACCOUNTABLE
    )  # fmt: skip
    return _heads(held.values("party"), day)


def heads_of_project(public_id: str, day: date) -> Iterable[Person]:
    """The head of the party that leads it."""
    return _heads(Project.objects.filter(public_id=public_id).values("owner"), day)


def _heads(parties: Any, day: date) -> list[Person]:
    held = Membership.objects.filter(in_force(day), party__in=parties, capacity=Capacity.HEAD).select_related("person")
    return [membership.person for membership in held.order_by("pk")]
