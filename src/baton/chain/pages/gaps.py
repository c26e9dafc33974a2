"""Gaps in words: what is unclear, what to do about it and where, and what speaks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from baton.chain import queries
from baton.chain.changes.gaps import address_of
from baton.chain.models.gaps import DETECTORS, REPLIES
from baton.chain.queries.gap_detectors import Gap
from baton.chain.queries.gaps import GapFilters, GapRow
from baton.chain.rules import PAIR_DETECTORS, Detector, GapReply, GapState
from baton.core import formats
from baton.core.actors import Actor
from baton.core.texts import say

STATES = {
    GapState.OPEN: ("at_risk", pgettext_lazy("gap", "Open")),
    GapState.BACK: ("broken", _("Open again: the data disagree")),
    GapState.ASSIGNED: ("info", _("Assigned")),
    GapState.ANSWERED: ("kept", _("Answered")),
}
# Why it matters, said once above the gaps of a kind.
TEACHING = {
    Detector.OUTPUT_WITHOUT_OWNER: _("Everything that is handed over has one party that answers for it."),
    Detector.OUTPUT_WITH_TWO_OWNERS: _("Where two answer for it, each may wait for the other."),
    Detector.PARTY_WITHOUT_CUSTOMER: _("Everybody has a customer: whoever takes up the finished work."),
    Detector.PERSON_WITHOUT_CUSTOMER: _("Everybody has a customer, although it is not always apparent."),
    Detector.LINK_WITHOUT_NEED: _("Work is done for somebody outside, in the end."),
    Detector.ACCIDENTAL_SINGLE_SOURCE: _("One supplier alone is fine where it was decided, with a plan for bad days."),
    Detector.CYCLE: _("A circle is legal. It is worth a look whether the work that comes back is wanted."),
    Detector.UNDECLARED: _("What really happens has a link, so that both sides know what they owe each other."),
    Detector.MISSING: _("A link on which nothing is ever handed over promises what nobody needs."),
    Detector.DEAD: _("A link that has gone quiet was forgotten, or the work goes another way now."),
    Detector.BYPASS: _("Where work goes past somebody, that party is not needed, or it is left out."),
}
_TO_DO = {
    Detector.OUTPUT_WITHOUT_OWNER: (_("Say which party is accountable for it."), _("Open the output")),
    Detector.OUTPUT_WITH_TWO_OWNERS: (_("Agree who answers for it, and end the others."), _("Open the output")),
    Detector.PARTY_WITHOUT_CUSTOMER: (_("Ask who takes up its work, and enter that link."), _("Enter a link")),
    Detector.PERSON_WITHOUT_CUSTOMER: (
        _("Take the person into the right party, or enter whom that party serves."), _("Open the party"),
    ),
    Detector.LINK_WITHOUT_NEED: (
        _("Say which need of somebody outside it serves, or enter where its customer hands the work on."),
        _("Open the link"),
    ),
    Detector.ACCIDENTAL_SINGLE_SOURCE: (
        _("Find a second supplier, or say that this one was chosen and what happens when it cannot deliver."),
        _("Open the link"),
    ),
    Detector.CYCLE: (
        _("Look at each step of the circle; accept it when it is as it should be."), _("Look at the steps"),
    ),
    Detector.UNDECLARED: (_("Enter the link, or say that the two have no dealings."), _("Enter a link")),
    Detector.MISSING: (_("Ask both sides; end the link if nobody needs it."), _("Open the link")),
    Detector.DEAD: (_("Ask both sides; end the link if the work goes another way now."), _("Open the link")),
    Detector.BYPASS: (_("Enter the direct link, or bring the work back to the agreed way."), _("Enter a link")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShownGap:
    """A gap as a page shows it."""

    row: GapRow
    title: str
    sentence: str
    to_do: str
    action: str
    action_href: str
    evidence: str
    status: str
    state: str
    address: str
    said: str

    @property
    def is_pair(self) -> bool:
        """Whether it is about two parties without a link, to which "no dealings" is an answer."""
        return self.row.gap.from_log

    @property
    def id(self) -> str:
        """By which it is chosen among others."""
        return gap_id(self.row)

    @property
    def version(self) -> int:
        """What was said to it, as the page shows it."""
        return gap_version(self.row)


def gap_id(row: GapRow) -> str:
    """By which a gap is chosen in its list."""
    return f"{row.gap.detector.value}/{row.gap.key}"


def gap_version(row: GapRow) -> int:
    """The version of what was said to it; 0: nothing."""
    return row.answer.changed_seq if row.answer is not None else 0


def shown(row: GapRow) -> ShownGap:
    """The words of a gap in the reader's language."""
    gap = row.gap
    to_do, action = _TO_DO[gap.detector]
    if gap.detector is Detector.PERSON_WITHOUT_CUSTOMER and not gap.paths:
        to_do, action = _("Take the person into the right party."), _("Choose the party")
    href = _where(gap)
    if not row.may_answer and href.startswith(reverse("chain:add_link")):
        # Who cannot enter the link is led to the party that would hand over.
        action, href = _("Open the party"), reverse("chain:party", args=[gap.about[0].public_id])
    status, state, title = *STATES[row.state], DETECTORS[gap.detector]
    if gap.is_empty:
        title = _("Two parties without a link")
        status, state = (status, state) if row.answer is not None else ("info", _("Nobody has said anything"))
    return ShownGap(
        row=row, title=str(title), sentence=sentence(gap), to_do=str(to_do), action=str(action),
        action_href=href, evidence=_evidence(gap), status=status, state=str(state), address=address_of(gap),
        said=_said(row),
    )  # fmt: skip


