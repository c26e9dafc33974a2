"""What measures demand of every input, whatever it is that they compute: numbers, and a confidence that is one."""

from __future__ import annotations

from collections.abc import Iterator, ValuesView
from typing import Any

import numpy as np
import numpy.typing as npt

from baton_analysis.errors import MeasureError, gettext_noop

Floats = npt.NDArray[np.float64]


def numbers_of(values: Any, dimensions: int | None = 1) -> Floats:
    """Values of a list, an array or a column of a table as a new array of so many dimensions, or of as
    many as it has (None); NaN for what is missing.

    Raises
    ------
    MeasureError
        Something among them is no number, or they have another shape, or rows of different length.
    """
    try:
        # A view or a generator is one object for NumPy.
        given = np.asarray(list(values) if isinstance(values, _PASSED_THROUGH) else values)
        # NumPy would count the days of dates, and leave half of a complex number out.
        found = None if given.dtype.kind in "cmM" else np.array(given, dtype=np.float64)
    except (TypeError, ValueError):
        found = None
    if found is None or (dimensions not in {None, found.ndim} and found.size):
        raise MeasureError(
            expected=gettext_noop("Values are numbers: a list of them, or a table of rows of one length."),
            found=gettext_noop("It is {given}."),
            remedy=gettext_noop("Correct this value, or leave it out."),
            given=_shown(values),
        )
    # Nothing at all fits any shape.
    return found if dimensions in {None, found.ndim} else found.reshape((0,) * int(dimensions or 0))


def demand_confidence(confidence: float) -> None:
    """Refuse a confidence that is none, above all a percentage."""
    if not 0 < confidence < 1:
        raise MeasureError(
            expected=gettext_noop("The confidence lies between 0 and 1."),
            found=gettext_noop("It is {given}."),
            remedy=gettext_noop("Give 0.95 for 95 percent."),
            given=confidence,
        )


def demand_choice(setting: str, given: str, known: tuple[str, ...]) -> None:
    """Refuse a setting that is not among those known."""
    if given not in known:
        raise MeasureError(
            expected=gettext_noop("The setting {setting} is one of: {known}."),
            found=gettext_noop("“{given}” was given."),
            remedy=gettext_noop("Choose one of these."),
            setting=setting,
            known=", ".join(known),
            given=given,
        )


def _shown(values: Any) -> str:
    """The first value that is no number, or the shape, in few letters."""
    each = values if isinstance(values, list | tuple) else [values]
    text = next((value for value in each if not isinstance(value, int | float | np.number | None)), values)
    said = str(text)
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"


_LONGEST = 40
_PASSED_THROUGH = (Iterator, ValuesView)
