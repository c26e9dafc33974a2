"""What people outside need, in their words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from baton.chain import policy
from baton.chain.changes import change_need
from baton.chain.changes.bulk_needs import NEEDS_TARGET, need_line
from baton.chain.imports.columns import (
    began_column,
    fixed,
    name_field,
    names_given,
    names_told,
    plain_name,
    withdrawn,
)
from baton.chain.imports.known import KnownParties, TableNames
from baton.chain.models import OutsideNeed, Party
from baton.chain.queries.needs import needs_in_sight
from baton.chain.rules import NAME_LENGTH, OUTSIDE_CUSTOMERS
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.import_targets import Findings, ImportColumn, ImportRow, ImportTarget, TextCell, twice
from baton.core.policy import may_use
from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells import CellProblem

_WORDS = {
    "en": (
        {"en": "Need (English)", "zh-hans": "需求（英文）"},
        ("need", "words", "outside need"),
        "A clean bed by noon",
    ),
    "zh-hans": ({"en": "Need (Chinese)", "zh-hans": "需求（中文）"}, ("需求", "外部需求"), "中午前有干净的床"),
}
COLUMNS = (
    ImportColumn(
        "holder", {"en": "Whose need", "zh-hans": "谁的需求"}, TextCell(400), required=True,
        synonyms=("holder", "customer", "outside customer", "外部客户", "客户"), example="PAT",
        text=_("Code, key, number or name of the outside customer or group of consumers."),
    ),
    *(
        ImportColumn(
            name_field(language), _WORDS[language][0], TextCell(NAME_LENGTH),
            required=language == settings.LANGUAGE_CODE, synonyms=_WORDS[language][1], example=_WORDS[language][2],
            text=_("In the customer’s words; in the organisation’s language a row is known again by them.")
            if language == settings.LANGUAGE_CODE else _("Optional."),
        )
        for language, _label in settings.LANGUAGES
    ),
    began_column(_("First day; empty: today.")),
)  # fmt: skip


def check(rows: Sequence[ImportRow], findings: Findings) -> None:
    """New needs, and what changes in those that are there: known by whose they are and their words."""
    named = {row["holder"] for row in rows}
    known = KnownParties.read(findings.viewer, findings.system, named if findings.system else None)
    there = {(need.holder.public_id, _key(need.words)): need for need in _live()}
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        holder = _holder(row, known)
        if isinstance(holder, CellProblem):
            findings.refuse(row, "holder", holder)
            continue
        key = (holder.public_id, _key(names_given(row)))
        if seen.setdefault(key, row.number) != row.number:
            findings.refuse(row, name_field(settings.LANGUAGE_CODE), twice(seen[key]))
        elif key in there:
            _changed(row, there[key], findings)
        else:
            began = row["began_on"] or day_of(findings.at)
            line = need_line(holder=holder.public_id, words=names_given(row), began_on=began)
            findings.new(row, NEEDS_TARGET, line)


def _live() -> Iterator[OutsideNeed]:
    return OutsideNeed.objects.filter(ended_on__isnull=True).select_related("holder").iterator()


def _key(words: Mapping[str, str]) -> str:
    return plain_name(words.get(settings.LANGUAGE_CODE, ""))


def _holder(row: ImportRow, known: KnownParties) -> Party | CellProblem:
    found = known.meant(row["holder"])
    if isinstance(found, CellProblem) or found.party_kind in OUTSIDE_CUSTOMERS:
        return found
    return CellProblem(
        expected=gettext_noop("Expected an outside customer or a group of consumers."),
        found=gettext_noop("{number} is neither."),
        remedy=gettext_noop("Choose whose need it is, or enter that customer first."),
        values={"number": found.number},
    )


def _changed(row: ImportRow, need: OutsideNeed, findings: Findings) -> None:
    """What differs from the need as it stands; empty cells leave it as it is."""
    if row["began_on"] and row["began_on"] != need.began_on:
        said = gettext_noop("Expected the first day as it is; it does not change.")
        findings.refuse(row, "began_on", fixed(said, need.began_on.isoformat()))
        return
    words = {**need.words, **names_given(row)}
    if words == need.words:
        findings.same(row, need.public_id)
    else:
        findings.change(row, {"need": need.public_id, "words": words}, was=names_told(need.words))


def apply(*, by: Actor, at: datetime, line: Mapping[str, Any]) -> None:
    """Correct the words of one need as the row says."""
    need = OutsideNeed.objects.filter(public_id=line["need"]).select_related("holder").first()
    if need is None:
        raise withdrawn(gettext_noop("Expected a need that is there."))
    change_need(by=by, at=at, need=need, holder=need.holder, words=line["words"])


def rows(viewer: Actor, at: datetime) -> Iterator[Mapping[str, str]]:
    """All live needs that the viewer sees."""
    names, sight = TableNames(viewer, at), policy.sight_of(viewer, day_of(at))
    seen = OutsideNeed.objects.filter(needs_in_sight(sight), ended_on__isnull=True)
    for need in seen.select_related("holder").order_by("pk").distinct():
        yield {
            "holder": names.of(need.holder), **names_told(need.words), "began_on": need.began_on.isoformat(),
        }  # fmt: skip


NEEDS = ImportTarget(
    title=_("Outside needs"),
    text=_("What customers and consumers outside need, in their words; links name what they serve."),
    columns=COLUMNS,
    may_bring=policy.may_add_links_in_bulk,
    makes=(NEEDS_TARGET,),
    check=check,
    apply=apply,
    rows=rows,
    may_take=may_use,
    icon="heart",
)
