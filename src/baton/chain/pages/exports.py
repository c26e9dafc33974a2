"""The lists of the chain as tables that people take away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from baton.chain import queries
from baton.chain.models import Link, Party
from baton.chain.models.links import CRITICALITIES
from baton.chain.queries import LinkRow
from baton.core.actors import Actor
from baton.core.texts import say
from baton.monitoring.queries import Latest

if TYPE_CHECKING:
    from baton.core.models import ExternalKey


def link_header() -> list[str]:
    return [
        gettext("Number"), gettext("Supplier"), gettext("Customer"), gettext("Output"), gettext("Kind"),
        gettext("Source"), gettext("From"), gettext("Until"), gettext("Status"), gettext("Alarm"),
        gettext("Alarm since"), gettext("Week of the median wait"), gettext("Median wait (s)"), gettext("Waits (n)"),
        gettext("Week of the share returned"), gettext("Share returned"), gettext("Handoffs (n)"),
        gettext("Output number"), gettext("Outside need"), gettext("Project"), gettext("Criticality"),
        gettext("Spend (1-5)"), gettext("Irreplaceability (1-5)"), gettext("Impact (1-5)"), gettext("Stage"),
        gettext("Single source"), gettext("Continuity plan"),
    ]  # fmt: skip


def link_rows(rows: Iterable[LinkRow]) -> Iterator[Sequence[object]]:
    """A week is named by its Monday; a figure that is not known is an empty cell."""
    for row in rows:
        link, figures = row.link, row.figures
        alarm = figures.alarms[0] if figures.alarms else None
        yield (
            link.number, say(link.supplier.name), say(link.customer.name), str(link.output),
            link.output.get_output_kind_display(), link.get_source_display(), link.began_on.isoformat(),
            link.ended_on or "",
            figures.word, alarm.words if alarm else "", alarm.since.isoformat() if alarm else "",
            *_latest(figures.wait), *_latest(figures.returns), *_judged(link),
        )  # fmt: skip


def _judged(link: Link) -> tuple[object, ...]:
    return (
        link.output.number, say(link.need.words) if link.need else "", say(link.project.name) if link.project else "",
        str(CRITICALITIES[link.criticality]) if link.criticality else "", link.spend or "",
        link.irreplaceability or "", link.impact or "", link.get_stage_display() if link.stage else "",
        link.get_sourcing_display() if link.sourcing else "", link.continuity_plan,
    )  # fmt: skip


def _latest(latest: Latest | None) -> tuple[object, object, object]:
    return ("", "", "") if latest is None else (latest.week.isoformat(), float(f"{latest.value:.6g}"), latest.n)


def party_header() -> list[str]:
    return [
        gettext("Number"), gettext("Name"), gettext("Kind"), gettext("Code"), gettext("Stands under"),
        gettext("Suppliers"), gettext("Customers"), gettext("Partner"), gettext("Confidentiality"),
        gettext("From"), gettext("Until"), gettext("Keys in other systems"),
    ]  # fmt: skip


def party_rows(parties: Iterable[Party], keys: Mapping[str, Sequence[ExternalKey]]) -> Iterator[Sequence[object]]:
    """``keys`` are those in other systems, by public id of the party: ``SAP: 4711; HIS: W3``."""
    for party in parties:
        yield (
            party.number, say(party.name), party.get_party_kind_display(), party.code or "",
            say(party.parent.name) if party.parent else "", getattr(party, "suppliers", 0),
            getattr(party, "customers", 0), party.get_partner_display(), party.get_confidentiality_display(),
            party.began_on.isoformat(), party.ended_on or "",
            "; ".join(str(key) for key in keys.get(party.public_id, ())),
        )  # fmt: skip


def all_links(viewer: Actor, at: datetime) -> Iterator[Sequence[object]]:
    """Every link in sight, whatever its state."""
    filters = queries.LinkFilters(state="all", order="number")
    return link_rows(queries.links_to_export(viewer=viewer, at=at, filters=filters))


def all_parties(viewer: Actor, at: datetime) -> Iterator[Sequence[object]]:
    """Every party in sight, ended ones included."""
    filters = queries.PartyFilters(ended=True, order="number")
    keys = queries.keys_of_parties(viewer=viewer)
    return party_rows(queries.parties_to_export(viewer=viewer, at=at, filters=filters), keys)
