"""Whether what stands in the file of a questionnaire has the shape of one. Pure Python."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from baton.feedback.rules.drafting import LARGEST, MOST_QUESTIONS
from baton.feedback.rules.faults import Fault
from baton.feedback.rules.questions import About, Kind
from baton_analysis.errors import gettext_noop

MOST_SECTIONS = 40
_LONGEST = 10_000
_PLACE = re.compile(r"[0-9]{1,2}")
_KEPT = "\n\t\u200d"
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs"})

Reader = Callable[[str, Any], Any]


class Shape:
    """Reads values by what is expected at their places, and collects what is not (``faults``). ``left_out``: languages
    that are not among ``languages``; ``missing``: language -> places of texts that lack it."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self.languages = languages
        self.faults: list[Fault] = []
        self.left_out: set[str] = set()
        self.missing: dict[str, list[str]] = {}
        self._section: Mapping[str, Reader] = {
            "key": self.text, "title": self.texts, "intro": self.texts, "questions": self._questions,
        }  # fmt: skip
        self._question: Mapping[str, Reader] = {
            "key": self.text, "kind": self._one_of(Kind), "words": self.texts, "help": self.texts,
            "about": self._one_of(About), "required": self.flag, "low": self.whole, "high": self.whole,
            "anchors": self._anchors, "not_applicable": self.flag, "options": self._options, "unit": self.texts,
            "dimension": self.text, "outcome": self.flag, "when": self._condition, "agreement": self.text,
            "line": self.text,
        }  # fmt: skip
        self._option: Mapping[str, Reader] = {"key": self.text, "words": self.texts}
        self._when: Mapping[str, Reader] = {"question": self.text, "answers": self._answers}

    def file(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """The whole, without its format and version."""
        known: Mapping[str, Reader] = {"name": self.texts, "purpose": self.texts, "sections": self._sections}
        return self._fields("", raw, known, ("name", "sections"))

    def text(self, where: str, raw: Any) -> str:
        """A text, without what nobody sees."""
        if not isinstance(raw, str):
            self._wrong(where, gettext_noop("Expected a text."), raw)
            return ""
        kept = (c for c in unicodedata.normalize("NFC", raw[:_LONGEST]) if c in _KEPT or _is_seen(c))
        return "".join(kept).strip()

    def texts(self, where: str, raw: Any) -> dict[str, str]:
        """A text by language."""
        if not isinstance(raw, dict):
            self._wrong(where, gettext_noop("Expected a text by language."), raw)
            return {}
        self.left_out |= {short(code) for code in raw if code not in self.languages}
        found = {code: self.text(f"{where}.{code}", raw[code]) for code in self.languages if code in raw}
        found = {code: text for code, text in found.items() if text}
        for code in self.languages:
            if found and code not in found:
                self.missing.setdefault(code, []).append(where)
        return found

    def flag(self, where: str, raw: Any) -> bool:
        """Yes or no."""
        if not isinstance(raw, bool):
            self._wrong(where, gettext_noop("Expected true or false."), raw)
        return raw is True

    def whole(self, where: str, raw: Any) -> int:
        """A whole number."""
        if isinstance(raw, bool) or not isinstance(raw, int) or abs(raw) > LARGEST:
            self._wrong(where, gettext_noop("Expected a whole number."), raw)
            return 0
        return raw

    def _one_of(self, kinds: type[Kind] | type[About]) -> Reader:
        def read(where: str, raw: Any) -> str:
            if not isinstance(raw, str) or raw not in {one.value for one in kinds}:
                self.faults.append(
                    Fault(
                        where, gettext_noop("Expected one of these: {names}."), gettext_noop("Correct it."),
                        gettext_noop("Found “{value}”."),
                        {"names": ", ".join(one.value for one in kinds), "value": short(raw)},
                    )
                )  # fmt: skip
            return str(raw)

        return read

    def _sections(self, where: str, raw: Any) -> list[dict[str, Any]]:
        return [
            self._fields(f"{where}.{place}", one, self._section, ("key", "title"))
            for place, one in self._items(where, raw, MOST_SECTIONS)
        ]

    def _questions(self, where: str, raw: Any) -> list[dict[str, Any]]:
        return [
            self._fields(f"{where}.{place}", one, self._question, ("key", "kind", "words"))
            for place, one in self._items(where, raw, MOST_QUESTIONS)
        ]

    def _options(self, where: str, raw: Any) -> list[dict[str, Any]]:
        return [
            self._fields(f"{where}.{place}", one, self._option, ("key", "words"))
            for place, one in self._items(where, raw, MOST_QUESTIONS)
        ]

    def _condition(self, where: str, raw: Any) -> dict[str, Any]:
        return self._fields(where, raw, self._when, ("question", "answers"))

    def _answers(self, where: str, raw: Any) -> list[str]:
        return [self.text(f"{where}.{place}", one) for place, one in self._items(where, raw, MOST_QUESTIONS)]

    def _anchors(self, where: str, raw: Any) -> dict[str, dict[str, str]]:
        if not isinstance(raw, dict) or not all(_PLACE.fullmatch(place) for place in raw):
            self._wrong(where, gettext_noop("Expected words by the places of the scale."), raw)
            return {}
        return {place: self.texts(f"{where}.{place}", words) for place, words in raw.items()}

    def _items(self, where: str, raw: Any, most: int) -> list[tuple[int, Any]]:
        if not isinstance(raw, list) or len(raw) > most:
            self.faults.append(
                Fault(
                    where, gettext_noop("Expected a list of at most {most}."), gettext_noop("Correct it."),
                    gettext_noop("Found {count}.") if isinstance(raw, list) else gettext_noop("Found “{value}”."),
                    {"most": most, "count": len(raw) if isinstance(raw, list) else 0, "value": short(raw)},
                )
            )  # fmt: skip
            return []
        return list(enumerate(raw))

    def _fields(
        self, where: str, raw: Any, known: Mapping[str, Reader], needed: tuple[str, ...]
    ) -> dict[str, Any]:  # fmt: skip
        if not isinstance(raw, dict):
            self._wrong(where, gettext_noop("Expected an object with these names: {names}."), raw, names=known)
            return {}
        before = f"{where}." if where else ""
        for name in raw:
            if name not in known:
                self._wrong(
                    where, gettext_noop("Expected these names only: {names}."), name, names=known,
                    remedy=gettext_noop("Leave it out, or spell it as it is expected."),
                )  # fmt: skip
        for name in needed:
            if name not in raw:
                self.faults.append(Fault(f"{before}{name}", gettext_noop("Expected it."), gettext_noop("Add it.")))
        return {name: known[name](f"{before}{name}", value) for name, value in raw.items() if name in known}

    def _wrong(
        self, where: str, expected: str, raw: Any, *, names: Mapping[str, Any] | None = None,
        remedy: str = gettext_noop("Correct it."),
    ) -> None:  # fmt: skip
        values = {"value": short(raw), **({"names": ", ".join(names)} if names else {})}
        self.faults.append(Fault(where, expected, remedy, gettext_noop("Found “{value}”."), values))


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in _UNSEEN


def short(raw: Any) -> str:
    """What was found, short, without what nobody sees."""
    return "".join(c for c in str(raw)[:40] if _is_seen(c))
