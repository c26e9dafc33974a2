"""Which keys the rows of a long table had before, in little memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from baton.core.import_targets import Findings, ImportRow, twice

T = TypeVar("T")

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    _Digests = NDArray[np.int64]
    _Rows = NDArray[np.int64]


class Seen:
    """In which row each key of a table stood first: 16 bytes a key, however long it is.

    Keys are compared by Python's hashes of them, 64 bits that hang on a secret of the process. Among a million keys two
    different ones are taken for the same with a probability of 3 in 100 million; the row is then refused, not lost.
    """

    def __init__(self) -> None:
        # Sorted runs, each at least twice as long as the one behind it: a key is looked up in few of them.
        self._runs: list[tuple[_Digests, _Rows]] = []

    def first_rows(self, keys: Sequence[str], rows: Sequence[int]) -> list[int]:
        """For each key the number of the row that had it first, which is its own where none before it had.

        ``rows`` are the numbers of the rows that the keys stand in, one for each key, in their order.
        """
        if not keys:
            return []
        import numpy as np  # when a table is checked: a server that starts needs none

        digests = np.array([hash(key) for key in keys], dtype=np.int64)
        unique, places, back = np.unique(digests, return_index=True, return_inverse=True)
        first: _Rows = np.array(rows, dtype=np.int64)[places]
        new = np.ones(len(unique), dtype=bool)
        for known, theirs in self._runs:
            at = np.minimum(np.searchsorted(known, unique), len(known) - 1)
            hit = known[at] == unique
            first = np.where(hit, theirs[at], first)
            new &= ~hit
        if new.any():
            self._add(unique[new], first[new])
        found: list[int] = first[back].tolist()
        return found

    def _add(self, digests: _Digests, rows: _Rows) -> None:
        import numpy as np

        self._runs.append((digests, rows))
        while len(self._runs) > 1 and len(self._runs[-2][0]) <= 2 * len(self._runs[-1][0]):
            (one, of_one), (other, of_other) = self._runs.pop(), self._runs.pop()
            both: Any = np.concatenate([one, other])
            order = np.argsort(both)
            self._runs.append((both[order], np.concatenate([of_one, of_other])[order]))


def told_once(
    seen: Seen, rows: Sequence[tuple[ImportRow, str, T]], column: str, findings: Findings
) -> list[tuple[ImportRow, T]]:
    """The rows whose key no row before them had, each with what comes with it; the others are refused in ``column``.

    ``rows`` are rows with their keys and something that belongs to each.
    """
    first = seen.first_rows([key for _row, key, _with in rows], [row.number for row, _key, _with in rows])
    once = []
    for (row, _key, belongs), number in zip(rows, first, strict=True):
        if number == row.number:
            once.append((row, belongs))
        else:
            findings.refuse(row, column, twice(number))
    return once
