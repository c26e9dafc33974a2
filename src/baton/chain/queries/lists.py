"""What the lists of the chain share: order by language, search, pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import get_language

from baton.chain import policy
from baton.chain.rules import PAGE_ROWS, State
from baton.core.slices import in_order
from baton.core.texts import clean_text, folded

M = TypeVar("M", bound=Model)

LONGEST = 200
"""Characters of a search that are looked at."""


def by_name(prefix: str = "") -> KeyTextTransform:
    """Sorts by name as the reader expects: pinyin for readers of Chinese."""
    return KeyTextTransform(get_language() or "en", f"{prefix}sort_keys")


def found(search: str, *columns: str, also: Callable[[str], Q] | None = None) -> Q:
    """Every word of ``search`` stands in one of the ``columns``, whatever the letter case and width; ``also`` says
    where else a word may stand."""
    wanted = Q()
    # Cut once more: folded, one sign can be several words (U+FDFA is four), and no database takes hundreds of them.
    for word in dict.fromkeys(folded(clean_text(search[:LONGEST]))[:LONGEST].split()):
        somewhere = Q()
        for column in columns:
            somewhere |= Q(**{f"{column}__contains": word})
        if also is not None:
            somewhere |= also(word)
        wanted &= somewhere
    return wanted


def ordered(rows: QuerySet[M], order: str, orders: Mapping[str, Any], default: str) -> QuerySet[M]:
    """``order`` names one of ``orders``, with a minus sign for descending; anything else means ``default``."""
    down, key = order.startswith("-"), order.removeprefix("-")
    if key not in orders:
        down, key = default.startswith("-"), default.removeprefix("-")
    expression = orders[key]
    return rows.order_by(expression.desc() if down else expression.asc(), "pk")


def page_of(
    rows: QuerySet[Any] | Sequence[Any], number: int | str, *, rows_a_page: int = PAGE_ROWS,
    keys: Sequence[int] | None = None,
) -> Page[Any]:  # fmt: skip
    """A page of a list; a number that makes no sense means the first page, one beyond the end the last.

    Of a query only the keys of the rows are sorted, and those on the page are read with all that belongs to them: to
    sort whole rows takes several times as long. ``keys``: they are sorted already, and these are all. Three queries.
    """
    if not isinstance(rows, QuerySet):
        return Paginator(rows, rows_a_page).get_page(number)
    listed: Any = rows.values_list("pk", flat=True) if keys is None else keys
    found_page: Page[Any] = Paginator(listed, rows_a_page).get_page(number)
    found_page.object_list = in_order(rows, list(found_page.object_list))
    return found_page


def in_state(state: str, day: date) -> Q:
    """Rows with two dates that are ``live``, ``planned`` or ``ended`` on ``day``; every row for anything else."""
    if state == State.PLANNED:
        return Q(began_on__gt=day)
    if state == State.ENDED:
        return Q(ended_on__isnull=False, ended_on__lte=day)
    return policy.in_force(day) if state == State.LIVE else Q()
