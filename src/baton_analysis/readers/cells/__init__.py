"""Cells to values: what a person typed into a table, read as what the column means.

Every parser takes the text of one cell and gives either the value, None for an empty cell, or a :class:`CellProblem`
that says what was expected, what stands there and what to do. None of them raises, guesses, or reads a text in two
ways: what is ambiguous is a problem until the caller says which way a column is written.
"""

from baton_analysis.readers.cells.contacts import parse_email, parse_phone
from baton_analysis.readers.cells.days import (
    DayOrder,
    day_order_of,
    moment_in,
    parse_day,
    parse_local_moment,
    parse_moment,
)
from baton_analysis.readers.cells.numbers import DecimalSign, decimal_sign_of, parse_decimal, parse_whole
from baton_analysis.readers.cells.texts import CellProblem, clean_text, has_invisible, parse_text
from baton_analysis.readers.cells.words import Choice, parse_choice, parse_yes_no

__all__ = [
    "CellProblem",
    "Choice",
    "DayOrder",
    "DecimalSign",
    "clean_text",
    "day_order_of",
    "decimal_sign_of",
    "has_invisible",
    "moment_in",
    "parse_choice",
    "parse_day",
    "parse_decimal",
    "parse_email",
    "parse_local_moment",
    "parse_moment",
    "parse_phone",
    "parse_text",
    "parse_whole",
    "parse_yes_no",
]
