"""The figures of a link in words."""

from __future__ import annotations

from django.utils.translation import gettext

from baton.monitoring.queries import Figures
from baton.monitoring.rules import Health


def health_word(figures: Figures) -> str:
    """How it goes, in the reader's language; what was never measured is told apart from what has too few weeks."""
    if not figures.measured:
        return gettext("Not measured")
    words = {Health.KEPT: gettext("Kept"), Health.AT_RISK: gettext("At risk"), Health.UNKNOWN: gettext("Too few weeks")}
    return words[figures.health]
