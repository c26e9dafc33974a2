"""The refusals that every format shares: too many columns, rows or characters."""

from __future__ import annotations

from baton_analysis.errors import ReadError, gettext_noop
from baton_analysis.readers.model import display


def too_many_columns(columns: int, limit: int) -> ReadError:
    """More columns than a table may have."""
    return ReadError(
        expected=gettext_noop("At most {limit} columns were expected."),
        found=gettext_noop("There are {columns} or more."),
        remedy=gettext_noop("Check the delimiter, or export only the columns that are needed."),
        limit=limit,
        columns=columns,
    )


def too_many_events(limit: int) -> ReadError:
    """More events than a table may have."""
    return ReadError(
        expected=gettext_noop("At most {limit} events were expected."),
        found=gettext_noop("There are more than {limit}."),
        remedy=gettext_noop(
            "Import the log in parts, for example a year each, or raise the limit: `baton discover --most-events` reads"
            " more, and BATON_EVENT_LOG_EVENTS is the limit of this installation."
        ),
        limit=limit,
    )


def too_many_rows(limit: int) -> ReadError:
    """More rows than are taken at once."""
    return ReadError(
        expected=gettext_noop("At most {limit} rows were expected."),
        found=gettext_noop("There are more than {limit}."),
        remedy=gettext_noop("Import the table in parts, for example one department after the other."),
        limit=limit,
    )


def too_long(column: str, limit: int) -> ReadError:
    """A value longer than a value may be."""
    return ReadError(
        expected=gettext_noop("Values of at most {limit} characters were expected."),
        found=gettext_noop("A value of “{column}” is longer."),
        remedy=gettext_noop("Leave that column out of the export, or shorten the value."),
        column=display(column),
        limit=limit,
    )


def too_many_cells(limit: int) -> ReadError:
    """More values altogether than a table may have."""
    return ReadError(
        expected=gettext_noop("At most {limit} values (events times columns) were expected."),
        found=gettext_noop("There are more."),
        remedy=gettext_noop("Read only the columns that are needed, or import the log in parts."),
        limit=limit,
    )
