"""Complaints: who may see them, where people find them, what they are told, what is signed, and when they are late."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton.chain.queries.discussing import heads_of_party
from baton.core.actors import Actor
from baton.core.audit import words
from baton.core.lists.registry import FilteredList, lists
from baton.core.present import now, today
from baton.core.registries import (
    Discussion,
    Export,
    Job,
    NavigationEntry,
    Policy,
    Searchable,
    Section,
    Signable,
    Topic,
    exports,
    jobs,
    navigation,
    policies,
    search_sights,
    searchables,
    signables,
    topics,
)
from baton.core.rules import MailRhythm
from baton.feedback import policy, tasks
from baton.feedback.changes import (
    COMPLAINT_DECIDED_TOPIC,
    COMPLAINT_FOUND_TOPIC,
    COMPLAINT_LATE_TOPIC,
    COMPLAINT_TOPIC,
    LATE_COMPLAINTS_JOB,
)
from baton.feedback.forms.complaints import ComplaintFilterForm
from baton.feedback.models import Complaint, ComplaintStep
from baton.feedback.pages import complaints as pages
from baton.feedback.pages.complaint_history import ACTIONS
from baton.feedback.queries import complaints as queries
from baton.feedback.queries import finding_complaints as finding
from baton_analysis.errors import gettext_noop


def register() -> None:
    """Enter policies, navigation, list, export, messages, signature, job and search."""
    said = Discussion(finding.complaint_called, lambda one: heads_of_party(finding.supplier_of(one), today()))
    policies.add(Complaint.kind, Policy(_sees_complaint, lambda one: f"/complaints/{one}/", discussion=said))
    policies.add(ComplaintStep.kind, Policy(_sees_step, lambda one: f"/complaints/{queries.step_complaint(one)}/"))
    navigation.add(
        "feedback.complaints",
        NavigationEntry(
            _("Complaints"), "clipboard-list", "complaints:complaints", policy.may_read_complaints, order=58,
            section=Section.LISTENING, count=lambda actor: queries.waiting_complaints(viewer=actor, at=now()),
        ),
    )  # fmt: skip
    _lists()
    _topics()
    signables.add(ComplaintStep.kind, Signable(contents=queries.step_contents, names=queries.step_names))
    jobs.add(
        LATE_COMPLAINTS_JOB,
        Job(_("Tell who handles complaints that are late"), tasks.tell_of_late_complaints,
            "FREQ=HOURLY;BYMINUTE=25;BYSECOND=0"),
    )  # fmt: skip
    searchables.add(
        Complaint.kind,
        Searchable(
            _("Complaints"), "clipboard-list", finding.complaints_read, finding.complaint_ids,
            lambda found: f"/complaints/{found.public_id}/", order=62,
        ),
    )  # fmt: skip
    search_sights.add(
        "feedback.complaints",
        lambda viewer, at: {Complaint.kind: queries.complaints_in_sight(viewer=viewer, at=at)},
    )
    words.declare({code: label for code, (label, _icon) in ACTIONS.items()})


def _lists() -> None:
    title, usual = _("Complaints"), {"show": "open"}
    lists.add(
        "feedback.complaints",
        FilteredList(
            title, "complaints:complaints", ComplaintFilterForm, policy.may_read_complaints, usual=usual,
            also=("party", "link"),
        ),
    )  # fmt: skip
    said = _("What customers complain of, with clocks, cause, disposition, result and recurrence prevention.")
    exports.add(
        "feedback.complaints",
        Export(title, pages.header, pages.all_complaints, said, policy.may_read_complaints),
    )  # fmt: skip


def _topics() -> None:
    title = _("Complaints that I handle")
    topics.add(
        COMPLAINT_TOPIC,
        Topic(gettext_noop("Complaint {number} waits for you: find its cause."), title, MailRhythm.AT_ONCE),
    )
    topics.add(
        COMPLAINT_FOUND_TOPIC,
        Topic(gettext_noop("Complaint {number} goes on: see what is to be done next."), title, MailRhythm.AT_ONCE),
    )
    topics.add(
        COMPLAINT_DECIDED_TOPIC,
        Topic(gettext_noop("Complaint {number} is decided: do it, and tell the customer."), title, MailRhythm.AT_ONCE),
    )
    topics.add(
        COMPLAINT_LATE_TOPIC,
        Topic(gettext_noop("Complaint {number} is late: the customer waits."), title, MailRhythm.AT_ONCE),
    )


def _sees_complaint(actor: Actor, public_id: str) -> bool:
    return queries.sees_complaint(viewer=actor, at=now(), public_id=public_id)


def _sees_step(actor: Actor, public_id: str) -> bool:
    return queries.sees_complaint_step(viewer=actor, at=now(), public_id=public_id)
