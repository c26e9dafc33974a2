"""A table of a house that was read, carried by the page on which it is looked at before it is entered."""

from __future__ import annotations

from dataclasses import asdict

from django.core import signing

from baton.agreements.changes.house_tables import HouseTable, NeedRow
from baton.agreements.changes.houses import Judged
from baton.agreements.models import House

_HOURS_KEPT = 12


def kept(table: HouseTable, house: House, title: str) -> str:
    """The table and the name of its file as signed text, for this house alone."""
    said = {
        "title": title,
        "characteristics": list(table.characteristics),
        "needs": [[row.words, asdict(row.judged), dict(row.relations)] for row in table.needs],
        "roof": [[one, other, sign] for (one, other), sign in table.roof.items()],
    }
    return signing.dumps(said, salt=_salt(house), compress=True)


def read_kept(text: str, house: House) -> tuple[HouseTable, str] | None:
    """The table of such a text and the name of its file; None where it is not ours, of another house, or older than
    half a day."""
    try:
        said = signing.loads(text, salt=_salt(house), max_age=_HOURS_KEPT * 3_600)
    except signing.BadSignature:
        return None
    table = HouseTable(
        tuple(said["characteristics"]),
        tuple(NeedRow(words, Judged(**judged), relations) for words, judged, relations in said["needs"]),
        {(one, other): sign for one, other, sign in said["roof"]},
    )
    return table, said.get("title", "")


def _salt(house: House) -> str:
    return f"agreements.house.{house.public_id}"
