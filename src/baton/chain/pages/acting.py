"""What can be done to many rows of the lists of the chain; each row goes through the function that changes one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from baton.chain import changes, policy, queries
from baton.chain.changes.gaps import address_of
from baton.chain.forms import acts
from baton.chain.forms.asked import asked_gaps, asked_links, asked_outputs, asked_parties
from baton.chain.models import Link, Output, OutsideNeed, Party
from baton.chain.models.gaps import DETECTORS, REPLIES
from baton.chain.models.links import CRITICALITIES, STAGES
from baton.chain.pages.gaps import gap_id, gap_version, sentence
from baton.chain.queries.gaps import GapRow
from baton.chain.rules import PAIR_DETECTORS, GapReply, OutputKind, Stage
from baton.core import formats
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.lists.registry import Act, Chosen
from baton.core.texts import say


def _standing(viewer: Actor, at: datetime) -> policy.Standing:
    return policy.standing_of(viewer, day_of(at))


_ENDED = _("Ended already")
_NOT_YOURS = _("Not yours to change")
_NOT_A_PAIR = _("“No dealings” is an answer where two parties have no link")


def _against(*, ended: bool, may: bool) -> Any:
    """Why a row will be refused; empty: nothing known speaks against it."""
    return _ENDED if ended else "" if may else _NOT_YOURS


# Links ----------------------------------------------------------------------------------------------------------------


def _judge(*, by: Actor, at: datetime, row: Link, expected_seq: int, said: Mapping[str, Any], reason: str) -> Link:
    names = ("spend", "irreplaceability", "impact", "stage", "sourcing", "continuity_plan")
    values = {name: said.get(name, getattr(row, name)) for name in names}
    return changes.judge_link(by=by, at=at, link=row, expected_seq=expected_seq, reason=reason, **values)


def _serve(
    *, by: Actor, at: datetime, row: Link, expected_seq: int, need: OutsideNeed | None, reason: str
) -> Link:  # fmt: skip
    return changes.change_link(
        by=by, at=at, link=row, output=row.output, output_kind=OutputKind(row.output.output_kind), need=need,
        expected_seq=expected_seq, reason=reason,
    )  # fmt: skip


def _assign_project(*, by: Actor, at: datetime, row: Link, **given: Any) -> Link:
    return changes.assign_link_to_project(by=by, at=at, link=row, **given)


def _end_link(*, by: Actor, at: datetime, row: Link, **given: Any) -> Link:
    return changes.end_link(by=by, at=at, link=row, **given)


def _links_refused(viewer: Actor, at: datetime, rows: Sequence[Link]) -> list[Any]:
    standing = _standing(viewer, at)
    return [
        _against(
            ended=row.ended_on is not None,
            may=policy.may_edit_link(standing, row.supplier, row.customer, row.output.output_kind),
        )
        for row in rows
    ]


def _judged(link: Link) -> str:
    said = [str(CRITICALITIES[link.criticality])] if link.criticality else []
    said += [str(STAGES[Stage(link.stage)])] if link.stage else []
    said += [link.get_sourcing_display()] if link.sourcing else []
    return " · ".join(said) or acts.words_of_none()


def _named_link(link: Link) -> str:
    return gettext("{number} {supplier} → {customer}: {output}").format(
        number=link.number, supplier=say(link.supplier.name), customer=say(link.customer.name), output=link.output
    )


def _since(row: Link | Party) -> str:
    return gettext("since {day}").format(day=formats.day(row.began_on))


def links_offered(actor: Actor, at: datetime) -> Collection[str]:
    return tuple(LINK_ACTS) if policy.may_add_some_link(_standing(actor, at)) else ()


LINK_ACTS = {
    "judge": Act(
        _("Judge"), _("Judge links"), "star", acts.JudgeLinksForm, _judge, _judged, _links_refused,
    ),
    "need": Act(
        _("Outside need"), _("Say which outside need links serve"), "heart", acts.NeedOfLinksForm, _serve,
        lambda link: say(link.need.words) if link.need else acts.words_of_none(), _links_refused,
    ),
    "project": Act(
        _("Project"), _("Let links belong to a project"), "briefcase", acts.ProjectOfLinksForm, _assign_project,
        lambda link: say(link.project.name) if link.project else acts.words_of_none(), _links_refused,
    ),
    "end": Act(_("End"), _("End links"), "unlink", acts.EndRowsForm, _end_link, _since, _links_refused, danger=True),
}  # fmt: skip
LINKS = Chosen(
    matching=lambda *, viewer, at, query: queries.links_matching(viewer=viewer, at=at, filters=asked_links(query)),
    find=lambda *, viewer, at, ids: queries.links_chosen(viewer=viewer, at=at, public_ids=ids),
    named=_named_link,
    address=lambda link: reverse("chain:link", args=[link.public_id]),
    some=lambda n: ngettext("{n} link", "{n} links", n).format(n=formats.number(n)),
)


# Parties --------------------------------------------------------------------------------------------------------------


def _move(*, by: Actor, at: datetime, row: Party, **given: Any) -> Party:
    return changes.move_party(by=by, at=at, party=row, **given)


def _end_party(*, by: Actor, at: datetime, row: Party, **given: Any) -> Party:
    return changes.end_party(by=by, at=at, party=row, **given)


def _parties_refused(viewer: Actor, at: datetime, rows: Sequence[Party]) -> list[Any]:
    standing = _standing(viewer, at)
    return [_against(ended=row.ended_on is not None, may=policy.may_end_party(standing, row)) for row in rows]


def parties_offered(actor: Actor, at: datetime) -> Collection[str]:
    return tuple(PARTY_ACTS) if policy.may_add_some_party(_standing(actor, at)) else ()


PARTY_ACTS = {
    "move": Act(
        _("Move"), _("Move parties in the tree"), "corner-down-right", acts.MovePartiesForm, _move,
        lambda party: say(party.parent.name) if party.parent else gettext("at the top"), _parties_refused,
    ),
    "end": Act(
        _("End"), _("End parties"), "circle-slash", acts.EndRowsForm, _end_party, _since, _parties_refused, danger=True
    ),
}  # fmt: skip
PARTIES = Chosen(
    matching=lambda *, viewer, at, query: queries.parties_matching(viewer=viewer, at=at, filters=asked_parties(query)),
    find=lambda *, viewer, at, ids: queries.parties_chosen(viewer=viewer, at=at, public_ids=ids),
    named=lambda party: f"{party.number} {say(party.name)}",
    address=lambda party: reverse("chain:party", args=[party.public_id]),
    some=lambda n: ngettext("{n} party", "{n} parties", n).format(n=formats.number(n)),
)


# Outputs --------------------------------------------------------------------------------------------------------------


def _make_accountable(*, by: Actor, at: datetime, row: Output, **given: Any) -> Any:
    return changes.make_accountable(by=by, at=at, output=row, **given)


def _outputs_refused(viewer: Actor, at: datetime, rows: Sequence[Output]) -> list[Any]:
    standing = _standing(viewer, at)
    return [_against(ended=row.ended_on is not None, may=policy.may_edit_output(standing, row)) for row in rows]


def outputs_offered(actor: Actor, at: datetime) -> Collection[str]:
    return tuple(OUTPUT_ACTS) if policy.may_add_some_link(_standing(actor, at)) else ()


OUTPUT_ACTS = {
    "accountable": Act(
        _("Accountable"), _("Say who answers for outputs"), "user-check", acts.AccountableForm, _make_accountable,
        lambda output: ", ".join(say(one.name) for one in output.answering) or acts.words_of_none(), _outputs_refused,
    ),
}  # fmt: skip
OUTPUTS = Chosen(
    matching=lambda *, viewer, at, query: queries.outputs_matching(viewer=viewer, at=at, filters=asked_outputs(query)),
    find=lambda *, viewer, at, ids: queries.outputs_chosen(viewer=viewer, at=at, public_ids=ids),
    named=lambda output: f"{output.number} {say(output.name)}",
    address=lambda output: reverse("chain:output", args=[output.public_id]),
    some=lambda n: ngettext("{n} output", "{n} outputs", n).format(n=formats.number(n)),
)


# Gaps -----------------------------------------------------------------------------------------------------------------


def _gaps_matching(*, viewer: Actor, at: datetime, query: Mapping[str, str]) -> list[tuple[str, int]]:
    rows = queries.gaps(viewer=viewer, at=at)
    found = queries.chosen_gaps(viewer=viewer, rows=rows, filters=asked_gaps(query))
    return [(gap_id(row), gap_version(row)) for row in found]


def _gaps_chosen(*, viewer: Actor, at: datetime, ids: Collection[str]) -> dict[str, GapRow]:
    wanted = set(ids)
    return {gap_id(row): row for row in queries.gaps(viewer=viewer, at=at) if gap_id(row) in wanted}


def _assign_gap(*, by: Actor, at: datetime, row: GapRow, **given: Any) -> Any:
    return changes.assign_gap(by=by, at=at, gap=row.gap, tell=False, **given)


def _tell_of_gaps(*, by: Actor, at: datetime, rows: Sequence[GapRow], count: int, **given: Any) -> None:
    changes.tell_of_gaps(by=by, at=at, person=given["person"], gaps=[row.gap for row in rows], count=count)


def _gaps_refused(viewer: Actor, at: datetime, rows: Sequence[GapRow]) -> list[Any]:
    return [_against(ended=False, may=row.may_answer) for row in rows]


def _no_dealings_refused(viewer: Actor, at: datetime, rows: Sequence[GapRow]) -> list[Any]:
    unlike = (row.gap.detector not in PAIR_DETECTORS for row in rows)
    against = _gaps_refused(viewer, at, rows)
    return [why or (_NOT_A_PAIR if other else "") for why, other in zip(against, unlike, strict=True)]


def _no_dealings(*, by: Actor, at: datetime, row: GapRow, **given: Any) -> Any:
    return changes.answer_gap(by=by, at=at, gap=row.gap, **given)


def _answered(row: GapRow) -> str:
    answer = row.answer
    if answer is None:
        return acts.words_of_none()
    said = str(REPLIES[GapReply(answer.reply)])
    return said if answer.assignee is None else formats.labelled(said, answer.assignee)


def gaps_offered(actor: Actor, at: datetime) -> Collection[str]:
    return tuple(GAP_ACTS) if policy.may_answer_some_gap(_standing(actor, at)) else ()


GAP_ACTS = {
    "assign": Act(
        _("Assign"), _("Assign gaps to somebody"), "user-check", acts.AssignGapsForm, _assign_gap, _answered,
        _gaps_refused, afterwards=_tell_of_gaps,
    ),
    "no_dealings": Act(
        _("No dealings"), _("Answer gaps: no dealings"), "check", acts.NoDealingsForm, _no_dealings, _answered,
        _no_dealings_refused,
    ),
}  # fmt: skip
GAPS = Chosen(
    matching=_gaps_matching,
    find=_gaps_chosen,
    named=lambda row: formats.labelled(DETECTORS[row.gap.detector], sentence(row.gap)),
    address=lambda row: address_of(row.gap),
    some=lambda n: ngettext("{n} gap", "{n} gaps", n).format(n=formats.number(n)),
    version=gap_version,
)
