"""A house of quality as SVG: needs left, characteristics on top under their roof, relations in the room, weights below.

Every symbol has its figure in it and says in words what it joins, for those who cannot tell the symbols apart or cannot
see them. Lines and letters take the colour of the text around, so that the picture stands on light and dark alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any
from unicodedata import east_asian_width

from baton_analysis.drawing.figures import number, percent

CELL = 44
NAME_WIDTH, NAME_LETTERS = 260, 34
HEAD, HEAD_LETTERS = 150, 22
FIGURE_WIDTH = 72
MARGIN = 8
LINE = 'fill="none" stroke="currentColor"'


@dataclass(frozen=True, slots=True)
class HouseWords:
    """How figures are written and what the parts are called in the reader's language."""

    number: Callable[[float], str]
    percent: Callable[[float], str]
    title: str
    importance: str
    improvement: str
    sales_point: str
    absolute: str
    relative: str
    importance_only: str
    demanded: str
    share: str
    rank: str
    relations: Mapping[int, str]
    signs: Mapping[str, str]


ENGLISH = HouseWords(
    number=number,
    percent=percent,
    title="House of quality",
    importance="Importance",
    improvement="Improvement",
    sales_point="Sales point",
    absolute="Weight",
    relative="Share",
    importance_only="Importance only",
    demanded="Demanded weight",
    share="Share",
    rank="Rank",
    relations={9: "strong", 3: "medium", 1: "weak"},
    signs={"++": "helps much", "+": "helps", "-": "hinders", "--": "hinders much"},
)


class _Plan:
    """Where things lie: the room begins at (left, top), one cell a characteristic and a need."""

    def __init__(self, house: Mapping[str, Any]) -> None:
        self.needs, self.characteristics = house["needs"], house["characteristics"]
        self.left = MARGIN + NAME_WIDTH + FIGURE_WIDTH
        self.roof = len(self.characteristics) * CELL / 2 + MARGIN
        self.top = self.roof + HEAD
        self.right = self.left + len(self.characteristics) * CELL
        self.bottom = self.top + len(self.needs) * CELL
        self.width = self.right + 4 * FIGURE_WIDTH + MARGIN
        self.height = self.bottom + 4 * CELL * 0.7 + MARGIN

    def x(self, characteristic: float) -> float:
        """Middle of a column."""
        return self.left + (characteristic + 0.5) * CELL

    def y(self, need: float) -> float:
        """Middle of a row."""
        return self.top + (need + 0.5) * CELL


def house_svg(house: Mapping[str, Any], id: str, words: HouseWords = ENGLISH) -> str:
    """The picture of a house as :meth:`baton_analysis.measures.house_of_quality.HouseOfQuality.to_dict` gives it.

    ``id`` makes the id of the title, which names the picture to screen readers.
    """
    plan = _Plan(house)
    return "\n".join(
        [
            f'<svg class="picture house-of-quality" viewBox="0 0 {plan.width:.0f} {plan.height:.0f}" role="img" '
            f'aria-labelledby="{id}-picture-title" font-size="14" fill="currentColor">',
            f'<title id="{id}-picture-title">{escape(words.title)}</title>',
            f'<g class="house-roof">{_roof(plan, house["roof"], words)}</g>',
            f'<g class="house-heads">{_heads(plan)}</g>',
            f'<g class="house-walls" stroke-opacity="0.35">{_walls(plan)}</g>',
            f'<g class="house-needs">{_needs(plan, words)}</g>',
            f'<g class="house-room">{_room(plan, house["relations"], words)}</g>',
            f'<g class="house-floor">{_floor(plan, words)}</g>',
            "</svg>",
        ]
    )


def _roof(plan: _Plan, marks: list[Mapping[str, Any]], words: HouseWords) -> str:
    """A diamond for every pair of characteristics, above the middle between them."""
    names = [one["name"] for one in plan.characteristics]
    signs = {(names.index(mark["first"]), names.index(mark["second"])): mark["sign"] for mark in marks}
    gable = (
        f'<path {LINE} stroke-opacity="0.35" d="M{plan.left:.1f} {plan.roof:.1f}'
        f'L{(plan.left + plan.right) / 2:.1f} {MARGIN:.1f}L{plan.right:.1f} {plan.roof:.1f}Z"/>'
    )
    return gable + "".join(
        _diamond(plan, (first, second), signs.get((first, second)), names, words)
        for first in range(len(names))
        for second in range(first + 1, len(names))
    )


def _diamond(plan: _Plan, pair: tuple[int, int], sign: str | None, names: list[str], words: HouseWords) -> str:
    half = CELL / 2
    x, y = plan.x((pair[0] + pair[1]) / 2), plan.roof - (pair[1] - pair[0] - 1) * half - half
    shape = (
        f'<path {LINE} stroke-opacity="0.35" d="M{x - half:.1f} {y:.1f}L{x:.1f} {y - half:.1f}'
        f'L{x + half:.1f} {y:.1f}L{x:.1f} {y + half:.1f}Z"/>'
    )
    if sign is None:
        return shape
    said = escape(f"{names[pair[0]]} – {names[pair[1]]}: {words.signs[sign]}")
    kind = "house-hinders" if "-" in sign else "house-helps"
    written = sign.replace("-", "−")
    return (
        f'<g class="{kind}"><title>{said}</title>{shape}'
        f'<text x="{x:.1f}" y="{y:.1f}" dy="5" text-anchor="middle" font-weight="bold">{written}</text></g>'
    )


