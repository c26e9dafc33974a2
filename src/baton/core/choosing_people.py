"""Choosing one person among many thousands: what is typed, whom it may mean, and how he is spelled.

A person is spelled by his name; where several have the same one, with the beginning of his id behind it, ``Wang Fang
(2b3c4d5e)``. Beside it stands what rooms say of him (:data:`baton.core.registries.person_notes`), by which people tell
one from the other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q, QuerySet
from django.forms.utils import flatatt
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baton.core import registries
from baton.core.actors import NOBODY, Actor
from baton.core.formats import remarks
from baton.core.ids import ALPHABET, LENGTH
from baton.core.models import Person
from baton.core.queries import colleagues
from baton.core.texts import clean_text, folded

MOST = 20
TYPED_LENGTH = 200
_SHORT = 8
_WITH_ID = re.compile(rf"(?P<name>.*) \((?P<id>[{ALPHABET}]{{{_SHORT}}})\)")
_WHOLE_ID = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")


@dataclass(frozen=True, slots=True)
class Spelled:
    """A person as he is chosen; ``note`` says where he belongs."""

    person: Person
    text: str
    note: str


def colleagues_like(*, viewer: Actor, text: str) -> list[Spelled]:
    """Those whose name contains every word of ``text``, in any language or as pinyin; at most :data:`MOST`."""
    rows = colleagues(viewer=viewer)
    for word in folded(clean_text(text[:TYPED_LENGTH])).split():
        somewhere = Q()
        for code, _language in settings.LANGUAGES:
            somewhere |= Q(**{f"sort_keys__{code}__icontains": word}) | Q(**{f"name__{code}__icontains": word})
        rows = rows.filter(somewhere)
    return spelled(viewer=viewer, people=list(rows[:MOST]))


def colleagues_meant(*, viewer: Actor, text: str) -> list[Person]:
    """Whom a spelling means: nobody, one, or at most :data:`MOST` of the same name. The whole id means one, too."""
    typed = clean_text(text[:TYPED_LENGTH])
    rows = colleagues(viewer=viewer)
    if _WHOLE_ID.fullmatch(typed) and (found := rows.filter(public_id=typed).first()):
        return [found]
    if with_id := _WITH_ID.fullmatch(typed):
        return list(_called(rows, with_id["name"]).filter(public_id__startswith=with_id["id"])[:MOST])
    return list(_called(rows, typed)[:MOST]) if typed else []


def spelled(*, viewer: Actor, people: Sequence[Person]) -> list[Spelled]:
    """How these people are spelled. Two queries beside those of the rooms."""
    names = [str(person) for person in people]
    alike = Q(pk__in=())
    for code, _language in settings.LANGUAGES:
        alike |= Q(**{f"name__{code}__in": names})
    same: dict[str, int] = {}
    for other in colleagues(viewer=viewer).filter(alike).order_by() if names else []:
        for name in {str(other), *other.name.values()}:
            same[name] = same.get(name, 0) + 1
    notes: dict[int, str] = {}
    for _room, said in registries.person_notes:
        notes |= said(viewer, people)
    return [
        Spelled(one, name if same.get(name, 0) < 2 else f"{name} ({one.public_id[:_SHORT]})",
                notes.get(one.pk, ""))
        for one, name in zip(people, names, strict=True)
    ]  # fmt: skip


def _called(rows: QuerySet[Person], name: str) -> QuerySet[Person]:
    wanted = Q()
    for code, _language in settings.LANGUAGES:
        wanted |= Q(**{f"name__{code}__iexact": name})
    return rows.filter(wanted)


class SuggestedPerson(forms.TextInput):
    """A line in which a name is typed; the server proposes people while it is, and understands it without scripts."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        listed = f"{(attrs or {}).get('id', name)}-people"
        more = {
            "type": "text", "name": name, "list": listed, "autocomplete": "off", "maxlength": str(TYPED_LENGTH),
            "hx-get": f"{reverse('core:people_suggestions')}?field={name}", "hx-target": f"#{listed}",
            "hx-trigger": "input changed delay:200ms", "hx-sync": "this:replace", "hx-boost": "false",
        }  # fmt: skip
        given = {"value": value} if value not in (None, "") else {}
        line = format_html("<input{}>", flatatt(self.build_attrs({**self.attrs, **(attrs or {})}, {**more, **given})))
        return format_html('{}<datalist id="{}"></datalist>', line, listed)


class PersonField(forms.Field):
    """A field in which somebody is chosen among all colleagues; its form sets ``viewer``."""

    widget = SuggestedPerson
    viewer: Actor = NOBODY

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", _("Type a part of the name and choose."))
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        """A person as he is spelled."""
        return spelled(viewer=self.viewer, people=[value])[0].text if isinstance(value, Person) else value

    def to_python(self, value: Any) -> Person | None:
        """The person who is meant; refused where it is nobody, or one of several."""
        typed = clean_text(str(value or ""))
        if not typed:
            return None
        found = colleagues_meant(viewer=self.viewer, text=typed)
        if len(found) == 1:
            return found[0]
        near = spelled(viewer=self.viewer, people=found) if found else colleagues_like(viewer=self.viewer, text=typed)
        raise forms.ValidationError(_unclear(typed, near, several=bool(found)))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "") != str(data or "")


def _unclear(typed: str, near: Sequence[Spelled], *, several: bool) -> str:
    said = (
        gettext("Expected one person. Several are called “{typed}”.")
        if several
        else gettext("Expected the name of somebody who may sign in. Nobody is called “{typed}”.")
    ).format(typed=typed[:60])
    named = remarks(f"{one.text} · {one.note}" if one.note else one.text for one in near[:5])
    remedy = gettext("Write one of these: {names}.").format(names=named) if named else gettext("Check the spelling.")
    return f"{said} {remedy}"
