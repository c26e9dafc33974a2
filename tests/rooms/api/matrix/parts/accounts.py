"""Accounts and contacts of outside parties."""

from __future__ import annotations

from baton.chain import changes as chain
from baton.core import changes
from tests.rooms.api.matrix.made import VERSION, Made, Reads, Writes
from tests.rooms.api.matrix.people import EVERYBODY, GUESTS, KEEPERS, NEAR_THE_WARD, SEES_ALL
from tests.world import NOON, SYSTEM, World

READS: Reads = {
    "find_account": (EVERYBODY - GUESTS, {"": 403}),
    **dict.fromkeys(
        ("list_accounts", "read_account", "list_contacts", "read_contact"), (KEEPERS, {"tom_reed": 403, "": 404})
    ),
}

WRITES: Writes = {
    "add_account": (KEEPERS, SEES_ALL | NEAR_THE_WARD, 422),
    "add_contact": (KEEPERS, KEEPERS, 422),
    **dict.fromkeys(
        (
            "change_account",
            "end_account",
            "change_contact",
            "end_contact",
            "show_contact",
            "give_account_key",
            "withdraw_account_key",
        ),
        (KEEPERS, KEEPERS, 404),
    ),
    "forget_contact": (frozenset({"lin_mei"}), KEEPERS, 404),
}


def made(world: World) -> Made:
    """An account of the patients with a key of another system, and somebody to speak with."""
    account = chain.add_account(by=SYSTEM, at=NOON, party=world.patient, number="A-1", name="Li household")
    contact = chain.add_contact(by=SYSTEM, at=NOON, account=account, name="Li Na", phone="13800131234")
    changes.give_external_key(
        by=SYSTEM, at=NOON, kind="account", object_id=account.public_id, system="CRM", key="C-1"
    )  # fmt: skip
    patients = world.patient.public_id
    return Made(
        own={"accounts": account, "contacts": contact},
        queries={
            "find_account": "?system=CRM&key=C-1",
            "list_accounts": f"?party={patients}",
            "list_contacts": f"?account={account.public_id}",
        },
        bodies={
            "add_account": {"party": patients, "number": "A-2", "name": "Wang household"},
            "change_account": {"number": "A-1", "name": "Li family", "version": VERSION},
            "end_account": {"version": VERSION},
            "add_contact": {"account": account.public_id, "name": "Wang Wei"},
            "change_contact": {"quiet": True, "version": VERSION},
            "end_contact": {"version": VERSION},
            "show_contact": {},
            "forget_contact": {"reason": "He asked"},
            "give_account_key": {"system": "CRM", "key": "C-9"},
            "withdraw_account_key": {"system": "CRM", "key": "C-1"},
        },
    )
