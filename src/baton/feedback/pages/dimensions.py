"""What the dimensions of the library are called; one that somebody has thought of himself is called as he wrote it."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

DIMENSIONS = {
    "accessibility": pgettext_lazy("dimension of a survey", "Accessibility"),
    "agreed": pgettext_lazy("dimension of a survey", "What was agreed"),
    "assurance": pgettext_lazy("dimension of a survey", "Assurance"),
    "brand": pgettext_lazy("dimension of a survey", "Brand"),
    "care": pgettext_lazy("dimension of a survey", "Care"),
    "child": pgettext_lazy("dimension of a survey", "The child"),
    "clarity": pgettext_lazy("dimension of a survey", "Clarity"),
    "competence": pgettext_lazy("dimension of a survey", "Competence"),
    "contact": pgettext_lazy("dimension of a survey", "Contact"),
    "credibility": pgettext_lazy("dimension of a survey", "Credibility"),
    "empathy": pgettext_lazy("dimension of a survey", "Empathy"),
    "even_handedness": pgettext_lazy("dimension of a survey", "Even-handedness"),
    "loyalty": pgettext_lazy("dimension of a survey", "Loyalty"),
    "preparedness": pgettext_lazy("dimension of a survey", "Preparedness"),
    "pulse": pgettext_lazy("dimension of a survey", "Employee pulse"),
    "recognition": pgettext_lazy("dimension of a survey", "Recognition"),
    "reliability": pgettext_lazy("dimension of a survey", "Reliability"),
    "responsiveness": pgettext_lazy("dimension of a survey", "Responsiveness"),
    "service": pgettext_lazy("dimension of a survey", "Service"),
    "speed": pgettext_lazy("dimension of a survey", "Speed"),
    "stay": pgettext_lazy("dimension of a survey", "The stay"),
    "support": pgettext_lazy("dimension of a survey", "Support"),
    "switching_in": pgettext_lazy("dimension of a survey", "Cost of coming to us"),
    "switching_out": pgettext_lazy("dimension of a survey", "Cost of leaving us"),
    "tangibles": pgettext_lazy("dimension of a survey", "Tangibles"),
    "training": pgettext_lazy("dimension of a survey", "Training"),
}


def dimension_called(key: str) -> str:
    """What a dimension is called."""
    return str(DIMENSIONS.get(key, key))
