"""Under which keys other systems know a record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.models.records import Batched
from baton.core.registries import Retention

SYSTEM_LENGTH = 60
"""Longest name of a system."""

KEY_LENGTH = 200
"""Longest key."""


class ExternalKey(Batched):
    """The key under which another system (HR, ERP, a ticket system) knows a record of any kind.

    A record may have several keys, also in one system; a key in use means one record of a kind. A key that is withdrawn
    stays as history and may be given to another record. There is no foreign key to the record: kinds of all rooms have
    keys, and what a kind allows its room says in ``registries.policies``.
    """

    kind = "external_key"
    personal: ClassVar[Mapping[str, Retention]] = {
        "key": Retention(1, _("Recognising the person in the data of another system."))
    }

    record_kind = models.CharField(_("kind of record"), max_length=40, help_text=_("Kind of the record it means."))
    object_id = models.CharField(_("record"), max_length=16, help_text=_("Public id of the record it means."))
    subject = models.CharField(
        _("data subject"), max_length=16, blank=True, editable=False,
        help_text=_("Public id of the person whose key it is; empty: nobody's personal data."),
    )  # fmt: skip
    system = models.CharField(
        _("system"), max_length=SYSTEM_LENGTH, help_text=_("Name of the other system, such as SAP or HR.")
    )
    key = models.CharField(
        pgettext_lazy("in another system", "key"),
        max_length=KEY_LENGTH,
        help_text=_("What the record is called there."),
    )
    search_text = models.TextField(_("search text"), editable=False, help_text=_("Key, folded for searching."))
    withdrawn_at = models.DateTimeField(
        _("withdrawn at"), null=True, blank=True, help_text=_("From when it means the record no more; empty: in use.")
    )

    class Meta(Batched.Meta):
        verbose_name = _("external key")
        verbose_name_plural = _("external keys")
        constraints = (
            models.UniqueConstraint(
                fields=["system", "record_kind", "key"], condition=models.Q(withdrawn_at__isnull=True),
                name="core_external_key_means_one_record",
            ),
            models.CheckConstraint(condition=~models.Q(system="") & ~models.Q(key=""), name="core_external_key_said"),
        )  # fmt: skip
        indexes = (  # type: ignore[assignment]  # one more than the base has
            *Batched.Meta.indexes,
            models.Index(fields=["object_id"], name="core_external_key_of_record"),
        )

    def __str__(self) -> str:
        return f"{self.system}: {self.key}"

    def data_subject(self) -> str:
        return self.subject
