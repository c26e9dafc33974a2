"""Who is asked in a wave: those who dealt with a link, few enough of them, none too often. Pure Python.

How many are asked about a link where not everybody is: for a half-width E of the 95 % interval of a mean, from a
standard deviation s and N people who could be asked, ``n0 = (z s / E)^2`` and ``n = n0 / (1 + n0 / N)``
(Cochran 1977, Sampling Techniques, 3rd edition, chapter 4), divided by the share that is
expected to answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import ceil
from random import Random

from baton.feedback.rules.waves import LINKS_A_SHEET, Band

WINDOW_DAYS = 90
"""So many days back handoffs count as dealings, where nobody says another number."""
WINDOW_RANGE = range(7, 731)
BUDGET_DAYS = 30
"""Nobody is asked in more than one wave in so many days."""
QUIET_MOST_DAYS = 366
"""For so long at most somebody asks not to be asked."""
Z_95 = 1.959964
"""97.5 % point of the standard normal distribution."""
USUAL_SHARE = 0.5
"""Share of those asked that is expected to answer, where no wave has been closed yet."""
LEAST_SHARE = 0.1
HALF_WIDTHS = (0.1, 2.0)
"""Half-widths that a leader may choose, in points of the scale."""
USUAL_SPREAD = 0.25
"""Standard deviation as a share of the length of the scale, where none is known: 1.0 on a scale of 1 to 5."""


class LinkRule(StrEnum):
    """By what links are chosen.

    ALL       all links that are in force, those that come later among them
    SUPPLIER  what a department hands over, and all that stands in it
    CUSTOMER  what a department gets, and all that stands in it
    WITHIN    what goes from one to another inside a part of the organisation
    ONE       named one by one
    """

    ALL = "all"
    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    WITHIN = "within"
    ONE = "one"

    @property
    def is_of_party(self) -> bool:
        """Whether it means the links of one department or part."""
        return self in {LinkRule.SUPPLIER, LinkRule.CUSTOMER, LinkRule.WITHIN}


@dataclass(frozen=True, slots=True)
class Belongs:
    """That somebody (key) belongs to the party with this path; ``leads``: he heads it or stands in for its head."""

    person: int
    path: str
    leads: bool


@dataclass(frozen=True, slots=True)
class LinkAsked:
    """A link of a wave: ``key`` is that of the link of the wave, paths are those of its two sides. ``handoffs`` in the
    window; None where none was ever recorded there. ``took``: people (keys) who took them or sent them back -> how
    often."""

    key: int
    supplier: str
    customer: str
    handoffs: int | None = None
    took: Mapping[int, int] = field(default_factory=dict)

    @property
    def is_idle(self) -> bool:
        """Whether handoffs are recorded on it and there were none in the window: nobody has anything to say of it."""
        return self.handoffs == 0


Shares = dict[int, dict[int, Band]]
"""People -> links of the wave about which each is asked -> band in which he answers."""


def candidates(link: LinkAsked, belongs: Mapping[str, Sequence[Belongs]]) -> dict[int, Band]:
    """Who may be asked about a link: people of its customer and of everything that stands in it, but for those who
    belong to the supplier, or to something in it, or lead something above it: nobody rates his own department.

    ``belongs`` by the path of every party and of all above it, as :func:`by_ancestor` gives them.
    """
    own = {one.person for one in belongs.get(link.supplier, ())}
    own |= {
        one.person
        for path in _above(link.supplier)
        for one in belongs.get(path, ())
        if one.leads and one.path == path
    }  # fmt: skip
    found: dict[int, Band] = {}
    for one in belongs.get(link.customer, ()):
        if one.person not in own:
            leads = one.leads or found.get(one.person) is Band.LEAD
            found[one.person] = Band.LEAD if leads else Band.STAFF
    return found


def by_ancestor(rows: Iterable[Belongs]) -> dict[str, list[Belongs]]:
    """The rows under the path of their party and under that of every party above it."""
    found: dict[str, list[Belongs]] = {}
    for one in rows:
        for path in (one.path, *_above(one.path)):
            found.setdefault(path, []).append(one)
    return found


def shares_of(links: Sequence[LinkAsked], belongs: Iterable[Belongs], without: Collection[int] = ()) -> Shares:
    """About which links everybody would be asked: at most :data:`LINKS_A_SHEET`, those first over which he himself
    took most, then those over which most went. ``without``: people who are not asked this time."""
    known, left = by_ancestor(belongs), set(without)
    found: dict[int, list[tuple[LinkAsked, Band]]] = {}
    for link in links:
        if not link.is_idle:
            for person, band in candidates(link, known).items():
                if person not in left:
                    found.setdefault(person, []).append((link, band))
    shares: Shares = {}
    for person, held in found.items():
        held.sort(key=lambda one: (-one[0].took.get(person, 0), -(one[0].handoffs or 0), one[0].key))
        shares[person] = {link.key: band for link, band in held[:LINKS_A_SHEET]}
    return shares


def sample_size(population: int, *, spread: float, half_width: float) -> int:
    """How many answers out of ``population`` give an interval of 95 % as narrow as ``half_width`` on both sides, where
    ratings have the standard deviation ``spread`` (both in points of the scale). At least 1, at most all."""
    if population < 1:
        return 0
    endless = (Z_95 * spread / half_width) ** 2
    return max(1, min(population, ceil(endless / (1 + endless / population) - 1e-9)))


def to_ask(answers: int, population: int, *, share: float, least: int) -> int:
    """How many are asked, so that ``answers`` come back where the ``share`` of them answers; never so few that the
    ``least`` on which a figure rests could not come back."""
    return min(population, ceil(max(answers, least) / max(share, LEAST_SHARE) - 1e-9))


def drawn(shares: Shares, wanted: Mapping[int, int], took: Mapping[int, int], random: Random) -> Shares:
    """A choice of people so that about each link (key) at least ``wanted`` are asked, as far as there are so many.

    ``took`` are people who took something or sent it back: they come first, by chance among themselves; then the
    others, by chance. Everybody is asked about those of his links that still lack people, so that nobody is asked more
    than is needed.
    """
    got: dict[int, int] = {}
    order = sorted(shares)
    random.shuffle(order)
    order.sort(key=lambda person: took.get(person, 0) == 0)
    chosen: Shares = {}
    for person in order:
        lacking = {link: band for link, band in shares[person].items() if got.get(link, 0) < wanted.get(link, 0)}
        if lacking:
            chosen[person] = lacking
            for link in lacking:
                got[link] = got.get(link, 0) + 1
    return chosen


def _above(path: str) -> list[str]:
    """Paths of the parties above the one with this path: ``a/b/c/`` has ``a/`` and ``a/b/``."""
    parts = path.strip("/").split("/")
    return ["/".join(parts[:length]) + "/" for length in range(1, len(parts))]
