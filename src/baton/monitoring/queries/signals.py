"""Signals in the viewer's sight: the list, one, those of one subject, those that are waiting."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from baton.core.actors import Actor
from baton.core.errors import NotFound
from baton.core.history import HistoryEntry
from baton.core.policy import demand
from baton.core.registries import Measured, Subject
from baton.core.slices import FEW_ROWS, Slice, slice_of
from baton.core.texts import clean_text
from baton.monitoring import policy
from baton.monitoring.models import Signal, StoredMeasure
from baton.monitoring.models.signals import WORSE
from baton.monitoring.queries.histories import history_with_words
from baton.monitoring.queries.measured import answerable, in_sight, named
from baton.monitoring.queries.reach import reach
from baton.monitoring.rules import (
    DAYS_A_WEEK,
    MEASURES,
    OPEN_STATES,
    SILENT_WEEKS,
    Health,
    Severity,
    Side,
    SignalState,
    expected_by_chance,
)

PAGE_ROWS = 50
EXPORT_ROWS = 500
FEW = 5
"""Signals that the first page of their owner shows."""
MINE, OPEN, ALL = "mine", "open", "all"
SHOWS = (OPEN, MINE, *(state.value for state in SignalState), ALL)
_RANKS = {
    "state": ("state", [state.value for state in SignalState]),
    "severity": ("severity", [one.value for one in Severity]),
}


@dataclass(frozen=True, slots=True)
class SignalFilters:
    """What a list of signals shows. ``show``: open (new, seen, explained), mine (open ones that the viewer owns), one
    of the states, or all. ``side``: above (towards the worse), below (the better), empty for both. ``subject``: key of
    one thing that is measured. ``holds``: only those that hold over all charts. ``search``: words of its names, or a
    number. ``order``: cost, week, severity, state, number; minus sign: descending; what costs most stands first unless
    another order is asked for."""

    show: str = OPEN
    measure: str = ""
    rule: str = ""
    severity: str = ""
    side: str = ""
    subject: str = ""
    holds: bool = False
    search: str = ""
    order: str = "-cost"


@dataclass(frozen=True, slots=True)
class SignalRow:
    """A signal with what it is about (None: the viewer sees it no more), and whether the viewer may say something."""

    signal: Signal
    about: Measured | None
    may_answer: bool

    @property
    def public_id(self) -> str:
        return self.signal.public_id

    @property
    def changed_seq(self) -> int:
        return self.signal.changed_seq


@dataclass(frozen=True, slots=True)
class SignalPage:
    """Everything about one signal. ``measure`` is None where there is no chart any more; ``beside`` are the other open
    signals of the same thing."""

    row: SignalRow
    measure: StoredMeasure | None
    beside: list[Signal]
    history: list[HistoryEntry]


def signals(*, viewer: Actor, at: datetime, filters: SignalFilters, page: int | str = 1) -> Page[SignalRow]:
    """A page of the list. The number of queries does not depend on the rows."""
    found = Paginator(listed(viewer=viewer, at=at, filters=filters), PAGE_ROWS).get_page(page)
    rows = rows_of(viewer=viewer, at=at, signals=list(found.object_list))
    return Page(rows, found.number, cast(Any, found.paginator))


def signals_to_export(*, viewer: Actor, at: datetime, filters: SignalFilters) -> Iterator[SignalRow]:
    """The whole list, in batches."""
    batch: list[Signal] = []
    for signal in listed(viewer=viewer, at=at, filters=filters).iterator(chunk_size=EXPORT_ROWS):
        batch.append(signal)
        if len(batch) == EXPORT_ROWS:
            yield from rows_of(viewer=viewer, at=at, signals=batch)
            batch = []
    yield from rows_of(viewer=viewer, at=at, signals=batch)


def signal_slice(
    *, viewer: Actor, at: datetime, filters: SignalFilters, limit: int = FEW_ROWS, cursor: str = ""
) -> Slice[SignalRow]:
    """The list part by part, for programs; the newest opened first."""
    rows = listed(viewer=viewer, at=at, filters=replace(filters, order="")).order_by("-opened_at")
    part = slice_of(rows, asked=asdict(filters), limit=limit, cursor=cursor)
    return Slice(rows_of(viewer=viewer, at=at, signals=part.rows), part.next)


def signals_matching(*, viewer: Actor, at: datetime, filters: SignalFilters) -> list[tuple[str, int]]:
    """Public id and version of every signal of the list."""
    return list(listed(viewer=viewer, at=at, filters=filters).values_list("public_id", "changed_seq"))


def signals_chosen(*, viewer: Actor, at: datetime, public_ids: Collection[str]) -> dict[str, SignalRow]:
    """Those of them that are in sight, by public id."""
    rows = Signal.objects.filter(in_sight(viewer=viewer, at=at), public_id__in=public_ids).select_related("owner")
    return {row.public_id: row for row in rows_of(viewer=viewer, at=at, signals=list(rows))}


def signal(*, viewer: Actor, at: datetime, public_id: str) -> SignalRow:
    """One signal; NotFound where the viewer does not see what it is about."""
    rows = Signal.objects.filter(public_id=public_id).select_related("owner", "said_by")
    found = rows_of(viewer=viewer, at=at, signals=list(rows))
    if not found or found[0].about is None:
        raise NotFound
    return found[0]


def sees_signal(*, viewer: Actor, at: datetime, public_id: str) -> bool:
    """Whether there is such a signal and the viewer may know of it."""
    return Signal.objects.filter(in_sight(viewer=viewer, at=at), public_id=public_id).exists()


def signal_page(*, viewer: Actor, at: datetime, public_id: str) -> SignalPage:
    """One signal with its chart, what was said and done, and what else is open on the charts of the same thing."""
    row = signal(viewer=viewer, at=at, public_id=public_id)
    beside = Signal.objects.filter(subject=row.signal.subject, state__in=OPEN_STATES).exclude(pk=row.signal.pk)
    return SignalPage(
        row=row,
        measure=StoredMeasure.objects.filter(subject=row.signal.subject, name=row.signal.measure).first(),
        beside=list(beside.select_related("owner").order_by("measure", "side")),
        history=history_with_words(viewer=viewer, object_ids=[public_id]),
    )


def counts_by_state(*, viewer: Actor, at: datetime) -> dict[str, int]:
    """How many signals in sight are in which state, and of the open ones how many are the viewer's own (``mine``)."""
    demand(policy.may_see_signals(viewer))
    own = Q(owner=viewer.person, state__in=OPEN_STATES) if viewer.person is not None else Q(pk__in=())
    rows = Signal.objects.filter(in_sight(viewer=viewer, at=at)).order_by()
    found = list(
        rows.values("state").annotate(n=Count("pk"), own=Count("pk", filter=own)).values_list("state", "n", "own")
    )
    counts = {state.value: 0 for state in SignalState} | {state: n for state, n, _own in found}
    return counts | {MINE: sum(own for _state, _n, own in found)}


