"""A house of quality as its page shows it, and as a table that can be read back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baton.agreements.models.qfd import SIGNS
from baton.agreements.pages.history import timeline
from baton.agreements.queries.houses import HousePage
from baton.agreements.rules.houses import ROOF
from baton.core import formats
from baton_analysis.drawing.houses import HouseWords, house_svg

if TYPE_CHECKING:
    from baton_analysis.measures.house_of_quality import HouseOfQuality, Reversal

SHOWN_REVERSALS = 5

ACTIONS = {
    "house.begun": (_("House of quality begun"), "plus"),
    "house.described": (_("Name or scale of a house changed"), "pencil"),
    "house.closed": (_("House closed"), "archive"),
    "house.filled": (_("House filled from a table"), "upload"),
    "house.filling_withdrawn": (_("Table of a house withdrawn"), "undo-2"),
    "house_need.added": (_("Need added to a house"), "plus"),
    "house_need.changed": (_("Need of a house corrected"), "pencil"),
    "house_need.compared": (_("Need of a house compared with others"), "pencil"),
    "house_need.judged": (_("Need of a house judged"), "pencil"),
    "house_need.dropped": (_("Need left out of a house"), "minus"),
    "house_need.restored": (_("Need taken up again"), "undo-2"),
    "house_characteristic.added": (_("Characteristic added"), "plus"),
    "house_characteristic.changed": (_("Characteristic corrected"), "pencil"),
    "house_characteristic.dropped": (_("Characteristic left out"), "minus"),
    "house_characteristic.restored": (_("Characteristic taken up again"), "undo-2"),
    "house_characteristic.promised": (_("Characteristic turned into a clause"), "file-text"),
    "house_relation.judged": (_("Relation judged"), "layout-grid"),
    "house_roof.judged": (_("Mark in the roof set"), "house"),
}


def house_words() -> HouseWords:
    """The words of the picture in the reader's language."""
    return HouseWords(
        number=formats.number, percent=formats.percent, title=gettext("House of quality"),
        importance=gettext("Importance"), improvement=gettext("Improvement"), sales_point=gettext("Sales point"),
        absolute=gettext("Weight"), relative=gettext("Share"), importance_only=gettext("Importance only"),
        demanded=gettext("Demanded weight"), share=gettext("Share"), rank=gettext("Rank"),
        relations={9: gettext("strong"), 3: gettext("medium"), 1: gettext("weak")},
        signs={"++": gettext("helps much"), "+": gettext("helps"), "-": gettext("hinders"),
               "--": gettext("hinders much")},
    )  # fmt: skip


def house_context(page: HousePage) -> dict[str, Any]:
    """What ``agreements/house.html`` shows."""
    named = {one.public_id: name for one, name in zip(page.needs, page.need_names, strict=True)}
    named |= {one.public_id: name for one, name in zip(page.characteristics, page.characteristic_names, strict=True)}
    named |= {one.public_id: str(one) for one in page.fillings}
    context: dict[str, Any] = {
        "page": page, "house": page.house, "link": page.house.link, "history": timeline(page.history, named),
        "without_clause": page.needs_without_clause, "without_need": page.clauses_without_need,
        "needs": [(one, None) for one in page.needs],
    }  # fmt: skip
    found = page.weighed
    return context if found is None else {**context, **_weighed(page, found)}


def _weighed(page: HousePage, found: HouseOfQuality) -> dict[str, Any]:
    drawn = house_svg(found.to_dict(), "house", house_words())  # it escapes its texts
    rows = [
        (one, weight, page.clauses.get(one.line))
        for one, weight in zip(page.characteristics, found.characteristics, strict=True)
    ]
    robust = found.sensitivity.demanded
    return {
        "picture": SafeString(drawn),
        "needs": list(zip(page.needs, found.needs, strict=True)),
        "rows": sorted(rows, key=lambda row: row[1].demanded.rank),
        "matrix": list(zip(page.need_names, found.relations, strict=True)),
        "columns": page.characteristic_names,
        "conflicts": [(one, SIGNS[one.sign]) for one in found.conflicts],
        "unserved": found.needs_without_characteristic,
        "idle": found.characteristics_without_need,
        "warnings": [warning.render(gettext) for warning in found.warnings],
        "robust": robust,
        "reversals": [_reversal(one) for one in found.sensitivity.reversals[:SHOWN_REVERSALS]],
        "between": found.sensitivity.between_weightings,
    }


def _reversal(one: Reversal) -> str:
    figures = {"before": formats.number(one.before), "after": formats.number(one.after)}
    first = formats.listing(one.first)
    if one.characteristic is None:
        said = gettext("Importance of “{need}” {after} instead of {before}: first is {first}.")
    else:
        said = gettext("“{need}” – “{characteristic}” {after} instead of {before}: first is {first}.")
    return said.format(need=one.need, characteristic=one.characteristic, first=first, **figures)


OWN_COLUMNS = (_("Need"), _("Importance"), _("Met now"), _("To be met"), _("Sales point"))


def header(page: HousePage) -> list[str]:
    """First row of the exported house."""
    return [*(str(name) for name in OWN_COLUMNS), *page.characteristic_names]


def table(page: HousePage) -> list[list[object]]:
    """The exported house: a row a need with its relations, then a row a characteristic with the marks of the roof."""
    rows: list[list[object]] = []
    for need, name in zip(page.needs, page.need_names, strict=True):
        relations = [page.relations.get((need.pk, one.pk), 0) or "" for one in page.characteristics]
        rows.append([name, need.importance, need.current or "", need.target or "", need.sales_point, *relations])
    for one, name in zip(page.characteristics, page.characteristic_names, strict=True):
        pairs = [(min(one.pk, other.pk), max(one.pk, other.pk)) for other in page.characteristics]
        rows.append([f"{ROOF} {name}", "", "", "", "", *(page.roof.get(pair, "") for pair in pairs)])
    return rows
