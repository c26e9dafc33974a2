"""What every record of every room has in common."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from baton.core.ids import new_public_id
from baton.core.registries import Retention
from baton.core.rules import BatchState

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=models.Model, covariant=True)


class Record(models.Model):
    """A thing that people speak about, change and point to.

    Saved only through ``baton.core.audit.trail.Trail`` in a room's ``changes.py``, which writes the audit row, keeps
    ``changed_seq`` and refuses stale edits.

    Class attributes: ``kind`` names the record in the audit trail, policies and addresses; ``personal`` maps the fields
    whose values are personal data, and stand in the trail only under the data subject's key, to what each is kept for
    and for how many years after the person has left or the record has ended; ``secret`` lists the
    fields whose values stand nowhere but in their own column; ``units`` gives the unit of every numeric field for the
    data dictionary; ``taken_back_with`` names the foreign keys to records with which the program takes this one back by
    itself, so that it does not keep people from withdrawing them.
    """

    kind: ClassVar[str] = ""
    personal: ClassVar[Mapping[str, Retention]] = MappingProxyType({})
    secret: ClassVar[frozenset[str]] = frozenset()
    units: ClassVar[dict[str, str]] = {}
    taken_back_with: ClassVar[frozenset[str]] = frozenset()

    public_id = models.CharField(
        _("public id"), max_length=16, unique=True, default=new_public_id, editable=False,
        help_text=_("Random id used in addresses, the API and QR codes."),
    )  # fmt: skip
    recorded_at = models.DateTimeField(_("recorded at"), editable=False, help_text=_("When Baton learned of it (UTC)."))
    changed_seq = models.BigIntegerField(
        _("last change"), default=0, editable=False, db_index=True,
        help_text=_("Number of the audit entry of the last change; also the version against lost updates."),
    )  # fmt: skip

    class Meta:
        abstract = True

    def data_subject(self) -> str:
        """Public id of the person whose personal data this record holds; empty when it holds none."""
        return ""


class _Counts(models.Func):
    """Whether a row counts, by the bulk entry that it names.

    As ``exclude(batch__in=…)`` would say it, but without a query inside: what Django resolves such a one to stays with
    the condition, so that it could not be kept.
    """

    output_field = models.BooleanField()

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *_args: Any, **_given: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        batch, params = compiler.compile(self.source_expressions[0])
        quoted = connection.ops.quote_name
        entries = f"SELECT U0.{quoted('id')} FROM {quoted('core_batch')} U0 WHERE NOT (U0.{quoted('state')} = %s)"
        return f"NOT ({batch} IN ({entries}) AND {batch} IS NOT NULL)", (*params, BatchState.SEALED.value, *params)


_conditions: dict[type[models.Model], Any] = {}
"""Query of the rows of a table that count. None of them is ever changed or asked; each use takes a copy."""


class Visible(models.Manager[M]):
    """The rows that count: entered one by one, or with a bulk entry that is sealed and was not withdrawn.

    The condition is a look into the few bulk entries that do not count, read once a query. To put it together takes
    several times as long as to copy it, and pages ask for many.
    """

    def get_queryset(self) -> models.QuerySet[M]:
        rows = super().get_queryset()
        query = _conditions.get(self.model)
        if query is None:
            query = _conditions[self.model] = rows.filter(_Counts("batch")).query
        rows.query = query.chain()
        return rows


class Batched(Record):
    """A record that may come in bulk.

    ``objects`` shows the rows that count. ``everything`` also shows those of a bulk entry that is not finished, which
    keep their unique keys for it, and those of one that was taken back: for the checks of unique keys and for the bulk
    entry itself, never for pages.
    """

    batch = models.ForeignKey(
        "core.Batch", on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False, db_index=False,
        verbose_name=_("bulk entry"), help_text=_("Bulk entry that it came with; empty: entered alone."),
    )  # fmt: skip

    objects = Visible()
    everything = models.Manager()  # noqa: DJ012  # the first manager is the default one

    class Meta:
        abstract = True
        indexes = (models.Index(fields=["batch", "changed_seq"], name="%(app_label)s_%(class)s_batch"),)


class NumberSeries(models.Model):
    """Counter behind the spoken numbers, one per kind and year."""

    units: ClassVar[dict[str, str]] = {"year": "a", "last": "1"}

    prefix = models.CharField(_("prefix"), max_length=8, help_text=_("Letter of the kind of record, such as L."))
    year = models.PositiveSmallIntegerField(_("year"), help_text=_("Calendar year of the organisation."))
    last = models.PositiveIntegerField(_("last number"), default=0, help_text=_("The number given last."))

    class Meta:
        constraints = (models.UniqueConstraint(fields=["prefix", "year"], name="core_one_series_a_year"),)
