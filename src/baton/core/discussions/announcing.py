"""How a group chat is told that something was said: about what, and never the words."""

from __future__ import annotations

from baton.core import registries
from baton.core.models import Comment
from baton.core.registries import Announced


def comment_announced(public_id: str) -> Announced | None:
    """A comment under the name of what it is about, to whom that concerns. None where chats are not told of that:
    records of one person, say."""
    said = Comment.objects.filter(public_id=public_id).first()
    if said is None or said.about_kind not in registries.announcements:
        return None
    about = registries.announcements.get(said.about_kind)(said.about_id)
    if about is None:
        return None
    return Announced(about.name, about.shows | {(Comment.kind, public_id)}, about.concerns)
