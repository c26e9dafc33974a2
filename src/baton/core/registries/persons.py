"""What rooms know of a person, and what they do when he is forgotten."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from baton.core.actors import Actor
from baton.core.registries.registry import Registry


@dataclass(frozen=True, slots=True)
class ForgettingNote:
    """What goes and what stays in a room when somebody is forgotten, a sentence each; empty: nothing to say."""

    destroys: Any = ""
    leaves: Any = ""


# Whether the first actor is set over the second person (head of a department he belongs to): answered by the room that
# knows memberships, asked by the core before it lets a head hand over a reset code.
superiors: Registry[Callable[[Actor, Any], bool]] = Registry("superior")
# Whether the second person leads others (heads a party, or stands in for its head), asked by the first: answered by the
# room that knows memberships, asked by the core before HR changes the contacts to which a new password is sent.
leaders: Registry[Callable[[Actor, Any], bool]] = Registry("leader")
# What tells people of the same name apart where one is chosen, called as f(viewer, people): primary key -> a few words,
# such as the department, as far as the viewer may know it.
person_notes: Registry[Callable[[Actor, Sequence[Any]], Mapping[int, str]]] = Registry("person note")
# What a room does with its own records of somebody who is forgotten, called as f(by=, at=, person=) in that change,
# when the person already bears his new name and the key of his personal data is not destroyed yet.
forgetting: Registry[Callable[..., None]] = Registry("forgetting")
# Whether a file of a comment (public id) stays, without its name, when who added it is forgotten: others rely on what
# it shows.
outlasting: Registry[Callable[[str], bool]] = Registry("outlasting file")
# What forgetting somebody destroys and leaves in a room, said before it is done.
forgetting_notes: Registry[ForgettingNote] = Registry("forgetting note")
