"""The page of an agreement, its line in the list, and its panel on the page of a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.agreements.models import AgreementVersion, Clause
from baton.agreements.pages import words
from baton.agreements.pages.history import timeline
from baton.agreements.queries import AgreementPage, AgreementRow, HeldClause
from baton.agreements.rules import OPEN, Changed, Difference, Side, VersionState

STATE_SIGNS = {
    VersionState.DRAFT: "unknown",
    VersionState.PROPOSED: "info",
    VersionState.CONSULTATION: "info",
    VersionState.ACCEPTED: "kept",
    VersionState.ACTIVE: "kept",
    VersionState.SUPERSEDED: "unknown",
    VersionState.EXPIRED: "at_risk",
    VersionState.ENDED: "unknown",
    VersionState.WITHDRAWN: "unknown",
    VersionState.DECLINED: "at_risk",
}
"""Code of the status under which a state is shown; its word is the state's own."""
STEP_WORDS = {
    VersionState.PROPOSED: ("propose", _("Propose"), "send"),
    VersionState.CONSULTATION: ("consult", _("Open consultation"), "message-square"),
    VersionState.DECLINED: ("decline", _("Decline"), "ban"),
    VersionState.WITHDRAWN: ("withdraw", _("Withdraw"), "undo-2"),
    VersionState.ENDED: ("end", _("End"), "circle-slash"),
}
"""Last part of the address of a step, its button, its icon."""
CHANGED_WORDS = {
    Changed.ADDED: ("kept", pgettext_lazy("clause between two versions", "Added")),
    Changed.CHANGED: ("at_risk", pgettext_lazy("clause between two versions", "Changed")),
    Changed.DROPPED: ("broken", pgettext_lazy("clause between two versions", "Dropped")),
    Changed.SAME: ("unknown", pgettext_lazy("clause between two versions", "As it was")),
}


@dataclass(frozen=True, slots=True)
class ShownClause:
    """A clause as a page shows it, all of it in the reader's words. ``place``: from 1 on, among those of its side that
    the reader can put in order (0: it has the place that the service offer gives it); ``last``: none stands behind it.
    """

    held: HeldClause
    target: str
    measured: str
    baseline: str
    lacking: str
    sign: str
    standing: Any
    instead_of: str = ""
    place: int = 0
    last: bool = False

    @property
    def clause(self) -> Clause:
        """The clause itself."""
        return self.held.clause


def shown(held: HeldClause, state: str) -> ShownClause:
    """A clause in words; ``state`` is that of the version in which it is looked at."""
    terms = held.clause.terms
    sign, standing = (words.STANDINGS if state == VersionState.ACTIVE else words.READINESS)[held.standing]
    return ShownClause(
        held, words.target_of(held.clause), words.measure_words(terms), words.baseline_words(terms),
        words.lacking_words(held.missing), sign, standing,
        words.sentence(held.instead_of) if held.instead_of is not None else "",
    )  # fmt: skip


def shown_in_order(several: Sequence[HeldClause], state: str) -> list[ShownClause]:
    """The clauses of one side in words, with their places."""
    movable = [held for held in several if held.edits and not held.clause.deviates_from]
    places = {held.clause.pk: place for place, held in enumerate(movable, start=1)}
    return [
        replace(shown(held, state), place=place, last=place == len(places))
        for held in several
        for place in [places.get(held.clause.pk, 0)]
    ]


def agreement_context(page: AgreementPage) -> dict[str, Any]:
    """What ``agreements/agreement.html`` shows."""
    version = page.version
    named = {one.public_id: str(_("Version {n}")).format(n=one.version) for one in page.versions}
    named |= {held.clause.public_id: str(held.clause) for held in page.clauses}
    named |= {clause.public_id: str(clause) for clause in page.left_out}
    return {
        "page": page,
        "agreement": page.agreement,
        "version": version,
        "link": page.agreement.link,
        "state_sign": STATE_SIGNS[VersionState(version.state)],
        "sides": [_side(page, side) for side in Side],
        "steps": steps_of(page),
        "offers_of": page.may_offer,
        "others": [one for one in page.versions if one.pk != version.pk],
        "before": next((one for one in page.versions if one.version < version.version), None),
        "signs": {one.pk: STATE_SIGNS[VersionState(one.state)] for one in page.versions},
        "is_open": VersionState(version.state) in OPEN,
        "history": timeline(page.history, named),
    }


def steps_of(page: AgreementPage) -> list[dict[str, Any]]:
    """The buttons of the page: where each leads, its word and icon; the first is what mostly comes next."""
    found = []
    for after in page.steps:
        step, label, icon = STEP_WORDS[after]
        if after is VersionState.PROPOSED and page.version.state == VersionState.CONSULTATION:
            step, label = "close", _("Close consultation")
        if after is VersionState.PROPOSED and not page.clauses:
            continue
        found.append(
            {
                "address": reverse("agreements:step", args=[page.version.public_id, step]), "label": label,
                "icon": icon, "first": after is VersionState.PROPOSED,
                "quiet": after in (VersionState.WITHDRAWN, VersionState.ENDED, VersionState.DECLINED),
            }
        )  # fmt: skip
    return found


def _side(page: AgreementPage, side: Side) -> dict[str, Any]:
    link = page.agreement.link
    return {
        "side": side.value,
        "party": link.supplier if side is Side.SUPPLIER else link.customer,
        "promises": side is Side.SUPPLIER,
        "clauses": shown_in_order(page.owed_by(side), page.version.state),
        "mine": side in page.speaks_for,
    }


def panel_context(row: AgreementRow | None, clauses: Sequence[HeldClause], *, begin: str) -> dict[str, Any]:
    """The agreement on the page of its link; ``begin`` is where it is begun, empty where the reader may not."""
    if row is None:
        return {"row": None, "begin": begin}
    sides = [
        (side is Side.SUPPLIER, [shown(held, row.version.state) for held in clauses if held.clause.owed_by == side])
        for side in Side
    ]  # fmt: skip
    return {"row": row, "sign": STATE_SIGNS[VersionState(row.version.state)], "sides": sides, "begin": ""}


def comparison_context(
    before: AgreementVersion,
    after: AgreementVersion,
    differences: Sequence[Difference],
    calendars: Mapping[str, str],
) -> dict[str, Any]:
    """What ``agreements/comparison.html`` shows; ``calendars`` are names by public id."""
    return {
        "before": before,
        "after": after,
        "agreement": after.agreement,
        "link": after.agreement.link,
        **comparison_rows(differences, calendars),
    }


def comparison_rows(differences: Sequence[Difference], calendars: Mapping[str, str]) -> dict[str, Any]:
    """What ``agreements/_comparison.html`` shows: the clauses that differ, and those that do not."""
    rows = [_difference(one, calendars) for one in differences]
    return {
        "rows": [row for row in rows if row["changed"] is not Changed.SAME],
        "same": [row for row in rows if row["changed"] is Changed.SAME],
    }


def _difference(one: Difference, calendars: Mapping[str, str]) -> dict[str, Any]:
    sign, label = CHANGED_WORDS[one.changed]
    terms = one.after or one.before
    assert terms is not None
    fields = [
        (words.field_label(name), *(words.field_words(terms, name, calendars) for terms in (one.before, one.after)))
        for name in one.fields
        if one.before is not None and one.after is not None
    ]
    return {
        "changed": one.changed, "sign": sign, "label": label, "fields": fields,
        "promises": terms.owed_by is Side.SUPPLIER,
        "before": words.terms_sentence(one.before), "after": words.terms_sentence(one.after),
    }  # fmt: skip
