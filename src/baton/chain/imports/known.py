"""Parties that a table may name: by code, by the key of another system, by number or by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from django.conf import settings

from baton.chain.imports.columns import plain_name, several, unknown
from baton.chain.models import Party
from baton.chain.rules import OUTSIDE
from baton.core.actors import Actor
from baton.core.import_targets import Findings, ImportRow
from baton.core.imports.seen import Seen
from baton.core.queries import records_by_key
from baton.core.texts import say
from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells import CellProblem

PARTY_EXPECTED = gettext_noop("Expected the code, key, number or name of a party.")


@dataclass
class KnownParties:
    """All parties that are live, and by what each is called. Keys are those of ``system``."""

    parties: dict[str, Party]
    system: str
    viewer: Actor
    by_code: dict[str, str] = field(default_factory=dict)
    by_number: dict[str, str] = field(default_factory=dict)
    by_name: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
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
            for name in party.name.values():
                known.by_name[plain_name(name)].add(public_id)
        if keys:
            known.by_key = records_by_key(viewer=viewer, kind="party", keys=keys, system=system)
        return known

    def meant(self, text: str) -> Party | CellProblem:
        """The party that a cell names; what is written may be its code, key, number or name, in this order."""
        plain = text.casefold()
        for found in (self.by_code.get(plain), self.by_number.get(plain)):
            if found:
                return self.parties[found]
        for ids in (self.by_key.get(text, set()), self.by_name.get(plain_name(text), set())):
            live = sorted(ids & self.parties.keys())
            if len(live) > 1:
                return several(text, [self.parties[one].number for one in live])
            if live:
                return self.parties[live[0]]
        return unknown(text, PARTY_EXPECTED)

    def told(self, party: Party) -> str:
        """How a table names a live party so that it is known again: by its code, else by its name where that means it
        and no other, else by its number."""
        for text in (party.code or "", say(party.name, settings.LANGUAGE_CODE)):
            found = self.meant(text) if text else None
            if isinstance(found, Party) and found.pk == party.pk:
                return text
        return str(party.number)


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
