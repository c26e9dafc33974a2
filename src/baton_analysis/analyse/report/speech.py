"""How the report speaks: its words, figures and names in one language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from baton_analysis.analyse.report.words import Words
from baton_analysis.drawing import figures

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_UNITS = {"en": ("s", "min", "h", "d"), "zh-Hans": ("秒", "分钟", "小时", "天")}


@dataclass(frozen=True, slots=True)
class Speech:
    """``speech("key", name=value)`` is a sentence; ``translate`` serves remarks and rules that come from elsewhere."""

    words: Words
    translate: Callable[[str], str]
    names: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, key: str, /, **values: Any) -> str:
        return self.words[key].format(**values)

    def number(self, value: Any, digits: int | None = None) -> str:
        """Grouped by thousands; a dash where there is none."""
        return figures.number(value, digits)

    def percent(self, value: Any) -> str:
        """A share as a percentage."""
        return figures.percent(value)

    def rules(self, said: Any) -> str:
        """Several rules after each other."""
        return ("；" if self.words["lang"].startswith("zh") else "; ").join(said)

    def link(self, subject: str) -> str:
        """``supplier>customer`` as people read it, with the names of parties that have one."""
        return " → ".join(self.names.get(party, party) for party in subject.split(">", 1))

    def unit_of(self, seconds: float | None) -> tuple[float, str]:
        """Seconds in the unit in which a typical value is best read, and its name."""
        size = abs(seconds or 0)
        place = 0 if size < _MINUTE else 1 if size < _HOUR else 2 if size < 2 * _DAY else 3
        return (1, _MINUTE, _HOUR, _DAY)[place], _UNITS[self.words["lang"]][place]

    def duration(self, seconds: float | None) -> str:
        """Seconds in the unit in which they are best read."""
        if seconds is None:
            return figures.MISSING
        unit, name = self.unit_of(seconds)
        return f"{figures.number(seconds / unit, 1)}{figures.NO_BREAK}{name}"
