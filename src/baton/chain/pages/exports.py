"""The lists of the chain as tables that people take away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.utils.translation import gettext

from baton.chain import queries
from baton.chain.models import Link, Party
from baton.core.actors import Actor
from baton.core.texts import say


def link_header() -> list[str]:
    return [
        gettext("Number"), gettext("Supplier"), gettext("Customer"), gettext("Output"), gettext("Kind"),
        gettext("Source"), gettext("From"), gettext("Until"),
    ]  # fmt: skip


def link_rows(links: Iterable[Link]) -> Iterator[Sequence[object]]:
    for link in links:
        yield (
            link.number, say(link.supplier.name), say(link.customer.name), say(link.output),
            link.get_output_kind_display(), link.get_source_display(), link.began_on.isoformat(), link.ended_on or "",
        )  # fmt: skip


def party_header() -> list[str]:
    return [
        gettext("Number"), gettext("Name"), gettext("Kind"), gettext("Code"), gettext("Stands under"),
        gettext("Suppliers"), gettext("Customers"), gettext("From"), gettext("Until"),
    ]  # fmt: skip


def party_rows(parties: Iterable[Party]) -> Iterator[Sequence[object]]:
    for party in parties:
        yield (
            party.number, say(party.name), party.get_party_kind_display(), party.code or "",
            say(party.parent.name) if party.parent else "", getattr(party, "suppliers", 0),
            getattr(party, "customers", 0), party.began_on.isoformat(), party.ended_on or "",
        )  # fmt: skip


def all_links(viewer: Actor, at: datetime) -> Iterator[Sequence[object]]:
    """Every link in sight, whatever its state."""
    filters = queries.LinkFilters(state="all", order="number")
    return link_rows(queries.links_to_export(viewer=viewer, at=at, filters=filters))


def all_parties(viewer: Actor, at: datetime) -> Iterator[Sequence[object]]:
    """Every party in sight, ended ones included."""
    filters = queries.PartyFilters(ended=True, order="number")
    return party_rows(queries.parties_to_export(viewer=viewer, at=at, filters=filters))
