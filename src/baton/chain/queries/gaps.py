"""What nobody has made clear: gaps of the chain, found anew whenever it changes, with what people said to them.

They are found over the whole chain, because whoever sees a part of it would take its border for a gap, and shown to
whom they concern. The number of queries does not depend on the size of the chain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.cache import cache
from django.db.models import Q

from baton.chain import policy
from baton.chain.models import GapAnswer, Link, Party
from baton.chain.queries.chains import chain_version
from baton.chain.queries.gap_detectors import DETECT, Gap, pair_key
from baton.chain.queries.gap_facts import About, chain_facts
from baton.chain.queries.gap_sight import in_discretion
from baton.chain.rules import (
    PAIR_DETECTORS,
    Detector,
    GapReply,
    GapState,
    comes_back,
    gap_of_subject,
    gap_subject,
)
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.once import once
from baton.core.policy import demand, may_use
from baton.core.versions import Memory, version_of

COUNT_SECONDS, DAY_SECONDS = 300, 86_400
"""Seconds that the number beside the navigation entry may be behind, in a small and in a large chain."""
COUNTED_PARTIES = 500
"""In a larger chain the number is that of the reader's last visit to the gaps, for a day at most."""


@dataclass(frozen=True, slots=True)
class GapRow:
    """A gap with what was said to it. ``mine``: it concerns a party that the viewer belongs to."""

    gap: Gap
    answer: GapAnswer | None
    state: GapState
    mine: bool
    may_answer: bool

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state is not GapState.ANSWERED


@dataclass(frozen=True, slots=True)
class GapFilters:
    """Which gaps: ``show`` is open (also assigned ones), mine, assigned (to the viewer), answered or all; ``detector``
    one kind only."""

    show: str = "open"
    detector: str = ""


def gaps(*, viewer: Actor, at: datetime) -> list[GapRow]:
    """Every gap that the viewer may see, by detector, the heaviest first. At most 27 queries.

    A circle names parties far along the chain: only who may know of all of them sees it. What tells of links of a
    confidential party, their two sides see and who sees all links.
    """
    return _in_sight(viewer, at, lambda found: True)


def _in_sight(viewer: Actor, at: datetime, wanted: Callable[[Gap], bool]) -> list[GapRow]:
    """Of the ``wanted`` gaps those that the viewer may see, as he may know of them."""
    day = day_of(at)
    sight = policy.sight_of(viewer, day)
    standing = sight.standing
    if standing.is_guest or viewer.is_anonymous:
        return []
    said = _answers(Q())
    own = viewer.person.pk if viewer.person is not None else None
    rows = []
    for gap in in_discretion(sight, day, filter(wanted, found_gaps(viewer=viewer, at=at))):
        answer = said.get((gap.detector, gap.key))
        assigned = answer is not None and answer.assignee_id is not None and answer.assignee_id == own
        if assigned or policy.may_see_gap(standing, gap.paths, from_log=gap.from_log):
            rows.append(_row(standing, gap, said))
    circles = {about.public_id for row in rows if row.gap.detector is Detector.CYCLE for about in row.gap.about}
    if not circles or policy.may_see_all_gaps(viewer):
        return rows
    known = set(Party.objects.filter(sight.parties, public_id__in=circles).values_list("public_id", flat=True))
    return [row for row in rows if row.gap.detector is not Detector.CYCLE or _names_only(row.gap, known)]


def _names_only(gap: Gap, known: set[str]) -> bool:
    return all(about.public_id in known for about in gap.about)


def chosen_gaps(*, viewer: Actor, rows: Iterable[GapRow], filters: GapFilters) -> list[GapRow]:
    """Those of the rows that the filters mean; what makes no sense means all open ones."""
    own = viewer.person.pk if viewer.person is not None else None
    wanted: dict[str, Callable[[GapRow], bool]] = {
        "mine": lambda row: row.is_open and row.mine,
        "assigned": lambda row: row.answer is not None and row.answer.assignee_id == own and row.is_open,
        "answered": lambda row: row.state is GapState.ANSWERED,
        "all": lambda row: True,
        "open": lambda row: row.is_open,
    }
    fits = wanted[filters.show if filters.show in wanted else "open"]
    kind = filters.detector if filters.detector in set(Detector) else ""
    return [row for row in rows if fits(row) and kind in ("", row.gap.detector)]


def gap(*, viewer: Actor, at: datetime, detector: str, key: str) -> GapRow | None:
    """One gap; None where there is none any more, or the viewer may not know of it.

    Two parties in sight without a link are found under :data:`PAIR_DETECTORS` also where no log shows a handover:
    somebody may say beforehand that they have no dealings.
    """
    found = found_gap(viewer=viewer, at=at, detector=detector, key=key)
    return found or (_empty_pair(viewer, at, key) if detector in PAIR_DETECTORS else None)


