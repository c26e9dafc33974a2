"""Why a questionnaire or an answer is refused. Pure Python."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one place: ``field`` names the question (``q3``, ``q3.expected``) or the part of a questionnaire
    (``sections.0.questions.2.words``); the message stands as templates with their values."""

    field: str
    expected: str
    remedy: str
    found: str = ""
    values: dict[str, Any] = dataclasses.field(default_factory=dict)
