"""Links are added, one or many, changed and ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from baton.chain import policy
from baton.chain.changes.checks import ends_after, still_there, texts_given
from baton.chain.models import Link, Party
from baton.chain.rules import BATCH_ROWS, OutputKind, Source
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.changes import next_numbers
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.ids import new_public_id
from baton.core.policy import demand
from baton.core.texts import Texts, folded, say
from baton_analysis.errors import gettext_noop


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One link of a bulk entry, as :func:`add_link` would take it."""

    supplier: Party
    customer: Party
    output: Texts
    output_kind: OutputKind = OutputKind.SERVICE
    began_on: date | None = None


def add_link(
    *,
    by: Actor,
    at: datetime,
    supplier: Party,
    customer: Party,
    output: Texts,
    output_kind: OutputKind = OutputKind.SERVICE,
    source: Source = Source.DECLARED,
    began_on: date | None = None,
) -> Link:
    """Say that ``supplier`` hands ``output`` to ``customer`` from ``began_on`` (today, or a day in the past) on.

    Refused: a party as its own customer, a party that has ended, the same output twice between the same two.
    """
    row = LinkRow(supplier, customer, output, OutputKind(output_kind), began_on)
    with change(by=by, at=at) as trail:
        link = _new_link(row, at, source, _as_they_stand([row]))
        demand(policy.may_edit_link(policy.standing_of(by, day_of(at)), link.supplier, link.customer))
        _check_parties(link)
        _check_only_one(link)
        _number([link], at)
        return trail.save(link, "link.added")


def add_links_in_bulk(
    *,
    by: Actor,
    at: datetime,
    rows: Sequence[LinkRow],
    source: Source = Source.MINED,
    digest: str = "",
    reason: str = "",
) -> list[Link]:
    """Enter many links at once: all of them or, when one is refused, none. The refusal names the row (from 1).

    Each link comes out as :func:`add_link` would have made it. The audit trail gets one row for every
    :data:`BATCH_ROWS` links, under the batch that the links name, with the range of rows, the digest of the links and
    ``digest``, the SHA-256 of the file that they come from.
    """
    demand(policy.may_add_links_in_bulk(by))
    with change(by=by, at=at, reason=reason) as trail:
        parties = _as_they_stand(rows)
        links = [_in_row(number, row, at, source, parties) for number, row in enumerate(rows, start=1)]
        _check_many(links)
        _number(links, at)
        for first in range(0, len(links), BATCH_ROWS):
            batch, made = new_public_id(), links[first : first + BATCH_ROWS]
            for link in made:
                link.batch = batch
            rows_of = (first + 1, first + len(made))
            trail.bulk(
                Link.kind, "links.added_in_bulk", rows=made, digest=digest, row_range=rows_of, object_id=batch
            )  # fmt: skip
    return links


def change_link(
    *,
    by: Actor,
    at: datetime,
    link: Link,
    output: Texts,
    output_kind: OutputKind,
    expected_seq: int | None = None,
    reason: str = "",
) -> Link:
    """Correct what is handed over, or its kind. Who hands to whom does not change: that is another link."""
    texts = texts_given(output, "output")
    with change(by=by, at=at, reason=reason) as trail:
        link = trail.lock(Link, link, expected_seq=expected_seq)
        demand(policy.may_edit_link(policy.standing_of(by, day_of(at)), link.supplier, link.customer))
        still_there(link.ended_on, link.number)
        link.output, link.output_kind, link.output_key = texts, OutputKind(output_kind), output_key(texts)
        link.search_text = folded(link.number, *texts.values())
        _check_only_one(link)
        return trail.save(link, "link.changed")


