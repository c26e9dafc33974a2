"""Comments among what is found: by those who see what they are about."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from baton.core import registries
from baton.core.audit import words as trail_words
from baton.core.discussions import rules
from baton.core.discussions.changes.telling import address_of
from baton.core.models import Comment
from baton.core.registries import Findable, Searchable

TITLE_LENGTH = 80


def within(seen: Mapping[str, Any]) -> Any:
    """The comments on what is in sight (kind -> rows, or ids of what has no rows)."""
    about = Q(pk__in=())
    for kind, rows in seen.items():
        if kind in registries.policies and registries.policies.get(kind).discussion is not None:
            if isinstance(rows, frozenset):
                about |= Q(about_kind=kind, about_id__in=rows)
                continue
            record = rows.filter(public_id=OuterRef("about_id")).order_by()
            about |= Q(about_kind=kind) & Q(Exists(record))
    return Comment.objects.filter(about)


def _read(public_ids: Collection[str]) -> Iterator[Findable]:
    rows = Comment.objects.filter(public_id__in=public_ids, withdrawn_at__isnull=True).exclude(words="")
    for comment in rows.select_related("author"):
        text = "".join(_said(part) for part in rules.parts_of(comment.words))
        title = text if len(text) <= TITLE_LENGTH else f"{text[: TITLE_LENGTH - 1]}…"
        note = f"{comment.author} · {trail_words.kind(comment.about_kind)}"
        yield Findable(comment.public_id, "", {settings.LANGUAGE_CODE: title}, texts=[text], note=note)


def _said(part: rules.Part) -> str:
    """The words without names: who is mentioned is not what was said, and may be forgotten."""
    return {"line": " ", "mention": "@…"}.get(part.kind, part.text)


def _all() -> Iterable[str]:
    return Comment.objects.values_list("public_id", flat=True)


def _by(person: str) -> Iterable[str]:
    return Comment.objects.filter(author__public_id=person).values_list("public_id", flat=True)


SEARCHABLE = Searchable(
    _("Comments"), "message-square", _read, _all, lambda found: address_of(found.public_id), order=700, about=_by,
    within=within,
)  # fmt: skip
