"""Consultations: of the results that the Laboratory hands to Ward 3, where Chen Jie and Sun Lei are asked."""

from __future__ import annotations

from datetime import timedelta

from baton.agreements import changes
from baton.agreements.models import AgreementVersion
from baton.agreements.rules import Side, Stance
from baton.core.days import day_of
from baton.core.present import now
from tests.rooms.agreements.made import LINEN, ORDER
from tests.rooms.api.matrix.made import VERSION, Made, Reads, Writes
from tests.rooms.api.matrix.people import HEADS_OF_THE_WARD, LINKS_ALL, OF_THE_WARD
from tests.world import NOON, World

# an agreement is seen by who sees its link: the ward, the laboratory and who deals with them
SEES_RESULTS = LINKS_ALL | OF_THE_WARD | {"zhao_lei", "gao_ming", "xu_jing", "ma_chao"}
SPEAKS = frozenset({"liu_yang", "wang_fang", "zhou_min", "ma_chao"})
ASKED = frozenset({"chen_jie", "sun_lei"})
# who said what is read by those who speak for a side, those who are asked, and who sees all links
READS_OPINIONS = SPEAKS | ASKED | LINKS_ALL

READS: Reads = {
    "read_consultation": (SEES_RESULTS, {"tom_reed": 403, "": 404}),
    "read_participation_rule": (frozenset({"lin_mei"}), {"": 403}),
}

WRITES: Writes = {
    **dict.fromkeys(("say_opinion", "consent_to_the_rest"), (SPEAKS | ASKED, SEES_RESULTS, 404)),
    "ask_staff": (HEADS_OF_THE_WARD | {"zhou_min"}, SEES_RESULTS, 404),
    "answer_opinion": (SPEAKS | {"lin_mei"}, READS_OPINIONS, 404),
    "withdraw_opinion": (frozenset({"chen_jie"}), READS_OPINIONS, 404),
    "end_invitation": (HEADS_OF_THE_WARD | {"zhou_min"}, READS_OPINIONS, 404),
    "say_how_many_take_part": (frozenset({"lin_mei"}), frozenset(), 403),
}


def made(world: World) -> Made:
    """An objection of Chen Jie waits for an answer; Sun Lei has said nothing."""
    by = world.actor(world.wang_fang)
    version = changes.begin_agreement(by=by, at=NOON, link=world.lab_ward, clauses=[LINEN, ORDER])
    version = changes.propose_version(by=by, at=NOON, version=version)
    version = changes.open_consultation(by=by, at=NOON, version=version)
    people = [world.chen_jie.public_id, world.sun_lei.public_id]
    due_on = day_of(NOON) + timedelta(days=10)
    changes.ask_staff(by=by, at=NOON, version=version, side=Side.CUSTOMER, due_on=due_on, people=people)
    objection = changes.say_opinion(
        by=world.actor(world.chen_jie), at=NOON, version=version, line="", stance=Stance.OBJECTION, text="Too late"
    )
    return Made(
        own={
            "consultations": version,
            "opinions": objection,
            "invitations": _invitation(world, version),
        },
        bodies={
            "say_opinion": {"line": "", "stance": "comment", "text": "Well said"},
            "consent_to_the_rest": {"version": VERSION},
            "ask_staff": {"side": "customer", "due_on": (day_of(now()) + timedelta(days=9)).isoformat()},
            "answer_opinion": {"adopt": False, "answer": "The van comes at seven", "version": VERSION},
            "withdraw_opinion": {"version": VERSION},
            "end_invitation": {"why": "Works elsewhere", "version": VERSION},
            "say_how_many_take_part": {"minimum_participation": 60, "always": False, "version": 0},
        },
    )


def _invitation(world: World, version: AgreementVersion) -> object:
    return version.invitations.get(person=world.sun_lei)