def found_gap(*, viewer: Actor, at: datetime, detector: str, key: str) -> GapRow | None:
    """One gap that a detector finds; None where it finds none any more, or the viewer may not know of it."""
    alike = PAIR_DETECTORS if detector in PAIR_DETECTORS else {detector}
    return next(iter(_in_sight(viewer, at, lambda one: one.key == key and one.detector in alike)), None)


def sees_gap(*, viewer: Actor, at: datetime, public_id: str) -> bool:
    """Whether there is a gap under this id (:func:`baton.chain.rules.gap_subject`) and the viewer may know of it. Two
    parties without a link of which no log shows a handover are none."""
    named = gap_of_subject(public_id)
    if named is None or not may_use(viewer):
        return False
    detector, key = named
    return once(
        ("chain.gap", viewer, day_of(at), public_id),
        lambda: found_gap(viewer=viewer, at=at, detector=detector, key=key) is not None,
    )


def gap_with_subject(*, viewer: Actor, at: datetime, public_id: str) -> Gap | None:
    """The gap under this id whole, whoever may see it; pages ask :func:`gap`."""
    found = found_gaps(viewer=viewer, at=at)
    return next((one for one in found if one.subject == public_id), None)


def _empty_pair(viewer: Actor, at: datetime, key: str) -> GapRow | None:
    day = day_of(at)
    sight, ends = policy.sight_of(viewer, day), key.split(".")
    seen = Party.objects.filter(sight.parties, policy.in_force(day), public_id__in=ends[:2])
    parties = {party.public_id: party for party in seen}
    if len(ends) != 2 or len(parties) != 2 or sight.standing.is_guest:
        return None
    # Whether there is a link or not would both tell of it.
    if policy.discretion_of(sight).hides(*ends):
        return None
    empty = _without_link(parties[ends[0]], parties[ends[1]], day)
    return _row(sight.standing, empty, _answers(Q(detector__in=PAIR_DETECTORS, key=key))) if empty is not None else None


def _without_link(supplier: Party, customer: Party, day: date) -> Gap | None:
    """The two as a gap of which no log shows a handover; None where there is a link."""
    if Link.objects.filter(policy.in_force(day), supplier=supplier, customer=customer).exists():
        return None
    about = tuple(About("party", party.public_id, party.number, party.name) for party in (supplier, customer))
    key = pair_key(supplier.public_id, customer.public_id)
    return Gap(Detector.UNDECLARED, key, about, frozenset({supplier.path, customer.path}))


def sees_gap_answer(*, viewer: Actor, at: datetime, public_id: str) -> bool:
    """Whether somebody said this to a gap that the viewer may know of, or to two parties without a link."""
    answer = gap_answer_named(viewer=viewer, public_id=public_id) if may_use(viewer) else None
    if answer is None:
        return False
    return gap(viewer=viewer, at=at, detector=answer.detector, key=answer.key) is not None


def gap_answer_named(*, viewer: Actor, public_id: str) -> GapAnswer | None:
    """What was said under this id, also if it was taken back; its gap is asked for who may see it."""
    demand(may_use(viewer))
    return GapAnswer.objects.filter(public_id=public_id).first()


def gap_answered(*, viewer: Actor, at: datetime, public_id: str) -> Gap | None:
    """What this was said to, whole, whoever may see it; None where it is closed meanwhile."""
    answer = gap_answer_named(viewer=viewer, public_id=public_id)
    if answer is None:
        return None
    subject = gap_subject(Detector(answer.detector), answer.key)
    found = gap_with_subject(viewer=viewer, at=at, public_id=subject)
    if found is not None or answer.detector not in PAIR_DETECTORS:
        return found
    day, ends = day_of(at), answer.key.split(".")
    parties = {one.public_id: one for one in Party.objects.filter(policy.in_force(day), public_id__in=ends)}
    return _without_link(parties[ends[0]], parties[ends[1]], day) if set(ends) <= parties.keys() else None


def steps_of(*, viewer: Actor, at: datetime, gap: Gap) -> list[tuple[About, About, list[Link]]]:
    """The steps of a circle that the viewer may see, in order: supplier, customer, and the live links between them;
    none for any other gap. One query."""
    if gap.detector is not Detector.CYCLE:
        return []
    ids = [about.public_id for about in gap.about]
    live = Link.objects.filter(policy.sight_of(viewer, day_of(at)).links, policy.in_force(day_of(at)))
    rows = live.filter(supplier__public_id__in=ids, customer__public_id__in=ids)
    links: dict[tuple[str, str], list[Link]] = {}
    for link in rows.select_related("supplier", "customer", "output").order_by("number"):
        links.setdefault((link.supplier.public_id, link.customer.public_id), []).append(link)
    ends = zip(gap.about, [*gap.about[1:], *gap.about[:1]], strict=True)
    return [(one, other, links.get((one.public_id, other.public_id), [])) for one, other in ends]


