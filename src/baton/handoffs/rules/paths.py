"""Paths of links that are followed by reference. Pure Python."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta

FEWEST_LINKS, MOST_LINKS = 2, 12
MOST_PATHS = 200
"""Paths that are measured at a time: each is computed anew when something on it happens."""
HALF_YEAR = timedelta(weeks=26)
"""References are followed of which a handoff lies in this time before the newest one of the path."""
REST = timedelta(hours=1)
"""A path whose figures are younger than this is not computed anew, whatever happens on it."""


def path_key(links: Sequence[str]) -> str:
    """The key of a path: the links (public ids) in their order, each once. The same path is measured once."""
    return hashlib.sha256(">".join(links).encode()).hexdigest()


def follows(earlier: str, later: str) -> bool:
    """Whether what one party takes the other may hand on: it is the same, or one stands within the other. Given are the
    ways to them in the organisation (``path`` of a party)."""
    return earlier.startswith(later) or later.startswith(earlier)
