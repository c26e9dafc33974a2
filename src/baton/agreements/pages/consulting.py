"""A consultation in words: for whoever is asked, and for those who answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from baton.agreements.models import AgreementVersion, Clause, Opinion
from baton.agreements.models.rounds import OUTCOMES, STANCES
from baton.agreements.pages import words
from baton.agreements.pages.agreements import STATE_SIGNS
from baton.agreements.queries.consulting import Consultation, ConsultedClause, Heard
from baton.agreements.queries.hearing import hearing_of, seen_of
from baton.agreements.rules import Outcome, Side, SideHeard, Stance, VersionState, countered
from baton.chain.rules import OUTSIDE
from baton.core import formats
from baton.core.actors import Actor
from baton.core.texts import say

STANCE_SIGNS = {
    Stance.CONSENT: "kept",
    Stance.OBJECTION: "broken",
    Stance.COMMENT: "unknown",
    Stance.COUNTER_PROPOSAL: "at_risk",
}
OUTCOME_SIGNS = {
    Outcome.OPEN: "info",
    Outcome.ADOPTED: "kept",
    Outcome.DECLINED: "unknown",
    Outcome.WITHDRAWN: "unknown",
}
_READING = Actor.system("agreements")
WAITS = pgettext_lazy("opinion on a clause", "Waits for an answer")


@dataclass(frozen=True, slots=True)
class ShownOpinion:
    """An opinion in the reader's words; ``fields`` are (label, as it reads, as it is proposed)."""

    heard: Heard
    who: str
    sign: str
    stance: str
    outcome_sign: str
    outcome: str
    fields: list[tuple[str, str, str]]

    @property
    def opinion(self) -> Opinion:
        """The opinion itself."""
        return self.heard.opinion


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A clause, or the whole version, with what was said to it. ``seen`` travels along with what is said: what the
    reader has seen. ``bad`` is the form in which something is to be mended."""

    part: ConsultedClause
    seen: int
    target: str
    measured: str
    opinions: list[ShownOpinion]
    own: ShownOpinion | None
    answered: list[ShownOpinion]
    bad: Any = None

    @property
    def heard_out(self) -> bool:
        """Whether the reader was answered and nothing was changed since: he has nothing to say until it is."""
        return self.own is None and bool(self.answered) and not self.answered[-1].heard.changed

    @property
    def line(self) -> str:
        """By which the clause is named; empty for the whole."""
        return self.part.line

    @property
    def clause(self) -> Clause | None:
        """The clause; None for the whole version."""
        return self.part.clause


def consultation_context(
    found: Consultation, calendars: Mapping[str, str], *, bad: Any = None, bad_line: str = ""
) -> dict[str, Any]:
    """What the pages of a consultation show. ``calendars`` are names by public id; ``bad`` is a form that was sent for
    ``bad_line`` and is to be mended."""
    parts = [_part(found, part, calendars, bad if bad and part.line == bad_line else None) for part in found.parts]
    link = found.version.agreement.link
    return {
        "found": found,
        "version": found.version,
        "agreement": found.version.agreement,
        "link": link,
        "state_sign": STATE_SIGNS[VersionState(found.version.state)],
        "is_open": found.version.state == VersionState.CONSULTATION,
        "whole": parts[0],
        "parts": sorted(parts[1:], key=lambda one: -one.part.waiting),
        "in_order": parts[1:],
        "sides": [side_context(found, one) for one in found.hearing.sides],
        "gone": [shown_opinion(one, calendars) for one in found.gone],
        "left": found.clauses - found.said,
    }


def side_context(found: Consultation, heard: SideHeard) -> dict[str, Any]:
    """Participation of a side: its party, the figures, whom it concerns, whether the reader may ask more."""
    link = found.version.agreement.link
    party = link.supplier if heard.side is Side.SUPPLIER else link.customer
    asked = [one for one in found.invitations if one.side == heard.side]
    heard_of_all = [one for part in found.parts for one in part.heard] + found.gone
    spoke = {one.opinion.person_id for one in heard_of_all if one.opinion.outcome != Outcome.WITHDRAWN}
    return {
        "heard": heard,
        "came": found.came[heard.side],
        "party": party,
        "asks": heard.side in found.asks,
        "enough": heard not in found.hearing.lacking,
        "asked": [{"invitation": one, "spoke": one.person_id in spoke} for one in asked],
        "outside": party.party_kind in OUTSIDE,
    }


def _part(found: Consultation, part: ConsultedClause, calendars: Mapping[str, str], bad: Any) -> ShownPart:
    clause = part.clause
    return ShownPart(
        part,
        seen_of(part, found.version, by_lead=bool(found.speaks)),
        words.target_of(clause) if clause is not None else "",
        words.measure_words(clause.terms) if clause is not None else "",
        [shown_opinion(one, calendars) for one in part.heard],
        shown_opinion(part.own, calendars) if part.own is not None else None,
        [shown_opinion(one, calendars) for one in part.answered],
        bad,
    )


def shown_opinion(heard: Heard, calendars: Mapping[str, str]) -> ShownOpinion:
    """One opinion in words."""
    opinion, stance, outcome = heard.opinion, Stance(heard.opinion.stance), Outcome(heard.opinion.outcome)
    waits = heard.waits
    return ShownOpinion(
        heard,
        str(opinion.person or opinion.task_link or ""),
        STANCE_SIGNS[stance],
        str(STANCES[stance]),
        "at_risk" if waits else OUTCOME_SIGNS[outcome],
        str(WAITS) if waits else "" if outcome is Outcome.OPEN else str(OUTCOMES[outcome]),
        proposal_rows(opinion, heard.clause, calendars),
    )


def proposal_rows(opinion: Opinion, clause: Clause | None, calendars: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """What a counter-proposal changes in the clause as it now reads: (field, as it reads, as it is proposed); it reads
    nothing else where it was adopted."""
    if not opinion.proposed or clause is None:
        return []
    after, found = countered(clause.terms, opinion.proposed), []
    for name in opinion.proposed:
        old, new = (words.field_words(terms, name, calendars) for terms in (clause.terms, after))
        found.append((words.field_label(name), "" if old == new else old, new))
    return found


def took_part(version: AgreementVersion) -> list[tuple[str, str]]:
    """Who took part in the consultation, by side; nothing of a side where nobody was asked."""
    link = version.agreement.link
    parties = {Side.SUPPLIER: link.supplier, Side.CUSTOMER: link.customer}
    words = _("{share} %: {spoke} of {asked} asked")
    return [
        (formats.labelled(_("Took part"), say(parties[one.side].name)),
         words.format(share=formats.number(round(one.share)), spoke=one.spoke, asked=one.asked))
        for one in hearing_of(viewer=_READING, version=version).sides
        if one.share is not None
    ]  # fmt: skip


def header() -> Sequence[str]:
    """Names of the columns of the table that people take away."""
    return [
        _("Agreement"), _("Version"), _("Clause"), pgettext("of a person", "Name"), _("Side"),
        pgettext("opinion on a clause", "Stance"), _("Text"), _("Proposed"),
        pgettext("opinion on a clause", "Outcome"), _("Answer"), _("Answered by"), _("Answered at"),
    ]  # fmt: skip


def rows(heard: Sequence[Heard], calendars: Mapping[str, str]) -> Iterator[Sequence[object]]:
    """A row for each opinion."""
    for one in heard:
        opinion = one.opinion
        said = shown_opinion(one, calendars)
        changes = [formats.labelled(label, f"{old} → {new}" if old else new) for label, old, new in said.fields]
        yield [
            opinion.version.agreement.number, opinion.version.version,
            say(one.clause.characteristic) if one.clause is not None else "" if opinion.line else _("The whole"),
            said.who, str(opinion.get_side_display()), said.stance, opinion.text, "; ".join(changes), said.outcome,
            opinion.answer, str(opinion.answered_by or ""), opinion.answered_at or "",
        ]  # fmt: skip