def assigned_gaps(*, viewer: Actor, at: datetime) -> list[GapRow]:
    """What the viewer is to close, the earliest day first. One query where nothing was assigned to him."""
    if viewer.person is None or not GapAnswer.objects.filter(withdrawn=False, assignee=viewer.person).exists():
        return []
    mine = chosen_gaps(viewer=viewer, rows=gaps(viewer=viewer, at=at), filters=GapFilters("assigned"))
    return sorted(mine, key=lambda row: (row.answer is None or row.answer.due_on is None, _due(row), row.gap.key))


def _due(row: GapRow) -> str:
    return row.answer.due_on.isoformat() if row.answer is not None and row.answer.due_on is not None else ""


def answers_about_pairs(*, viewer: Actor, at: datetime) -> dict[str, GapAnswer]:
    """What was said to pairs of parties without a link, by key (:func:`pair_key`); also where there is no gap, because
    somebody said so beforehand. Whether the viewer may know of the two parties is the caller's to check by pair."""
    sight = policy.sight_of(viewer, day_of(at))
    if sight.standing.is_guest or viewer.is_anonymous:
        return {}
    discretion = policy.discretion_of(sight)
    answers = _answers(Q(detector__in=PAIR_DETECTORS)).items()
    return {key: answer for (_detector, key), answer in answers if not discretion.hides(*key.split(".")[:2])}


def open_gaps(*, viewer: Actor, at: datetime, rows: Iterable[GapRow] | None = None) -> int:
    """How many open gaps the viewer has to do with: those that he may answer, and those that he is to close; all for
    who sees all links. Kept for :data:`COUNT_SECONDS`; a page that has the ``rows`` gives them, and counts anew."""
    known: int | None = cache.get(_count_key(viewer)) if rows is None else None
    if known is not None:
        return known
    large = Party.objects.filter(policy.in_force(day_of(at))).count() > COUNTED_PARTIES
    if large and rows is None:
        return 0
    standing = policy.standing_of(viewer, day_of(at))
    waiting = viewer.person is not None and GapAnswer.objects.filter(withdrawn=False, assignee=viewer.person).exists()
    sees_all = policy.may_see_all_gaps(viewer)
    counted = 0
    if sees_all or waiting or policy.may_answer_some_gap(standing):
        own = viewer.person.pk if viewer.person is not None else None
        listed = gaps(viewer=viewer, at=at) if rows is None else rows
        counted = sum(
            row.is_open and (sees_all or row.may_answer or (row.answer is not None and row.answer.assignee_id == own))
            for row in listed
        )
    cache.set(_count_key(viewer), counted, DAY_SECONDS if large else COUNT_SECONDS)
    return counted


def forget_count(*, viewer: Actor) -> None:
    """Count the viewer's open gaps anew the next time: he has just answered one."""
    cache.set(_count_key(viewer), None, 0)


def _count_key(viewer: Actor) -> str:
    return f"chain.open_gaps.{viewer.id}"


def _answers(condition: Q) -> dict[tuple[str, str], GapAnswer]:
    """The answers that hold; one to a pair without a link is one to it under either name."""
    rows = GapAnswer.objects.filter(condition, withdrawn=False).select_related("assignee").order_by("pk")
    said = {(row.detector, row.key): row for row in rows}
    for detector in PAIR_DETECTORS:
        for (name, key), row in list(said.items()):
            if name in PAIR_DETECTORS:
                said.setdefault((detector, key), row)
    return said


def _row(standing: policy.Standing, found: Gap, said: dict[tuple[str, str], GapAnswer]) -> GapRow:
    answer = said.get((found.detector, found.key))
    state = GapState.OPEN
    if answer is not None:
        reply = GapReply(answer.reply)
        state = GapState.ASSIGNED if reply is GapReply.ASSIGNED else GapState.ANSWERED
        if comes_back(reply, weight_then=answer.weight, weight_now=found.weight):
            state = GapState.BACK
    return GapRow(
        gap=found,
        answer=answer,
        state=state,
        mine=any(path.startswith(own) for path in found.paths for own in standing.belongs),
        may_answer=policy.may_answer_gap(standing, found.paths),
    )


_GAPS: Memory[list[Gap]] = Memory(most=2)
_CHANGES_GAPS = ("chain.Responsibility", "chain.Membership", "chain.EventLog", "core.Person", "core.OrganisationRole")


def found_gaps(*, viewer: Actor, at: datetime) -> list[Gap]:
    """All gaps of the chain, whoever may see them; pages ask :func:`gaps`. At most sixteen queries, four where nothing
    has changed since they were found last."""
    demand(may_use(viewer))
    day = day_of(at)
    return _GAPS.get((version_of(*_CHANGES_GAPS), chain_version(), day), lambda: _found(viewer, day))


def _found(viewer: Actor, day: date) -> list[Gap]:
    facts = chain_facts(viewer=viewer, day=day)
    return [one for detect in DETECT.values() for one in sorted(detect(facts), key=lambda gap: (-gap.weight, gap.key))]
