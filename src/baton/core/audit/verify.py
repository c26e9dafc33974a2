"""Does the audit trail still say what was written? Every link and every body is computed again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection
from django.utils.translation import gettext

from baton.core.audit import triggers
from baton.core.audit.chain import GENESIS, entry_hash
from baton.core.audit.heads import Head, heads_file, read_heads
from baton.core.database.snapshots import read_snapshot
from baton_analysis.errors import gettext_noop, sentences

Progress = Callable[[float], None]
# seq, prev, hash, body, at, kind, object_id, action, actor
Row = tuple[int, str, str, str, str, str, str, str, str]

BATCH = 5000
COLUMNS = ("at", "kind", "object_id", "action", "actor")

GAP = gettext_noop("Entry {seq} is missing.")
LINK = gettext_noop("Entry {seq} does not follow on the entry before it: one of the two was changed.")
BODY = gettext_noop("The text of entry {seq} is not the one that was written: its hash differs.")
COLUMN = gettext_noop("The column “{column}” of entry {seq} differs from its text.")
HEAD = gettext_noop("Entry {seq} is not the one that was signed on {at}: the history was rewritten.")
TAIL = gettext_noop("Entry {seq} is missing; it was still there on {at}: the end of the trail was cut off.")
TRIGGERS = gettext_noop("The database no longer refuses changes of the trail; these triggers are missing: {names}.")


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """What :func:`verify` found.

    ``entries`` were read up to the first that is bad; ``head_hash`` is the hash of the last of them. ``first_bad_seq``
    is None when all hold, and ``problem`` then empty. ``heads`` is the number of signed heads compared, ``seconds`` how
    long it took.
    """

    entries: int
    head_hash: str
    first_bad_seq: int | None
    problem: str
    missing_triggers: tuple[str, ...]
    heads: int
    seconds: float

    @property
    def triggers_ok(self) -> bool:
        return not self.missing_triggers

    @property
    def holds(self) -> bool:
        """Whether the trail is whole and protected."""
        return self.first_bad_seq is None and self.triggers_ok

    def to_dict(self) -> dict[str, Any]:
        return {
            "holds": self.holds,
            "entries": self.entries,
            "first_bad_seq": self.first_bad_seq,
            "problem": self.problem,
            "head_hash": self.head_hash,
            "heads": self.heads,
            "triggers_ok": self.triggers_ok,
            "missing_triggers": list(self.missing_triggers),
            "seconds": round(self.seconds, 3),
        }

    def sentence(self) -> str:
        """The result in the reader's language."""
        parts = [self.problem] if self.problem else []
        if self.missing_triggers:
            parts.append(gettext(TRIGGERS).format(names=", ".join(self.missing_triggers)))
        if not parts:
            parts = [
                gettext("The audit trail holds: {entries} entries and {heads} signed heads in {seconds} s.").format(
                    entries=f"{self.entries:,}", heads=self.heads, seconds=f"{self.seconds:.1f}"
                ),
                gettext("Last hash: {hash}").format(hash=self.head_hash),
            ]
        return sentences(parts)


class _Broken(Exception):
    """The first entry that does not hold."""

    def __init__(self, problem: str, seq: int, **values: Any) -> None:
        self.seq = seq
        self.sentence = gettext(problem).format(seq=seq, **values)
        super().__init__(self.sentence)


def verify(*, progress: Progress | None = None, heads: Path | None = None) -> VerifyResult:
    """Recompute the trail in one read snapshot, in the order of its numbers, and stop at the first bad entry.

    Compared are: the numbers (no gap), each link to the entry before, each hash with its text, the columns ``at``,
    ``kind``, ``object_id``, ``action`` and ``actor`` with the text, and the signed heads of this installation and of
    the file ``heads``. ``progress`` is called with the share done, 0 to 1. Raises
    :class:`baton.core.audit.heads.HeadsUnreadable` when a file of heads is not as it was signed.
    """
    began = time.perf_counter()
    files = [file for file in (heads_file(), heads) if file is not None and file.exists()]
    signed = [head for file in files for head in read_heads(file)]
    run = _Run(signed)
    first_bad, problem = None, ""
    with read_snapshot():
        try:
            run.read_all(progress or _silent)
        except _Broken as broken:
            first_bad, problem = broken.seq, broken.sentence
        missing = tuple(triggers.missing(connection))
    return VerifyResult(
        entries=run.seq,
        head_hash=run.hash,
        first_bad_seq=first_bad,
        problem=problem,
        missing_triggers=missing,
        heads=len(signed),
        seconds=time.perf_counter() - began,
    )


