"""Somebody hands in a sheet. Nothing says who, or when: no entry of the trail, no time, no request.

The count of sheets stands in the entry that closes the wave: the one exception to the rule that every write has one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from baton.core.actors import Actor
from baton.core.errors import Refused
from baton.feedback.models import Ballot, UrnSheet, Wave
from baton.feedback.queries.ballots import Slip
from baton.feedback.queries.clause_items import contents_asked
from baton.feedback.rules import About, Fault, Mode, WaveState, checked_answers
from baton.feedback.rules.sealing import TooMuch, sealed_sheet
from baton.feedback.rules.tokens import digest_of
from baton_analysis.errors import gettext_noop

OF_WAVE = ""
"""Key of the answers that are about no link."""
_SHEETS = Actor.system("feedback")


class SheetFaults(Exception):
    """Some answers are none: ``faults`` by the public id of the link of the wave (:data:`OF_WAVE`: about none)."""

    def __init__(self, faults: Mapping[str, list[Fault]]) -> None:
        self.faults = faults
        super().__init__(", ".join(f"{link}.{one.field}" for link, found in faults.items() for one in found))


class NoBallot(Refused):
    """The token opens nothing any more: the sheet was handed in meanwhile, or the wave is over."""

    status = 410

    def __init__(self) -> None:
        super().__init__(
            expected=gettext_noop("A code opens one sheet, once, while the survey is open."),
            found=gettext_noop("This one opens none now: it was used, or the survey is over."),
            remedy=gettext_noop("If you have just sent your answers, they have arrived and you are done."),
        )


def cast_sheet(*, at: datetime, slip: Slip, answers: Mapping[str, Mapping[str, Any]]) -> None:
    """Put a sheet into the urn: ``answers`` by the public id of the link of the wave, those about none under
    :data:`OF_WAVE`. Exactly once, however many requests come at a time, and on the disk when this returns.

    Raises
    ------
    SheetFaults
        Nothing was kept; the ballot is still there.
    NoBallot
        It was used, or the wave is over.
    """
    pieces = checked_pieces(slip, answers)
    try:
        seal = sealed_sheet(pieces, bytes.fromhex(slip.wave.public_key))
    except TooMuch as refused:
        raise SheetFaults({OF_WAVE: [_too_much()]}) from refused
    with transaction.atomic():
        # The wave is locked against its closing: nothing is put into an urn that was emptied.
        wave = Wave.objects.select_for_update(of=("self",)).get(pk=slip.wave.pk)
        is_open = wave.state == WaveState.OPEN and wave.mode == Mode.ANONYMOUS and at < wave.closes_at
        used, _by_table = Ballot.objects.filter(digest=digest_of(slip.token, wave.public_id), wave=wave).delete()
        if not is_open or used != 1:
            raise NoBallot
        UrnSheet(wave=wave, seal=seal).save(force_insert=True)


def checked_pieces(slip: Slip, answers: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A sheet cut into one piece for each link and one about none, as they are sealed; SheetFaults where an answer is
    none. A piece without any answer is left out."""
    contents = slip.wave.contents
    of_links = contents_asked(viewer=_SHEETS, slip=slip)
    asked: dict[str, tuple[About, str]] = {link.public_id: (About.LINK, band.value) for link, band in slip.links}
    asked[OF_WAVE] = (About.WAVE, "")
    faults: dict[str, list[Fault]] = {}
    pieces = []
    for link, (about, band) in asked.items():
        found, wrong = checked_answers(of_links.get(link, contents), answers.get(link, {}), about)
        if wrong:
            faults[link] = wrong
        if found:
            pieces.append({"link": link, "band": band, "answers": found})
    strange = [link for link in answers if link not in asked]
    if strange:
        faults[strange[0]] = checked_answers(contents, {"?": "?"}, About.WAVE)[1]
    if not faults and not pieces:
        faults[OF_WAVE] = [_empty()]
    if faults:
        raise SheetFaults(faults)
    return pieces


def _too_much() -> Fault:
    return Fault(
        "", gettext_noop("Expected comments that are together at most about 100 pages long."),
        gettext_noop("Shorten some of them, then send the sheet again."), gettext_noop("They are longer."),
    )  # fmt: skip


def _empty() -> Fault:
    return Fault(
        "", gettext_noop("Expected an answer to at least one question."),
        gettext_noop("Answer what you can say something about, then send it."), gettext_noop("Nothing was answered."),
    )  # fmt: skip
