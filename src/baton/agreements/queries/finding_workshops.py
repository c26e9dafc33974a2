"""What of workshops a search finds: their number, and what they are about.

What is read here for the index knows no viewer; :func:`search_sight` decides what of it is found. Notes are left out:
one that names somebody can be taken out, and then stands nowhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q

from baton.agreements.models import OfferVersion, Workshop
from baton.agreements.queries.workshops import WITH_TEXT, workshops_in_sight
from baton.core.actors import Actor
from baton.core.policy import may_use
from baton.core.registries import Findable


def search_sight(viewer: Actor, at: datetime) -> Mapping[str, Any]:
    """The workshops that the viewer may know of; guests find none."""
    return {Workshop.kind: workshops_in_sight(viewer=viewer, at=at)} if may_use(viewer) else {}


def workshops_read(public_ids: Collection[str]) -> Iterator[Findable]:
    """Workshops by number, by what is handed over, and by the number of the agreement or service offer."""
    for one in Workshop.objects.filter(public_id__in=public_ids).select_related(*WITH_TEXT):
        text = one.text
        about = text.offer.number if isinstance(text, OfferVersion) else text.agreement.number
        customer = f" → {one.customer}" if one.customer is not None else ""
        yield Findable(one.public_id, one.number, one.output.name, texts=[about], note=f"{one.supplier}{customer}")


def workshop_ids() -> Iterable[str]:
    """Every workshop."""
    return Workshop.objects.values_list("public_id", flat=True)


def workshops_of_links(public_ids: Collection[str]) -> Iterable[str]:
    """The workshops about these links."""
    return _ids(Q(version__agreement__link__public_id__in=public_ids))


def workshops_of_outputs(public_ids: Collection[str]) -> Iterable[str]:
    """The workshops about links and service offers that hand over these outputs."""
    linked = Q(version__agreement__link__output__public_id__in=public_ids)
    return _ids(linked | Q(offer_version__offer__output__public_id__in=public_ids))


def _ids(where: Q) -> Iterable[str]:
    return Workshop.objects.filter(where).values_list("public_id", flat=True)
