"""One thing done to many rows of a list: proposed, carried out row by row, stopped.

    action = propose_action(by=by, at=at, list_name="chain.links", act="end", rows=[("2b3c…", 41), …])
    action = begin_action(by=by, at=at, action=action, arguments={"ended_on": "2026-03-31"})
    action = carry_out(by=by, at=at, action=action)

A row is changed by the function that changes one row, in a savepoint of its own: it is changed as a whole or refused as
a whole, and what refuses it is kept. The rows go in slices that keep other writers waiting briefly, each with the count
of how far the action is, so that it goes on where it stands whoever dies, and no row is dealt with twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import transaction

from baton.core import jobs, policy, uploads
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes.notifications import notify
from baton.core.errors import NotFound, Refused, Stale
from baton.core.lists.queries import known_list
from baton.core.lists.registry import lists
from baton.core.models import ListAction, RefusedRow
from baton.core.pace import Pace
from baton.core.rules import ACTION_ROWS, ActionState
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from collections.abc import Callable

    from baton.core.lists.registry import Act, FilteredList

ACT_JOB = "core.act_on_list"
FINISHED_TOPIC = "core.list_action_finished"
FIRST_ROWS = 5
READ_ROWS = 500
"""Rows that are read together, before the lock is taken for the first of them."""
FIRST_TOLD = 10
"""Rows that a message about all of them may name."""
_VALUE_LENGTH = 500


def propose_action(*, by: Actor, at: datetime, list_name: str, act: str, rows: Iterable[tuple[str, int]]) -> ListAction:
    """Keep which rows of a list something is to be done to; nothing is changed yet.

    ``rows`` are public ids with the version of each that the person saw. Refused: no row, more than
    :data:`~baton.core.rules.ACTION_ROWS`.
    """
    _entry(by, at, list_name, act)
    counted = _Counted(rows)
    stored = uploads.keep(counted.encoded())
    try:
        _refuse_number(counted.rows)
        with change(by=by, at=at) as trail:
            action = ListAction(
                person=by.person, list_name=list_name, act=act, path=stored.path, digest=stored.digest,
                rows_expected=counted.rows,
            )  # fmt: skip
            saved = trail.save(action, "list_action.proposed")
    except BaseException:
        uploads.discard(stored.path)
        raise
    return saved


def begin_action(*, by: Actor, at: datetime, action: ListAction, arguments: Mapping[str, str]) -> ListAction:
    """Say that it is to be done, with these values for all rows, as the form of the act takes them. Twice is once.

    A worker is asked to do it; whoever does not want to wait for it calls :func:`carry_out` beside it.
    """
    entry = _entry(by, at, action.list_name, action.act)
    _given(entry.acts[action.act], by, at, arguments)
    with change(by=by, at=at) as trail:
        action = _own(trail, action)
        if action.state != ActionState.PROPOSED:
            return action
        action.arguments = {name: str(value)[:_VALUE_LENGTH] for name, value in arguments.items()}
        action.state = ActionState.RUNNING
        action.run = jobs.enqueue(ACT_JOB, action=action.public_id)
        return trail.save(action, "list_action.begun", count=action.rows_expected)


def stop_action(*, by: Actor, at: datetime, action: ListAction) -> ListAction:
    """Leave the rows that are not dealt with yet as they are. Stopped twice, or when it is over, is nothing."""
    told = _Afterwards.of(by, at, action)
    with change(by=by, at=at) as trail:
        action = _own(trail, action)
        if action.state not in (ActionState.PROPOSED, ActionState.RUNNING):
            return action
        told.tell(by, at, action)
        return _end(trail, action, ActionState.STOPPED)


def carry_out(
    *, by: Actor, at: datetime, action: ListAction, progress: Callable[[int, int], None] | None = None,
    tell: bool = False,
) -> ListAction:  # fmt: skip
    """Deal with the rows that are left, and finish; with ``tell`` who began it gets a message.

    ``by`` is who began it. Called again it goes on where it stands; two at once do not disturb each other. Raises
    :class:`Refused` where the chosen values do not hold any more; no further row is changed then.
    """
    entry = _entry(by, at, action.list_name, action.act)
    act, said = entry.acts[action.act], progress or jobs.silent
    # What one operation wrote is found in the trail by this id.
    by = replace(by, request=action.public_id)
    given = _given(act, by, at, action.arguments)
    pace = Pace(FIRST_ROWS)
    while action.state == ActionState.RUNNING and action.rows_dealt < action.rows_expected:
        before = action.rows_dealt
        try:
            left = list(islice(_rows(action), READ_ROWS))
        except FileNotFoundError:
            action = ListAction.objects.get(pk=action.pk)
            if action.state == ActionState.RUNNING:
                raise
            break  # another one was at it and has finished
        assert entry.rows is not None
        found = entry.rows.find(viewer=by, at=at, ids=[row for row, _version in left])
        while left:
            taken = [(row, version, found.get(row)) for row, version in left[: pace.rows]]
            done = _slice(by, at, action, act, taken, given)
            action, left = done.action, left[done.rows :]
            said(action.rows_dealt, action.rows_expected)
            if done.overtaken:
                break
            pace.took(done.rows, done.seconds)
        if action.state == ActionState.RUNNING and action.rows_dealt == before and not done.overtaken:
            raise RuntimeError(f"{action.public_id}: {action.rows_expected} rows expected, the file has {before}")
    return _finished(by, at, action, tell) if action.state == ActionState.RUNNING else action


@dataclass(frozen=True, slots=True)
class _Slice:
    """What came of one slice: how many rows were dealt with, and for how many ``seconds`` others were kept waiting;
    ``overtaken``: somebody else was at it."""

    action: ListAction
    rows: int
    seconds: float
    overtaken: bool = False


def _slice(
    by: Actor, at: datetime, action: ListAction, act: Act, rows: Sequence[tuple[str, int, Any]],
    given: Mapping[str, Any],
) -> _Slice:  # fmt: skip
    """As many of ``rows`` as can be dealt with in the time of a slice; at least one."""
    expected = action.rows_dealt
    with change(by=by, at=at) as trail:
        action = trail.lock(ListAction, action)
        if action.state != ActionState.RUNNING or action.rows_dealt != expected:
            return _Slice(action, 0, 0.0, overtaken=True)
        refused, dealt = [], 0
        for dealt, (row, version, found) in enumerate(rows, 1):
            why = _refused(lambda: act.write(by=by, at=at, row=found, expected_seq=version, **given), found)  # noqa: B023
            if why is not None:
                refused.append(_refusal(action, expected + dealt, row, why))
            if Pace.over(trail.held_seconds):
                break
        RefusedRow.objects.bulk_create(refused)
        action.rows_dealt += dealt
        action.rows_refused += len(refused)
        # What was done to each row has an audit row of its own; how far the action is needs none.
        counters = {name: getattr(action, name) for name in ("rows_dealt", "rows_refused")}
        ListAction.objects.filter(pk=action.pk).update(**counters)
    return _Slice(action, dealt, trail.held_seconds)


def _refused(write: Callable[[], object], found: Any) -> Refused | None:
    """Write one row, or say why not; a row that is refused leaves nothing behind."""
    try:
        if found is None:
            raise NotFound
        with transaction.atomic():
            write()
    except Refused as why:
        return why
    return None


def _refusal(action: ListAction, position: int, row: str, why: Refused) -> RefusedRow:
    said = {
        "expected": why.expected, "found": why.found, "remedy": why.remedy,
        "values": {name: str(value)[:_VALUE_LENGTH] for name, value in why.values.items()},
    }  # fmt: skip
    return RefusedRow(action=action, position=position, row=row, stale=isinstance(why, Stale), why=said)


@dataclass(frozen=True, slots=True)
class _Afterwards:
    """What is done when an action is over, with some of the rows that were changed; read before the lock is taken."""

    act: Act
    rows: Sequence[Any] = ()
    given: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, by: Actor, at: datetime, action: ListAction) -> _Afterwards:
        entry = lists.get(action.list_name)
        act = entry.acts[action.act]
        if act.afterwards is None or entry.rows is None or not action.path or not action.rows_done:
            return cls(act)
        try:
            given = _given(act, by, at, action.arguments)
            ids = list(islice(_changed(action), FIRST_TOLD))
        except (Refused, FileNotFoundError):  # a chosen value is gone, and with it who is told; or it is over meanwhile
            return cls(act)
        found = entry.rows.find(viewer=by, at=at, ids=ids)
        return cls(act, [found[one] for one in ids if one in found], given)

    def tell(self, by: Actor, at: datetime, action: ListAction) -> None:
        if self.act.afterwards is not None and self.rows:
            self.act.afterwards(by=by, at=at, rows=self.rows, count=action.rows_done, **self.given)


def _changed(action: ListAction) -> Iterator[str]:
    """Ids of the rows that were changed, in their order."""
    refused = set(RefusedRow.objects.filter(action=action).values_list("position", flat=True))
    with uploads.location(action.path).open(encoding="utf-8") as file:
        for position, line in enumerate(islice(file, action.rows_dealt), start=1):
            if position not in refused:
                yield json.loads(line)[0]


def _finished(by: Actor, at: datetime, action: ListAction, tell: bool) -> ListAction:
    told = _Afterwards.of(by, at, action)
    with change(by=by, at=at) as trail:
        action = trail.lock(ListAction, action)
        if action.state != ActionState.RUNNING:
            return action
        told.tell(by, at, action)
        action = _end(trail, action, ActionState.FINISHED)
        if tell:
            values = {"done": action.rows_done, "refused": action.rows_refused}
            address = f"/lists/actions/{action.public_id}/"
            notify(by=by, at=at, person=action.person, topic=FINISHED_TOPIC, address=address, values=values)
    return action


def _end(trail: Trail, action: ListAction, state: ActionState) -> ListAction:
    path, action.path = action.path, ""
    action.state, action.ended_at = state, trail.at
    action = trail.save(
        action, f"list_action.{state.value}", count=action.rows_done, refused=action.rows_refused
    )  # fmt: skip
    transaction.on_commit(lambda: uploads.discard(path))
    return action


def _own(trail: Trail, action: ListAction) -> ListAction:
    fresh = trail.lock(ListAction, action)
    if not policy.may_see_action(trail.by, fresh):
        raise NotFound
    return fresh


def rows_left(*, action: ListAction) -> list[tuple[str, int]]:
    """The rows that are not dealt with yet, with the version of each that the person saw."""
    return list(_rows(action))


def _entry(by: Actor, at: datetime, list_name: str, act: str) -> FilteredList:
    entry = known_list(viewer=by, name=list_name)
    policy.demand(act in entry.offered(by, at))
    return entry


def _given(act: Act, by: Actor, at: datetime, arguments: Mapping[str, str]) -> Mapping[str, Any]:
    form = act.form(arguments, viewer=by, at=at)
    if not form.is_valid():
        raise Refused(
            expected=gettext_noop("Expected values that can be chosen."),
            found=gettext_noop("One of them is not there any more, or is not shared with you."),
            remedy=gettext_noop("Choose the rows again, and other values."),
        )
    given: Mapping[str, Any] = form.given()
    return given


def _refuse_number(rows: int) -> None:
    if not rows:
        raise Refused(
            expected=gettext_noop("Expected at least one row."),
            remedy=gettext_noop("Tick the rows that are meant, or all that match the filters."),
        )
    if rows > ACTION_ROWS:
        raise Refused(
            expected=gettext_noop("Expected at most {most} rows at a time."),
            found=gettext_noop("Found {rows}."),
            remedy=gettext_noop("Filter the list further, and do it in several steps."),
            most=ACTION_ROWS,
            rows=rows,
        )


def _rows(action: ListAction) -> Iterator[tuple[str, int]]:
    """The rows that are not dealt with yet, with the version of each that the person saw."""
    with uploads.location(action.path).open(encoding="utf-8") as file:
        for line in islice(file, action.rows_dealt, None):
            row, version = json.loads(line)
            yield row, version


class _Counted:
    """Rows on their way into a file, each once, counted."""

    def __init__(self, rows: Iterable[tuple[str, int]]) -> None:
        self._rows = dict(rows)
        self.rows = len(self._rows)

    def encoded(self) -> Iterator[bytes]:
        for row, version in self._rows.items():
            yield json.dumps([row, version], ensure_ascii=False).encode() + b"\n"
