"""What happened to records of the feedback, in words, for a timeline."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext

from baton.core.audit import words
from baton.core.history import HistoryEntry
from baton.core.texts import say
from baton.feedback.pages import expectations, findings, grades, plans

_ACTIONS = {**findings.ACTIONS, **expectations.ACTIONS, **grades.ACTIONS, **plans.ACTIONS}


def timeline(entries: Iterable[HistoryEntry]) -> list[dict[str, Any]]:
    """Entries for the component ``timeline``."""
    return [_line(entry) for entry in entries]


def _line(entry: HistoryEntry) -> dict[str, Any]:
    title, icon = _ACTIONS.get(entry.action, (words.action(entry.action), "dot"))
    process = gettext("Baton ({process})").format(process=words.process(entry.process)) if entry.process else ""
    answer = entry.changed.get("answer") or entry.changed.get("outcome") or entry.changed.get("reply")
    said = [str(answer[1])] if answer and answer[1] else []
    if entry.reason and entry.reason not in said:
        said.append(entry.reason)
    return {
        "title": title, "icon": icon, "at": entry.at, "who": say(entry.who) or process, "text": " · ".join(said),
    }  # fmt: skip
