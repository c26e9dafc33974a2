"""What the pages of a workshop show: the wall, a phone, the desk of whoever leads it, and the minutes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from baton.agreements.models import Workshop, WorkshopSeat
from baton.agreements.models.agreements import SIDES
from baton.agreements.models.workshops import STAGES
from baton.agreements.pages.texts import page_of_text
from baton.agreements.queries.workshops import Board, Participation, Topic
from baton.agreements.rules import TEXT_LENGTH, Side
from baton.agreements.rules.workshops import (
    FEW,
    NOTE_TEXT,
    NOTES_A_SEAT,
    SORTING,
    WRITING,
    Fate,
    Stage,
    neighbours,
    owed_by,
    stage_ends,
)
from baton.core import formats
from baton.core.texts import say

PROMPTS = {
    Side.CUSTOMER: gettext_lazy("To serve my customer I need …"),
    Side.SUPPLIER: gettext_lazy("To keep that, I need from my customer …"),
}
SAID = {
    Stage.JOIN: gettext_lazy("Scan the code with your phone and choose your side."),
    Stage.CUSTOMER: gettext_lazy("The receivers write, the suppliers listen: one thing on each note."),
    Stage.SUPPLIER: gettext_lazy("Now the suppliers write what they need from the receivers for it."),
    Stage.CLUSTER: gettext_lazy("Notes that say the same are put together."),
    Stage.VOTE: gettext_lazy("Lay your dots on what matters most to you."),
    Stage.CLAUSES: gettext_lazy("What got most dots is turned into clauses: how is it measured, and what is enough?"),
    Stage.CLOSED: gettext_lazy("The workshop is closed. Thank you."),
}
"""What everybody does in a stage."""


@dataclass(frozen=True, slots=True)
class Phone:
    """What one participant sees. ``part`` is the part of the page that is his: join, wait, write, sort, vote, result,
    over; ``dots`` are his own, by public id of what they lie on."""

    workshop: Workshop
    seat: WorkshopSeat | None
    part: str

    @property
    def key(self) -> str:
        """Another one as soon as his part of the page is another one."""
        return f"{self.workshop.stage}-{self.part}"


def phone_of(workshop: Workshop, seat: WorkshopSeat | None, at: datetime) -> Phone:
    """What somebody with this seat, or with none, sees now."""
    return Phone(workshop, seat, _part(workshop, seat, at))


def _part(workshop: Workshop, seat: WorkshopSeat | None, at: datetime) -> str:
    stage = Stage(workshop.stage)
    if workshop.fate(at) is not Fate.OPEN:
        return "over"
    if seat is None:
        return "join"
    if stage in WRITING:
        return "write" if WRITING[stage] == seat.side else "wait"
    if stage is Stage.CLUSTER and workshop.everybody_sorts:
        return "sort"
    return {Stage.VOTE: "vote", Stage.CLAUSES: "result"}.get(stage, "wait")


def tag_of(workshop: Workshop, at: datetime, *more: object) -> str:
    """Another one as soon as anything on the wall is another one (ETag)."""
    said = (workshop.revision, workshop.changed_seq, workshop.fate(at).value, get_language(), *more)
    return f'"{"-".join(map(str, said))}"'


def stage_context(workshop: Workshop, at: datetime) -> dict[str, Any]:
    """The stage in words, its clocks, and where it can go from here."""
    stage = Stage(workshop.stage)
    before, after = neighbours(stage)
    side = WRITING.get(stage)
    return {
        "workshop": workshop, "stage": stage.value, "stage_word": STAGES[stage], "stage_said": SAID[stage],
        "prompt": PROMPTS[side] if side is not None else "", "before": before, "after": after,
        "before_word": STAGES[before] if before is not None else "",
        "after_word": STAGES[after] if after is not None else "",
        "stages": [(one.value, STAGES[one], one is stage) for one in Stage],
        "supplier": side_party(workshop, Side.SUPPLIER), "customer": side_party(workshop, Side.CUSTOMER),
        "output": workshop.output, "text": workshop.text,
        "shows_notes": stage in SORTING or stage is Stage.CLOSED,
        "ends_at": _ends(workshop), "stage_ends_at": stage_ends(stage, workshop.stage_began_at, workshop.minutes),
        "is_over": workshop.fate(at) is not Fate.OPEN,
    }  # fmt: skip


def _ends(workshop: Workshop) -> datetime | None:
    return workshop.began_at + timedelta(minutes=workshop.minutes) if workshop.began_at is not None else None


def board_context(board: Board, at: datetime) -> dict[str, Any]:
    """The wall: stage, people, notes and topics."""
    most = _most(board)
    return {
        **stage_context(board.workshop, at), "board": board,
        "people": people_rows(board.people.values(), board.workshop),
        "notes_of": [(side_word(board.workshop, side), count) for side, count in board.notes.items()],
        "notes": sum(board.notes.values()), "ranked": [_topic(topic, most) for topic in board.ranked], "most": most,
    }  # fmt: skip


def _most(board: Board) -> int:
    """The dots of the topic that got most."""
    return max((topic.votes for topic in board.topics), default=0)


def _topic(topic: Topic, most: int) -> dict[str, Any]:
    return {
        "topic": topic, "words": topic.words, "public_id": topic.public_id, "votes": topic.votes,
        "is_cluster": topic.cluster is not None, "clauses": topic.clauses, "notes": topic.notes,
        "width": round(100 * topic.votes / most) if most else 0,
        "name": "cluster" if topic.cluster is not None else "note", "owed_by": owed_by(topic.side).value,
    }  # fmt: skip


def people_rows(people: Iterable[Participation], workshop: Workshop) -> list[dict[str, Any]]:
    """A row a side: who was invited, joined, wrote and voted, with shares."""
    return [
        {
            "side": one.side.value, "party": side_party(workshop, one.side), "word": SIDES[one.side],
            "invited": one.invited, "joined": one.joined, "wrote": one.wrote, "voted": one.voted,
            "joined_share": _percent(one.share("joined")), "wrote_share": _percent(one.share("wrote")),
            "voted_share": _percent(one.share("voted")), "more": one.joined > one.invited > 0,
        }
        for one in sorted(people, key=lambda one: one.side is Side.SUPPLIER)
    ]  # fmt: skip


def _percent(value: float | None) -> str:
    return formats.percent(value / 100, 0) if value is not None else formats.MISSING


def side_party(workshop: Workshop, side: Side) -> str:
    """What the party of a side is called; all who get what a service offer is about are one side."""
    party = workshop.supplier if side is Side.SUPPLIER else workshop.customer
    return say(party.name) if party is not None else _("All customers")


def side_word(workshop: Workshop, side: Side) -> str:
    """``Ward 3 (customer)``."""
    return f"{side_party(workshop, side)} ({SIDES[side]})"


def door_context(workshop: Workshop) -> dict[str, Any]:
    """How people come in: the address, the short one with its code, and the picture of the address."""
    return {
        "address": address_of(workshop), "short": short_address(), "code": workshop.code(),
        "picture": _picture(address_of(workshop)),
    }  # fmt: skip


def address_of(workshop: Workshop) -> str:
    """Where a phone goes; whoever has it may take part."""
    return settings.BASE_URL + reverse("workshop:phone", args=[workshop.token()])


def short_address() -> str:
    """Where the code is typed, as people type it."""
    split = urlsplit(settings.BASE_URL)
    return f"{split.netloc}{reverse('workshop:enter')}"


def _picture(text: str) -> SafeString:
    # Squares alone; the text is ours. It fills the place that the page gives it.
    picture = segno.make(text, error="m", micro=False).svg_inline(border=2, light="white", omitsize=True)
    return mark_safe(picture)


def phone_context(phone: Phone, board: Board, own: Sequence[Any], dots: Counter[str], at: datetime) -> dict[str, Any]:
    """A phone: the wall, and what is one's own."""
    left = phone.workshop.dots - sum(dots.values())
    most = _most(board)
    ranked = [{**_topic(topic, most), "mine": dots[topic.public_id]} for topic in board.topics]
    return {
        **board_context(board, at), "phone": phone, "seat": phone.seat, "part": phone.part, "key": phone.key,
        "own": own, "topics": ranked, "dots_left": left, "most_words": NOTE_TEXT, "most_notes": NOTES_A_SEAT,
        "notes_left": NOTES_A_SEAT - len(own), "few": FEW,
        "sides": [
            (side.value, side_party(phone.workshop, side), SIDES[side]) for side in (Side.CUSTOMER, Side.SUPPLIER)
        ],
        "my_party": side_party(phone.workshop, Side(phone.seat.side)) if phone.seat is not None else "",
        "loose": board.alone, "clusters": board.clusters,
    }  # fmt: skip


