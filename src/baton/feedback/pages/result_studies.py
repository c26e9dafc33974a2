"""What was worked out from a whole wave, in words for the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from baton.core import formats
from baton.feedback.models import PublishedStudy, Wave
from baton.feedback.models.labels import STUDIES
from baton.feedback.pages.dimensions import DIMENSIONS, dimension_called
from baton.feedback.pages.result_pictures import matrix_svg
from baton.feedback.pages.results import words_of
from baton.feedback.rules import scored_of
from baton.feedback.rules.published import Study

METHODS = {
    Study.RELIABILITY: "reliability", Study.DRIVERS: "key-drivers", Study.IMPORTANCE: "importance-performance",
    Study.GAPS: "service-quality", Study.KANO: "kano", Study.NPS: "survey-scores", Study.RATERS: "rater-effects",
}  # fmt: skip
"""Which page on methods says how it is computed."""
QUADRANTS = {
    "concentrate here": pgettext_lazy("importance and performance", "Mend this first"),
    "keep up the good work": pgettext_lazy("importance and performance", "Keep it up"),
    "low priority": pgettext_lazy("importance and performance", "Can wait"),
    "possible overkill": pgettext_lazy("importance and performance", "Perhaps more than is needed"),
}
CLASSES = {
    "M": pgettext_lazy("Kano", "Taken for granted"), "O": pgettext_lazy("Kano", "The more the better"),
    "A": pgettext_lazy("Kano", "Delights"), "I": pgettext_lazy("Kano", "Does not matter"),
    "R": pgettext_lazy("Kano", "Not wanted"), "Q": pgettext_lazy("Kano", "Contradictory"),
}  # fmt: skip
LEADS = {
    Study.RELIABILITY: gettext_lazy("Alpha says whether the questions of a dimension measure one thing; from 0.7 on"
                                    " their mean can be trusted as one figure."),
    Study.DRIVERS: gettext_lazy("How much of the differences in the outcome goes together with each question."
                                " Ratings that go together are no proof that one causes the other."),
    Study.IMPORTANCE: gettext_lazy("What matters much and is done less well than the rest stands first."),
    Study.GAPS: gettext_lazy("What was experienced less what was expected; below 0 less was given than expected."),
    Study.KANO: gettext_lazy("What people want of each feature, from how they find it when it is there and when it is"
                             " not."),
    Study.RATERS: gettext_lazy("Ratings by name: means freed from who rates mildly and who severely."),
}  # fmt: skip


def studies_shown(wave: Wave, studies: Iterable[PublishedStudy]) -> list[dict[str, Any]]:
    """Each study with a table (header and rows of texts), warnings and, for the matrix, a picture."""
    names = {key: str(label) for key, label in DIMENSIONS.items()}
    names |= {one.key: words_of(one) for one in scored_of(wave.contents)}
    names |= {one.key: words_of(column) for column in scored_of(wave.contents) for one in [column.question]}
    return [_shown(one, names) for one in studies]


def _shown(one: PublishedStudy, names: Mapping[str, str]) -> dict[str, Any]:
    study, result = Study(one.study), one.result
    shown: dict[str, Any] = {
        "title": STUDIES[study], "subject": _subject(study, one.subject, names), "lead": LEADS.get(study, ""),
        "method": METHODS[study], "n": result.get("n"),
    }  # fmt: skip
    if refused := result.get("refused"):
        from baton_analysis.errors import MeasureError

        parts = {name: refused[name] for name in ("expected", "found", "remedy")}
        return {**shown, "refused": MeasureError(**parts, **refused["values"]).render(_)}
    header, rows = _TABLES[study](result, names)
    picture = _matrix(result, names) if study is Study.IMPORTANCE else ""
    labelled = [list(zip(header, row, strict=True)) for row in rows]
    return {**shown, "header": header, "rows": labelled, "warnings": _warnings(result, names), "picture": picture}


def _subject(study: Study, subject: str, names: Mapping[str, str]) -> str:
    return dimension_called(subject) if study is Study.RELIABILITY else names.get(subject, subject)


def _warnings(result: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    from baton_analysis.readers.model import Notice

    return [
        Notice(one["message"], one["count"], _named(one["values"], names)).render(_)
        for one in result.get("warnings", [])
    ]


def _named(values: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Values of a remark in which questions and dimensions go by their names."""

    def called(value: Any) -> Any:
        parts = value.split(", ") if isinstance(value, str) else []
        return formats.listing(names[part] for part in parts) if parts and all(one in names for one in parts) else value

    return {key: called(value) for key, value in values.items()}


def _reliability(result: Mapping[str, Any], names: Mapping[str, str]) -> tuple[list[str], list[list[str]]]:
    whole = [_("All questions together"), _number(result["alpha"], 3), _range(result["interval"], 3)]
    each = [[names.get(one["name"], one["name"]), _number(one["alpha_if_dropped"], 3), ""] for one in result["items"]]
    return [_("Question"), _("Alpha, or alpha without it"), _("95 % interval")], [whole, *each]


