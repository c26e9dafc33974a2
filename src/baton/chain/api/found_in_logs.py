"""What event logs show: pairs, names with their parties, the comparison with the agreed chain; and links made of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from baton.chain import changes, policy
from baton.chain.api.bulk_links import BulkLinksShown, entered_batch_of_links, see_batch_of_links
from baton.chain.api.event_logs import LogRead, log_read, see_log
from baton.chain.api.parties import READ, WRITE, party_named
from baton.chain.api.shapes import PartyNamed
from baton.chain.changes import event_logs as log_changes
from baton.chain.models import EventLog
from baton.chain.models.event_logs import NAME_LENGTH
from baton.chain.queries import slices
from baton.chain.rules import Finding
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import made, reads, writes
from baton.core.api.schemas import Asked, Flag, PublicId, Rows, Sent, Shown, Texts
from baton.core.errors import Refused
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.models import Batch

router = Router()

MOST_PAIRS = 2_000
"""Pairs of one call."""

LogName = Annotated[str, StringConstraints(min_length=1, max_length=NAME_LENGTH, pattern=r"^[^\x00]+$")]


class PairShown(Shown):
    """One supplier-customer pair of an event log, under the names of the log."""

    supplier: str
    customer: str
    handovers: int
    cases: int
    share: float = Field(description="Of all handovers of the log.")
    median_wait_seconds: float | None
    p90_wait_seconds: float | None
    returns: int = Field(description="Handovers that came straight back.")
    first_seen: datetime | None
    last_seen: datetime | None


class NamesAsked(Asked):
    """Which names of a log."""

    unmatched: Flag = Field(default=False, description="Only those that are no party yet.")


class NameShown(Shown):
    """A name of a log, and the party that it stands for."""

    name: str
    handovers: int = Field(description="Given and received.")
    party: PartyNamed | None


class NameSent(Sent):
    """Which party a name stands for."""

    name: LogName
    party: PublicId | None = Field(description="null: not known.")
    seen: PublicId | None = Field(description="The party that stood there when you looked; null: none did.")
    remember: bool = Field(default=False, description="The name becomes a key of the party in the log's system.")


class ComparisonAsked(Asked):
    """Which pairs of the comparison."""

    finding: Finding | None = None


class ComparedShown(Shown):
    """A pair of the log, or of the agreed chain, and what the comparison says of it."""

    finding: Finding
    supplier: str
    customer: str
    handovers: int
    last_seen: datetime | None
    quiet_days: float | None = Field(description="From the last handover to the end of the log.")
    link: PublicId | None = Field(description="The agreed link.")


class PairSent(Sent):
    """A pair of the log, by its names."""

    supplier: LogName
    customer: LogName


class LinksSent(Sent):
    """Pairs that become links, and what is handed over on them."""

    pairs: Annotated[list[PairSent], Field(min_length=1, max_length=MOST_PAIRS)]
    output: Texts
    parent: PublicId | None = Field(default=None, description="Under which names that are no party yet become parties.")


@reads(
    router, "/{slug:public_id}/pairs", scope=READ, may=policy.may_see_event_logs, response=Rows[PairShown],
    summary=gettext_noop("List the pairs of an event log"),
    description=gettext_noop("Who handed work to whom, how often and how fast; the most handovers first."),
)  # fmt: skip
def list_pairs(request: ApiRequest, public_id: PublicId, asked: Query[Asked]) -> Any:
    part = slices.mined_slice(viewer=request.actor, log=public_id, limit=asked.limit, cursor=asked.cursor)
    names = list(PairShown.model_fields)
    rows = [PairShown(**{name: getattr(pair, name) for name in names}) for pair in part.rows]
    return Rows[PairShown](rows=rows, next=part.next)


@reads(
    router, "/{slug:public_id}/names", scope=READ, may=policy.may_see_event_logs, response=Rows[NameShown],
    summary=gettext_noop("List the names of an event log"),
    description=gettext_noop("With the parties that they stand for; who hands over and receives most first."),
)  # fmt: skip
def list_log_names(request: ApiRequest, public_id: PublicId, asked: Query[NamesAsked]) -> Any:
    part = slices.log_name_slice(
        viewer=request.actor, log=public_id, unmatched_only=asked.unmatched, limit=asked.limit, cursor=asked.cursor
    )
    rows = [
        NameShown(
            name=one.value, handovers=one.handovers,
            party=PartyNamed(id=one.party.public_id, name=one.party.name) if one.party is not None else None,
        )
        for one in part.rows
    ]  # fmt: skip
    return Rows[NameShown](rows=rows, next=part.next)


@writes(
    router, "POST", "/{slug:public_id}/names", scope=WRITE, may=policy.may_bring_event_logs, response=LogRead,
    summary=gettext_noop("Say which party a name of an event log is"),
    description=gettext_noop("Facts of an accepted log follow. Refused when somebody else has matched it meanwhile."),
    example={"name": "WARD-3", "party": "2b3c4d5f6g7h8j9k", "seen": None},
)  # fmt: skip
def match_log_name(request: ApiRequest, public_id: PublicId, sent: NameSent) -> HttpResponse:
    by, at, log = request.actor, request.now, see_log(request)(public_id)

    def write() -> EventLog:
        party = party_named(request, sent.party, "party") if sent.party is not None else None
        return log_changes.match_name(
            by=by, at=at, log=log, value=sent.name, party=party, remember=sent.remember, seen=sent.seen or ""
        )

    return made(request, write=write, show=log_read(request), see=see_log(request), status=200)


@reads(
    router, "/{slug:public_id}/comparison", scope=READ, may=policy.may_see_event_logs, response=Rows[ComparedShown],
    summary=gettext_noop("Compare an event log with the agreed chain"),
    description=gettext_noop("Handed over without a link, agreed but never handed over, dead; what is as agreed last."),
)  # fmt: skip
def compare_event_log(request: ApiRequest, public_id: PublicId, asked: Query[ComparisonAsked]) -> Any:
    part = slices.compared_slice(
        viewer=request.actor, at=request.now, log=public_id, finding=asked.finding or "", limit=asked.limit,
        cursor=asked.cursor,
    )  # fmt: skip
    rows = [
        ComparedShown(
            finding=row.finding, supplier=row.supplier, customer=row.customer, handovers=row.handovers,
            last_seen=row.last_seen, quiet_days=row.quiet_days, link=row.link.public_id if row.link else None,
        )
        for row in part.rows
    ]  # fmt: skip
    return Rows[ComparedShown](rows=rows, next=part.next)


@writes(
    router, "POST", "/{slug:public_id}/make-links", scope=WRITE, may=policy.may_bring_event_logs,
    response=BulkLinksShown, status=201,
    summary=gettext_noop("Make pairs of an event log links"),
    description=gettext_noop(
        "As one bulk entry; pairs that have a link are left as they are, and names that are no party become parties."
    ),
    example={"pairs": [{"supplier": "Laundry", "customer": "Ward 3"}], "output": {"en": "Clean linen"}},
)  # fmt: skip
def make_links_of_pairs(request: ApiRequest, public_id: PublicId, sent: LinksSent) -> HttpResponse:
    by, at, log = request.actor, request.now, see_log(request)(public_id)

    def write() -> Batch:
        parent = party_named(request, sent.parent, "parent") if sent.parent is not None else None
        pairs = [(pair.supplier, pair.customer) for pair in sent.pairs]
        done = changes.make_links(by=by, at=at, log=log, pairs=pairs, output=sent.output, parent=parent, at_once=0)
        if done.batch is None:
            raise Refused(
                field="pairs",
                expected=gettext_noop("Expected at least one pair without a link."),
                found=gettext_noop("All of them have one."),
                remedy=gettext_noop("Ask the comparison for the pairs that are undeclared."),
            )
        return done.batch

    return made(request, write=write, show=entered_batch_of_links(request), see=see_batch_of_links(request))
