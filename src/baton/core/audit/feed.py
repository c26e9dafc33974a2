"""The audit sequence as change feed: gap-free, in the order of commits, read with a stored cursor.

    for entry in read("facts", limit=500):
        ...
        advance("facts", entry.seq)

At least once: a reader that dies between its work and :func:`advance` sees the same entries again, so its work must
bear being done twice.
"""

from __future__ import annotations

import json
from datetime import datetime

from baton.core.models import AuditEntry, Batch, FeedCursor

# With these a bulk entry's records begin, or cease, to count as a whole.
_AS_A_WHOLE = frozenset({"batch.sealed", "batch.withdrawn"})


def position(reader: str) -> int:
    """Number of the last entry that ``reader`` has handled; 0 before the first."""
    return FeedCursor.objects.filter(reader=reader).values_list("seq", flat=True).first() or 0


def waiting_since(reader: str) -> datetime | None:
    """When the oldest entry that ``reader`` has not handled was written; None where it has handled all."""
    oldest = AuditEntry.objects.filter(seq__gt=position(reader)).order_by("seq").values_list("at", flat=True)
    return oldest.first()


def read(reader: str, limit: int = 500) -> list[AuditEntry]:
    """The next entries that ``reader`` has not handled, at most ``limit``, oldest first.

    Entries are numbered under the lock that every writer holds until it commits, so none can appear later before one
    that was already read.
    """
    return list(AuditEntry.objects.filter(seq__gt=position(reader)).order_by("seq")[:limit])


def advance(reader: str, seq: int) -> None:
    """Remember that ``reader`` has handled everything up to ``seq``. A cursor never goes back."""
    FeedCursor.objects.get_or_create(reader=reader)
    FeedCursor.objects.filter(reader=reader, seq__lt=seq).update(seq=seq)


def rewind(reader: str) -> None:
    """Forget the cursor: ``reader`` starts again from the first entry, as for a rebuild from nothing."""
    FeedCursor.objects.filter(reader=reader).delete()


def kind_in_bulk(entry: AuditEntry) -> str:
    """Kind of the records that count from this entry on, or no longer, because their bulk entry (``object_id``) was
    sealed or withdrawn; empty for every other entry. The slices of a bulk entry concern nobody: nobody sees them."""
    if entry.kind != Batch.kind or entry.action not in _AS_A_WHOLE:
        return ""
    kind: str = json.loads(entry.body)["detail"]["records"]
    return kind
