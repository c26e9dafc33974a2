"""Nelson's eight rules as plainly as they can be written, point by point: what fast code is compared with.

Nelson 1984, Journal of Quality Technology 16: 237-239, with the choices of docs/methods/run-rules.md: a value on a line
is not beyond it, the point that completes a pattern is flagged, rule 8 wants both sides, and rules 3 and 4 go by the
values themselves, which matters where each point has limits of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Window = Sequence[float]


def _beyond(z: Window, sigmas: float, wanted: int) -> bool:
    """Whether the last point and ``wanted`` in all lie beyond the line on one side."""
    above = z[-1] > sigmas and sum(value > sigmas for value in z) >= wanted
    below = z[-1] < -sigmas and sum(value < -sigmas for value in z) >= wanted
    return above or below


def _one_side(z: Window) -> bool:
    return all(value > 0 for value in z) or all(value < 0 for value in z)


def _trend(z: Window) -> bool:
    steps = [b - a for a, b in zip(z, z[1:], strict=False)]
    return all(step > 0 for step in steps) or all(step < 0 for step in steps)


def _alternating(z: Window) -> bool:
    steps = [b - a for a, b in zip(z, z[1:], strict=False)]
    return all(a * b < 0 for a, b in zip(steps, steps[1:], strict=False))


def _both_sides(z: Window) -> bool:
    return all(abs(value) > 1 for value in z) and max(z) > 1 and min(z) < -1


RULES: dict[str, tuple[int, Callable[[Window], bool]]] = {
    "N1": (1, lambda z: abs(z[0]) > 3),
    "N2": (9, _one_side),
    "N3": (6, _trend),
    "N4": (14, _alternating),
    "N5": (3, lambda z: _beyond(z, 2, 2)),
    "N6": (5, lambda z: _beyond(z, 1, 4)),
    "N7": (15, lambda z: all(abs(value) <= 1 for value in z)),
    "N8": (8, _both_sides),
}
"""By id: how many points the pattern has, and whether points are one."""
BY_VALUE = {"N3", "N4"}


def nelson_points(distance: Sequence[float], values: Sequence[float]) -> dict[str, list[int]]:
    """Indices (from 0) of the points of one series that complete the pattern of each rule; distances are in sigma."""
    found = {}
    for rule, (length, holds) in RULES.items():
        series = values if rule in BY_VALUE else distance
        ends = range(length - 1, len(series))
        found[rule] = [end for end in ends if holds(series[end - length + 1 : end + 1])]
    return found
