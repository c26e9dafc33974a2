"""Reading the XML of an XES log, as it streams."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from lxml import etree

from baton_analysis.errors import ReadError, gettext_noop
from baton_analysis.readers.bounds import too_long
from baton_analysis.readers.model import Limits
from baton_analysis.readers.xes.target import Enough


class Hears(Protocol):
    """Who hears the elements of a log, and how many events it has heard."""

    limits: Limits
    events: int


def _between_tags(chunks: Iterable[bytes], target: Hears) -> Iterator[bytes]:
    """The chunks as they come, as long as no tag or text is longer than a row may be: the parser holds it whole."""
    most, length = 4 * target.limits.field_chars, 0
    for chunk in chunks:
        opened = chunk.rfind(b"<")
        length = length + len(chunk) if opened < 0 else len(chunk) - opened
        if length > most:
            raise too_long("value", target.limits.field_chars)
        yield chunk


def parse_log(chunks: Iterable[bytes], target: Hears) -> bool:
    """Feed a log to ``target``; False if it stopped early because its sample was full.

    Raises
    ------
    ReadError
        Not XES, not well-formed, cut off, or beyond the bounds.
    """
    # "internal" and not False, which would leave even "&amp;" unresolved. Other entities come from a DOCTYPE alone, and
    # that has been refused by the target before it declares one.
    parser = etree.XMLParser(
        target=target,
        resolve_entities="internal",
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
    )
    try:
        for chunk in _between_tags(chunks, target):
            parser.feed(chunk)
        parser.close()
    except Enough:
        return False
    except etree.XMLSyntaxError as error:
        raise _malformed(error, target) from error
    return True


_CUT_OFF = gettext_noop("It ends in the middle, in line {line} after {events} events.")

_WRONG_END = gettext_noop(
    "Reading stopped in line {line} after {events} events: an element is closed that is not the one last opened."
)

_WRONG_SIGN = gettext_noop(
    "Reading stopped in line {line} after {events} events at a character that XML does not allow."
)

_BROKEN = {
    etree.ErrorTypes.ERR_DOCUMENT_EMPTY: _CUT_OFF,
    etree.ErrorTypes.ERR_TAG_NOT_FINISHED: _CUT_OFF,
    etree.ErrorTypes.ERR_GT_REQUIRED: _CUT_OFF,
    etree.ErrorTypes.ERR_ATTRIBUTE_NOT_FINISHED: _CUT_OFF,
    etree.ErrorTypes.ERR_TAG_NAME_MISMATCH: _WRONG_END,
    etree.ErrorTypes.ERR_INVALID_CHAR: _WRONG_SIGN,
    etree.ErrorTypes.ERR_INVALID_ENCODING: _WRONG_SIGN,
}
"""What stands behind the parser's commonest complaints; it words them in English only."""


def _malformed(error: Any, target: Hears) -> ReadError:
    return ReadError(
        expected=gettext_noop("A complete, well-formed XES log was expected."),
        found=_BROKEN.get(error.code, gettext_noop("Reading stopped in line {line} after {events} events.")),
        remedy=gettext_noop("Copy or download the file again; if it stays so, ask for a new export."),
        line=error.lineno or 1,
        events=target.events,
    )
