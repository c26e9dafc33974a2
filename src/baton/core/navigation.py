"""The side navigation as one reader finds it: sections, their lines, and the tabs of the pages behind a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

from django.urls import get_script_prefix, reverse

from baton.core import registries
from baton.core.actors import Actor
from baton.core.present import today
from baton.core.registries import NavigationEntry
from baton.core.versions import Memory

IN_BAR = 4
"""Lines at the foot of a phone of 390 px, beside what opens the rest."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One of several pages behind a line; ``current`` as in ``aria-current``: "page", or empty."""

    label: str
    address: str
    current: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A line. ``current`` as in ``aria-current``: "page" for the page that one is on, "true" where that stands behind
    the line, else empty. ``tabs`` are the pages behind it, its own first; none where there is only that. ``count`` is
    how much waits there."""

    label: str
    icon: str
    address: str
    count: int = 0
    current: str = ""
    tabs: tuple[Tab, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """The lines of a section under its ``title``; ``name`` is its code."""

    title: str
    name: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """All that one reader finds, in his language; equal where all of it is. ``tabs`` are those of the page that he is
    on, empty where it has none, under ``title``. ``bar`` and ``more`` are the same on a phone: what stands at its foot,
    and behind it."""

    sections: tuple[Part, ...] = ()
    title: str = ""
    tabs: tuple[Tab, ...] = ()
    handy: tuple[Place, ...] = ()

    @property
    def bar(self) -> list[Place]:
        """The first line of all, his daily work, then what else stands in the first section."""
        own = list(self.sections[0].places) if self.sections else []
        found = {place.address: place for place in (*own[:1], *self.handy, *own[1:])}
        return list(found.values())[:IN_BAR]

    @property
    def more(self) -> list[Part]:
        """The sections with the lines that the bar does not show."""
        held = {place.address for place in self.bar}
        rest = [
            replace(one, places=tuple(place for place in one.places if place.address not in held))
            for one in self.sections
        ]
        return [one for one in rest if one.places]


def places(actor: Actor, path: str) -> Places:
    """What ``actor`` finds on the page at ``path``. An entry whose line he does not see is a line itself."""
    shown = {name: entry for name, entry in registries.navigation if entry.shown(actor)}
    addresses = {name: _address(entry.url_name, get_script_prefix()) for name, entry in shown.items()}
    over = [one for one in addresses.values() if path == one or (one != "/" and path.startswith(one))]
    here = max(over, key=len, default="")
    behind: dict[str, list[str]] = {name: [name] for name, entry in shown.items() if entry.under not in shown}
    for name in _sorted([name for name in shown if name not in behind], shown):
        behind[shown[name].under].append(name)
    counts = _counts(shown, actor)
    lines = {name: _place(held, shown, addresses, here, counts) for name, held in behind.items()}
    sections = tuple(
        Part(str(section.value), section.name.lower(), tuple(lines[name] for name in found))
        for section in registries.Section
        if (found := _sorted([name for name in lines if shown[name].section is section], shown))
    )
    own = next((one for one in lines.values() if path in [tab.address for tab in one.tabs]), None)
    handy = tuple(lines[name] for name in _sorted([name for name in lines if _is_handy(shown[name], actor)], shown))
    return Places(sections, own.label if own else "", own.tabs if own else (), handy)


@cache
def _address(url_name: str, prefix: str) -> str:
    """Of a page, on a server that answers below ``prefix``; every page asks for all of them."""
    return reverse(url_name)


def _is_handy(entry: NavigationEntry, actor: Actor) -> bool:
    return entry.handy is not None and entry.handy(actor)


def _sorted(names: list[str], shown: dict[str, NavigationEntry]) -> list[str]:
    return sorted(names, key=lambda name: shown[name].order)


def _place(
    names: Sequence[str],
    shown: dict[str, NavigationEntry],
    addresses: dict[str, str],
    here: str,
    counts: dict[str, int],
) -> Place:
    """The line of the first of these entries, with all of them behind it."""
    entry, address = shown[names[0]], addresses[names[0]]
    count = sum(counts.get(name, 0) for name in names)
    tabs = tuple(
        Tab(
            str((name == names[0] and shown[name].tab) or shown[name].label),
            addresses[name],
            _page(addresses[name] == here),
        )
        for name in names
    )
    is_behind = any(tab.current for tab in tabs)
    current = _page(address == here) or ("true" if is_behind else "")
    return Place(str(entry.label), entry.icon, address, count, current, tabs if len(tabs) > 1 else ())


_COUNTS: Memory[tuple[int, ...]] = Memory(most=10_000)
"""What waits behind the lines that read the same, by these lines, who looks in which roles, and the day."""


def _counts(shown: dict[str, NavigationEntry], actor: Actor) -> dict[str, int]:
    """How much waits behind each of the entries. Those that read the same are counted together, for they ask the same
    of who looks."""
    by_reads: dict[tuple[str, ...], dict[str, Callable[[Actor], int]]] = {}
    for name, entry in shown.items():
        if entry.count is not None:
            by_reads.setdefault(entry.reads, {})[name] = entry.count
    counts: dict[str, int] = {}
    for reads, counted in by_reads.items():
        ask = partial(_asked, tuple(counted.values()), actor)
        key = (tuple(counted), actor.id, actor.roles, today())
        counts.update(zip(counted, _COUNTS.unchanged(reads, key, ask) if reads else ask(), strict=True))
    return counts


def _asked(counted: Sequence[Callable[[Actor], int]], actor: Actor) -> tuple[int, ...]:
    return tuple(one(actor) for one in counted)


def _page(is_here: bool) -> str:
    return "page" if is_here else ""
