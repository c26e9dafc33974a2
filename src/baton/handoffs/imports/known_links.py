"""Links that a table names: by number, by the key of another system, or by their two parties and what is handed
over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from baton.agreements import queries as agreements
from baton.agreements.queries.in_force import versions_ever_in_force
from baton.agreements.rules import Measure
from baton.chain import queries as chain
from baton.chain.imports.columns import plain_name, several, unknown
from baton.chain.imports.known import KnownParties
from baton.chain.policy import Standing, standing_of
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.queries import records_by_key
from baton.core.texts import folded
from baton.handoffs import policy, queries
from baton.handoffs.rules import Moments, Side
from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells import CellProblem

if TYPE_CHECKING:
    from baton.agreements.models import AgreementVersion, Clause
    from baton.chain.models import Link
    from baton.handoffs.models import DefectCode

EXPECTED = gettext_noop("Expected the number or key of a link, or its supplier, customer and output.")
Named = tuple[str, str, str, str]
"""What a row says of its link: link, supplier, customer, output; each may be empty."""


@dataclass
class LinkMeant:
    """A link that rows mean, with what has to be known of it to judge them; read when first asked for."""

    link: Link
    standing: Standing
    at: datetime
    pk: int = field(init=False)
    _told: dict[tuple[object, ...], bool] = field(default_factory=dict)
    _codes: dict[str, DefectCode] | None = None
    _versions: list[tuple[AgreementVersion, list[Clause]]] | None = None

    def __post_init__(self) -> None:
        self.pk = self.link.pk  # asked for some times a row, which costs when Django looks for it

    def may_tell(self, moments: Moments, *, judged: bool, costs: frozenset[Side] = frozenset()) -> bool:
        """Whether who brings the table may say so of this link; ``judged``: with what the customer found; ``costs``:
        the sides whose cost is told."""
        said = (
            moments.received_at is not None, moments.delivered_at is not None, moments.accepted_at is not None,
            judged, costs,
        )  # fmt: skip
        if said not in self._told:
            self._told[said] = policy.may_tell(self.standing, self.link, moments, judged=judged, costs=costs)
        return self._told[said]

    def has_ended(self, occurred_at: datetime) -> bool:
        """Whether nothing was handed over on it any more at a moment."""
        return self.link.ended_on is not None and day_of(occurred_at) >= self.link.ended_on

    def code(self, text: str) -> DefectCode | None:
        """The defect code in use of what the link hands over, or of everything."""
        if self._codes is None:
            found = queries.codes_for(viewer=self.standing.actor, at=self.at, output=self.link.output_id)
            self._codes = {one.code.casefold(): one for one in found}
        return self._codes.get(text.casefold())

    def clauses(self, moment: datetime) -> list[Clause]:
        """The clauses of measured values that held on the link at a moment."""
        if self._versions is None:
            viewer = self.standing.actor
            found = versions_ever_in_force(viewer=viewer, links=[self.link.pk])[self.link.pk]
            clauses = agreements.clauses_by_version(viewer=viewer, versions=found)
            self._versions = [
                (one, [clause for clause in clauses[one.pk] if clause.measure == Measure.VALUE]) for one in found
            ]
        held: list[Clause] = []
        for version, clauses_of_it in self._versions:
            began, closed = version.activated_at, version.closed_at
            if began is not None and began <= moment and (closed is None or closed > moment):
                held = clauses_of_it
        return held


def clause_named(clauses: Iterable[Clause], text: str) -> Clause | None:
    """The clause of this line or characteristic, in any language."""
    plain = plain_name(text)
    for clause in clauses:
        if text == clause.line or plain in {plain_name(name) for name in clause.characteristic.values()}:
            return clause
    return None


class KnownLinks:
    """The links that the rows of a long table name, each looked up once."""

    def __init__(self, viewer: Actor, at: datetime, system: str) -> None:
        self._viewer, self._at, self._system = viewer, at, system
        self._standing = standing_of(viewer, day_of(at))
        self._found: dict[Named, LinkMeant | tuple[str, CellProblem]] = {}
        self._meant: dict[int, LinkMeant] = {}
        self._parties: KnownParties | None = None

    def look_up(self, named: set[Named]) -> None:
        """Find the links that have these names; a fixed number of queries for all that are given by number or key."""
        new = named - self._found.keys()
        texts = {name[0] for name in new if name[0]}
        by_text = self._by_text(texts) if texts else {}
        for name in new:
            if name[0]:
                link = by_text.get(name[0])
                self._found[name] = self.known(link) if link is not None else ("link", unknown(name[0], EXPECTED))
            else:
                self._found[name] = self._by_parties(name)

    def meant(self, named: Named) -> LinkMeant | tuple[str, CellProblem]:
        """The link of these names, or the column and why there is none; looked up before."""
        return self._found[named]

    def known(self, link: Link) -> LinkMeant:
        """A link that was read elsewhere, with its supplier, customer and output."""
        return self._meant.setdefault(link.pk, LinkMeant(link, self._standing, self._at))

    def _by_text(self, texts: set[str]) -> dict[str, Link]:
        numbers = {text.upper() for text in texts}
        seen = chain.links_in_sight(viewer=self._viewer, at=self._at).select_related("supplier", "customer", "output")
        by_number = {link.number: link for link in seen.filter(number__in=numbers)}
        found = {text: by_number[text.upper()] for text in texts if text.upper() in by_number}
        found |= {link.public_id: link for link in seen.filter(public_id__in=texts - found.keys())}
        left = texts - found.keys()
        keys = records_by_key(viewer=self._viewer, kind="link", keys=left, system=self._system) if left else {}
        ids = {text: next(iter(one)) for text, one in keys.items() if len(one) == 1}
        by_id = {link.public_id: link for link in seen.filter(public_id__in=ids.values())} if ids else {}
        return found | {text: by_id[one] for text, one in ids.items() if one in by_id}

    def _by_parties(self, named: Named) -> LinkMeant | tuple[str, CellProblem]:
        _link, supplier, customer, output = named
        if not supplier or not customer:
            missing = "link" if not supplier else "customer"
            return missing, CellProblem(
                expected=EXPECTED,
                found=gettext_noop("The row names no link."),
                remedy=gettext_noop("Fill in the link, or supplier and customer."),
            )
        if self._parties is None:
            self._parties = KnownParties.read(self._viewer, self._system)
        if self._system:
            self._parties.by_key |= records_by_key(
                viewer=self._viewer, kind="party", keys={supplier, customer}, system=self._system
            )
        sides = [("supplier", self._parties.meant(supplier)), ("customer", self._parties.meant(customer))]
        pair = []
        for side, found in sides:
            if isinstance(found, CellProblem):
                return side, found
            pair.append(found.pk)
        seen = chain.links_in_sight(viewer=self._viewer, at=self._at).filter(supplier=pair[0], customer=pair[1])
        links = [
            link for link in seen.select_related("supplier", "customer", "output").order_by("pk") if _of(link, output)
        ]
        live = [link for link in links if link.ended_on is None] or links
        if not live:
            return "output" if output else "customer", unknown(output or customer, gettext_noop(
                "Expected a link from this supplier to this customer, by what is handed over."
            ))  # fmt: skip
        if len(live) > 1:
            return "output", several(output or customer, [link.number for link in live])
        return self.known(live[0])


def _of(link: Link, output: str) -> bool:
    """Whether a link hands over what a cell names; an empty cell names whatever it is."""
    if not output:
        return True
    names = {plain_name(name) for name in link.output.name.values()}
    return plain_name(output) in names or folded(output) == folded(link.output.item_code)