def _heads(plan: _Plan) -> str:
    """Names of the characteristics, upright from the room to the roof."""
    return "".join(
        f'<text transform="translate({plan.x(place):.1f} {plan.top - 8:.1f}) rotate(-90)" dy="5">'
        f"<title>{escape(one['name'])}</title>{escape(_cut(one['name'], HEAD_LETTERS))}</text>"
        for place, one in enumerate(plan.characteristics)
    )


def _walls(plan: _Plan) -> str:
    across = "".join(
        f'<path {LINE} d="M{MARGIN} {plan.top + row * CELL:.1f}H{plan.width - MARGIN:.1f}"/>'
        for row in range(len(plan.needs) + 1)
    )
    down = "".join(
        f'<path {LINE} d="M{plan.left + column * CELL:.1f} {plan.roof:.1f}V{plan.height - MARGIN:.1f}"/>'
        for column in range(len(plan.characteristics) + 1)
    )
    return across + down


def _needs(plan: _Plan, words: HouseWords) -> str:
    """Left the need and its importance, right what makes its weight."""
    heads = [(plan.left - FIGURE_WIDTH / 2, words.importance)] + [
        (plan.right + (place + 0.5) * FIGURE_WIDTH, name)
        for place, name in enumerate((words.improvement, words.sales_point, words.absolute, words.relative))
    ]
    drawn = [_figure(x, plan.top - 10, name, size=11) for x, name in heads]
    for row, need in enumerate(plan.needs):
        y = plan.y(row) + 5
        figures = [
            words.number(need["importance"]),
            words.number(need["improvement"]),
            words.number(need["sales_point"]),
            words.number(need["absolute"]),
            words.percent(need["relative"]),
        ]
        drawn.append(
            f'<text x="{MARGIN}" y="{y:.1f}"><title>{escape(need["name"])}</title>'
            f"{escape(_cut(need['name'], NAME_LETTERS))}</text>"
        )
        drawn += [_figure(x, y, figure) for (x, _), figure in zip(heads, figures, strict=True)]
    return "".join(drawn)


def _room(plan: _Plan, relations: list[list[int]], words: HouseWords) -> str:
    return "".join(
        _relation(plan.x(column), plan.y(row), strength, escape(
            f"{plan.needs[row]['name']} – {plan.characteristics[column]['name']}: {words.relations[strength]}"
        ))
        for row, strengths in enumerate(relations)
        for column, strength in enumerate(strengths)
        if strength
    )  # fmt: skip


def _relation(x: float, y: float, strength: int, said: str) -> str:
    """A double circle with 9, a circle with 3, a triangle with 1 in it."""
    circle = f'<circle {LINE} cx="{x:.1f}" cy="{y:.1f}" r="{{r}}"/>'
    shapes = {
        9: circle.format(r=16) + circle.format(r=12.5),
        3: circle.format(r=14),
        1: f'<path {LINE} d="M{x:.1f} {y - 15:.1f}L{x + 16:.1f} {y + 11:.1f}H{x - 16:.1f}Z"/>',
    }
    return f'<g class="relation"><title>{said}</title>{shapes[strength]}{_figure(x, y + 5, str(strength), 13)}</g>'


def _floor(plan: _Plan, words: HouseWords) -> str:
    """Below the room the weights of the characteristics, their share and rank."""
    lines: list[tuple[str, Callable[[Mapping[str, Any]], str]]] = [
        (words.importance_only, lambda one: words.number(one["importance_only"]["value"])),
        (words.demanded, lambda one: words.number(one["demanded"]["value"])),
        (words.share, lambda one: words.percent(one["demanded"]["share"])),
        (words.rank, lambda one: words.number(one["demanded"]["rank"])),
    ]
    drawn = []
    for line, (name, written) in enumerate(lines):
        y = plan.bottom + (line + 0.5) * CELL * 0.7 + 5
        drawn.append(f'<text x="{plan.left - 8:.1f}" y="{y:.1f}" text-anchor="end">{escape(name)}</text>')
        drawn += [_figure(plan.x(place), y, written(one), 12) for place, one in enumerate(plan.characteristics)]
    return "".join(drawn)


def _figure(x: float, y: float, written: str, size: int = 14) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" font-size="{size}">{escape(written)}</text>'


def _cut(name: str, letters: int) -> str:
    """As much of a name as so many Latin letters take; a Chinese character takes two of them."""
    taken = 0
    for place, letter in enumerate(name):
        taken += 2 if east_asian_width(letter) in {"W", "F"} else 1
        if taken > letters:
            return f"{name[: place - 1]}…"
    return name
