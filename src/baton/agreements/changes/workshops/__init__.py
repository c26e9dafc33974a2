"""Workshops: begun and led, written in, put together, voted in, turned into clauses, closed."""

from baton.agreements.changes.workshops.closing import FORGOTTEN, close_expired, close_workshop
from baton.agreements.changes.workshops.leading import (
    begin_workshop,
    change_workshop,
    invite_to_workshop,
    renew_address,
    set_stage,
)
from baton.agreements.changes.workshops.sorting import (
    add_clause_from,
    dissolve_cluster,
    put_together,
    rename_cluster,
    take_out_note,
)
from baton.agreements.changes.workshops.taking_part import (
    lay_dot,
    new_seat_secret,
    put_together_by_seat,
    take_back_dot,
    take_back_note,
    take_seat,
    write_note,
)

__all__ = [
    "FORGOTTEN",
    "add_clause_from",
    "begin_workshop",
    "change_workshop",
    "close_expired",
    "close_workshop",
    "dissolve_cluster",
    "invite_to_workshop",
    "lay_dot",
    "new_seat_secret",
    "put_together",
    "put_together_by_seat",
    "rename_cluster",
    "renew_address",
    "set_stage",
    "take_back_dot",
    "take_back_note",
    "take_out_note",
    "take_seat",
    "write_note",
]