@dataclass(frozen=True, slots=True)
class ByChance:
    """Of ``charts`` in sight of which something can be said, ``signals`` show a violation towards the worse now, and
    ``expected`` would by chance if nothing had changed anywhere: the sum of what each chart does by itself. ``holding``
    open signals in sight hold over all charts; of such the share ``level`` may be false."""

    charts: int
    signals: int
    expected: float
    holding: int
    level: float


def by_chance(*, viewer: Actor, at: datetime) -> ByChance:
    """How many charts would give a signal by chance, beside how many do, and how many signals hold over all charts."""
    demand(policy.may_see_signals(viewer))
    reached = reach(viewer=viewer)
    seen = in_sight(viewer=viewer, at=at)
    rows = StoredMeasure.objects.filter(seen, standing=True).exclude(health=Health.UNKNOWN).order_by()
    if reached is not None:
        rows = rows.filter(week__gte=reached.week - SILENT_WEEKS * DAYS_A_WEEK)
    counts = dict(rows.values_list("health").annotate(n=Count("pk")))
    charts = sum(counts.values())
    hold = Signal.objects.filter(seen, holds=True, state__in=OPEN_STATES).count()
    return ByChance(
        charts, counts.get(Health.SIGNAL.value, 0), expected_by_chance(charts), hold, settings.FALSE_SIGNALS
    )  # fmt: skip


