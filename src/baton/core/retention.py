"""How long records are kept, and which have stood longer than that.

Nothing is deleted by time alone: the report says what is due, and people end, withdraw or forget it. The audit trail
itself is kept for as long as the installation stands; personal values in it go with ``baton forget``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dateutil.relativedelta import relativedelta
from django.apps import apps
from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from baton.core import policy, registries
from baton.core.actors import Actor
from baton.core.audit import words
from baton.core.models import Record
from baton.core.registries import Retention

# Liability for a product or service ends ten years after delivery in most places (EU 2024/2853, art. 17; PRC product
# quality law, art. 45).
DEFAULT = Retention(10, _("Proof of what was agreed, delivered and changed."))


@dataclass(frozen=True, slots=True)
class RetentionLine:
    """The records of one kind at the time of the report.

    ``due`` counts those recorded more than ``years`` ago, ``oldest`` is when the oldest of all was recorded.
    """

    kind: str
    years: int
    purpose: str
    records: int
    due: int
    oldest: datetime | None


def declare() -> None:
    """What the core keeps for less than :data:`DEFAULT`."""
    registries.retention.add("notification", Retention(1, _("Telling people what needs their attention.")))
    registries.retention.add("following", Retention(1, _("Telling those who asked for it.")))
    registries.retention.add("reset_code", Retention(1, _("Looking into a misused sign-in.")))
    wish = _("Telling people by e-mail only what and when they want.")
    registries.retention.add("mail_choices", Retention(1, wish))


def retention_of(kind: str) -> Retention:
    """How long records of ``kind`` are kept, and what for."""
    return registries.retention.get(kind) if kind in registries.retention else DEFAULT


def retention_report(*, viewer: Actor, at: datetime) -> list[RetentionLine]:
    """One line for every kind of record, in the order of their names. Two queries a kind."""
    policy.demand(policy.may_read_audit_trail(viewer))
    models = [model for model in apps.get_models() if issubclass(model, Record)]
    return [_line(model, at) for model in sorted(models, key=lambda model: model.kind)]


@dataclass(frozen=True, slots=True)
class PersonalField:
    """A field that holds personal data, in the reader's words: where it stands (``record``, ``field``), what it is kept
    for, and for how many years after the person has left or the record has ended."""

    record: str
    field: str
    purpose: str
    years: int


def personal_fields() -> list[PersonalField]:
    """Every field of every room that holds personal data, people first. Says nothing about anybody."""
    models = [model for model in apps.get_models() if issubclass(model, Record) and model.personal]
    return [
        PersonalField(words.kind(model.kind), words.field(model.kind, name), str(kept.purpose), kept.years)
        for model in sorted(models, key=lambda model: (model.kind != "person", model.kind))
        for name, kept in model.personal.items()
    ]


def _line(model: type[Record], at: datetime) -> RetentionLine:
    rule = retention_of(model.kind)
    records = model._base_manager.all()
    return RetentionLine(
        kind=model.kind,
        years=rule.years,
        purpose=str(rule.purpose),
        records=records.count(),
        due=records.filter(recorded_at__lt=at - relativedelta(years=rule.years)).count(),
        oldest=records.aggregate(oldest=Min("recorded_at"))["oldest"],
    )
