"""What answers of a published wave keep beside them.

While a wave is being published, a sheet stands beside its link and the band of whoever answered. Where one head was
asked about a link, the one sheet of that link and band is hers, and whoever reads the database knows it. Once the
figures are published nobody needs this any more.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import partial

from django.db import transaction

from baton.core.audit.trail import Trail
from baton.core.database.scrubbing import scrub
from baton.feedback.models import AnswerSheet, SurveyComment, Wave


def thin_sheets(trail: Trail, wave: Wave, few: Iterable[int]) -> None:
    """Take the link from the sheets about links of which ``few`` say the primary keys, and the bands from the sheets of
    links where fewer than the wave's threshold answered in one of them."""
    sheets = AnswerSheet.objects.filter(wave=wave)
    count = sheets.filter(wave_link__in=list(few)).update(wave_link=None, band="")
    bands: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for link, band in sheets.filter(wave_link__isnull=False).values_list("wave_link", "band"):
        bands[link][band] += 1
    count += sheets.filter(wave_link__in=links_of_small_bands(bands, wave.least)).update(band="")
    if count:
        trail.note("wave.sheets_thinned", kind=Wave.kind, object_id=wave.public_id, count=count)
    tables = (AnswerSheet._meta.db_table, SurveyComment._meta.db_table)
    transaction.on_commit(partial(scrub, *tables), robust=True)


def links_of_small_bands(bands: Mapping[int, Mapping[str, int]], least: int) -> list[int]:
    """The links of which one band has fewer than ``least`` sheets. They lose it in all of them: with the other band
    left, the rest would be those few."""
    return sorted(link for link, counts in bands.items() if any(count < least for count in counts.values()))