def end_link(
    *,
    by: Actor,
    at: datetime,
    link: Link,
    ended_on: date | None = None,
    expected_seq: int | None = None,
    reason: str = "",
) -> Link:
    """End the link on ``ended_on`` (today); its history and measures stay."""
    last = ended_on or day_of(at)
    with change(by=by, at=at, reason=reason) as trail:
        link = trail.lock(Link, link, expected_seq=expected_seq)
        demand(policy.may_edit_link(policy.standing_of(by, day_of(at)), link.supplier, link.customer))
        still_there(link.ended_on, link.number)
        ends_after(link.began_on, last)
        link.ended_on = last
        return trail.save(link, "link.ended")


def output_key(output: Texts) -> str:
    """The one spelling under which an output is live only once between two parties."""
    return " ".join(folded(say(output, _first(output))).split())[:220]


def _first(output: Texts) -> str:
    """Independent of the reader: the organisation's language if it is there, else the first one by code."""
    from django.conf import settings

    return settings.LANGUAGE_CODE if settings.LANGUAGE_CODE in output else min(output)


def _as_they_stand(rows: Sequence[LinkRow]) -> dict[int, Party]:
    """The parties of the rows, read again under the lock: one may have ended or moved since the caller read it."""
    return Party.objects.in_bulk({party.pk for row in rows for party in (row.supplier, row.customer)})


def _new_link(row: LinkRow, at: datetime, source: Source, parties: Mapping[int, Party]) -> Link:
    texts = texts_given(row.output, "output")
    return Link(
        supplier=parties[row.supplier.pk],
        customer=parties[row.customer.pk],
        output=texts,
        output_key=output_key(texts),
        output_kind=OutputKind(row.output_kind),
        source=Source(source),
        began_on=row.began_on or day_of(at),
    )


def _in_row(number: int, row: LinkRow, at: datetime, source: Source, parties: Mapping[int, Party]) -> Link:
    try:
        link = _new_link(row, at, source, parties)
        _check_parties(link)
    except Refused as refusal:
        raise _of_row(number, refusal) from refusal
    return link


def _of_row(row: int, refusal: Refused) -> Refused:
    return Refused(
        expected=gettext_noop("Nothing was entered: row {row} is refused."),
        found=refusal.found or refusal.expected,
        remedy=refusal.remedy,
        **{**refusal.values, "row": row},
    )


def _check_parties(link: Link) -> None:
    if link.supplier_id == link.customer_id:
        raise Refused(
            field="customer",
            expected=gettext_noop("Expected two different parties."),
            found=gettext_noop("{number} is on both sides."),
            remedy=gettext_noop("Choose who receives; between two shifts of one ward, enter the shifts as parties."),
            number=link.supplier.number,
        )
    for party in (link.supplier, link.customer):
        still_there(party.ended_on, party.number)


def _taken(number: str) -> Refused:
    return Refused(
        field="output",
        expected=gettext_noop("Expected an output that is not yet handed over between these two."),
        found=gettext_noop("{number} is the same."),
        remedy=gettext_noop("Open that link, or name the output more exactly."),
        number=number,
    )


def _check_only_one(link: Link) -> None:
    same = Link.objects.filter(
        supplier=link.supplier, customer=link.customer, output_key=link.output_key, ended_on__isnull=True
    ).exclude(pk=link.pk)
    if (other := same.first()) is not None:
        raise _taken(other.number)


def _check_many(links: Sequence[Link]) -> None:
    """No link twice, neither among these nor beside those that are there."""
    live = Link.objects.filter(Q(supplier__in={link.supplier_id for link in links}), ended_on__isnull=True).values_list(
        "supplier_id", "customer_id", "output_key", "number"
    )
    seen = {(supplier, customer, key): number for supplier, customer, key, number in live}
    for row, link in enumerate(links, start=1):
        pair = (link.supplier_id, link.customer_id, link.output_key)
        if pair in seen:
            raise _of_row(row, _taken(seen[pair]))
        seen[pair] = f"({row})"


def _number(links: Sequence[Link], at: datetime) -> None:
    for link, number in zip(links, next_numbers(prefix="L", at=at, count=len(links)), strict=True):
        link.number = number
        link.search_text = folded(number, *link.output.values())
