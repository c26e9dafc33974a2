"""Views of lists that people keep: which rows, in which order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baton.core.models.people import Person
from baton.core.models.records import Record
from baton.core.registries import Retention

_PURPOSE = _("Opening a list as its owner likes it.")


class SavedView(Record):
    """Filters, order and search words of a list under a name.

    What an owner calls it, and what he searches for, may say something about him or others: both are personal data.
    """

    kind = "saved_view"
    personal: ClassVar[Mapping[str, Retention]] = {"name": Retention(1, _PURPOSE), "query": Retention(1, _PURPOSE)}

    owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner"), help_text=_("Who keeps it.")
    )
    list_name = models.CharField(_("list"), max_length=40, help_text=_("Which list, such as chain.links."))
    name = models.CharField(_("name"), max_length=60, help_text=_("What its owner calls it."))
    query = models.CharField(
        _("query"), max_length=1000, blank=True,
        help_text=_("Filters, order and search words as they stand in the address of the list."),
    )  # fmt: skip
    shared = models.BooleanField(
        _("shared"), default=False, help_text=_("On: everybody who may open the list finds it there.")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, help_text=_("From when on nobody sees it (UTC)."))

    class Meta:
        verbose_name = _("saved view")
        constraints = (
            models.UniqueConstraint(
                fields=["owner", "list_name", "name"],
                condition=Q(withdrawn_at__isnull=True),
                name="core_view_named_once",
            ),
        )
        indexes = (
            models.Index(
                fields=["list_name"], condition=Q(shared=True, withdrawn_at__isnull=True), name="core_view_shared"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def data_subject(self) -> str:
        """The owner."""
        return self.owner.public_id


class DefaultView(Record):
    """The view in which a person opens a list; none: all rows."""

    kind = "default_view"

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"), help_text=_("Whose default.")
    )
    list_name = models.CharField(_("list"), max_length=40, help_text=_("Which list, such as chain.links."))
    view = models.ForeignKey(
        SavedView, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("saved view"),
        help_text=_("Own or shared; empty, or withdrawn since: all rows."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("default view")
        constraints = (models.UniqueConstraint(fields=["person", "list_name"], name="core_one_default_a_list"),)

    def __str__(self) -> str:
        return self.list_name
