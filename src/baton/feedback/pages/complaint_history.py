"""What the trail says of complaints, with a sign for each."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

ACTIONS = {
    "complaint.received": (pgettext_lazy("history", "Complaint received"), "plus"),
    "complaint.corrected": (pgettext_lazy("history", "Complaint corrected"), "pencil"),
    "complaint.acknowledge": (pgettext_lazy("history", "Complaint acknowledged"), "send"),
    "complaint.route": (pgettext_lazy("history", "Complaint given to who looks into it"), "arrow-right"),
    "complaint.cause": (pgettext_lazy("history", "Cause of a complaint written"), "search"),
    "complaint.investigated": (pgettext_lazy("history", "Cause of a complaint signed"), "user-check"),
    "complaint.disposition": (pgettext_lazy("history", "Disposition of a complaint written"), "file-text"),
    "complaint.decided": (pgettext_lazy("history", "Disposition of a complaint signed"), "user-check"),
    "complaint.result": (pgettext_lazy("history", "Result of a complaint entered"), "check"),
    "complaint.prevent": (pgettext_lazy("history", "Recurrence prevention entered"), "shield-check"),
    "complaint.notify": (pgettext_lazy("history", "Customer notified"), "message-square"),
    "complaint.close": (pgettext_lazy("history", "Complaint closed"), "circle-check"),
    "complaint.drop": (pgettext_lazy("history", "Complaint closed without action"), "ban"),
    "complaint.reopen": (pgettext_lazy("history", "Complaint reopened"), "undo-2"),
    "complaint.told_late": (pgettext_lazy("history", "Told that a complaint is late"), "bell"),
    "complaint.forgotten": (pgettext_lazy("history", "Customer’s data of a complaint destroyed"), "eye-off"),
    "complaint_step.acknowledge": (pgettext_lazy("history", "Complaint acknowledged"), "send"),
    "complaint_step.route": (pgettext_lazy("history", "Complaint given to who looks into it"), "arrow-right"),
    "complaint_step.cause": (pgettext_lazy("history", "Cause of a complaint written"), "search"),
    "complaint_step.disposition": (pgettext_lazy("history", "Disposition of a complaint written"), "file-text"),
    "complaint_step.result": (pgettext_lazy("history", "Result of a complaint entered"), "check"),
    "complaint_step.prevent": (pgettext_lazy("history", "Recurrence prevention entered"), "shield-check"),
    "complaint_step.notify": (pgettext_lazy("history", "Customer notified"), "message-square"),
    "complaint_step.close": (pgettext_lazy("history", "Complaint closed"), "circle-check"),
    "complaint_step.drop": (pgettext_lazy("history", "Complaint closed without action"), "ban"),
    "complaint_step.reopen": (pgettext_lazy("history", "Complaint reopened"), "undo-2"),
}