class _Run:
    """One reading of the trail; ``seq`` and ``hash`` are those of the last entry that holds."""

    def __init__(self, signed: list[Head]) -> None:
        self.seq = 0
        self.hash = GENESIS
        self._signed: dict[int, list[Head]] = {}
        for head in signed:
            self._signed.setdefault(head.seq, []).append(head)

    def read_all(self, progress: Progress) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM core_auditentry")
            total = cursor.fetchone()[0]
        try:
            for rows in _batches(0):
                for row in rows:
                    self._check(row)
                progress(min(self.seq / total, 1.0))
        except DatabaseError:
            self._find_unreadable()
        cut = [head for seq, heads in self._signed.items() if seq > self.seq for head in heads]
        if cut:
            raise _Broken(TAIL, self.seq + 1, at=min(cut, key=lambda head: head.seq).at)

    def _find_unreadable(self) -> None:
        """A row cannot even be read (bytes that are no text): ask for one after the other up to the first of those."""
        while True:
            try:
                rows = next(_batches(self.seq, 1), None)
            except DatabaseError as unreadable:
                raise _Broken(BODY, self.seq + 1) from unreadable
            if rows is None:
                return
            self._check(rows[0])

    def _check(self, row: Row) -> None:
        seq, prev, written_hash, body, *columns = row
        expected = self.seq + 1
        if seq != expected:
            raise _Broken(GAP, expected)
        if prev != self.hash:
            raise _Broken(LINK, seq)
        try:
            if entry_hash(prev, seq, body) != written_hash:
                raise _Broken(BODY, seq)
            if not _plainly_equal(body, columns):
                _compare(seq, json.loads(body), columns)
        except (AttributeError, KeyError, TypeError, ValueError) as wrong:  # something else than the text of an entry
            raise _Broken(BODY, seq) from wrong
        for head in self._signed.get(seq, ()):
            if head.hash != written_hash:
                raise _Broken(HEAD, seq, at=head.at)
        self.seq, self.hash = seq, written_hash


def _plainly_equal(body: str, columns: list[str]) -> bool:
    """Whether the text says what the columns say, told without parsing it: three times as fast, and enough nearly
    always. False: not known.

    In canonical JSON action, time and actor stand first. Kind and object stand before reason, request and roles, which
    are texts: inside a text a quotation mark is escaped, so the last ``,"kind":"`` is the entry's own.
    """
    at, kind, object_id, action, actor = columns
    if '"' in action or '"' in actor or '"' in kind or '"' in object_id:
        return False
    return body.startswith(
        f'{{"action":"{action}","at":"{at[:10]}T{at[11:]}+00:00","by":"{actor}","changed":'
    ) and body.startswith(f',"kind":"{kind}","object":"{object_id}","reason":"', body.rfind(',"kind":"'))


def _compare(seq: int, said: dict[str, str], columns: list[str]) -> None:
    """Raise for the first column that differs from the text."""
    stored_at = f"{said['at'][:10]} {said['at'][11:-6]}"
    wanted = (stored_at, said["kind"], said["object"], said["action"], said["by"])
    for name, found, want in zip(COLUMNS, columns, wanted, strict=True):
        if found != want:
            raise _Broken(COLUMN, seq, column=name)


# Times as text, so that neither library builds a million objects that only get compared.
_AT = {
    "sqlite": "CAST(at AS TEXT)",
    "postgresql": "replace(to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), '.000000', '')",
}


def _batches(after: int, most: int | None = None) -> Iterator[list[Row]]:
    """The trail from the entry after ``after`` in its order, at most ``most`` entries of it, streamed."""
    statement = (
        f"SELECT seq, prev, hash, body, {_AT[connection.vendor]}, kind, object_id, action, actor "
        "FROM core_auditentry WHERE seq > %s OR %s = 0 ORDER BY seq" + (f" LIMIT {most}" if most else "")
    )
    with closing(connection.chunked_cursor()) as cursor:
        cursor.execute(statement, [after, after])
        while rows := cursor.fetchmany(BATCH):
            yield rows


def _silent(share: float) -> None:
    """Nobody watches."""
