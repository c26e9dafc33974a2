"""Complaints: who may see them, where people find them, what they are told, what is signed, and when they are late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.utils.translation import gettext_lazy as _

from baton.chain.queries.discussing import heads_of_party
from baton.core.actors import Actor
from baton.core.audit import words
from baton.core.import_targets import import_targets
from baton.core.lists.registry import FilteredList, lists
from baton.core.present import now, today
from baton.core.registries import (
    BulkTarget,
    Discussion,
    Export,
    Job,
    NavigationEntry,
    Panel,
    Policy,
    Searchable,
    Section,
    Signable,
    Topic,
    api_routers,
    bulk_targets,
    exports,
    jobs,
    navigation,
    panels,
    policies,
    search_sights,
    searchables,
    signables,
    topics,
)
from baton.core.rules import MailRhythm
from baton.feedback import policy, tasks
from baton.feedback.apps import COUNTED
from baton.feedback.changes import (
    COMPLAINT_DECIDED_TOPIC,
    COMPLAINT_FOUND_TOPIC,
    COMPLAINT_LATE_TOPIC,
    COMPLAINT_TOPIC,
    FORGET_COMPLAINANTS_JOB,
    LATE_COMPLAINTS_JOB,
    bulk_complaints,
)
from baton.feedback.forms.complaints import ComplaintFilterForm
from baton.feedback.imports import COMPLAINTS
from baton.feedback.models import Complaint, ComplaintStep
from baton.feedback.pages import complaints as pages
from baton.feedback.pages.complaint_history import ACTIONS
from baton.feedback.queries import complaints as queries
from baton.feedback.queries import finding_complaints as finding
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from django.http import HttpRequest

    from baton.core.middleware import BatonRequest
    from baton.core.registries import Subject


def register() -> None:
    """Enter policies, navigation, list, export, import, panels, messages, API, signature, job and search."""
    said = Discussion(finding.complaint_called, lambda one: heads_of_party(finding.supplier_of(one), today()))
    policies.add(Complaint.kind, Policy(_sees_complaint, lambda one: f"/complaints/{one}/", discussion=said))
    policies.add(ComplaintStep.kind, Policy(_sees_step, lambda one: f"/complaints/{queries.step_complaint(one)}/"))
    navigation.add(
        "feedback.complaints",
        NavigationEntry(
            _("Complaints"), "clipboard-list", "complaints:complaints", _has_place, order=58,
            section=Section.LISTENING, count=lambda actor: queries.waiting_complaints(viewer=actor, at=now()),
            reads=COUNTED,
        ),
    )  # fmt: skip
    _lists()
    _imports()
    _panels()
    _topics()
    signables.add(ComplaintStep.kind, Signable(contents=queries.step_contents, names=queries.step_names))
    jobs.add(
        LATE_COMPLAINTS_JOB,
        Job(_("Tell who handles complaints that are late"), tasks.tell_of_late_complaints,
            "FREQ=HOURLY;BYMINUTE=25;BYSECOND=0"),
    )  # fmt: skip
    jobs.add(
        FORGET_COMPLAINANTS_JOB,
        Job(_("Destroy customers’ data of complaints three years after they were over"), tasks.forget_complainants,
            "FREQ=DAILY;BYHOUR=4;BYMINUTE=5;BYSECOND=0"),
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
    api_routers.add("complaints", "baton.feedback.api.complaints.router")
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


def _imports() -> None:
    import_targets.add("complaints", COMPLAINTS)
    bulk_targets.add(
        bulk_complaints.COMPLAINTS_TARGET,
        BulkTarget(
            title=_("Complaints"), model="feedback.Complaint", may_enter=policy.may_bring_complaints,
            rows=bulk_complaints.complaints_of, admit=bulk_complaints.admit_complaints,
            conflict=bulk_complaints.conflict_of_complaints, released={},
        ),
    )  # fmt: skip


def _panels() -> None:
    panels.add(
        "feedback.complaints_of_link",
        Panel("link", _("Complaints"), "feedback/complaints/_panel.html", _of_link, order=26),
    )
    panels.add(
        "feedback.complaints_at_home",
        Panel("home", _("Complaints that wait for you"), "feedback/complaints/_home.html", _at_home, order=7),
    )


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


def _of_link(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """The last complaints about a link, those that wait first, for who reads them; and the button to enter one."""
    asked = cast("BatonRequest", request)
    viewer, at = asked.actor, asked.now
    if not policy.may_receive_complaints(viewer):
        return None
    found = queries.complaints_of_link(viewer=viewer, at=at, link=subject.public_id)
    return {"rows": pages.rows(viewer, found, at), "link": subject.public_id}


def _at_home(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    asked = cast("BatonRequest", request)
    waiting = queries.waiting_complaints(viewer=asked.actor, at=asked.now)
    return {"waiting": waiting} if waiting else None


def _has_place(actor: Actor) -> bool:
    """Everybody inside; a guest whose own party has complained of something."""
    return policy.may_receive_complaints(actor) or queries.sees_any_complaint(viewer=actor, at=now())


def _sees_complaint(actor: Actor, public_id: str) -> bool:
    return queries.sees_complaint(viewer=actor, at=now(), public_id=public_id)


def _sees_step(actor: Actor, public_id: str) -> bool:
    return queries.sees_complaint_step(viewer=actor, at=now(), public_id=public_id)
