"""Every write about discussions: comments, their files, followers, and telling people."""

from baton.core.discussions.changes.comments import add_comment, edit_comment, remove_attachment, withdraw_comment
from baton.core.discussions.changes.following import follow
from baton.core.discussions.changes.forgetting import forget_person

__all__ = ["add_comment", "edit_comment", "follow", "forget_person", "remove_attachment", "withdraw_comment"]
