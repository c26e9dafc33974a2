"""A questionnaire as those who are asked will see it, before any wave asks it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy, pgettext_lazy

from baton.core.texts import say
from baton.feedback.models import Questionnaire
from baton.feedback.pages.sheets import preview_sheet

_PIPED = {
    "supplier": pgettext_lazy("in a question", "the supplier"),
    "customer": pgettext_lazy("in a question", "the customer"),
    "output": pgettext_lazy("in a question", "what is handed over"),
    "link": gettext_lazy("this link"),
}


def preview_context(found: Questionnaire, asked: str) -> dict[str, Any]:
    """What the preview shows, in the language that is ``asked`` for or, where there is no such language, in the
    reader's."""
    codes = [code for code, _name in settings.LANGUAGES]
    code = asked if asked in codes else translation.get_language() or settings.LANGUAGE_CODE
    with translation.override(code):
        names = {name: {code: f"‹{words}›"} for name, words in _PIPED.items()}
        sheet = preview_sheet(found.contents, names)
        words = {"name": say(found.name), "purpose": say(found.purpose)}
    languages = [{"code": one, "name": name, "here": one == code} for one, name in settings.LANGUAGES]
    return {"questionnaire": found, "sheet": sheet, "language": code, "languages": languages, **words}
