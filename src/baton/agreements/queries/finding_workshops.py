"""What of workshops a search finds: their number, and what they are about.

What is read here for the index knows no viewer; :func:`search_sight` decides what of it is found. Notes are left out:
one that names somebody can be taken out, and then stands nowhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from baton.agreements.models import Workshop
from baton.agreements.queries.workshops import WITH_LINK, workshops_in_sight
from baton.core.actors import Actor
from baton.core.policy import may_use
from baton.core.registries import Findable


def search_sight(viewer: Actor, at: datetime) -> Mapping[str, Any]:
    """The workshops that the viewer may know of; guests find none."""
    return {Workshop.kind: workshops_in_sight(viewer=viewer, at=at)} if may_use(viewer) else {}


def workshops_read(public_ids: Collection[str]) -> Iterator[Findable]:
    """Workshops by number, output of the link and number of the agreement."""
    for one in Workshop.objects.filter(public_id__in=public_ids).select_related(*WITH_LINK):
        agreement = one.version.agreement
        link = agreement.link
        yield Findable(
            one.public_id, one.number, link.output.name, texts=[agreement.number],
            note=f"{link.supplier} → {link.customer}",
        )  # fmt: skip


def workshop_ids() -> Iterable[str]:
    """Every workshop."""
    return Workshop.objects.values_list("public_id", flat=True)


def workshops_of_links(public_ids: Collection[str]) -> Iterable[str]:
    """The workshops about these links."""
    return _ids(version__agreement__link__public_id__in=public_ids)


def workshops_of_outputs(public_ids: Collection[str]) -> Iterable[str]:
    """The workshops about links that hand over these outputs."""
    return _ids(version__agreement__link__output__public_id__in=public_ids)


def _ids(**where: Any) -> Iterable[str]:
    return Workshop.objects.filter(**where).values_list("public_id", flat=True)
