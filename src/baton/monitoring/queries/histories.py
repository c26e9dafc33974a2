"""The history of signals and of what is measured, with what people said about signals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from baton.core.actors import Actor
from baton.core.audit import vault
from baton.core.history import HistoryEntry, history_of
from baton.core.policy import may_use


def history_with_words(*, viewer: Actor, object_ids: Sequence[str]) -> list[HistoryEntry]:
    """:func:`baton.core.history.history_of`, each explanation of a signal as the reason of its entry.

    It stands in the trail under its author's key, and whoever sees the signal reads it until the author is forgotten;
    no guest does. Two queries more where something was said.
    """
    entries = history_of(viewer=viewer, object_ids=object_ids)
    sealed = [entry.seq for entry in entries if "reason" in entry.changed and entry.changed["reason"] is None]
    if not sealed or not may_use(viewer):
        return entries
    words = {seq: values["reason"][1] for seq, values in vault.opened(sealed).items() if "reason" in values}
    return [replace(entry, reason=words.get(entry.seq) or entry.reason) for entry in entries]
