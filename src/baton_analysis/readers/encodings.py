"""Which encoding a text is in, and its text; an encoding is never guessed silently and never mixed."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

from baton_analysis.errors import ReadError, gettext_noop

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030", "big5", "cp1252")
"""The encodings that are found without being told."""
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHINESE = ("gb18030", "big5")
_LIKELY = 0.7
_HAN_UTF8 = re.compile(rb"[\xe3-\xe9][\x80-\xbf]{2}")


def bom_of(head: bytes) -> tuple[str, int] | None:
    """The encoding that a byte order mark names, and the length of the mark."""
    return next(((name, len(bom)) for bom, name in _BOMS if head.startswith(bom)), None)


def detect_encoding(sample: bytes, row: int = 1) -> str:
    """The encoding of a text by its bytes, one of :data:`ENCODINGS`, or UTF-32 by its mark.

    Chinese is told from Western text by how many of its characters are among the everyday ones (level 1 of GB 2312
    or of Big5: some 99 % of running text); the wrong reading of the same bytes has few of them. ``row`` is
    the number of the first row, for messages.

    Raises
    ------
    ReadError
        Some rows are UTF-8 and others are not.
    """
    if bom := bom_of(sample):
        return bom[0]
    if b"\x00" in sample:
        wide = _wide_encoding(sample)
        if wide:
            return wide
    if _decodes(sample, "utf-8"):
        return "utf-8"
    scores = {name: _everyday_share(sample, name) for name in _CHINESE}
    best = max(scores, key=lambda name: scores[name])
    _refuse_mixture(sample, best if scores[best] >= _LIKELY else "cp1252", row)
    return best if scores[best] >= _LIKELY else "cp1252"


class Text:
    """The text of a stream of bytes, in pieces and without a byte order mark; ``encoding`` is final once all is read.

    Parameters
    ----------
    chunks
        The bytes. The first should be long enough to judge by; while all is ASCII, judgement waits.
    encoding
        The encoding if it is known; otherwise it is found.

    Raises
    ------
    ReadError
        While iterating: bytes that the encoding does not have, with their row; a NUL character; an unknown encoding.
    """

    def __init__(self, chunks: Iterable[bytes], encoding: str | None = None) -> None:
        self.encoding = encoding or "utf-8"
        self._found = encoding is None
        self._chunks = chunks
        self._row = 1

    def __iter__(self) -> Iterator[str]:
        decoder: codecs.IncrementalDecoder | None = None if self._found else _decoder(self.encoding)
        start = True
        for chunk in self._chunks:
            if decoder is None:
                if chunk.isascii() and b"\x00" not in chunk:
                    yield self._passed(chunk.decode("ascii"))
                    continue
                self.encoding = detect_encoding(chunk, self._row)
                decoder = _decoder(self.encoding)
            elif self._found and self.encoding in _CHINESE:
                _refuse_mixture(chunk, self.encoding, self._row)
            text = self._decoded(decoder, chunk, final=False)
            if start and text:
                text = text.removeprefix("\ufeff")
                start = False
            yield self._passed(text)
        if decoder is not None:
            yield self._passed(self._decoded(decoder, b"", final=True))

    def _passed(self, text: str) -> str:
        _refuse_nul(text, self._row)
        self._row += _line_ends(text)
        return text

    def _decoded(self, decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool) -> str:
        try:
            return decoder.decode(chunk, final)
        except UnicodeDecodeError as error:
            before = error.object[: error.start].decode(self.encoding, "replace")
            raise mixed(self._row + _line_ends(before), self.encoding) from error


def _decoder(encoding: str) -> codecs.IncrementalDecoder:
    try:
        info = codecs.lookup(encoding)
    except LookupError:
        info = None
    if info is None or not info._is_text_encoding or info.incrementaldecoder is None:
        raise ReadError(
            expected=gettext_noop("The name of a text encoding was expected, for example utf-8 or gb18030."),
            found=gettext_noop("“{encoding}” is not one."),
            remedy=gettext_noop("Leave the encoding out, and it is found from the file."),
            encoding=encoding,
        )
    return info.incrementaldecoder("strict")


def mixed(row: int, encoding: str) -> ReadError:
    """The error for a row that is not in the encoding of the rows before it."""
    return ReadError(
        expected=gettext_noop("The whole file in one encoding was expected: {encoding}."),
        found=gettext_noop("Row {row} has bytes that are not {encoding}."),
        remedy=gettext_noop("Save the file again as CSV UTF-8, or name the encoding it was written in."),
        encoding=encoding,
        row=row,
    )


def _refuse_nul(text: str, row: int) -> None:
    at = text.find("\x00")
    if at >= 0:
        raise ReadError(
            expected=gettext_noop("Text was expected."),
            found=gettext_noop("Row {row} has a NUL character, which no text has."),
            remedy=gettext_noop("Export the file again as text; if it is UTF-16, name that encoding."),
            row=row + _line_ends(text[:at]),
        )


def _line_ends(text: str) -> int:
    feeds = text.count("\n")
    return feeds if feeds else text.count("\r")


def _wide_encoding(sample: bytes) -> str | None:
    """UTF-16 without a mark: ASCII signs (delimiters, digits, line ends) have their zero byte always on one side."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    # A text of one byte a sign may hold a stray NUL; in one of two bytes every second byte of Western text is zero.
    needed = len(sample) / 5 if _decodes(sample, "utf-8") else len(sample) / 50
    if max(even, odd) < needed or min(even, odd) > max(even, odd) / 10:
        return None
    name = "utf-16-le" if odd > even else "utf-16-be"
    return name if _decodes(sample, name) else None


def _decodes(sample: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)("strict").decode(sample, False)
    except UnicodeDecodeError:
        return False
    return True


def _everyday_share(sample: bytes, encoding: str) -> float:
    """Share of everyday Chinese characters and full-width signs among all that are not ASCII; 0 if undecodable."""
    if not _decodes(sample, encoding):
        return 0.0
    text = codecs.getincrementaldecoder(encoding)("strict").decode(sample, False)
    foreign = "".join(c for c in text if c > "\x7f")[:20_000]
    if not foreign:
        return 0.0
    return sum(_everyday(c, encoding) for c in foreign) / len(foreign)


def _everyday(char: str, encoding: str) -> bool:
    packed = char.encode("gb2312" if encoding == "gb18030" else "big5", "ignore")
    if len(packed) != 2:
        return False
    lead = packed[0]
    return 0xA1 <= lead <= 0xA3 or (0xB0 <= lead <= 0xD7 if encoding == "gb18030" else 0xA4 <= lead <= 0xC6)


def _refuse_mixture(sample: bytes, encoding: str, row: int) -> None:
    """Refuse a file of which some rows are UTF-8 and read as anything else make no sense."""
    lines = re.split(rb"\r\n|\r|\n", sample)
    foreign = [(i, line) for i, line in enumerate(lines, row) if not line.isascii()]
    if len(foreign) > 1 and foreign[-1][1] is lines[-1]:
        foreign.pop()  # the sample may end within a character
    utf8 = [(i, line) for i, line in foreign if _decodes(line, "utf-8")]
    if not utf8 or len(utf8) == len(foreign):
        return
    together = b"\n".join(line for _, line in utf8)
    plausible = encoding != "cp1252" and _everyday_share(together, encoding) >= _LIKELY
    if plausible and not _HAN_UTF8.search(together):
        return
    first = next(i for i, line in foreign if not _decodes(line, "utf-8"))
    if len(utf8) >= len(foreign) - len(utf8):
        raise mixed(first, "utf-8")
    if not plausible:
        raise mixed(utf8[0][0], encoding)
