"""What the page shows of a questionnaire that comes as a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baton.core.texts import say
from baton.feedback.models import Questionnaire
from baton.feedback.pages.questionnaires import length_of, shown_sections
from baton.feedback.pages.sheets import said_fault
from baton.feedback.rules import Contents, Question
from baton.feedback.rules.files import FileRead, file_text

MOST_SHOWN = 50
FILE_TYPE = "application/json"
_NUMBERED = {
    "sections": gettext_lazy("section {number}"),
    "questions": gettext_lazy("question {number}"),
    "options": gettext_lazy("option {number}"),
    "anchors": gettext_lazy("place {number} of the scale"),
    "answers": gettext_lazy("answer {number}"),
}


def file_answer(one: Questionnaire) -> HttpResponse:
    """The file of a questionnaire, to be kept."""
    answer = HttpResponse(file_text(one.name, one.purpose, one.contents), content_type=FILE_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{one.number}.json"'
    return answer


def faults_context(found: FileRead | None) -> dict[str, Any]:
    """What is wrong with a file, place by place."""
    faults = found.faults if found is not None else ()
    rows = [{"place": place_called(one.field), "said": said_fault(one)} for one in faults[:MOST_SHOWN]]
    return {"faults": rows, "more_faults": len(faults) - len(rows)}


def preview_context(
    found: FileRead, contents: Contents, strange: Sequence[Question], same: Sequence[Questionnaire]
) -> dict[str, Any]:
    """What a file holds, and what one should know before it is written."""
    languages = dict(settings.LANGUAGES)
    return {
        "found": found, "sections": shown_sections(contents), "length": length_of(contents),
        "strange": [say(one.words) for one in strange], "same": same,
        "untranslated": [
            {
                "language": _(languages[code]), "count": len(places),
                "places": [place_called(one) for one in places[:MOST_SHOWN]],
            }
            for code, places in found.untranslated.items()
        ],
    }  # fmt: skip


def place_called(field: str) -> str:
    """A place in the file in words: ``sections.0.questions.2.words`` is section 1 › question 3 › words."""
    if not field:
        return _("The file")
    parts, named = field.split("."), []
    while parts:
        part = parts.pop(0)
        if part in _NUMBERED and parts and parts[0].isdecimal():
            number = int(parts.pop(0)) + (part != "anchors")
            named.append(str(_NUMBERED[part]).format(number=number))
        else:
            named.append(part)
    return " › ".join(named)
