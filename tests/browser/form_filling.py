"""Types into every form of every page what :mod:`tests.browser.vectors` holds, as a person would: the form is read from
the page, its choices stay as offered, what a field refuses is put back, and the rest is sent again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from lxml import html

from tests.browser.vectors import EMAIL, fitting

TYPED = {"text", "search", "url", "", "textarea"}
PLAIN = {"number": "2", "date": "2099-01-01", "datetime-local": "2099-01-01T10:00", "time": "10:00"}
ATTEMPTS = 2


@dataclass
class Filler:
    """Sends forms; ``sent`` holds the status of the last answer by page and action, ``turn`` which vector is next."""

    turn: int = 0
    sent: dict[str, int] = field(default_factory=dict)

    def fill(self, client: Client, path: str, skip: re.Pattern[str]) -> bool:
        """Every form of the page at ``path`` that has a field for text, once; whether there is a page there."""
        answer: Any = client.get(path)
        if answer.status_code != 200 or answer.streaming or b"<html" not in answer.content:
            return False
        for form in _forms(answer.content):
            action = form.get("action") or path
            key = f"{re.sub(r'[0-9a-z]{16}', '*', action)} {' '.join(sorted(form.inputs.keys()))}"
            if key in self.sent or skip.search(action) or not list(_text_fields(form)):
                continue
            self.sent[key] = self._send(client, form, action)
        return True

    def _send(self, client: Client, form: Any, action: str) -> int:
        values, kept = self._values(form), dict(form.form_values())
        status = 0
        for _attempt in range(ATTEMPTS):
            answer: Any = client.post(action, values)
            status = answer.status_code
            refused = re.findall(rb'id="([\w-]+)_error"', answer.content) if status in {400, 409, 422} else []
            if not refused:
                break
            for name in (one.decode() for one in refused):
                values[name] = kept.get(name, "")
        return status

    def _values(self, form: Any) -> dict[str, Any]:
        values: dict[str, Any] = dict(form.form_values())
        for element in form.iter("select"):
            offered = [option.get("value") or "" for option in element.iter("option")]
            if element.get("name") and not values.get(element.get("name")):
                values[element.get("name")] = next((one for one in offered if one), "")
        for element in form.iter("input"):
            kind, name = element.get("type", ""), element.get("name")
            if name and kind in PLAIN and not values.get(name):
                values[name] = PLAIN[kind]
            if name and kind == "radio" and name not in values:
                values[name] = element.get("value")
            if name and kind == "email":
                values[name] = EMAIL
        for element in _text_fields(form):
            self.turn += 3
            values[element.get("name")] = fitting(int(element.get("maxlength") or 200), self.turn)
        return values


def _forms(content: bytes) -> Iterator[Any]:
    for form in html.fromstring(content).forms:
        kinds = {element.get("type") for element in form.iter("input")}
        if (form.method or "").upper() == "POST" and not kinds & {"password", "file"}:
            yield form


def _text_fields(form: Any) -> Iterator[Any]:
    for element in form.iter("input", "textarea"):
        kind = "textarea" if element.tag == "textarea" else element.get("type", "")
        if element.get("name") and kind in TYPED and element.get("disabled") is None:
            yield element
