"""A clause as it is printed: all that is agreed in it, in the words of the document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext, pgettext

from baton.agreements.models import Clause
from baton.agreements.models.clauses import MEASURED_BY
from baton.agreements.pages import words
from baton.agreements.rules import ALL_CASES, PER_CASE, Measure, Sampling, Terms, missing
from baton.core import formats
from baton.core.texts import say

LONG = 1_500
"""What has more characters may run over to the next page; what is shorter stands on one."""
REGIONS = {"zh-hans": ("zh", "cn")}
"""Language and region by which a text is set, for codes of languages that are more than one."""


def clause_shown(
    clause: Clause, number: str, others: Mapping[str, Clause], *, offered: bool = False
) -> dict[str, Any]:  # fmt: skip
    """A clause as it is printed: all that is agreed in it. ``others`` are the clauses of its service offer by line;
    ``offered``: it is that offer which is printed."""
    said = clause.terms
    details = [(label, value) for label, value in _details(clause, said) if value]
    remarks = [one for one in (_item(said), _instead_of(clause, others)) if one]
    texts = [say(clause.characteristic), *(value for _label, value in details), *remarks]
    return {
        "number": number, "title": say(clause.characteristic), "others": other_languages(clause.characteristic),
        "target": words.target_of(clause), "badges": _badges(clause, others, offered), "details": details,
        "remarks": remarks, "long": is_long(texts),
    }  # fmt: skip


def is_long(texts: Iterable[str]) -> bool:
    """Whether they may need more than one page."""
    return sum(map(len, texts)) > LONG


def other_languages(texts: Mapping[str, str]) -> list[dict[str, str]]:
    """What a text says in the other languages: it is agreed as well."""
    shown = say(texts)
    return [{"lang": REGIONS.get(code, (code, None))[0], "text": text} for code, text in texts.items() if text != shown]


def _details(clause: Clause, said: Terms) -> list[tuple[str, str]]:
    value = said.measure is Measure.VALUE
    own = str(clause.calendar) if clause.calendar is not None else gettext("the organisation’s own")
    return [
        (gettext("Kind"), formats.listing([
            clause.get_clause_kind_display(), *([clause.get_aspect_display()] if clause.aspect else []),
        ])),
        (gettext("Measure"), str(clause.get_measure_display()) if clause.measure else gettext("nobody has said")),
        (gettext("Unit"), str(words.unit_name(said.unit)) if said.unit else gettext("nobody has said")),
        (gettext("Lower limit"), words.with_unit(said.lower, said.unit) if said.lower is not None else ""),
        (gettext("Upper limit"), words.with_unit(said.upper, said.unit) if said.upper is not None else ""),
        (gettext("Target"), _target(said, value)),
        (gettext("Attainment"), _attainment(said)),
        (gettext("Calendar"), own if said.measure is Measure.TIME else ""),
        (gettext("Data source"), _with_note(
            str(clause.get_source_display()) if clause.source else gettext("nobody has said"), said.source_note
        )),
        (gettext("Sampling"), _sampling(clause, said)),
        (gettext("Measured by"), str(MEASURED_BY[said.measured_by])),
        (gettext("Usual before"), _baseline(said)),
    ]  # fmt: skip


def _target(said: Terms, value: bool) -> str:
    if said.target is None:
        return "" if value else gettext("nobody has said")
    amount = words.with_unit(said.target, said.unit)
    if value or said.direction is None:
        return amount
    return f"{words.field_words(said, 'direction', {})} {amount}"


def _attainment(said: Terms) -> str:
    if said.measure not in PER_CASE:
        return ""
    return words.with_unit(ALL_CASES if said.attainment is None else said.attainment, "%")


def _sampling(clause: Clause, said: Terms) -> str:
    name = str(clause.get_sampling_display())
    if said.sampling is Sampling.SAMPLE:
        name = gettext("sample of {n}").format(n=said.sample_size)
    return _with_note(name, said.sampling_note)


def _baseline(said: Terms) -> str:
    if said.baseline_value is None:
        return ""
    days = [_day(one) for one in (said.baseline_from, said.baseline_until) if one]
    return _with_note(words.baseline_words(said), formats.remarks([*days, *filter(None, [said.baseline_note])]))


def _with_note(name: str, note: str) -> str:
    return f"{name} ({note})" if note else name


def _item(said: Terms) -> str:
    if not said.perception_item:
        return ""
    texts = [say(said.perception_item), *(one["text"] for one in other_languages(said.perception_item))]
    return formats.labelled(gettext("Survey item"), " / ".join(texts))


def _badges(clause: Clause, others: Mapping[str, Clause], offered: bool) -> list[dict[str, str]]:
    found = []
    if lacking := missing(clause.terms):
        what = words.lacking_words(lacking)
        found.append({"word": gettext("incomplete: {what} missing").format(what=what), "tone": "bad"})
    if clause.trial_until is not None:
        until = _day(clause.trial_until)
        found.append({"word": gettext("on trial until {day}: cannot be breached").format(day=until), "tone": "warn"})
    if clause.deviates_from in others:
        found.append({"word": gettext("deviates from the service offer"), "tone": "warn"})
    elif clause.offer_version_id is not None and not offered:
        found.append({"word": gettext("from the service offer"), "tone": "plain"})
    if clause.example:
        found.append({"word": pgettext("a starting value", "example"), "tone": "warn"})
    return found


def _instead_of(clause: Clause, offered: Mapping[str, Clause]) -> str:
    """What the service offer says in place of a deviation."""
    replaced = offered.get(clause.deviates_from)
    return formats.labelled(gettext("The service offer says"), words.sentence(replaced)) if replaced else ""


def _day(value: Any) -> str:
    return formats.day(value) if value else ""
