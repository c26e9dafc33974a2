"""What may be written down about a failure: its class and place, never what it says.

The text of an exception often quotes what was being read: a cell of a file, a value that two rows share. Such a value
may be somebody's name. Logs, the schedule and the table of runs are read by people who may not see it and are kept
where ``baton forget`` does not reach.
"""

from __future__ import annotations

import traceback
from pathlib import Path
from types import TracebackType

from django.db.utils import OperationalError

from baton_analysis.errors import BatonError, sentences

# Their texts speak of files, sockets, memory and modules, not of what is in a record.
OUTSPOKEN: tuple[type[BaseException], ...] = (OSError, OperationalError, ImportError, MemoryError)
HIDDEN = "…"
_FRAMES = 12
_CAUSES = 5


def class_and_place(error: BaseException) -> str:
    """``ValueError in baton/chain/facts.py:63 handover_facts``; also the text of those that are :data:`OUTSPOKEN`."""
    said = f"{_name(error)} in {_places(error.__traceback__)[-1]}"
    return f"{said}: {error}" if isinstance(error, OUTSPOKEN) else said


def kept_message(error: BaseException) -> str:
    """What the schedule and the pages of a job say: class and place, and of a refusal of Baton's own its sentences, in
    which numbers stand and every other value is “…”."""
    said = class_and_place(error)
    if not isinstance(error, BatonError):
        return said
    values = {name: value if isinstance(value, int | float) else HIDDEN for name, value in error.values.items()}
    parts = (error.expected, error.found, error.remedy)
    return f"{said}. {sentences(part.format(**values) for part in parts if part)}"


def traced(error: BaseException) -> list[str]:
    """The traceback without what the exceptions say: class and calls of the error and of what caused it."""
    lines: list[str] = []
    at: BaseException | None = error
    for _depth in range(_CAUSES):
        if at is None:
            break
        lines.append(f"{_name(at)}: {at}" if isinstance(at, OUTSPOKEN) else _name(at))
        lines += [f"  {place}" for place in _places(at.__traceback__)[-_FRAMES:]]
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return lines


def _name(error: BaseException) -> str:
    kind = type(error)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _places(trace: TracebackType | None) -> list[str]:
    """``folder/file.py:line function`` of each call, the last one last."""
    frames = traceback.extract_tb(trace)
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames] or ["an unknown place"]


def _short(path: str) -> str:
    """The path from the package on, so that a log does not tell where somebody keeps his programs."""
    parts = Path(path).parts
    for root in ("site-packages", "src"):
        if root in parts:
            return "/".join(parts[parts.index(root) + 1 :])
    return "/".join(parts[-2:])
