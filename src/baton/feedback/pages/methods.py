"""How figures of surveys are computed, in the words of those who read them; the whole stands in docs/methods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class MethodPage:
    """What a study answers, how it is to be read, its formula and where it comes from."""

    title: Any
    question: Any
    reading: Any
    formula: str
    sources: tuple[str, ...]


METHODS = {
    "reliability": MethodPage(
        _("Whether questions belong together"),
        _("Several questions are added up to one figure. Do they measure one thing, or several?"),
        _(
            "Alpha is the share of the variance of the sum that the questions have in common. From 0.7 on their mean"
            " may be used to compare groups; below, look at the questions one by one. A question without which alpha"
            " would be higher does not belong to the others."
        ),
        "α = k / (k − 1) · (1 − trace C / sum C)",
        (
            "L. J. Cronbach, Coefficient alpha and the internal structure of tests, Psychometrika 16 (1951), 297–334.",
            "J. C. Nunnally, Psychometric Theory, 2nd edition (1978).",
        ),
    ),
    "key-drivers": MethodPage(
        _("What moves it"),
        _("People rate many parts of a service and the whole. Which of the parts goes with the whole most?"),
        _(
            "The share of a question is the mean by which it adds to what is explained of the outcome, over all orders"
            " in which the questions can be added; all shares together are R². Intervals come from drawing the sheets"
            " again and again. What goes together need not be cause and effect."
        ),
        "LMG(j) = Σ |S|! (p − 1 − |S|)! / p! · (R²(S ∪ j) − R²(S))",
        ("R. H. Lindeman, P. F. Merenda, R. Z. Gold, Introduction to Bivariate and Multivariate Analysis (1980).",),
    ),
    "importance-performance": MethodPage(
        _("Importance and performance"),
        _("Many things could be better. Which is to be mended first?"),
        _(
            "What matters more than the rest and is done less well than the rest comes first. Importance is what people"
            " say, where they were asked; else how much of the outcome goes with it. Both are cut at their means, so"
            " that about half of the questions is always below."
        ),
        "importance ↑, performance →, cut at the means of both",
        ("J. A. Martilla, J. C. James, Importance-performance analysis, Journal of Marketing 41(1) (1977), 77–79.",),
    ),
    "service-quality": MethodPage(
        _("Expected and experienced"),
        _("Where is less given than people expect?"),
        _(
            "The gap is what somebody experienced less what he expected at the same question. The gap of a dimension is"
            " the mean over its questions for each sheet, then over the sheets. Below 0 less was given than expected."
        ),
        "gap = mean over sheets of mean over questions of (P − E)",
        (
            "A. Parasuraman, V. A. Zeithaml, L. L. Berry, SERVQUAL: a multiple-item scale for measuring consumer"
            " perceptions of service quality, Journal of Retailing 64 (1988), 12–40.",
        ),
    ),
    "kano": MethodPage(
        _("What is taken for granted and what delights"),
        _("Which features do people take for granted, and which would delight them?"),
        _(
            "Two answers, how one finds it when it is there and when it is not, give the class of a feature for each"
            " sheet; the most frequent class is that of the feature. Better says how much satisfaction it can bring,"
            " worse how much dissatisfaction its absence does."
        ),
        "better = (A + O) / (A + O + M + I);  worse = −(O + M) / (A + O + M + I)",
        (
            "N. Kano, N. Seraku, F. Takahashi, S. Tsuji, Attractive quality and must-be quality (in Japanese), Journal"
            " of the Japanese Society for Quality Control 14(2) (1984), 39–48.",
        ),
    ),
    "survey-scores": MethodPage(
        _("Recommendation"),
        _("How many would recommend it, and how sure is that?"),
        _(
            "Promoters answer 9 or 10, detractors 0 to 6. The score is the share of the ones less that of the others,"
            " from −100 to 100. Its interval is that of a score test: right for few sheets, too."
        ),
        "NPS = promoters − detractors, in percent of the answers",
        (
            "F. F. Reichheld, The one number you need to grow, Harvard Business Review 81(12) (2003), 46–54.",
            "T. Tango, Equivalence test and confidence interval for the difference in proportions for the paired-sample"
            " design, Statistics in Medicine 17 (1998), 891–908.",
        ),
    ),
    "rater-effects": MethodPage(
        _("Mild and severe raters"),
        _("Who rates mildly, who severely, and what would the means be without that?"),
        _(
            "Each rating is taken as the sum of what the rater usually gives, what is rated, and a rest. Only surveys"
            " answered by name can be studied so; nobody is named."
        ),
        "rating = rater + rated + rest, by least squares",
        ("H. Scheffé, The Analysis of Variance (1959), chapter 4.",),
    ),
}  # fmt: skip
"""By the name of the page in docs/methods."""
