"""What happened to a record, in words, for a timeline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baton.chain.models import Link, Membership, Output, OutsideNeed, Party, Project, Reading, Responsibility
from baton.core import formats
from baton.core.audit import words
from baton.core.days import day_of
from baton.core.history import HistoryEntry
from baton.core.texts import Texts, say

ACTIONS = {
    "party.added": (_("Party entered"), "plus"),
    "party.renamed": (_("Name or code changed"), "pencil"),
    "party.moved": (_("Moved in the tree"), "corner-down-right"),
    "party.ended": (_("Party ended"), "circle-slash"),
    "party.merged": (_("Merged into another party"), "merge"),
    "party.split": (_("Split into several parties"), "split"),
    "party.took_over": (_("Took over from another party"), "merge"),
    "party_succession.added": (_("Succession entered"), "merge"),
    "party.partner_described": (_("Partnership and confidentiality set"), "shield"),
    "party.forgotten": (_("Name forgotten"), "user-x"),
    "membership.head_appointed": (_("Head appointed"), "user-check"),
    "membership.deputy_appointed": (_("Deputy appointed"), "user-plus"),
    "membership.member_appointed": (_("Member taken in"), "user-plus"),
    "membership.ended": (_("Membership ended"), "user-x"),
    "membership.forgotten": (_("Person forgotten"), "user-x"),
    "link.added": (_("Link entered"), "plus"),
    "link.changed": (_("Link changed"), "pencil"),
    "link.ended": (_("Link ended"), "unlink"),
    "link.ended_with_project": (_("Link ended with its project"), "unlink"),
    "link.handed_on": (_("Link handed on to the party that took over"), "unlink"),
    "link.taken_over": (_("Link taken over from a party that ended"), "plus"),
    "membership.handed_on": (_("Membership ended with the party"), "user-x"),
    "membership.taken_over": (_("Membership taken over from a party that ended"), "user-plus"),
    "responsibility.handed_on": (_("Responsibility ended with the party"), "user-x"),
    "responsibility.taken_over": (_("Responsibility taken over from a party that ended"), "user-check"),
    "outside_need.handed_on": (_("Outside need goes to the party that took over"), "corner-down-right"),
    "project.handed_on": (_("Project goes to the party that took over"), "corner-down-right"),
    "account.added": (_("Account entered"), "plus"),
    "account.changed": (_("Account corrected"), "pencil"),
    "account.ended": (_("Account ended"), "circle-slash"),
    "account.forgotten": (_("Name forgotten"), "user-x"),
    "contact.added": (_("Contact entered"), "user-plus"),
    "contact.changed": (_("Contact corrected"), "pencil"),
    "contact.ended": (_("Contact ended"), "user-x"),
    "contact.shown": (_("Contact shown unmasked"), "eye"),
    "contact.forgotten": (_("Contact forgotten"), "user-x"),
    "contacts.taken": (_("Contacts exported unmasked"), "download"),
    "link.assigned_to_project": (_("Project of the link set"), "briefcase"),
    "link.judged": (_("Criticality and sourcing judged"), "star"),
    "output.added": (_("Output entered"), "plus"),
    "output.changed": (_("Output corrected"), "pencil"),
    "output.ended": (_("Output ended"), "circle-slash"),
    "output_revision.added": (_("Revision entered"), "plus"),
    "responsibility.given": (_("Responsibility given"), "user-check"),
    "responsibility.ended": (_("Responsibility ended"), "user-x"),
    "outside_need.added": (_("Outside need written down"), "plus"),
    "outside_need.changed": (_("Outside need corrected"), "pencil"),
    "outside_need.ended": (_("Outside need ended"), "circle-slash"),
    "gap_answer.assigned": (_("Gap assigned"), "user-check"),
    "gap_answer.no_dealings": (_("Gap answered: no dealings"), "check"),
    "gap_answer.accepted": (_("Gap accepted as it is"), "check"),
    "gap_answer.replaced": (_("Answer replaced by another"), "refresh-cw"),
    "gap_answer.withdrawn": (_("Answer taken back"), "undo-2"),
    "link_proposal.made": (_("Link proposed"), "lightbulb"),
    "link_proposal.accepted": (_("Proposed link accepted"), "check"),
    "link_proposal.declined": (_("Proposed link declined"), "circle-slash"),
    "link_proposal.withdrawn": (_("Proposed link taken back"), "undo-2"),
    "reading.said": (_("Who reads links across departments set"), "eye"),
    "project.added": (_("Project begun"), "plus"),
    "project.changed": (_("Project changed"), "pencil"),
    "project.ended": (_("Project ended"), "circle-slash"),
}
# Named by the core in its own words; here they are said of one record.
BULK_ACTIONS = {"batch.sealed": (_("Entered in bulk"), "waypoints")}
EVENT_LOG_ACTIONS = {
    "event_log.accepted": _("Event log accepted"),
    "event_log.brought": _("Event log imported"),
    "event_log.columns_chosen": _("Columns of an event log chosen"),
    "event_log.failed": _("Event log could not be read"),
    "event_log.links_made": _("Links made from an event log"),
    "event_log.mined": _("Event log read"),
    "event_log.name_matched": _("Name of an event log matched"),
    "event_log.withdrawn": _("Event log withdrawn"),
}
# Named by the core, which keeps the keys of all rooms.
_KEY_ICONS = {
    "external_key.given": "key-round", "external_key.withdrawn": "key-round", "external_key.forgotten": "user-x",
}  # fmt: skip
_MODELS = {
    "party": Party, "membership": Membership, "link": Link, "output": Output, "outside_need": OutsideNeed,
    "project": Project, "reading": Reading, "responsibility": Responsibility,
}  # fmt: skip
# Their news is a value where there was none.
_SAYING = (".ended", ".moved", ".judged", ".partner_described", ".said")
_UNSAID = frozenset({"path", "name_key"})
BEGAN = "began_on"


def timeline(entries: Iterable[HistoryEntry], people: Mapping[str, Texts] | None = None) -> list[dict[str, Any]]:
    """Entries for the component ``timeline``. ``people`` maps the public id of a membership to the person's name, and
    that of a key in another system to the key."""
    return [_line(entry, people or {}) for entry in entries]


def _line(entry: HistoryEntry, people: Mapping[str, Texts]) -> dict[str, Any]:
    title, icon = (ACTIONS | BULK_ACTIONS).get(
        entry.action, (words.action(entry.action), _KEY_ICONS.get(entry.action, "dot"))
    )
    said = [say(people.get(entry.object_id)), *_changes(entry), entry.detail.get("week", ""), entry.reason]
    process = gettext("Baton ({process})").format(process=words.process(entry.process)) if entry.process else ""
    return {
        "title": title,
        "icon": icon,
        "at": entry.at,
        "who": say(entry.who) or process,
        "text": " · ".join(filter(None, said)),
    }


def _changes(entry: HistoryEntry) -> list[str]:
    """``field: old → new`` for every field that had a value before; what a new record began with is on the page, but
    for a first day that is another than the day on which it was entered."""
    said = []
    for name, values in entry.changed.items():
        if name in _UNSAID or entry.action in BULK_ACTIONS:
            continue
        if values is None:
            if entry.action.endswith((".added", "_appointed", ".taken_over")):
                continue
            said.append(gettext("{field} changed").format(field=_label(entry.kind, name)))
        elif values[0] not in (None, "") or entry.action.endswith(_SAYING):
            old, new = (_shown(entry.kind, name, value) for value in values)
            said.append(formats.labelled(_label(entry.kind, name), f"{old} → {new}"))
        elif name == BEGAN and values[1] != day_of(entry.at).isoformat():
            said.append(formats.labelled(_label(entry.kind, name), _shown(entry.kind, name, values[1])))
    return said


def _label(kind: str, name: str) -> str:
    return words.field(kind, name)


def _shown(kind: str, name: str, value: Any) -> str:
    if value in (None, "", {}):
        return "–"
    if isinstance(value, dict):
        return say(value)
    if name.endswith("_on"):
        return formats.day(date.fromisoformat(value))
    model = _MODELS.get(kind)
    choices = dict(model._meta.get_field(name).flatchoices) if model is not None else {}  # type: ignore[union-attr]
    return str(choices.get(value, value))
