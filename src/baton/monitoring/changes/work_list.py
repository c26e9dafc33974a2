"""The work-lists: subjects whose measures do not fit their facts any more, and those whose signals are to be sorted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from baton.monitoring.models import StaleSubject, UnsortedSubject

# Its rows are small.
NOTED_A_WRITE = 200


def note_stale(subjects: Iterable[str], seq: int) -> None:
    """Put subjects on the work-list, or on it anew: entry ``seq`` of the audit trail concerns them.

    Outside a transaction many are noted in several short ones.
    """
    for part in batches(sorted(subjects), NOTED_A_WRITE):
        StaleSubject.objects.bulk_create(
            [StaleSubject(subject=subject, seq=seq) for subject in part],
            update_conflicts=True,
            unique_fields=["subject"],
            update_fields=["seq"],
        )


def note_unsorted(subjects: Iterable[str]) -> None:
    """Have the signals of these subjects opened and closed anew: see :mod:`baton.monitoring.changes.sorting`."""
    for part in batches(sorted(subjects), NOTED_A_WRITE):
        UnsortedSubject.objects.bulk_create([UnsortedSubject(subject=one) for one in part], ignore_conflicts=True)


def batches(subjects: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """The subjects in parts of at most ``size``."""
    for start in range(0, len(subjects), size):
        yield subjects[start : start + size]