def sentence(gap: Gap) -> str:
    """What is unclear, in one sentence."""
    names = [say(about.name) or about.number for about in gap.about]
    return _SENTENCES[gap.detector](gap, names)


def _list(names: Sequence[str]) -> str:
    return pgettext("between the items of a list", ", ").join(names)


def _handed(gap: Gap, names: Sequence[str]) -> str:
    if not gap.weight:
        return gettext("{supplier} and {customer} have no link in this direction.").format(
            supplier=names[0], customer=names[1]
        )
    return ngettext(
        "{supplier} handed work to {customer} once, and there is no link.",
        "{supplier} handed work to {customer} {n} times, and there is no link.",
        gap.weight,
    ).format(supplier=names[0], customer=names[1], n=formats.number(gap.weight))


_SENTENCES: dict[Detector, Callable[[Gap, Sequence[str]], str]] = {
    Detector.OUTPUT_WITHOUT_OWNER: lambda gap, names: ngettext(
        "“{output}” is handed over on one link, and nobody answers for it.",
        "“{output}” is handed over on {n} links, and nobody answers for it.",
        gap.shown_weight,
    ).format(output=names[0], n=formats.number(gap.shown_weight)),
    Detector.OUTPUT_WITH_TWO_OWNERS: lambda gap, names: gettext("{n} parties answer for “{output}”: {parties}.").format(
        output=names[0], n=formats.number(gap.weight), parties=_list(names[1:])
    ),
    Detector.PARTY_WITHOUT_CUSTOMER: lambda gap, names: gettext(
        "{party} hands nothing to anybody, and neither does anything that stands in it."
    ).format(party=names[0]),
    Detector.PERSON_WITHOUT_CUSTOMER: lambda gap, names: (
        gettext("Nothing that {person} belongs to hands over anything.")
        if gap.paths
        else gettext("{person} belongs to no party, so nobody knows whom this person serves.")
    ).format(person=names[0]),
    Detector.LINK_WITHOUT_NEED: lambda gap, names: gettext(
        "“{output}” from {supplier} to {customer} names no outside need, and leads on to nobody outside."
    ).format(output=names[0], supplier=names[1], customer=names[2]),
    Detector.ACCIDENTAL_SINGLE_SOURCE: lambda gap, names: gettext(
        "{customer} gets “{output}” from {supplier} alone, and nobody decided that."
    ).format(output=names[0], supplier=names[1], customer=names[2]),
    Detector.CYCLE: lambda gap, names: gettext("Work goes round in a circle: {parties}.").format(
        parties=" → ".join([*names[:12], *(["…"] if len(names) > 12 else []), names[0]])
    ),
    Detector.UNDECLARED: _handed,
    Detector.MISSING: lambda gap, names: gettext(
        "“{output}” from {supplier} to {customer} is agreed; both work in the event logs, but nothing was handed over."
    ).format(output=names[0], supplier=names[1], customer=names[2]),
    Detector.DEAD: lambda gap, names: gettext(
        "“{output}” from {supplier} to {customer}: nothing was handed over in the last {n} days of the event logs."
    ).format(output=names[0], supplier=names[1], customer=names[2], n=formats.number(gap.weight)),
    Detector.BYPASS: lambda gap, names: ngettext(
        "{supplier} handed work straight to {customer} once, while the links lead over {over}.",
        "{supplier} handed work straight to {customer} {n} times, while the links lead over {over}.",
        gap.weight,
    ).format(supplier=names[0], customer=names[1], n=formats.number(gap.weight), over=_list(names[2:])),
}