def signals_to_look_at(*, viewer: Actor, at: datetime) -> tuple[list[SignalRow], int]:
    """The first few of the viewer's own signals that nobody has explained, what costs most first, and how many there
    are. One query where there is none."""
    if viewer.person is None or not policy.may_see_signals(viewer):
        return [], 0
    unexplained = (SignalState.NEW, SignalState.SEEN)
    count = Signal.objects.filter(owner=viewer.person, state__in=unexplained).count()
    if not count:
        return [], 0
    rows = listed(viewer=viewer, at=at, filters=SignalFilters(show=MINE))
    return rows_of(viewer=viewer, at=at, signals=list(rows.filter(state__in=unexplained)[:FEW])), count


def signals_of(*, viewer: Actor, at: datetime, subject: Subject) -> list[SignalRow]:
    """The first few signals of one thing that is measured: new ones first, then seen, explained and closed ones.
    NotFound for whoever may not see the thing."""
    demand(policy.may_see_signals(viewer))
    if not policy.may_see_subject(viewer, subject.kind, subject.public_id):
        raise NotFound
    rows = _ordered(Signal.objects.filter(subject=subject.measured_as).select_related("owner", "said_by"), "state")
    return rows_of(viewer=viewer, at=at, signals=list(rows[:FEW]))


def waiting_signals(*, viewer: Actor) -> int:
    """How many signals wait for the viewer: those that he owns and nobody has looked at."""
    if viewer.person is None:
        return 0
    return Signal.objects.filter(owner=viewer.person, state=SignalState.NEW).count()


def listed(*, viewer: Actor, at: datetime, filters: SignalFilters) -> QuerySet[Signal]:
    """The whole list, in its order."""
    demand(policy.may_see_signals(viewer))
    rows = Signal.objects.filter(_shown(viewer, filters.show), _searched(viewer, at, filters.search))
    if filters.measure in MEASURES:
        rows = rows.filter(measure=filters.measure)
    if filters.rule:
        rows = rows.filter(rules__contains=clean_text(filters.rule)[:40])
    if filters.severity in set(Severity):
        rows = rows.filter(severity=filters.severity)
    if filters.side in set(Side):
        rows = rows.filter(WORSE if filters.side == Side.ABOVE else ~WORSE)
    if filters.holds:
        rows = rows.filter(holds=True)
    if filters.subject:
        rows = rows.filter(subject=filters.subject)
    return _ordered(rows.select_related("owner", "said_by"), filters.order)


def rows_of(*, viewer: Actor, at: datetime, signals: Sequence[Signal]) -> list[SignalRow]:
    """Signals with what they are about. The number of queries does not depend on how many they are."""
    keys = {one.subject for one in signals}
    about: Mapping[str, Measured] = named(viewer=viewer, at=at, keys=keys)
    may = answerable(viewer=viewer, at=at, keys=keys)
    return [
        SignalRow(one, about.get(one.subject), policy.may_answer_signal(viewer, one, may)) for one in signals
    ]  # fmt: skip


def _shown(viewer: Actor, show: str) -> Q:
    if show == ALL:
        return Q()
    if show in set(SignalState):
        return Q(state=show)
    is_open = Q(state__in=OPEN_STATES)
    if show == MINE:
        return is_open & Q(owner=viewer.person) if viewer.person is not None else Q(pk__in=())
    return is_open


def _searched(viewer: Actor, at: datetime, search: str) -> Q:
    seen, text = in_sight(viewer=viewer, at=at), clean_text(search)[:200]
    if not text:
        return seen
    return seen & (Q(number__iexact=text) | in_sight(viewer=viewer, at=at, search=text))


def _ordered(rows: QuerySet[Signal], order: str) -> QuerySet[Signal]:
    down, key = order.startswith("-"), order.removeprefix("-")
    if key in _RANKS:
        column, values = _RANKS[key]
        ranked = Case(
            *(When(**{column: value}, then=Value(rank)) for rank, value in enumerate(values)),
            output_field=IntegerField(),
        )
        return rows.order_by(ranked.desc() if down else ranked.asc(), "-last_week", "-pk")
    if key == "number":
        return rows.order_by("-number" if down else "number")
    if key == "week":
        return rows.order_by("-last_week" if down else "last_week", "-cost", "-pk")
    return rows.order_by("cost" if key == "cost" and not down else "-cost", "-last_week", "-pk")
