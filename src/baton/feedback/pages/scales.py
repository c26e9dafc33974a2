"""What the places of a scale are called, where the questionnaire does not say it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from baton.core.texts import say
from baton.feedback.rules import Kind, Question

Words = Mapping[int, str | Promise]

_AS_USUAL: dict[Kind, Words] = {
    Kind.NPS: {
        0: pgettext_lazy("place of a scale", "Not at all likely"),
        10: pgettext_lazy("place of a scale", "Extremely likely"),
    },
    Kind.CSAT: {
        1: pgettext_lazy("place of a scale", "Very dissatisfied"),
        5: pgettext_lazy("place of a scale", "Very satisfied"),
    },
    Kind.CES: {
        1: pgettext_lazy("place of a scale", "Strongly disagree"),
        7: pgettext_lazy("place of a scale", "Strongly agree"),
    },
    Kind.KANO: {
        1: pgettext_lazy("place of a scale", "I like it"),
        2: pgettext_lazy("place of a scale", "It must be so"),
        3: pgettext_lazy("place of a scale", "I do not mind"),
        4: pgettext_lazy("place of a scale", "I can live with it"),
        5: pgettext_lazy("place of a scale", "I dislike it"),
    },
}


def words_of_places(question: Question) -> dict[int, str]:
    """What places of its scale mean, in the reader's language: as the questionnaire says, else as usual."""
    usual = {place: str(words) for place, words in _AS_USUAL.get(question.kind, {}).items()}
    return usual | {place: say(words) for place, words in question.anchors.items()}
