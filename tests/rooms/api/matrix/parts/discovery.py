"""Event logs, and the gaps that they and the detectors show."""

from __future__ import annotations

from typing import Any

from baton.chain import changes as chain
from baton.chain.queries import gap as gap_of
from baton.chain.queries.gap_detectors import pair_key
from baton.chain.rules import GapReply
from tests.rooms.api.matrix.made import VERSION, Made, Reads, Writes
from tests.rooms.api.matrix.people import EVERYBODY, GUESTS, LINKS_ALL, LOGS, NEAR_THE_WARD, OF_THE_LAUNDRY, SEES_ALL
from tests.world import NOON, SYSTEM, World

SEES_GAP = LINKS_ALL | {"zhao_lei", "gao_ming"}
SAYS_NO_DEALINGS = frozenset({"lin_mei", "xu_jing", "ma_chao"})

READS: Reads = {
    "list_gaps": (EVERYBODY - GUESTS, {"": 403}),
    "read_gap": (SEES_GAP, {"tom_reed": 403, "": 404}),
    "list_no_dealings": (EVERYBODY - GUESTS, {"": 403}),
    "read_no_dealings": (SEES_ALL | NEAR_THE_WARD, {"tom_reed": 403, "": 404}),
    **dict.fromkeys(
        ("list_event_logs", "read_event_log", "list_pairs", "list_log_names", "compare_event_log"), (LOGS, {"": 403})
    ),
}

WRITES: Writes = {
    **dict.fromkeys(("assign_gap", "answer_gap", "withdraw_gap_answer"), (OF_THE_LAUNDRY, SEES_GAP, 404)),
    "state_no_dealings": (SAYS_NO_DEALINGS, SEES_ALL | NEAR_THE_WARD, 422),
    "withdraw_no_dealings": (SAYS_NO_DEALINGS, SEES_ALL | NEAR_THE_WARD, 404),
    **dict.fromkeys(
        (
            "bring_event_log",
            "choose_log_columns",
            "accept_event_log",
            "withdraw_event_log",
            "match_log_name",
            "make_links_of_pairs",
        ),
        (frozenset({"lin_mei"}), EVERYBODY, 403),
    ),
}


def made(world: World) -> Made:
    """A mined log, a gap that somebody looks after, and a pair of the log that is said to have no dealings."""
    from tests.rooms.chain.test_event_logs import bring, mine

    client = world.client(world.lin_mei)
    log = mine(client, bring(client))
    single = world.linenco_laundry.public_id
    gap = chain.assign_gap(
        by=SYSTEM, at=NOON, gap=found("accidental_single_source", single), person=world.gao_ming
    )  # fmt: skip
    pair = found("undeclared", pair_key(world.laboratory.public_id, world.pharmacy.public_id))
    none = chain.answer_gap(by=SYSTEM, at=NOON, gap=pair, reply=GapReply.NO_DEALINGS, reason="Never met")
    return Made(
        own={"event-logs": log, "gaps": gap, "no-dealings": none},
        texts={"{slug:detector}/{str:key}": f"accidental_single_source/{single}"},
        queries={"bring_event_log": "?name=more.csv"},
        bodies=bodies(world),
    )


def found(detector: str, key: str) -> Any:
    """The gap that the detector shows under ``key``."""
    shown = gap_of(viewer=SYSTEM, at=NOON, detector=detector, key=key)
    assert shown is not None
    return shown.gap


def bodies(world: World) -> dict[str, dict[str, Any]]:
    """Name of a call -> what it sends."""
    pharmacy, laboratory = world.pharmacy.public_id, world.laboratory.public_id
    pairs = [{"supplier": "Ward 3", "customer": "Laboratory"}]
    columns = {"case": "case", "party": "team", "party_kind": "team", "time": "time"}
    return {
        "assign_gap": {"person": world.gao_ming.public_id, "version": VERSION},
        "answer_gap": {"reply": "accepted", "reason": "Known", "version": VERSION},
        "withdraw_gap_answer": {"version": VERSION},
        "state_no_dealings": {"supplier": pharmacy, "customer": laboratory, "reason": "Why"},
        "withdraw_no_dealings": {"version": VERSION},
        "choose_log_columns": {**columns, "version": VERSION},
        "accept_event_log": {"version": VERSION},
        "withdraw_event_log": {"reason": "Wrong file", "version": VERSION},
        "match_log_name": {"name": "Porters", "party": world.stores.public_id, "seen": None},
        "make_links_of_pairs": {"pairs": pairs, "output": {"en": "Specimens"}},
    }
