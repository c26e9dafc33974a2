"""Which figures were published before over answers of people who are as good as known: if one of them leaves, or one
comes, and the others say the same again, his answer is the difference."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from baton.feedback.models import InvitedLink, PublishedCell, Wave, WaveLink
from baton.feedback.rules import WaveState, scored_of
from baton.feedback.rules.published import COLUMNS, CellKey, Grouping, are_known
from baton.feedback.rules.questions import About, Scored

LOOKED_BACK = 12
"""So many published waves about the same links are held against a new one."""


def known_before(*, wave: Wave, links: Collection[int], columns: Sequence[Scored]) -> dict[str, dict[CellKey, int]]:
    """By column the numbers of answers of cells as they were last shown over answers of people who are as good as
    known, whatever questionnaire asked: the same question may stand in a copy of it."""
    known = WaveLink.objects.filter(pk__in=links).values("link")
    earlier = Wave.objects.filter(state=WaveState.PUBLISHED, cards=0, links__link__in=known).exclude(pk=wave.pk)
    found: dict[str, dict[CellKey, int]] = {}
    for last in earlier.distinct().order_by("-published_at", "-pk")[:LOOKED_BACK]:
        asked_then = {(one.key, one.low, one.high) for one in scored_of(last.contents)}
        same = {one.key: one.question.about for one in columns if (one.key, one.low, one.high) in asked_then}
        asked, people = _asked(last), last.invitations.count()
        rows = PublishedCell.objects.filter(wave=last, n__isnull=False, column__in=same)
        for cell in rows.select_related("wave_link__link", "supplier", "customer"):
            key = key_of(cell)
            of_it = people if same[cell.column] is About.WAVE else asked.get(key, 0)
            if are_known(asked=of_it, answered=cell.n or 0):
                found.setdefault(cell.column, {}).setdefault(key, cell.n or 0)
    return found


def _asked(wave: Wave) -> dict[CellKey, int]:
    """How many sheets about links were asked for, by cell."""
    links = {one.pk: one.link for one in wave.links.select_related("link__supplier", "link__customer")}
    found: dict[CellKey, int] = {}
    for link, band in InvitedLink.objects.filter(invitation__wave=wave).values_list("wave_link", "band"):
        one = links[link]
        values = {
            "link": one.public_id, "supplier": one.supplier.public_id, "customer": one.customer.public_id, "band": band,
        }  # fmt: skip
        for columns in COLUMNS.values():
            key = tuple((name, values[name]) for name in columns)
            found[key] = found.get(key, 0) + 1
    return found


def key_of(cell: PublishedCell) -> CellKey:
    """The cell as the mathematics name it."""
    values = {
        "link": cell.wave_link.link.public_id if cell.wave_link else "",
        "supplier": cell.supplier.public_id if cell.supplier else "",
        "customer": cell.customer.public_id if cell.customer else "",
        "band": cell.band,
    }
    return tuple((name, values[name]) for name in COLUMNS[Grouping(cell.grouping)])
