"""What search and discussions need to know of complaints; who finds which, the sight of the search says."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from django.conf import settings

from baton.core.registries import Findable
from baton.feedback.models import Complaint


def complaints_read(public_ids: Collection[str]) -> Iterator[Findable]:
    """What a search needs to know of complaints: number, phenomenon, product, lot, invoice; never whose it is."""
    for one in Complaint.objects.filter(public_id__in=public_ids):
        texts = tuple(text for text in (one.phenomenon, one.product, one.model, one.lot, one.invoice) if text)
        yield Findable(one.public_id, one.number, _called(one), texts=texts)


def complaint_ids() -> Iterator[str]:
    """Every complaint, for a rebuild of the index."""
    return Complaint.objects.values_list("public_id", flat=True).iterator()


def complaint_called(public_id: str) -> Mapping[str, str]:
    """What a discussion of a complaint is called."""
    found = Complaint.objects.filter(public_id=public_id).first()
    return {} if found is None else dict.fromkeys((code for code, _label in settings.LANGUAGES), found.number)


def supplier_of(public_id: str) -> str:
    """Public id of the party that a complaint is about; empty where none is known."""
    found = Complaint.objects.filter(public_id=public_id).values_list("supplier__public_id", flat=True).first()
    return found or ""


def _called(one: Complaint) -> dict[str, str]:
    return dict.fromkeys((code for code, _label in settings.LANGUAGES), one.phenomenon[:120])
