"""Many links at once: entered all or none, read, withdrawn as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from baton.chain import changes, policy, queries
from baton.chain.api.links import LinkSent
from baton.chain.api.parties import READ, WRITE
from baton.chain.changes.bulk_links import TARGET
from baton.chain.rules import Source
from baton.core import changes as core_changes
from baton.core import queries as core
from baton.core.actors import Actor
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, reads, shown, writes
from baton.core.api.schemas import Asked, Edited, PublicId, Rows, Sent, Shown
from baton.core.errors import NotFound, Refused, RefusedRows
from baton.core.policy import may_see_batch
from baton.core.rules import BatchState
from baton.core.slices import slice_of
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.models import Batch

router = Router()

MOST_LINKS = 2_000
"""Links of one call; more are imported as a table."""
_TEXT = StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]+$")


class LinkRowSent(LinkSent):
    """A link of a bulk entry."""

    project: None = Field(default=None, description="Links of a bulk entry belong to no project.")


class BulkLinksSent(Sent):
    """Links that are entered together."""

    title: Annotated[str, _TEXT, Field(description="What people call the entry.", examples=["Links of the HIS"])]
    rows: Annotated[list[LinkRowSent], Field(min_length=1, max_length=MOST_LINKS)]


class WithdrawSent(Edited):
    """Why a bulk entry is taken back."""

    reason: Annotated[str, _TEXT, Field(description="Stands in the audit trail.", examples=["Wrong file"])]


class LinkMade(Shown):
    """A link that came of a row."""

    id: PublicId
    number: str = Field(examples=["L-2026-0042"])


class BulkLinksNamed(Shown):
    """A bulk entry of links."""

    id: PublicId
    title: str
    state: BatchState = Field(description="Rows count while it is sealed.")
    rows: int = Field(description="Rows that were sent.", examples=[42])
    version: int = Field(examples=[42])


class BulkLinksShown(BulkLinksNamed):
    """A bulk entry of links, with its links."""

    links: list[LinkMade] = Field(description="In the order of the rows; none while it is not sealed.")


def _named(batch: Batch) -> BulkLinksNamed:
    return BulkLinksNamed(
        id=batch.public_id, title=batch.title, state=BatchState(batch.state), rows=batch.rows_expected,
        version=batch.changed_seq,
    )  # fmt: skip


def batch_of_links_shown(request: ApiRequest) -> Callable[[Batch], BulkLinksShown]:
    """How a bulk entry of links is shown to the caller."""

    def show(batch: Batch) -> BulkLinksShown:
        made_of_it = queries.links_of_batch(viewer=request.actor, at=request.now, batch=batch)
        links = [LinkMade(id=link.public_id, number=link.number) for link in made_of_it]
        return BulkLinksShown(**_named(batch).model_dump(), links=links)

    return show


def entered_batch_of_links(request: ApiRequest) -> Callable[[Batch], BulkLinksShown]:
    """Enters what is staged, and shows it: slice by slice, behind the transaction that keeps the rows, so that nobody
    waits for all of them."""

    def show(batch: Batch) -> BulkLinksShown:
        if batch.state == BatchState.STAGING:
            batch = core_changes.enter_or_abandon(by=request.actor, at=request.now, batch=batch)
        return batch_of_links_shown(request)(batch)

    return show


def see_batch_of_links(request: ApiRequest) -> Callable[[str], Batch]:
    """How the caller reads one."""

    def see(public_id: str) -> Batch:
        found = core.batch(viewer=request.actor, public_id=public_id)
        if found.target != TARGET:
            raise NotFound
        return found

    return see


def _may_see(actor: Actor) -> bool:
    return may_see_batch(actor, TARGET)


@reads(
    router, "", scope=READ, may=_may_see, response=Rows[BulkLinksNamed],
    summary=gettext_noop("List bulk entries of links"),
    description=gettext_noop("The newest first, those of pages and imports too."),
)  # fmt: skip
def list_bulk_links(request: ApiRequest, asked: Query[Asked]) -> Any:
    rows = core.batches(viewer=request.actor).filter(target=TARGET)
    part = slice_of(rows, asked=asked.filters(), limit=asked.limit, cursor=asked.cursor)
    return Rows[BulkLinksNamed](rows=[_named(batch) for batch in part.rows], next=part.next)


@reads(
    router, "/{slug:public_id}", scope=READ, may=_may_see, response=BulkLinksShown,
    summary=gettext_noop("Read a bulk entry of links"),
)  # fmt: skip
def read_bulk_links(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = see_batch_of_links(request)(public_id)
    return shown(found, batch_of_links_shown(request)(found))


@writes(
    router, "POST", "", scope=WRITE, may=policy.may_add_links_in_bulk, response=BulkLinksShown, status=201,
    summary=gettext_noop("Add many links"),
    description=gettext_noop(
        "All of them, or none when one is refused: `errors` says of each refused row what is wrong. "
        "For the quality manager."
    ),
    example={
        "title": "Links of the HIS",
        "rows": [
            {"supplier": "2b3c4d5f6g7h8j9k", "customer": "3c4d5f6g7h8j9k2b", "output": {"en": "Clean linen"}},
            {"supplier": "3c4d5f6g7h8j9k2b", "customer": "2b3c4d5f6g7h8j9k", "output": {"en": "Used linen"}},
        ],
    },
)  # fmt: skip
def add_links_in_bulk(request: ApiRequest, sent: BulkLinksSent) -> HttpResponse:
    by, at = request.actor, request.now

    def begin() -> Batch:
        rows = _rows(request, sent.rows)
        return changes.begin_links_in_bulk(by=by, at=at, rows=rows, title=sent.title, source=Source.DECLARED)

    return made(request, write=begin, show=entered_batch_of_links(request), see=see_batch_of_links(request))


@writes(
    router, "POST", "/{slug:public_id}/withdraw", scope=WRITE, may=policy.may_add_links_in_bulk,
    response=BulkLinksShown, versioned=True,
    summary=gettext_noop("Withdraw a bulk entry of links"),
    description=gettext_noop("Its links no longer count. Refused when one was changed since, or others stand on it."),
    example={"reason": "Wrong file", "version": 42},
)  # fmt: skip
def withdraw_bulk_links(request: ApiRequest, public_id: PublicId, sent: WithdrawSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=batch_of_links_shown(request), see=see_batch_of_links(request),
        write=lambda batch, **seen: core_changes.withdraw_batch(batch=batch, reason=sent.reason, **seen),
    )  # fmt: skip


def _rows(request: ApiRequest, sent: Sequence[LinkRowSent]) -> list[changes.LinkRow]:
    """The rows with the records that they name. :class:`RefusedRows` with everything that is wrong with any of them."""
    by, at = request.actor, request.now
    ids = {one for row in sent for one in (row.supplier, row.customer)}
    parties = queries.parties_chosen(viewer=by, at=at, public_ids=ids)
    needs = queries.needs_chosen(viewer=by, at=at, public_ids={row.need for row in sent if row.need})
    rows: dict[int, changes.LinkRow] = {}
    refused: list[tuple[int, Refused]] = []
    for number, row in enumerate(sent, start=1):
        named = (("supplier", row.supplier, parties), ("customer", row.customer, parties), ("need", row.need, needs))
        missing = [field for field, public_id, known in named if public_id and public_id not in known]
        refused += [(number, _hidden(field)) for field in missing]
        if not missing:
            rows[number] = changes.LinkRow(
                supplier=parties[row.supplier], customer=parties[row.customer], output=row.output,
                output_kind=row.output_kind, began_on=row.began_on, need=needs.get(row.need or ""),
            )  # fmt: skip
    try:
        changes.check_rows(list(rows.values()), list(rows))
    except RefusedRows as more:
        refused += more.refused
    if refused:
        raise changes.refused_rows(sorted(refused, key=lambda one: one[0]))
    return list(rows.values())


def _hidden(field: str) -> Refused:
    return Refused(
        field=field,
        expected=gettext_noop("Expected the id of something that you may see."),
        found=gettext_noop("There is nothing under this id, or it is not shared with you."),
        remedy=gettext_noop("Look it up in its list."),
    )
