"""What happened to an agreement, in words, for a timeline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baton.agreements.pages.words import figure
from baton.core import formats
from baton.core.audit import words
from baton.core.history import HistoryEntry
from baton.core.texts import say

ACTIONS = {
    "agreement.begun": (_("Agreement begun"), "plus"),
    "agreement_version.drafted": (_("Version begun"), "file-text"),
    "agreement_version.described": (_("Days and reason of a version changed"), "calendar"),
    "agreement_version.proposed": (_("Version proposed"), "send"),
    "agreement_version.consultation_opened": (_("Consultation opened"), "message-square"),
    "agreement_version.consultation_closed": (_("Consultation closed"), "send"),
    "agreement_version.clauses_imported": (_("Clauses imported"), "file-up"),
    "invitation.sent": (_("Somebody asked what he thinks"), "send"),
    "invitation.prolonged": (_("Asked until another day"), "calendar"),
    "invitation.reminded": (_("Reminded"), "bell"),
    "invitation.ended": (_("Asked no more"), "circle-slash"),
    "opinion.said": (_("Opinion said"), "message-square"),
    "opinion.changed": (_("Opinion changed"), "message-square"),
    "opinion.withdrawn": (_("Opinion taken back"), "undo-2"),
    "opinion.adopted": (_("Objection or counter-proposal adopted"), "circle-check"),
    "opinion.declined": (_("Objection or counter-proposal declined"), "ban"),
    "opinion.forgotten": (_("Words taken out of an opinion"), "eye-off"),
    "clause.countered": (_("Clause changed by a counter-proposal"), "git-compare-arrows"),
    "consultation_rule.said": (_("Minimum participation said"), "users"),
    "acceptance.given": (_("Signed for a side"), "user-check"),
    "acceptance.renewed": (_("Signed again for a side"), "user-check"),
    "agreement_version.accepted": (_("Version accepted by both sides"), "handshake"),
    "agreement_version.activated": (_("Version in force"), "circle-check"),
    "agreement_version.superseded": (_("Version superseded by a newer one"), "history"),
    "agreement_version.expired": (_("Version expired"), "clock"),
    "agreement_version.ended": (_("Version ended"), "circle-slash"),
    "agreement_version.withdrawn": (_("Version withdrawn"), "undo-2"),
    "agreement_version.declined": (_("Version declined"), "ban"),
    "agreement_version.renewal_told": (_("Both sides told that it runs out"), "bell"),
    "agreement_version.review_told": (_("Both sides told of the review"), "bell"),
    "certificate.added": (_("Certificate entered"), "plus"),
    "certificate.changed": (_("Certificate corrected or renewed"), "pencil"),
    "certificate.ended": (_("Certificate ended"), "circle-slash"),
    "certificate.told": (_("Party told that it runs out"), "bell"),
    "guarantee.given": (_("Guarantee given"), "shield"),
    "guarantee.changed": (_("Guarantee changed"), "pencil"),
    "guarantee.ended": (_("Guarantee ended"), "circle-slash"),
    "guarantee_call.noted": (_("Guarantee called"), "flag"),
    "guarantee_call.ended": (_("Call of a guarantee ended"), "check"),
    "workshop.begun": (_("Workshop begun"), "users"),
    "workshop.changed": (_("Workshop changed"), "pencil"),
    "workshop.stage_set": (_("Workshop taken to another stage"), "arrow-right"),
    "workshop.address_renewed": (_("New address and code for a workshop"), "rotate-ccw"),
    "workshop.invited": (_("Members asked to come to a workshop"), "send"),
    "workshop.note_taken_out": (_("Note taken out of a workshop"), "minus"),
    "workshop.closed": (_("Workshop closed"), "check"),
    "clause_origin.noted": (_("Clause made from what a workshop wrote"), "users"),
    "leader_promise.given": (_("Promise of a leader made a clause"), "plus"),
    "leader_promise.ended": (_("Promise of a leader ended"), "circle-slash"),
    "fulfilment.noted": (_("Kept promise noted"), "check"),
    "fulfilment.withdrawn": (_("Kept promise taken back"), "undo-2"),
    "promise_seen.said": (_("Kept promise seen"), "eye"),
    "training.noted": (_("Training entered"), "plus"),
    "training.withdrawn": (_("Training taken back"), "undo-2"),
    "clause.added": (_("Clause added"), "plus"),
    "clause.carried_over": (_("Clause carried over from the version before"), "copy"),
    "clause.changed": (_("Clause changed"), "pencil"),
    "clause.dropped": (_("Clause left out"), "minus"),
    "clause.given_back": (_("Clause says again what it said before an import"), "undo-2"),
    "clause.restored": (_("Clause taken up again"), "undo-2"),
    "clause.moved": (_("Clause put in another place"), "arrow-up-down"),
    "clause.on_trial": (_("Clause put on trial"), "flask-conical"),
    "clause.agreed": (_("Starting value agreed"), "check"),
}
OFFER_ACTIONS = {
    "service_offer.begun": (_("Service offer begun"), "plus"),
    "service_offer.renamed": (_("Service offer renamed"), "pencil"),
    "service_offer.published": (_("Service offer published"), "eye"),
    "service_offer.page_taken_down": (_("Public page taken down"), "ban"),
    "service_offer.ended": (_("Service offer ended"), "circle-slash"),
    "offer_version.drafted": (_("Version of a service offer begun"), "file-text"),
    "offer_version.described": (_("Days and reason of a service offer changed"), "calendar"),
    "offer_version.proposed": (_("Service offer proposed to customers"), "send"),
    "offer_version.invited": (_("More customers asked"), "send"),
    "offer_version.reminded": (_("Customers reminded"), "bell"),
    "offer_version.accepted": (_("Service offer accepted by the first customer"), "handshake"),
    "offer_version.superseded": (_("Version of a service offer superseded"), "history"),
    "offer_version.withdrawn": (_("Version of a service offer withdrawn"), "undo-2"),
    "offer_version.ended": (_("Version of a service offer ended"), "circle-slash"),
    "acceptance.with_offer": (_("Signed for the supplier with the service offer"), "user-check"),
    "agreement_version.replaced": (_("Withdrawn: the service offer has a new version"), "history"),
    "service_step.added": (_("Step added"), "plus"),
    "service_step.changed": (_("Step changed"), "pencil"),
    "service_step.dropped": (_("Step left out"), "minus"),
    "service_step.moved": (_("Step put in another place"), "arrow-up-down"),
    "service_step.carried_over": (_("Step carried over from the version before"), "copy"),
    "clause.deviated": (_("Deviates from the service offer"), "split"),
    "clause.offered_left_out": (_("Clause of the service offer does not hold here"), "minus"),
    "clause.as_offered": (_("Clause as the service offer says again"), "undo-2"),
}
ACTIONS |= OFFER_ACTIONS
_UNSAID = frozenset({
    "position", "state", "proposed_by", "proposed_at", "activated_at", "closed_at", "closed_because", "deviates_from",
    "dropped", "page_lines", "page_token", "token_digest", "code_digest", "minutes_digest", "stage_began_at",
    "expires_at", "began_at", "door",
})  # fmt: skip
_QUIET = frozenset({
    "clause.carried_over", "clause.moved", "clause.on_trial", "service_step.carried_over", "service_step.moved",
})  # fmt: skip
"""What a timeline leaves out: it follows from what stands beside it."""


def timeline(entries: Iterable[HistoryEntry], named: Mapping[str, str]) -> list[dict[str, Any]]:
    """Entries for the component ``timeline``. ``named`` maps the public id of a version or a clause to what it is
    called on the page."""
    return [_line(entry, named.get(entry.object_id, "")) for entry in entries if entry.action not in _QUIET]


def _line(entry: HistoryEntry, called: str) -> dict[str, Any]:
    title, icon = ACTIONS.get(entry.action, (words.action(entry.action), "dot"))
    process = gettext("Baton ({process})").format(process=words.process(entry.process)) if entry.process else ""
    said = [called, *_changes(entry), entry.reason]
    return {
        "title": title, "icon": icon, "at": entry.at, "who": say(entry.who) or process,
        "text": " · ".join(filter(None, said)),
    }  # fmt: skip


def _changes(entry: HistoryEntry) -> list[str]:
    """``field: old → new`` for every field that had a value before."""
    said = []
    for name, values in entry.changed.items():
        if values is None or name in _UNSAID or values[0] in (None, "", {}):
            continue
        old, new = (_shown(entry.kind, name, value) for value in values)
        said.append(formats.labelled(words.field(entry.kind, name), f"{old} → {new}"))
    return said


def _shown(kind: str, name: str, value: Any) -> str:
    if value in (None, "", {}):
        return formats.MISSING
    if isinstance(value, dict):
        return say(value)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, int | float):
        return figure(value)
    if name.endswith(("_on", "_from", "_until")):
        return formats.day(date.fromisoformat(str(value)))
    return words.choice(kind, name, value) or str(value)
