"""Messages to people inside the product."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from baton.core.models.people import Person
from baton.core.models.records import Record


class Notification(Record):
    """Something that one person should know, with the page that it leads to."""

    kind = "notification"
    # They name people; that something was sent, and to which page it leads, is enough for the trail.
    secret = frozenset({"values", "shows"})

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"), help_text=_("Whom it is for.")
    )
    topic = models.CharField(_("topic"), max_length=60, help_text=_("Registered kind of message."))
    values = models.JSONField(_("values"), default=dict, help_text=_("What fills the message's placeholders."))
    shows = models.JSONField(
        _("names"), default=list, help_text=_("Kind and public id of records that it names and its reader must see.")
    )
    address = models.CharField(_("address"), max_length=300, help_text=_("Path of the page that it leads to."))
    read_at = models.DateTimeField(_("read at"), null=True, help_text=_("When it was opened."))

    class Meta:
        indexes = (models.Index(fields=["person", "read_at"], name="core_notification_unread"),)
