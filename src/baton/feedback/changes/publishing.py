"""The results of a closed wave are published: once, as a whole, and what is published is all that anybody reads.

This is the one place that reads answers; besides it only :mod:`baton.feedback.queries.sheets` does, for the outside
collector. No name goes into the computing: links and parties go by their public ids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.errors import Refused
from baton.core.policy import demand
from baton.feedback import policy
from baton.feedback.changes.comments import detach_comments, links_of_few
from baton.feedback.changes.findings import draw_findings
from baton.feedback.changes.published_before import known_before
from baton.feedback.changes.published_cells import Computed, Sheet, Wanted, computed_cells
from baton.feedback.changes.published_studies import Studied, rater_study, studies_of
from baton.feedback.changes.thinning import thin_sheets
from baton.feedback.changes.waves import demand_state, to_run
from baton.feedback.models import (
    AnswerSheet,
    InvitedLink,
    NamedSheet,
    PublishedCell,
    PublishedStudy,
    Wave,
    WaveLink,
)
from baton.feedback.rules import Mode, WaveState, scored_of
from baton.feedback.rules.findings import Weak, is_of_service
from baton.feedback.rules.published import Ends, Figure, Grouping
from baton.feedback.rules.waves import PUBLISHED_AT_ONCE
from baton_analysis.errors import BatonError, gettext_noop

PUBLISH_JOB = "feedback.publish_waves"


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """What may be shown of a closed wave, before anybody may read it."""

    wave: int
    links: Mapping[int, WaveLink]
    cells: Sequence[Computed]
    studies: Sequence[Studied]


def work_out(*, by: Actor, wave: Wave, at_once: bool = False) -> WorkedOut:
    """Compute what may be shown of a closed wave. Nothing is written and nothing locked, however long it takes: the
    answers of a closed wave stand still.

    ``at_once``: somebody waits for it; refused then: more links than :data:`PUBLISHED_AT_ONCE`.
    """
    demand(policy.may_run_waves(by))
    closed = Wave.objects.get(pk=wave.pk)
    demand_state(closed, WaveState.CLOSED)
    links = _links(closed)
    if at_once and len(links) > PUBLISHED_AT_ONCE:
        raise Refused(
            expected=gettext_noop("Expected a survey about at most {most} links."),
            found=gettext_noop("This one asks about {count}."),
            remedy=gettext_noop("Wait some minutes: the worker publishes it by itself."),
            most=PUBLISHED_AT_ONCE,
            count=len(links),
        )
    return WorkedOut(closed.pk, links, *_computed(closed, links))


def publish_wave(
    *, by: Actor, at: datetime, wave: Wave, worked_out: WorkedOut | None = None, expected_seq: int | None = None
) -> Wave:
    """Publish what may be shown of a closed wave. ``worked_out``: what :func:`work_out` found of it, for who is about
    to begin a transaction; left out, it is computed before one begins."""
    demand(policy.may_run_waves(by))
    ready = worked_out or work_out(by=by, wave=wave)
    assert ready.wave == wave.pk, "of this wave"
    links, cells, studies = ready.links, ready.cells, ready.studies
    with change(by=by, at=at) as trail:
        fresh = to_run(trail, wave, expected_seq, WaveState.CLOSED)
        known = _known(links)
        rows = [_row(fresh, one, known) for one in cells]
        PublishedCell.objects.bulk_create(rows, batch_size=500)
        PublishedStudy.objects.bulk_create(
            [PublishedStudy(wave=fresh, study=one.study, subject=one.subject, result=one.result) for one in studies]
        )
        detach_comments(trail, fresh, _links_of_few(fresh, links, fresh.least_comments))
        thin_sheets(trail, fresh, _links_of_few(fresh, links, fresh.least))
        fresh.state, fresh.published_at = WaveState.PUBLISHED, at
        shown = sum(1 for one in cells if one.why is None)
        published = trail.save(fresh, "wave.published", shown=shown, hidden=len(cells) - shown, studies=len(studies))
        draw_findings(by=by, at=at, wave=published, results=_rated(published, rows))
        return published


def publish_due(*, by: Actor, at: datetime) -> list[Wave]:
    """Publish what has closed. Returns the waves that were published. One that cannot be published does not keep the
    others from it; its error is raised when these are done."""
    done: list[Wave] = []
    failed: BatonError | None = None
    for wave in list(Wave.objects.filter(state=WaveState.CLOSED).order_by("pk")):
        try:
            done.append(publish_wave(by=by, at=at, wave=wave))
        except BatonError as error:
            failed = failed or error
    if failed is not None:
        raise failed
    return done


def _computed(wave: Wave, links: Mapping[int, WaveLink]) -> tuple[list[Computed], list[Studied]]:
    contents = wave.contents
    columns = scored_of(contents)
    sheets = _sheets(wave, links)
    ends = [_ends(one) for one in links.values()]
    wanted = Wanted(ends, wave.least, known_before(wave=wave, links=list(links), columns=columns))
    cells = computed_cells(sheets, columns, wanted)
    studies = studies_of(sheets, columns, list(contents.questions()), wave.least)
    if wave.mode == Mode.NAMED and (raters := rater_study(_named(wave, links), columns, wave.least)) is not None:
        studies.append(raters)
    return cells, studies


def _rated(wave: Wave, rows: Sequence[PublishedCell]) -> list[Weak]:
    """The published means of suppliers of which a finding may come."""
    columns = {one.key: one for one in scored_of(wave.contents) if is_of_service(one)}
    return [
        Weak(row.supplier.public_id, row.column, row.value, row.n, columns[row.column].low, columns[row.column].high)
        for row in rows
        if row.grouping == Grouping.SUPPLIER and row.figure == Figure.MEAN and row.column in columns
        and row.supplier is not None and row.value is not None and row.n is not None
    ]  # fmt: skip


def _links(wave: Wave) -> dict[int, WaveLink]:
    rows = WaveLink.objects.filter(wave=wave).select_related("link__supplier", "link__customer")
    return {one.pk: one for one in rows.order_by("link__number")}


def _ends(one: WaveLink) -> Ends:
    return Ends(one.link.public_id, one.link.supplier.public_id, one.link.customer.public_id)


def _sheets(wave: Wave, links: Mapping[int, WaveLink]) -> list[Sheet]:
    """The answers of the wave, those of named waves without their names."""
    table = NamedSheet if wave.mode == Mode.NAMED else AnswerSheet
    pools = _pools(wave, links)
    found = []
    rows: Any = table.objects.filter(wave=wave).values_list("wave_link", "band", "answers")
    for link, band, answers in rows:
        if link is None:
            found.append(Sheet("", "", "", "", band, answers))
            continue
        ends = _ends(links[link])
        found.append(Sheet(ends.link, ends.supplier, ends.customer, pools[ends.customer], band, answers))
    return found


def _named(wave: Wave, links: Mapping[int, WaveLink]) -> list[tuple[str, str, Mapping[str, Any]]]:
    rows = NamedSheet.objects.filter(wave=wave, wave_link__isnull=False)
    return [
        (str(person), links[link].link.public_id if link else "", answers)
        for person, link, answers in rows.values_list("person", "wave_link", "answers")
    ]


def _links_of_few(wave: Wave, links: Mapping[int, WaveLink], least: int) -> set[int]:
    pools = _pools(wave, links)
    counts = dict.fromkeys(links, 0)
    table = NamedSheet if wave.mode == Mode.NAMED else AnswerSheet
    said: Any = table.objects.filter(wave=wave, wave_link__isnull=False).exclude(answers={})
    for link in said.values_list("wave_link", flat=True):
        counts[link] += 1
    of_link = {pk: pools[one.link.customer.public_id] for pk, one in links.items()}
    return links_of_few(counts, of_link, least)


def _pools(wave: Wave, links: Mapping[int, WaveLink]) -> dict[str, str]:
    """Customers that have somebody in common who was asked about links of both, under one name: who answers for the
    one may be who answers for the other. Who draws a card nobody knows: with cards all are one."""
    customers = {one.pk: one.link.customer.public_id for one in links.values()}
    if wave.cards:
        return dict.fromkeys(customers.values(), "")
    together: dict[str, str] = {one: one for one in customers.values()}

    def head(one: str) -> str:
        while together[one] != one:
            one = together[one]
        return one

    first: dict[int, str] = {}
    rows = InvitedLink.objects.filter(invitation__wave=wave).values_list("invitation", "wave_link")
    for invitation, link in rows:
        customer = head(customers[link])
        together[customer] = head(first.setdefault(invitation, customer))
    return {one: head(one) for one in together}


def _known(links: Mapping[int, WaveLink]) -> dict[str, dict[str, Any]]:
    """Links of the wave and their parties by public id."""
    ends = [one.link for one in links.values()]
    return {
        "link": {one.link.public_id: one for one in links.values()},
        "supplier": {one.supplier.public_id: one.supplier for one in ends},
        "customer": {one.customer.public_id: one.customer for one in ends},
    }


def _row(wave: Wave, one: Computed, known: Mapping[str, Mapping[str, Any]]) -> PublishedCell:
    values = dict(one.key)
    row = PublishedCell(
        wave=wave, column=one.column, figure=one.figure, grouping=one.grouping, band=values.get("band", ""),
        cell=" ".join(value for _name, value in one.key), why=one.why or "", n=one.n, value=one.value,
        method=one.method,
    )  # fmt: skip
    if one.interval is not None:
        row.lower, row.upper = one.interval
    named = {"wave_link": "link", "supplier": "supplier", "customer": "customer"}
    for field, column in named.items():
        if column in values:
            setattr(row, field, known[column][values[column]])
    return row