def _where(gap: Gap) -> str:
    """The page on which the gap is closed."""
    about = gap.about[0]
    if gap.detector in PAIR_DETECTORS:
        sides = {"supplier": about.public_id, "customer": gap.about[1].public_id}
        return f"{reverse('chain:add_link')}?{urlencode(sides)}"
    if gap.detector is Detector.PARTY_WITHOUT_CUSTOMER:
        return f"{reverse('chain:add_link')}?{urlencode({'supplier': about.public_id})}"
    if gap.detector is Detector.PERSON_WITHOUT_CUSTOMER:
        own = min(gap.paths, default="").strip("/").split("/")[-1]
        return reverse("chain:party", args=[own]) if own else reverse("chain:parties")
    if gap.detector is Detector.CYCLE:
        return address_of(gap)
    return reverse(f"chain:{about.kind}", args=[about.public_id])


def _evidence(gap: Gap) -> str:
    if gap.first is None or gap.last is None:
        return ""
    return gettext("First {first}, last {last}").format(first=formats.day(gap.first), last=formats.day(gap.last))


def _said(row: GapRow) -> str:
    """What somebody answered; empty where nobody did."""
    answer = row.answer
    if answer is None:
        return ""
    if answer.reply == GapReply.ASSIGNED:
        who = str(answer.assignee)
        if answer.due_on is not None:
            who = gettext("{person}, due {day}").format(person=who, day=formats.day(answer.due_on))
        return gettext("{who}: {note}").format(who=who, note=answer.reason) if answer.reason else who
    return gettext("{answer}: {reason}").format(answer=REPLIES[GapReply(answer.reply)], reason=answer.reason)


def listed(page: Page[GapRow]) -> list[tuple[str, Any, list[ShownGap]]]:
    """The gaps of a page by detector: title, why it matters, gaps."""
    groups: dict[Detector, list[ShownGap]] = {}
    for row in page:
        groups.setdefault(row.gap.detector, []).append(shown(row))
    return [(str(DETECTORS[detector]), TEACHING[detector], rows) for detector, rows in groups.items()]


def counts(rows: Iterable[GapRow]) -> list[tuple[str, str, int]]:
    """Detector, its name and how many open gaps it found; those that found none are left out."""
    found: dict[Detector, int] = {}
    for row in rows:
        found[row.gap.detector] = found.get(row.gap.detector, 0) + row.is_open
    return [(detector.value, str(DETECTORS[detector]), n) for detector, n in found.items() if n]


def header() -> list[str]:
    return [
        gettext("What is unclear"), gettext("Sentence"), gettext("What to do"), gettext("Evidence (n)"),
        gettext("First handover"), gettext("Last handover"), gettext("State"), gettext("Answer"),
        gettext("Assigned to"), gettext("Due"), gettext("Reason"),
    ]  # fmt: skip


def table(rows: Iterable[GapRow]) -> Iterator[Sequence[object]]:
    """Gaps as rows of a table that people take away."""
    for row in rows:
        gap, answer, words = row.gap, row.answer, shown(row)
        yield (
            words.title, words.sentence, words.to_do, gap.shown_weight,
            gap.first.isoformat() if gap.first else "", gap.last.isoformat() if gap.last else "", words.state,
            REPLIES[GapReply(answer.reply)] if answer else "",
            str(answer.assignee) if answer and answer.assignee else "",
            answer.due_on.isoformat() if answer and answer.due_on else "", answer.reason if answer else "",
        )  # fmt: skip


def all_gaps(viewer: Actor, at: datetime) -> Iterator[Sequence[object]]:
    """Every gap in sight, answered ones too."""
    rows = queries.gaps(viewer=viewer, at=at)
    return table(queries.chosen_gaps(viewer=viewer, rows=rows, filters=GapFilters("all")))
