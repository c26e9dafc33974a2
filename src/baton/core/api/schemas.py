"""What the schemas of all rooms share."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Generic, TypeVar

from django.conf import settings
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic.json_schema import WithJsonSchema

from baton.core.ids import ALPHABET, LENGTH
from baton.core.slices import FEW_ROWS, MOST_ROWS

T = TypeVar("T")

ID_PATTERN = f"^[{ALPHABET}]{{{LENGTH}}}$"
DAY_PATTERN = r"^\d{4}-\d{2}-\d{2}$"


def _day(value: Any) -> Any:
    """Only ``2026-03-31``: no times, no numbers since 1970."""
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("day")
    return value if isinstance(value, str | date) else _no("day")


def _integer(value: Any) -> Any:
    """Query parameters are texts: plain ASCII digits only."""
    if isinstance(value, str):
        return int(value) if re.fullmatch(r"-?[0-9]{1,18}", value) else _no("integer")
    return value


def _flag(value: Any) -> Any:
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def _no(what: str) -> Any:
    raise ValueError(what)


PublicId = Annotated[str, StringConstraints(pattern=ID_PATTERN), Field(examples=["2b3c4d5f6g7h8j9k"])]
"""Random id of a record."""

Day = Annotated[
    date,
    BeforeValidator(_day),
    Field(examples=["2026-03-31"]),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-03-31"]}),
]
"""A calendar day of the organisation."""

_LANGUAGES = [code for code, _name in settings.LANGUAGES]
_NO_NUL = "[^\\x00]"

Language = Annotated[str, StringConstraints(pattern=f"^({'|'.join(map(re.escape, _LANGUAGES))})$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=f"^{_NO_NUL}+$")]
Texts = Annotated[
    dict[Language, Text],
    Field(min_length=1, max_length=len(_LANGUAGES)),
    WithJsonSchema(
        {
            "type": "object",
            "properties": {
                code: {"type": "string", "minLength": 1, "maxLength": 200, "pattern": f"^{_NO_NUL}+$"}
                for code in _LANGUAGES
            },
            "additionalProperties": False,
            "minProperties": 1,
            "examples": [{"en": "Laundry", "zh-hans": "洗衣房"}],
        }
    ),
]
"""A text by language; the organisation's language is required."""

SaidTexts = Annotated[dict[str, str], Field(examples=[{"en": "Laundry", "zh-hans": "洗衣房"}])]
"""A text by language, as it is stored."""

FreeText = StringConstraints(max_length=200, pattern=f"^{_NO_NUL}*$")
Reason = Annotated[str, FreeText, Field(description="Stands in the history.")]
Version = Annotated[
    int,
    Field(
        strict=True, ge=0, le=2**53, description="The `version` that you saw; or send it as If-Match.", examples=[42]
    ),
]
Integer = Annotated[int, BeforeValidator(_integer)]
"""A number in the query."""
Flag = Annotated[bool, BeforeValidator(_flag)]
Limit = Annotated[
    int,
    BeforeValidator(_integer),
    Field(ge=1, le=MOST_ROWS, description="Most rows of the answer.", examples=[FEW_ROWS]),
]
Cursor = Annotated[
    str,
    StringConstraints(max_length=1000, pattern=f"^{_NO_NUL}*$"),
    Field(description="`next` of the slice before; empty: from the beginning."),
]
Search = Annotated[str, FreeText, Field(description="Words that must all occur.", examples=["linen"])]


class Sent(BaseModel):
    """What a program sends: nothing beyond what is asked for."""

    model_config = ConfigDict(extra="forbid")

    def said_as(self, fields: type[Sent]) -> dict[str, Any]:
        """What it says under the names of ``fields``, a schema that it extends."""
        return {name: getattr(self, name) for name in fields.model_fields}


class Asked(Sent):
    """Query parameters of a list."""

    limit: Limit = FEW_ROWS
    cursor: Cursor = ""

    def filters(self) -> dict[str, Any]:
        """What the list is asked for, without the slice of it."""
        return self.model_dump(exclude={"limit", "cursor"})


class Shown(BaseModel):
    """What a program gets."""

    model_config = ConfigDict(extra="forbid")


class Rows(Shown, Generic[T]):
    """A slice of a list."""

    rows: list[T] = Field(description="At most `limit` of them.")
    next: str = Field(description="Cursor of the following slice; empty at the end.")


class Edited(Sent):
    """A change of something that somebody else may have changed meanwhile."""

    version: Version | None = None
    reason: Reason = ""


class FieldError(Shown):
    """What is wrong in one place."""

    loc: list[str | int] = Field(description="Where: body, query, header or path, then the names down to the value.")
    field: str
    expected: str
    found: str
    remedy: str


class ProblemShown(BaseModel):
    """A refusal (RFC 9457), in the language of Accept-Language."""

    model_config = ConfigDict(title="Problem")

    type: str = Field(description="What kind of refusal; leads to its explanation.")
    title: str
    status: int
    detail: str
    instance: str = Field(description="Path that was called.")
    request_id: str = Field(description="Under which the administrator finds the call in the logs.")
    errors: list[FieldError]
    version: int | None = Field(default=None, description="Of a stale change: the version that now stands.")
    theirs: dict[str, Any] | None = Field(default=None, description="Of a stale change: what now stands.")
