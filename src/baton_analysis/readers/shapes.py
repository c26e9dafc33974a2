"""The shapes of written dates and times."""

from __future__ import annotations

import re

_CLOCK = (
    r"(?:(?:T|\s)\s*(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    r"\s*(?P<half>[AaPp][Mm])?\s*(?P<zone>Z|z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$"
)
YEAR_FIRST_PATTERN = r"^(?P<year>[0-9]{4,6})[-/.](?P<one>[0-9]{1,2})[-/.](?P<two>[0-9]{1,2})" + _CLOCK
YEAR_LAST_PATTERN = r"^(?P<one>[0-9]{1,2})[-/.](?P<two>[0-9]{1,2})[-/.](?P<year>[0-9]{4,6})" + _CLOCK
YEAR_FIRST = re.compile(YEAR_FIRST_PATTERN)
"""A date whose year comes first, with whatever time and zone follow; ``one`` is its month."""
SHAPES = (YEAR_FIRST, re.compile(YEAR_LAST_PATTERN))
"""The shapes of a date: the other one has its year last, and ``one`` is its day or its month."""
_CHINESE = (("年", "-"), ("月", "-"), ("日", " "), ("号", " "), ("時", ":"), ("时", ":"), ("分", ":"), ("秒", ""))


def plain_time(text: str) -> str:
    """The text with 年月日 and the like turned into hyphens and colons, as the shapes have them."""
    text = text.strip()
    if "年" in text:
        for word, sign in _CHINESE:
            text = text.replace(word, sign)
        text = re.sub(r"\s+", " ", text).rstrip(" :")
    return text