def _drivers(result: Mapping[str, Any], names: Mapping[str, str]) -> tuple[list[str], list[list[str]]]:
    rows = [
        [
            names.get(one["driver"], one["driver"]), formats.percent(one["share"]),
            _percents(one["share_lower"], one["share_upper"]), _number(one["relative_weight"], 3),
        ]
        for one in result["rows"]
    ]  # fmt: skip
    explained = [_("All together, of the differences in the outcome"), formats.percent(result["r_squared"]),
                 _percents(*(result["interval"] or (None, None))), ""]  # fmt: skip
    return [_("Question"), _("Share"), _("95 % interval"), _("Johnson’s weight")], [explained, *rows]


def _importance(result: Mapping[str, Any], names: Mapping[str, str]) -> tuple[list[str], list[list[str]]]:
    rows = []
    for number, one in enumerate(result["rows"], 1):
        told = one.get("stated") or one["derived"]
        figure = _number(told["value"], 1) if one.get("stated") else formats.percent(told["value"])
        verdict = str(QUADRANTS.get(told["quadrant"], told["quadrant"]))
        name = f"{number}. {names.get(one['name'], one['name'])}"
        rows.append([name, _number(one["performance"], 1), _range(one["interval"], 1), figure,
                     verdict if told["clear"] else _("{verdict}, not sure").format(verdict=verdict)])  # fmt: skip
    header = [_("Question"), _("Performance"), _("95 % interval"), _("Importance"), _("What to do")]
    return header, rows


def _gap_rows(result: Mapping[str, Any], names: Mapping[str, str]) -> tuple[list[str], list[list[str]]]:
    rows = [
        [
            names.get(one["name"], one["name"]), _number(one["expectation"], 1), _number(one["perception"], 1),
            _number(one["value"], 2), _range(one["interval"], 2), formats.number(one["n"]),
        ]
        for one in result["dimensions"]
    ]  # fmt: skip
    header = [_("Dimension"), _("Expected"), _("Experienced"), _("Gap"), _("95 % interval"), _("n")]
    return header, rows


def _kano(result: Mapping[str, Any], names: Mapping[str, str]) -> tuple[list[str], list[list[str]]]:
    rows = [
        [
            names.get(one["name"], one["name"]), str(CLASSES.get(one["category"], one["category"])),
            "" if one["clear"] else _("not sure"), _number(one["better"], 2), _number(one["worse"], 2),
        ]
        for one in result["rows"]
    ]  # fmt: skip
    return [_("Feature"), _("Class"), _("How sure"), _("Better"), _("Worse")], rows


def _nps(result: Mapping[str, Any], names: Mapping[str, str]) -> tuple[list[str], list[list[str]]]:
    groups = ((_("Promoters"), "promoters"), (_("Passives"), "passives"), (_("Detractors"), "detractors"))
    return [_("Who"), _("People")], [[word, formats.number(result[name])] for word, name in groups]


def _raters(result: Mapping[str, Any], names: Mapping[str, str]) -> tuple[list[str], list[list[str]]]:
    told = [(_("Raters"), "raters"), (_("Mild beyond doubt"), "mild"), (_("Severe beyond doubt"), "severe")]
    return [_("Who"), _("People")], [[word, formats.number(result[name])] for word, name in told]


_TABLES: Mapping[Study, Any] = {
    Study.RELIABILITY: _reliability, Study.DRIVERS: _drivers, Study.IMPORTANCE: _importance, Study.GAPS: _gap_rows,
    Study.KANO: _kano, Study.NPS: _nps, Study.RATERS: _raters,
}  # fmt: skip


def _matrix(result: Mapping[str, Any], names: Mapping[str, str]) -> Any:
    points = []
    for number, one in enumerate(result["rows"], 1):
        told = one.get("stated") or one["derived"]
        points.append({"number": number, "name": names.get(one["name"], one["name"]),
                       "performance": one["performance"], "importance": told["value"]})  # fmt: skip
    cut = (_mean(points, "performance"), _mean(points, "importance"))
    return matrix_svg(points, cut, (_("Importance and performance"), _("Performance"), _("Importance")))


def _mean(points: Sequence[Mapping[str, Any]], name: str) -> float:
    return sum(float(one[name]) for one in points) / len(points)


def _number(value: Any, digits: int) -> str:
    return formats.number(value, digits)


def _range(interval: Sequence[float] | None, digits: int) -> str:
    if not interval or None in interval:
        return ""
    return _("{low} to {high}").format(low=_number(interval[0], digits), high=_number(interval[1], digits))


def _percents(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return ""
    return _("{low} to {high}").format(low=formats.percent(low), high=formats.percent(high))
