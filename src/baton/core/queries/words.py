"""Words that the organisation has renamed."""

from __future__ import annotations

from baton.core.models import RenamedWord
from baton.core.words import Forms, Key


def renamed_words() -> dict[Key, Forms]:
    """What the organisation calls otherwise; everybody reads it on every page."""
    rows = RenamedWord.objects.exclude(singular="").values_list("word", "language", "singular", "plural")
    return {(word, language): Forms(singular, plural) for word, language, singular, plural in rows}
