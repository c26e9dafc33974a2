"""Refusals of the application; each is shown as a page or message, never as a traceback."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext

from baton.core.rules import START_REFUSED
from baton_analysis.errors import BatonError, filled, gettext_noop


class Refused(BatonError):
    """The request cannot be carried out as it stands. ``field`` names the form field it concerns, if any."""

    status = 400

    def __init__(self, *, remedy: str, expected: str = "", found: str = "", field: str = "", **values: Any) -> None:
        self.field = field
        super().__init__(expected=expected, found=found, remedy=remedy, **values)


class TooLong(Refused):
    """A text is longer than the ``most`` characters that fit; ``length`` are those that came. A text that must not be
    empty either is refused so, too."""

    def __init__(self, *, field: str, most: int, length: int, remedy: str = gettext_noop("Shorten it.")) -> None:
        super().__init__(
            field=field,
            expected=gettext_noop("Expected a text of at most {most} characters."),
            found=gettext_noop("Found {length} characters."),
            remedy=remedy,
            most=most,
            length=length,
        )


class CannotStart(Refused):
    """The application does not work on this installation: its database does not answer or does not fit."""

    status = 503
    exit_code = START_REFUSED


class Forbidden(Refused):
    """The actor may not do or see this."""

    status = 403

    def __init__(self, *, remedy: str = "", **values: Any) -> None:
        super().__init__(
            remedy=remedy
            or gettext_noop("You may not do this. Ask the head of the department or the quality manager."),
            **values,
        )


class NotFound(Refused):
    """There is no such record, or the viewer may not know that there is."""

    status = 404

    def __init__(self) -> None:
        super().__init__(remedy=gettext_noop("There is no such page, or it is not shared with you."))


class Stale(Refused):
    """Somebody else changed the record meanwhile.

    ``theirs`` maps field -> the value that now stands, ``version`` is the ``changed_seq`` under which it stands.
    """

    status = 409

    def __init__(self, *, theirs: dict[str, Any] | None = None, version: int = 0, **values: Any) -> None:
        self.theirs = theirs or {}
        self.version = version
        super().__init__(
            expected=gettext_noop("Somebody changed this record while you were editing it."),
            remedy=gettext_noop("Compare both versions below and save again."),
            **values,
        )


class VersionChanged(Refused):
    """What somebody was about to sign changed since it was shown to him; ``digest`` is that of the version that now
    stands."""

    status = 409

    def __init__(self, *, shown: str, now: str, digest: str) -> None:
        self.digest = digest
        super().__init__(
            expected=gettext_noop("A signature stands under exactly what was read: the version with the mark {shown}."),
            found=gettext_noop("It was changed meanwhile; its mark is {now} now. Nothing was signed."),
            remedy=gettext_noop("Read it again as it stands now, then sign."),
            shown=shown,
            now=now,
        )


class RefusedRows(Refused):
    """Rows of a list are refused, and with them the whole; ``refused`` are (number of the row from 1, why)."""

    def __init__(self, refused: Sequence[tuple[int, Refused]], **said: Any) -> None:
        self.refused = tuple(refused)
        super().__init__(**said)


class SentBefore(Refused):
    """The key of an earlier form or request came back with other contents."""

    status = 422


def explain(error: BatonError) -> str:
    """The message in the reader's language."""
    return error.render(gettext)


def filled_text(template: str, values: Mapping[str, Any]) -> str:
    """One part of a message in the reader's language."""
    return filled(template, values, gettext) if template else ""
