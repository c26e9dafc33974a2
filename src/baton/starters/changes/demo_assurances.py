"""Certificates and a service guarantee of a demonstration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from baton.agreements import changes
from baton.agreements.queries import agreement_of_link
from baton.core.actors import Actor
from baton.core.days import day_of

if TYPE_CHECKING:
    from baton.chain.models import Link, Party

BY = Actor.system("demo")


@dataclass(frozen=True, slots=True)
class DemoCertificate:
    """A certificate of a party (code): what, from whom, and how many days it still holds."""

    party: str
    name: str
    issuer: str
    days: int


# One of each sector runs out, so that its page shows what is done about it.
CERTIFICATES: Mapping[str, tuple[DemoCertificate, ...]] = {
    "hospital": (
        DemoCertificate("lab", "ISO 15189:2022", "CNAS", 610),
        DemoCertificate("cssd", "ISO 13485:2016", "TÜV SÜD", 55),
    ),
    "factory": (DemoCertificate("quality", "IATF 16949:2016", "TÜV Rheinland", 70),),
    "laboratory": (DemoCertificate("quality", "ISO/IEC 17025:2017", "CNAS", 80),),
}
PROMISE = {"en": "Clean linen is on the ward by seven", "zh-hans": "七点前，干净布草送到病区"}
REMEDY = {"en": "A porter brings it within half an hour", "zh-hans": "运送员半小时内送到"}
HOW_TO_CALL = {"en": "Call 4711 and name the ward", "zh-hans": "拨打4711，说明病区"}
POINTS = 2
CALLS = (
    (40, {"en": "No sheets at half past seven", "zh-hans": "七点半还没有床单"}, True),
    (12, {"en": "Linen of another ward came", "zh-hans": "送来的是别的病区的布草"}, True),
    (3, {"en": "Came at nine", "zh-hans": "九点才送到"}, None),
)
"""Calls: days ago, what was wrong, whether it was honoured; None: nobody has said yet."""


def add_certificates(*, at: datetime, sector: str, parties: Mapping[str, Party]) -> None:
    """Enter the certificates; ``parties`` by code."""
    today = day_of(at)
    for one in CERTIFICATES[sector]:
        if one.party in parties:
            changes.add_certificate(
                by=BY, at=at, party=parties[one.party], name=one.name, issuer=one.issuer,
                ends_on=today + timedelta(days=one.days),
            )  # fmt: skip


def guarantee_linen(*, at: datetime, link: Link, language: str) -> None:
    """The laundry of the hospital guarantees its linen; the ward has called it."""
    agreement = agreement_of_link(viewer=BY, at=at, link=link.public_id)
    if agreement is None:
        return
    guarantee = changes.give_guarantee(
        by=BY, at=at, on=agreement, promise=PROMISE, remedy=REMEDY, how_to_call=HOW_TO_CALL, penalty_points=POINTS
    )
    for days, what, honoured in CALLS:
        call = changes.call_guarantee(
            by=BY, at=at, guarantee=guarantee, agreement=agreement, what=what[language],
            called_on=day_of(at) - timedelta(days=days),
        )  # fmt: skip
        if honoured is not None:
            changes.end_call(by=BY, at=at, call=call, honoured=honoured)
