"""Parties that a table names: by code, by the key of another system, by number, by name or by their place."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from django.conf import settings

from baton.chain import policy
from baton.chain.imports.columns import plain_name, several, unknown
from baton.chain.models import Party
from baton.chain.rules import OUTSIDE
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.import_targets import Findings, ImportRow
from baton.core.imports.seen import Seen
from baton.core.queries import records_by_key
from baton.core.texts import say
from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells import CellProblem

PARTY_EXPECTED = gettext_noop("Expected the code, key, number or name of a party.")
UNDER = " / "
"""Between the party above and the name of one that has its name in common with others: ``Surgery / Night shift``;
``/ Night shift`` stands at the top."""


@dataclass
class KnownParties:
    """All parties that are live, and by what each is called. Keys are those of ``system``."""

    parties: dict[str, Party]
    system: str
    viewer: Actor
    by_code: dict[str, str] = field(default_factory=dict)
    by_number: dict[str, str] = field(default_factory=dict)
    by_name: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    by_place: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    by_key: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, viewer: Actor, system: str, keys: set[str] | None = None) -> Self:
        """Three queries, whatever the number of parties; ``keys`` are those that the table may mean."""
        live = Party.objects.filter(ended_on__isnull=True).select_related("person", "parent")
        known = cls({party.public_id: party for party in live}, system, viewer)
        for public_id, party in known.parties.items():
            known.by_number[party.number.casefold()] = public_id
            if party.code:
                known.by_code[party.code.casefold()] = public_id
            above = party.parent.public_id if party.parent else ""
            for name in map(plain_name, party.name.values()):
                known.by_name[name].add(public_id)
                known.by_place[above, name].add(public_id)
        if keys:
            known.by_key = records_by_key(viewer=viewer, kind="party", keys=keys, system=system)
        return known

    def meant(self, text: str) -> Party | CellProblem:
        """The party that a cell names; what is written may be its code, key, number, name or place, in this order.

        A key comes before a number: the table of another Baton names parties by the numbers that they have there.
        """
        plain = text.casefold()
        for ids in (
            {self.by_code.get(plain, "")}, self.by_key.get(text, set()), {self.by_number.get(plain, "")},
            self.by_name.get(plain_name(text), set()), self._placed(text),
        ):  # fmt: skip
            live = sorted(ids & self.parties.keys())
            if len(live) > 1:
                return several(text, [self.parties[one].number for one in live])
            if live:
                return self.parties[live[0]]
        return unknown(text, PARTY_EXPECTED)

    def _placed(self, text: str) -> set[str]:
        """The parties that are meant by ``Surgery / Night shift``."""
        place, under, name = f" {text}".rpartition(UNDER)
        if not under:
            return set()
        above = self.meant(place.strip()) if place.strip() else None
        if isinstance(above, CellProblem):
            return set()
        return self.by_place.get((above.public_id if above else "", plain_name(name)), set())


class TableNames:
    """How a table that is taken names parties, so that an empty installation knows them again: by their code; without
    one by a name that nobody else in sight has, by their place where several have it, at last by their number."""

    def __init__(self, viewer: Actor, at: datetime) -> None:
        sight = policy.sight_of(viewer, day_of(at))
        live = list(Party.objects.filter(sight.parties, ended_on__isnull=True).select_related("parent"))
        self._seen = {party.pk: party for party in live}
        self._taken = Counter(name for party in live for name in {plain_name(name) for name in party.name.values()})
        self._taken.update(party.code.casefold() for party in live if party.code)
        self._placed = Counter(
            (party.parent_id, name) for party in live for name in {plain_name(name) for name in party.name.values()}
        )
        self._told: dict[int, str] = {}

    def sees(self, party: Party) -> bool:
        """Whether a live party is in the viewer's sight."""
        return party.pk in self._seen

    def of(self, party: Party) -> str:
        """What stands in the cell."""
        if party.pk not in self._told:
            self._told[party.pk] = party.code or self._named(party)
        return self._told[party.pk]

    def _named(self, party: Party) -> str:
        name = say(party.name, settings.LANGUAGE_CODE)
        plain = plain_name(name)
        if self._taken[plain] <= 1:
            return name
        above = self._seen[party.pk].parent if party.pk in self._seen else None
        if self._placed[party.parent_id, plain] > 1 or (party.parent_id and (above is None or not self.sees(above))):
            return str(party.number)
        return f"{self.of(above) if above else ''}{UNDER}{name}".strip()


OUTSIDE_EXPECTED = gettext_noop("Expected an outside customer, a group of consumers or an outside supplier.")


class OutsideParties:
    """The outside parties that the rows of a long table name, each looked up once."""

    def __init__(self, viewer: Actor, system: str) -> None:
        self._known = KnownParties.read(viewer, system)
        self._found: dict[str, Party | CellProblem] = {}

    def of(self, rows: Sequence[ImportRow], findings: Findings) -> dict[int, Party]:
        """Number of the row -> its party; rows that name none are refused and left out."""
        self._look_up({row["party"] for row in rows} - self._found.keys())
        meant = {}
        for row in rows:
            found = self._found[row["party"]]
            if isinstance(found, CellProblem):
                findings.refuse(row, "party", found)
            else:
                meant[row.number] = found
        return meant

    def _look_up(self, texts: set[str]) -> None:
        known = self._known
        if known.system and texts:
            known.by_key |= records_by_key(viewer=known.viewer, kind="party", keys=texts, system=known.system)
        for text in texts:
            found = known.meant(text)
            if isinstance(found, Party) and found.party_kind not in OUTSIDE:
                found = CellProblem(
                    expected=OUTSIDE_EXPECTED,
                    found=gettext_noop("{number} is part of the organisation."),
                    remedy=gettext_noop("Choose a party outside."),
                    values={"number": found.number},
                )
            self._found[text] = found


class PartsMemory:
    """What a table of accounts or contacts needs to remember from one of its parts to the next.

    ``parties`` are those that its rows named, ``rows`` what they said, ``held`` the records that they meant.
    """

    def __init__(self, findings: Findings) -> None:
        self.parties = OutsideParties(findings.viewer, findings.system)
        self.rows = Seen()
        self.held = Seen()

    @classmethod
    def of(cls, findings: Findings) -> Self:
        """The memory of the table that is being checked; empty for its first part."""
        return findings.kept(cls.__name__, lambda: cls(findings))
