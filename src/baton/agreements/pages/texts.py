"""The page of a version, of an agreement or of a service offer."""

from __future__ import annotations

from django.urls import reverse

from baton.agreements.changes.drafts import Text
from baton.agreements.models import OfferVersion


def page_of_text(version: Text) -> str:
    """Its address."""
    if isinstance(version, OfferVersion):
        page = reverse("agreements:offer", args=[version.offer.public_id])
    else:
        page = reverse("agreements:agreement", args=[version.agreement.public_id])
    return f"{page}?version={version.version}"
