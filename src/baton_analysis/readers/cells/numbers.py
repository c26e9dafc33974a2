"""Cells that hold numbers. Digits are 0-9 (full-width ones of Chinese input methods too); nothing else counts.

Python would read "1_000" as 1000, "1e400" as infinity and Arabic digits as their value: here they are problems.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells.texts import CellProblem, clean_text, problem, refusal

DecimalSign = Literal[".", ","]
Number = int | Decimal

MOST_DIGITS = 18
"""So many digits a whole number may have; it then fits into the 64 bits of every database."""
_FULL_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), 0xFF0B, 0xFF0C, 0xFF0D, 0xFF0E)}
_FULL_WIDTH[0x2212] = ord("-")  # the minus sign of typesetting
_BLANKS = re.compile(r"(?<=[0-9])[ \u00a0\u2009\u202f'\u2019](?=[0-9]{3}(?![0-9]))")
_WHOLE = re.compile(r"[+-]?[0-9]+")
_ONE_SIGN = re.compile(r"[+-]?[0-9]*([.,])[0-9]*")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:([.,])[0-9]{3})+")
_BOTH = re.compile(r"[+-]?[0-9]{1,3}(?:([.,])[0-9]{3})+([.,])[0-9]+")
_SCIENCE = re.compile(r"[+-]?(?:[0-9]+[.,]?[0-9]*|[.,][0-9]+)[eE][+-]?[0-9]+")
_MOST_EXPONENT = 30

_EXPECTED_WHOLE = gettext_noop("A whole number was expected, for example 12.")
_EXPECTED = gettext_noop("A number was expected, for example 3.14.")
_REMEDY = gettext_noop("Write it with the digits 0 to 9, without unit or other signs.")


def parse_whole(
    text: str | None, *, sign: DecimalSign | None = None, least: int | None = None, most: int | None = None
) -> int | CellProblem | None:
    """A whole number between ``least`` and ``most`` (both included, if given).

    "5.0" is 5; "1 000" and "1,000" are 1000, and so is "1.000" where ``sign``, the column's decimal sign, is a comma.
    """
    plain = _plain(text)
    if plain is None or isinstance(plain, CellProblem):
        return plain
    assert text is not None
    group = "." if sign == "," else ","
    if _GROUPED.fullmatch(plain) and set(re.findall("[.,]", plain)) == {group}:
        plain = plain.replace(group, "")
    plain = re.sub(r"^([+-]?[0-9]+)[.,]0*$", r"\1", plain)
    if not _WHOLE.fullmatch(plain):
        return _no_number(text, _EXPECTED_WHOLE)
    if too_long := _too_many_digits(text, plain, MOST_DIGITS):
        return too_long
    number = int(plain)
    return number if (outside := _outside(text, number, least, most)) is None else outside


def parse_decimal(
    text: str | None,
    *,
    sign: DecimalSign | None = None,
    least: Decimal | int | None = None,
    most: Decimal | int | None = None,
) -> Decimal | CellProblem | None:
    """A number with decimals, exactly as written, between ``least`` and ``most``.

    ``sign`` says whether the column writes 3.14 or 3,14; without it "1,234" is ambiguous and a problem, while "3,14",
    "3.14", "1,234.5" and "1.234,5" can only be read in one way. See :func:`decimal_sign_of`.
    """
    plain = _plain(text)
    if plain is None or isinstance(plain, CellProblem):
        return plain
    assert text is not None
    point = _with_point(plain, sign)
    if point is None:
        ambiguous = sign is None and _GROUPED.fullmatch(plain)
        return _ambiguous(text, plain) if ambiguous else _no_number(text, _EXPECTED)
    if too_long := _too_many_digits(text, point, 2 * MOST_DIGITS):
        return too_long
    number = Decimal(point)
    if number and abs(number.adjusted()) > _MOST_EXPONENT:
        return problem(
            text,
            expected=gettext_noop("A number between 1e-{exponent} and 1e{exponent} was expected."),
            found=gettext_noop("“{value}” was found."),
            remedy=gettext_noop("Check the number and its unit."),
            exponent=_MOST_EXPONENT,
        )
    return _outside(text, number, least, most) or (number if number else Decimal(0))


def decimal_sign_of(texts: Iterable[str | None]) -> DecimalSign | None:
    """The decimal sign that all clear values of a column share; None if no value is clear or two disagree."""
    said: set[str] = set()
    for text in texts:
        plain = _plain(text)
        if not isinstance(plain, str):
            continue
        if both := _BOTH.fullmatch(plain):
            said |= {both[2]} - {both[1]}
        elif (one := _ONE_SIGN.fullmatch(plain)) and not _GROUPED.fullmatch(plain):
            said.add(one[1])
    if said == {"."}:
        return "."
    return "," if said == {","} else None


def _plain(text: str | None) -> str | CellProblem | None:
    """The text without grouping blanks and with full-width digits made plain; None where nothing stands."""
    if text is None:
        return None
    if bad := refusal(text):
        return bad
    plain = clean_text(text).translate(_FULL_WIDTH)
    if len(plain) <= 2 * MOST_DIGITS:  # longer ones are refused by their length
        plain = _BLANKS.sub("", plain)
    return plain or None


def _with_point(plain: str, sign: DecimalSign | None) -> str | None:
    """The number with a point and without grouping; None if it is none, or could be two."""
    if _WHOLE.fullmatch(plain):
        return plain
    if _SCIENCE.fullmatch(plain):
        return plain.replace(",", ".") if sign is None or sign in plain or not re.search("[.,]", plain) else None
    both = _BOTH.fullmatch(plain)
    if both and both[1] != both[2] and plain.count(both[2]) == 1 and sign in (None, both[2]):
        return plain.replace(both[1], "").replace(both[2], ".")
    grouped = _GROUPED.fullmatch(plain)
    signs = set(re.findall("[.,]", plain))
    if grouped and len(signs) == 1 and ((sign is not None and sign not in signs) or plain.count(grouped[1]) > 1):
        return re.sub("[.,]", "", plain) if sign not in signs else None
    one = _ONE_SIGN.fullmatch(plain)
    if one and re.search("[0-9]", plain) and (sign == one[1] or (sign is None and not grouped)):
        return plain.replace(one[1], ".")
    return None


def _no_number(text: str, expected: str) -> CellProblem:
    return problem(text, expected=expected, found=gettext_noop("“{value}” is not one."), remedy=_REMEDY)


def _ambiguous(text: str, plain: str) -> CellProblem:
    sign = "," if "," in plain else "."
    return problem(
        text,
        expected=gettext_noop("A number that can be read in one way was expected."),
        found=gettext_noop("“{value}” may be {grouped} or {decimal}."),
        remedy=gettext_noop(
            "Say which sign separates the decimals of this column, or write the number without “{sign}”."
        ),
        grouped=plain.replace(sign, ""),
        decimal=plain.replace(",", "."),
        sign=sign,
    )


def _too_many_digits(text: str, plain: str, most: int) -> CellProblem | None:
    digits = sum(c.isdigit() for c in plain.partition("e")[0].partition("E")[0].lstrip("+-0"))
    if digits <= most and len(plain) <= 10 * most:
        return None
    return problem(
        text,
        expected=gettext_noop("A number of at most {most} digits was expected."),
        found=gettext_noop("“{value}” has {digits}."),
        remedy=gettext_noop("If it is a name or a code and not a number, choose another column for it."),
        most=most,
        digits=digits,
    )


def _outside(text: str, number: Number, least: Number | None, most: Number | None) -> CellProblem | None:
    """The problem of a number that is too small or too large."""
    if least is not None and number < least:
        expected = gettext_noop("A number of at least {least} was expected.")
    elif most is not None and number > most:
        expected = gettext_noop("A number of at most {most} was expected.")
    else:
        return None
    found = gettext_noop("“{value}” was found.")
    remedy = gettext_noop("Check the number and its unit.")
    return problem(text, expected=expected, found=found, remedy=remedy, least=least, most=most)
