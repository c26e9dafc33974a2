"""Links are added, changed and ended, one by one; many at once: bulk_links.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from baton.chain import policy
from baton.chain.changes.checks import ends_after, still_there, texts_given
from baton.chain.models import Link, Party
from baton.chain.rules import OutputKind, Source
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.changes import next_numbers
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.policy import demand
from baton.core.rules import BatchState
from baton.core.texts import Texts, folded, say
from baton_analysis.errors import gettext_noop


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
    with change(by=by, at=at) as trail:
        # Read again under the lock: one may have ended or moved since the caller read it.
        fresh = Party.objects.in_bulk([supplier.pk, customer.pk])
        link = new_link(
            supplier=fresh[supplier.pk], customer=fresh[customer.pk], output=output, output_kind=output_kind,
            source=source, began_on=began_on or day_of(at),
        )  # fmt: skip
        demand(policy.may_edit_link(policy.standing_of(by, day_of(at)), link.supplier, link.customer))
        check_parties(link)
        _check_only_one(link)
        number_links([link], at)
        return trail.save(link, "link.added")


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


def new_link(
    *,
    supplier: Party,
    customer: Party,
    output: Texts,
    output_kind: OutputKind,
    source: Source,
    began_on: date,
) -> Link:
    """A link as it is to be entered, without its number. Refused: a text that cannot be read or is too long."""
    texts = texts_given(output, "output")
    return Link(
        supplier=supplier, customer=customer, output=texts, output_key=output_key(texts),
        output_kind=OutputKind(output_kind), source=Source(source), began_on=began_on,
    )  # fmt: skip


def check_parties(link: Link) -> None:
    """Refuse a party as its own customer, and a party that has ended."""
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


def taken(other: Link) -> Refused:
    """The refusal of an output that ``other`` has between the same two, also while nobody sees it yet."""
    if other.batch is not None and other.batch.state != BatchState.SEALED:
        return Refused(
            field="output",
            expected=gettext_noop("Expected an output that is not yet handed over between these two."),
            found=gettext_noop("A bulk entry that is being entered or taken back still holds it."),
            remedy=gettext_noop("Wait until that is done (Data, Bulk entries), or name the output more exactly."),
        )
    return Refused(
        field="output",
        expected=gettext_noop("Expected an output that is not yet handed over between these two."),
        found=gettext_noop("{number} is the same."),
        remedy=gettext_noop("Open that link, or name the output more exactly."),
        number=other.number,
    )


def same_as(link: Link) -> Link | None:
    """The link that is in the way of ``link``: the same output between the same two, not ended, seen or not."""
    same = Link.everything.filter(
        supplier=link.supplier_id, customer=link.customer_id, output_key=link.output_key, ended_on__isnull=True
    )
    return same.exclude(pk=link.pk).select_related("batch").first()


def _check_only_one(link: Link) -> None:
    if (other := same_as(link)) is not None:
        raise taken(other)


def number_links(links: Sequence[Link], at: datetime) -> None:
    """Give the next numbers, in this order; for use inside a change."""
    for link, number in zip(links, next_numbers(prefix="L", at=at, count=len(links)), strict=True):
        link.number = number
        link.search_text = folded(number, *link.output.values())
