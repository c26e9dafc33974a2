"""Pairs of parties that have no dealings, as somebody said: what the matrix shows in its cells, one by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from baton.chain import policy
from baton.chain.models import GapAnswer, Party
from baton.chain.queries.chains import whole_chain
from baton.chain.queries.choosing_rows import parties_chosen
from baton.chain.queries.gaps import answers_about_pairs, gaps
from baton.chain.rules import GapReply, GapState
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class NoDealings:
    """What was said to a pair without a link. ``state`` is ANSWERED, or BACK where a log that the viewer may see shows
    much more than when it was said."""

    answer: GapAnswer
    supplier: Party
    customer: Party
    state: GapState
    may_answer: bool


def no_dealings(*, viewer: Actor, at: datetime, party: str = "") -> list[NoDealings]:
    """Between live parties in sight that still have no link, by their keys; of one ``party`` (public id), or all. The
    number of queries does not depend on how many there are."""
    day = day_of(at)
    answers = {
        key: answer
        for key, answer in answers_about_pairs(viewer=viewer, at=at).items()
        if answer.reply == GapReply.NO_DEALINGS and party in ("", *key.split("."))
    }
    if not answers:
        return []
    ends = {end for key in answers for end in key.split(".")}
    seen = parties_chosen(viewer=viewer, at=at, public_ids=ends)
    live = {one: found for one, found in seen.items() if found.ended_on is None or found.ended_on > day}
    linked = {(link.supplier, link.customer) for link in whole_chain(day).links.values()}
    shown = {row.gap.key: row.state for row in gaps(viewer=viewer, at=at) if row.gap.from_log}
    standing, rows = policy.standing_of(viewer, day), []
    for key, answer in sorted(answers.items()):
        supplier, customer = (live.get(end) for end in key.split("."))
        if supplier is None or customer is None or (supplier.pk, customer.pk) in linked:
            continue
        may = policy.may_answer_gap(standing, [supplier.path, customer.path])
        rows.append(NoDealings(answer, supplier, customer, shown.get(key, GapState.ANSWERED), may))
    return rows


def no_dealing(*, viewer: Actor, at: datetime, public_id: str) -> NoDealings:
    """One of them, by the public id of the answer; NotFound where there is none, or it is not in sight."""
    found = (row for row in no_dealings(viewer=viewer, at=at) if row.answer.public_id == public_id)
    row = next(found, None)
    if row is None:
        raise NotFound
    return row
