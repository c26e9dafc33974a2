"""The organisation's own words, laid over the translations of this process.

Django asks an object per language for every translated text; here it is one that puts the organisation's words into
what the catalogue says. Which words those are is read from the database when the process starts, and again when
another process has changed them: each change touches a file of the data folder, at which every request looks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import trans_real

from baton.core.words import Forms, Key, Renaming

_SEPARATOR = "\x04"
"""Between context and message, as gettext has it."""


@dataclass(slots=True)
class _State:
    renamings: dict[str, Renaming] = field(default_factory=dict)
    version: int = 0
    stamp: int = 0


_state = _State()


_MOST_KEPT = 20_000


class RenamedTranslation(trans_real.DjangoTranslation):
    """A language in the organisation's words. What was said once is kept: a page says hundreds of texts, and to look
    them up in the catalogue of every application takes longer than all else that is done with them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept: dict[str, str] = {}
        self._version = _state.version

    def gettext(self, message: str) -> str:
        if self._version != _state.version or len(self._kept) > _MOST_KEPT:
            self._kept, self._version = {}, _state.version
        kept = self._kept
        said = kept.get(message)
        if said is None:
            said = kept[message] = _said(self.language(), _plain(super().gettext(message)))
        return said

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return _said(self.language(), super().ngettext(msgid1, msgid2, n))


def lay_over() -> None:
    """Let every language of this process be a :class:`RenamedTranslation`; called once, before any text is said."""
    hooks: Any = trans_real
    hooks.DjangoTranslation = RenamedTranslation
    hooks._translations.clear()
    hooks._default = None


def use(renamed: Mapping[Key, Forms]) -> None:
    """Say these words from now on in this process; those that are not named keep their defaults."""
    _state.renamings = {code: Renaming(code, renamed) for code, _name in settings.LANGUAGES} if renamed else {}
    _state.version += 1


def version() -> int:
    """Another one whenever this process says other words."""
    return _state.version


def load() -> None:
    """Read the words from the database."""
    from baton.core.queries import renamed_words

    _state.stamp = _stamp()
    use(renamed_words())


def follow() -> None:
    """Read them again if somebody has changed them since; costs a look at one file."""
    if _stamp() != _state.stamp:
        load()


def tell_everybody() -> None:
    """Let every process know that the words have changed; called when the change is committed."""
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    load()


def _file() -> Path:
    return Path(settings.DATA_DIR) / "words.changed"


def _stamp() -> int:
    try:
        return _file().stat().st_mtime_ns
    except OSError:
        return 0


def _plain(said: str) -> str:
    """A message with a context that no catalogue knows comes back with it; what is said is the message alone."""
    return said.rpartition(_SEPARATOR)[2] if _SEPARATOR in said and _state.renamings else said


def _said(language: str, text: str) -> str:
    renaming = _state.renamings.get(language)
    return text if renaming is None or _SEPARATOR in text else _cached(_state.version, language, text)


@lru_cache(maxsize=20_000)
def _cached(version: int, language: str, text: str) -> str:
    return _state.renamings[language].apply(text)
