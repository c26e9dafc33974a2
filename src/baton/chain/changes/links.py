"""Links are added, changed and ended, one by one; many at once: bulk_links.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from baton.chain import policy
from baton.chain.changes.checks import ends_after, still_there, texts_given
from baton.chain.changes.outputs import correct_output, name_key, new_output
from baton.chain.models import Link, Output, OutsideNeed, Party, Project
from baton.chain.rules import GRADES, OutputKind, Source, Sourcing, Stage
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import next_numbers
from baton.core.days import day_of
from baton.core.errors import Forbidden, Refused
from baton.core.policy import demand
from baton.core.rules import BatchState
from baton.core.texts import Texts, clean_text, folded
from baton_analysis.errors import gettext_noop


def add_link(
    *,
    by: Actor,
    at: datetime,
    supplier: Party,
    customer: Party,
    output: Output | Texts,
    output_kind: OutputKind = OutputKind.SERVICE,
    source: Source = Source.DECLARED,
    began_on: date | None = None,
    need: OutsideNeed | None = None,
    project: Project | None = None,
) -> Link:
    """Say that ``supplier`` hands ``output`` to ``customer`` from ``began_on`` (today, or a day in the past) on.

    An output given by name is the live one of that name; where there is none it is entered, of the kind
    ``output_kind``. Refused: a party as its own customer, a party that has ended, the same output twice between the
    same two.
    """
    with change(by=by, at=at) as trail:
        # Read again under the lock: one may have ended or moved since the caller read it.
        fresh = Party.objects.in_bulk([supplier.pk, customer.pk])
        sides = fresh[supplier.pk], fresh[customer.pk]
        standing = policy.standing_of(by, day_of(at))
        demand_link(standing, *sides, output.output_kind if isinstance(output, Output) else output_kind)
        check_parties(*sides)
        first = began_on or day_of(at)
        link = Link(
            supplier=sides[0], customer=sides[1], source=Source(source), began_on=first,
            output=output_handed_over(trail, output, OutputKind(output_kind), began_on=first),
            need=_live(need), project=_of_project(standing, project, first),
        )  # fmt: skip
        # The name may be that of an output of another kind.
        demand_link(standing, *sides, link.output.output_kind)
        _check_only_one(link)
        number_links([link], at)
        return trail.save(link, "link.added")


def change_link(
    *,
    by: Actor,
    at: datetime,
    link: Link,
    output: Output | Texts,
    output_kind: OutputKind,
    need: OutsideNeed | None | Literal["as_it_is"] = "as_it_is",
    expected_seq: int | None = None,
    reason: str = "",
) -> Link:
    """Correct what is handed over. Who hands to whom does not change: that is another link.

    A name that no live output has corrects the output itself where no other link hands it over; otherwise it is a new
    output of this link alone. ``output_kind`` counts where an output is corrected or new.
    """
    with change(by=by, at=at, reason=reason) as trail:
        link = trail.lock(Link, link, expected_seq=expected_seq)
        standing = _demand_of(by, at, link)
        still_there(link.ended_on, link.number)
        link.output = _other_output(trail, link, output, OutputKind(output_kind))
        demand_link(standing, link.supplier, link.customer, link.output.output_kind)
        link.changed_seq = max(link.changed_seq, link.output.changed_seq)
        if need != "as_it_is":
            link.need = _live(need)
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
        _demand_of(by, at, link)
        still_there(link.ended_on, link.number)
        ends_after(link.began_on, last)
        link.ended_on = last
        return trail.save(link, "link.ended")


def judge_link(
    *,
    by: Actor,
    at: datetime,
    link: Link,
    spend: int | None,
    irreplaceability: int | None,
    impact: int | None,
    stage: Stage | str = "",
    sourcing: Sourcing | str = "",
    continuity_plan: str = "",
    expected_seq: int | None = None,
    reason: str = "",
) -> Link:
    """Say how much hangs on the link, where the outside customer sees it, and whether its single source was chosen.

    The grades run from 1 to 5; None: nobody has said. Refused: a chosen single source without a continuity plan.
    """
    plan = clean_text(continuity_plan)
    if sourcing == Sourcing.CHOSEN and not plan:
        raise Refused(
            field="continuity_plan",
            expected=gettext_noop("A chosen single source needs a plan for the day on which it cannot deliver."),
            remedy=gettext_noop("Write what happens then, or say that the single source is accidental."),
        )
    if any(grade is not None and grade not in GRADES for grade in (spend, irreplaceability, impact)):
        raise ValueError("grades run from 1 to 5")
    with change(by=by, at=at, reason=reason) as trail:
        link = trail.lock(Link, link, expected_seq=expected_seq)
        _demand_of(by, at, link)
        still_there(link.ended_on, link.number)
        link.spend, link.irreplaceability, link.impact = spend, irreplaceability, impact
        link.stage = Stage(stage) if stage else ""
        link.sourcing = Sourcing(sourcing) if sourcing else ""
        link.continuity_plan = plan
        return trail.save(link, "link.judged")


def assign_link_to_project(
    *,
    by: Actor,
    at: datetime,
    link: Link,
    project: Project | None,
    expected_seq: int | None = None,
    reason: str = "",
) -> Link:
    """Say that the link is a temporary one of ``project``, and ends with it; None: of none.

    Refused where it began before the project. The actor must be able to edit the project, the one of before too.
    """
    with change(by=by, at=at, reason=reason) as trail:
        link = trail.lock(Link, link, expected_seq=expected_seq)
        standing = _demand_of(by, at, link)
        still_there(link.ended_on, link.number)
        if link.project is not None:
            demand(policy.may_edit_project(standing, link.project.owner))
        link.project = _of_project(standing, project, link.began_on)
        return trail.save(link, "link.assigned_to_project")


def demand_link(standing: policy.Standing, supplier: Party, customer: Party, kind: OutputKind | str) -> None:
    """Raise :class:`Forbidden` unless the actor may enter, change and end such a link; a deputy is told that it is not
    within his scope."""
    if policy.may_edit_link(standing, supplier, customer, kind):
        return
    if (party := policy.stands_in_narrowly(standing, supplier, customer)) is not None:
        raise Forbidden(
            expected=gettext_noop("Expected a link within your scope as deputy."),
            found=gettext_noop("You stand in for the head of {number}, but not for this kind of link."),
            remedy=gettext_noop("Ask the head, or have your scope widened."),
            number=party.number,
        )
    raise Forbidden


def _demand_of(by: Actor, at: datetime, link: Link) -> policy.Standing:
    standing = policy.standing_of(by, day_of(at))
    demand_link(standing, link.supplier, link.customer, link.output.output_kind)
    return standing


def output_handed_over(trail: Trail, output: Output | Texts, output_kind: OutputKind, *, began_on: date) -> Output:
    """The live output that is meant, entered where the name is new; for use inside a change."""
    if isinstance(output, Output):
        fresh = Output.objects.get(pk=output.pk)
        still_there(fresh.ended_on, fresh.number)
        return fresh
    texts = texts_given(output, "output")
    known = Output.objects.filter(name_key=name_key(texts), ended_on__isnull=True).first()
    return known or new_output(trail, name=texts, output_kind=output_kind, began_on=began_on)


def _other_output(trail: Trail, link: Link, output: Output | Texts, output_kind: OutputKind) -> Output:
    if isinstance(output, Output):
        return output_handed_over(trail, output, output_kind, began_on=link.began_on)
    texts = texts_given(output, "output")
    known = Output.objects.filter(name_key=name_key(texts), ended_on__isnull=True).first()
    if known is not None and known.pk != link.output_id:
        return known
    alone = not Link.everything.filter(output=link.output_id).exclude(pk=link.pk).exists()
    if alone:
        return correct_output(trail, link.output, name=texts, output_kind=output_kind)
    if known is None:
        return new_output(trail, name=texts, output_kind=output_kind, began_on=day_of(trail.at))
    if (known.name, known.output_kind) != (texts, output_kind):
        raise Refused(
            field="output",
            expected=gettext_noop("Expected another output, or this one as it is."),
            found=gettext_noop("{number} is handed over on other links, too."),
            remedy=gettext_noop("Correct it on its own page, for all links."),
            number=known.number,
        )
    return known


def _live(need: OutsideNeed | None) -> OutsideNeed | None:
    if need is None:
        return None
    need = OutsideNeed.objects.get(pk=need.pk)
    still_there(need.ended_on, need.number)
    return need


def _of_project(standing: policy.Standing, project: Project | None, began_on: date) -> Project | None:
    if project is None:
        return None
    project = Project.objects.select_related("owner").get(pk=project.pk)
    still_there(project.ended_on, project.number)
    demand(policy.may_edit_project(standing, project.owner))
    if began_on < project.began_on:
        raise Refused(
            field="began_on",
            expected=gettext_noop("Expected a first day on or after {began_on}, the first day of the project."),
            remedy=gettext_noop("Give a later day."),
            began_on=project.began_on.isoformat(),
        )
    return project


def check_parties(supplier: Party, customer: Party) -> None:
    """Refuse a party as its own customer, and a party that has ended."""
    if supplier.pk == customer.pk:
        raise Refused(
            field="customer",
            expected=gettext_noop("Expected two different parties."),
            found=gettext_noop("{number} is on both sides."),
            remedy=gettext_noop("Choose who receives; between two shifts of one ward, enter the shifts as parties."),
            number=supplier.number,
        )
    for party in (supplier, customer):
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
        supplier=link.supplier_id, customer=link.customer_id, output=link.output_id, ended_on__isnull=True
    )
    return same.exclude(pk=link.pk).select_related("batch").first()


def _check_only_one(link: Link) -> None:
    if (other := same_as(link)) is not None:
        raise taken(other)


def number_links(links: Sequence[Link], at: datetime) -> None:
    """Give the next numbers, in this order; for use inside a change."""
    for link, number in zip(links, next_numbers(prefix="L", at=at, count=len(links)), strict=True):
        link.number = number
        link.search_text = folded(number)
