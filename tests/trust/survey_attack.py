"""An attacker who has everything that an installation keeps, and scores how well he can say who answered what.

He knows the order in which people were entered, asked and handed their way, and, as if he had stood at the door, the
order in which they answered. Of answers he sees every place that a store gives them: row, transaction, command, offset
in the files, in the write-ahead log and in backups, length. With each pair of the two he lays both in order and joins
the n-th with the n-th, forward and backward: for costs that grow with the distance that is the best assignment there
is, the one that the Hungarian method finds. What he could reach by chance is computed by giving the same answers to
people in an order of chance, the best of all his pairs each time (Westfall and Young's maximum, which allows for how
many he tries): a success is what that reaches in one run of a hundred at most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

PERMUTATIONS = 2_000
LEVEL = 0.99
Ranks = NDArray[np.intp]
Owners = NDArray[np.int64]


@dataclass
class Trace:
    """An answer or a comment as it is kept: ``group`` is what everybody may know of it (about which link, sheet or
    comment), ``owner`` whose it is, which only the test knows, ``signals`` where and when it was found."""

    group: str
    owner: int
    signals: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Score:
    """Of ``possible`` joins the best pair of signals found ``hits``; by chance they are at most ``bound``."""

    attack: str
    best: str
    hits: int
    bound: int
    possible: int

    @property
    def succeeds(self) -> bool:
        return self.hits > self.bound

    def __str__(self) -> str:
        return f"{self.attack}: {self.hits} of {self.possible} by {self.best}, by chance at most {self.bound}"


def attack(people: Mapping[str, Sequence[float]], traces: Sequence[Trace], seed: int = 5) -> list[Score]:
    """Who answered what, which pieces are of one person, and whether answers lie together with their neighbours.

    ``people`` gives signals by name, each by the number of the person.
    """
    groups = sorted({trace.group for trace in traces})
    members = {name: [trace for trace in traces if trace.group == name] for name in groups}
    owners = {name: np.array([trace.owner for trace in members[name]]) for name in groups}
    signals = sorted(set.intersection(*(set(trace.signals) for trace in traces)))
    order = {
        (name, signal): np.argsort([trace.signals[signal] for trace in members[name]], kind="stable")
        for name in groups
        for signal in signals
    }
    chance = np.random.default_rng(seed)
    shuffled = {name: np.array([chance.permutation(owners[name]) for _ in range(PERMUTATIONS)]) for name in groups}
    return [
        _scored("person to answer", _by_person(people, groups, owners, signals, order), owners, shuffled),
        _scored("answers of one person", _by_one_another(groups, owners, signals, order), owners, shuffled),
    ]


@dataclass(frozen=True)
class _Guess:
    """A way of joining; ``count`` tells of owners, one row for each order of chance, how many joins are right."""

    name: str
    possible: int
    count: Callable[[Mapping[str, NDArray[np.int64]]], NDArray[np.int64]]


def _by_person(
    people: Mapping[str, Sequence[float]],
    groups: Sequence[str],
    owners: Mapping[str, Owners],
    signals: Sequence[str],
    order: Mapping[tuple[str, str], Ranks],
) -> Iterator[_Guess]:
    """In each group the people in order of a signal are joined with the answers in order of another one."""
    for known, values in people.items():
        for signal in signals:
            for direction in (1, -1):
                guessed = {}
                for name in groups:
                    asked = sorted(owners[name].tolist(), key=lambda person, values=values: values[person])  # type: ignore[misc]
                    guessed[name] = np.array(asked)[::direction]

                def count(
                    given: Mapping[str, NDArray[np.int64]], guessed: dict[str, Owners] = guessed, signal: str = signal
                ) -> NDArray[np.int64]:
                    return np.sum(
                        [(given[name][:, order[name, signal]] == guessed[name]).sum(axis=1) for name in groups], axis=0
                    )

                yield _Guess(f"{known} and {signal}", sum(len(owners[name]) for name in groups), count)


def _by_one_another(
    groups: Sequence[str],
    owners: Mapping[str, Owners],
    signals: Sequence[str],
    order: Mapping[tuple[str, str], Ranks],
) -> Iterator[_Guess]:
    """In each two groups answers in order of a signal are joined with each other: the n-th, its neighbours in all."""
    pairs = list(combinations(groups, 2))
    for signal in signals:
        for direction in (1, -1):

            def count(
                given: Mapping[str, NDArray[np.int64]], signal: str = signal, direction: int = direction
            ) -> NDArray[np.int64]:
                found = []
                for one, other in pairs:
                    left, right = given[one][:, order[one, signal]], given[other][:, order[other, signal][::direction]]
                    both = min(left.shape[1], right.shape[1])
                    found.append((left[:, :both] == right[:, :both]).sum(axis=1))
                return np.sum(found, axis=0)

            possible = sum(min(len(owners[one]), len(owners[other])) for one, other in pairs)
            yield _Guess(f"{signal} of both", possible, count)


def _scored(
    attack: str,
    guesses: Iterator[_Guess],
    owners: Mapping[str, Owners],
    shuffled: Mapping[str, NDArray[np.int64]],
) -> Score:
    truth = {name: one[np.newaxis, :] for name, one in owners.items()}
    best, hits, possible = "", -1, 0
    reached = np.zeros(PERMUTATIONS, dtype=np.int64)
    for guess in guesses:
        found = int(guess.count(truth)[0])
        reached = np.maximum(reached, guess.count(shuffled))
        if found > hits:
            best, hits, possible = guess.name, found, guess.possible
    bound = int(np.sort(reached)[int(np.ceil(LEVEL * PERMUTATIONS)) - 1])
    return Score(attack, best, hits, bound, possible)


def neighbours(traces: Sequence[Trace]) -> list[Score]:
    """Of all answers in order of a signal, how often two of one person lie side by side."""
    owners = np.array([trace.owner for trace in traces])
    groups = np.array([trace.group for trace in traces])
    signals = sorted(set.intersection(*(set(trace.signals) for trace in traces)))
    chance = np.random.default_rng(7)
    shuffled = np.tile(owners, (PERMUTATIONS, 1))
    for name in sorted(set(groups.tolist())):
        (places,) = np.nonzero(groups == name)
        shuffled[:, places] = chance.permuted(shuffled[:, places], axis=1)

    def guess(signal: str) -> _Guess:
        places = np.argsort([trace.signals[signal] for trace in traces], kind="stable")

        def count(given: Mapping[str, NDArray[np.int64]]) -> NDArray[np.int64]:
            laid = given["all"][:, places]
            found: NDArray[np.int64] = (laid[:, 1:] == laid[:, :-1]).sum(axis=1)
            return found

        return _Guess(signal, len(traces) - 1, count)

    return [_scored("side by side", (guess(signal) for signal in signals), {"all": owners}, {"all": shuffled})]