def minutes_context(board: Board, at: datetime, *, sees_text: bool) -> dict[str, Any]:
    """The minutes: everything that came out of it. ``sees_text``: the reader may open what it is about."""
    shown = board_context(board, at)
    address = page_of_text(board.workshop.text) if sees_text else ""
    return {**shown, "text_address": address, "without_clause": [row for row in shown["ranked"] if not row["clauses"]]}


def header() -> Sequence[str]:
    """Names of the columns of the minutes as a table."""
    return [_("Cluster"), pgettext("of a workshop", "Note"), _("Side"), _("Dots"), _("Clauses"), _("Taken out because")]


def rows(board: Board) -> Iterator[Sequence[object]]:
    """A row a note; those of a cluster under its name, with its dots and clauses."""
    for topic in board.ranked:
        name = topic.words if topic.cluster is not None else ""
        clauses = "; ".join(say(clause.characteristic) for clause in topic.clauses)
        for note in topic.notes:
            yield [name, note.words, str(note.get_side_display()), topic.votes, clauses, ""]
        if not topic.notes:
            yield [name, "", "", topic.votes, clauses, ""]
    for note in board.taken_out:
        yield ["", "", str(note.get_side_display()), "", "", note.taken_out_because]


def first_words(topic: Topic, side: Side) -> Mapping[str, str]:
    """With what the form of a clause begins: the name of the topic, and for a promise the receivers' words for what is
    asked in surveys. In the organisation's language, in which clauses are written."""
    code = settings.LANGUAGE_CODE.replace("-", "_")
    felt = next((note.words for note in topic.notes if note.side == Side.CUSTOMER), "")
    first = {f"characteristic_{code}": topic.words[:TEXT_LENGTH]}
    return {**first, f"perception_item_{code}": felt[:TEXT_LENGTH]} if side is Side.SUPPLIER and felt else first
