"""Oneself, people, words, views, comments, search, imports and webhooks."""

from __future__ import annotations

from baton.core.webhooks.changes import add_webhook
from tests.rooms.api.matrix.made import VERSION, Made, Reads, Writes
from tests.rooms.api.matrix.people import (
    ADMINISTRATORS,
    EVERYBODY,
    GUESTS,
    IMPORTERS,
    LEADERS,
    LINKS_ALL,
    NEAR_THE_WARD,
    PEOPLE_LISTED,
)
from tests.rooms.imports.tables import checked, entered
from tests.world import NOON, World

# administrators and HR import people, who leads links their handoffs; they see no other imports
SEE_OTHER_IMPORTS = (LEADERS - IMPORTERS) | {"sun_yan", "qian_li"}

READS: Reads = {
    **dict.fromkeys(("read_me", "list_words", "search_everything"), (EVERYBODY, {})),
    "list_views": (EVERYBODY - GUESTS, {"": 403}),
    "list_comments": (LINKS_ALL | NEAR_THE_WARD, {"tom_reed": 403, "": 404}),
    "list_people": (PEOPLE_LISTED, {"": 403}),
    "read_person": (PEOPLE_LISTED | {"chen_jie"}, {"": 404}),
    "list_imports": (PEOPLE_LISTED | LEADERS, {"": 403}),
    "read_import": (IMPORTERS | {"wu_tao"}, {**dict.fromkeys(SEE_OTHER_IMPORTS, 404), "": 403}),
    **dict.fromkeys(("list_webhooks", "read_webhook", "list_deliveries"), (ADMINISTRATORS, {"": 403})),
}

WRITES: Writes = {
    # the auditor reads and says nothing
    "add_comment": ((LINKS_ALL | NEAR_THE_WARD) - {"wu_tao"}, LINKS_ALL | NEAR_THE_WARD, 422),
    "check_table": (IMPORTERS, EVERYBODY, 403),
    **dict.fromkeys(("enter_import", "withdraw_import"), (IMPORTERS, EVERYBODY - SEE_OTHER_IMPORTS, 404)),
    **dict.fromkeys(
        ("rename_word", "add_webhook", "pause_webhook", "resume_webhook"), (ADMINISTRATORS, frozenset(), 403)
    ),
}


def made(world: World) -> Made:
    """A table that is checked and one that is entered, and a webhook of the administrator's."""
    link = world.laundry_ward.public_id
    webhook, _secret = add_webhook(
        by=world.actor(world.sun_yan), at=NOON, name="HIS", address="https://a.example.org/", events=["link.added"]
    )
    return Made(
        own={
            "people": world.chen_jie, "imports": checked("outputs", "Name (English)\nTunics\n"), "webhooks": webhook,
        },
        of_call={"withdraw_import": entered("outputs", "Name (English)\nGowns\n")},
        texts={"{slug:word}/{slug:language}": "link/en"},
        queries={"search_everything": "?q=laundry", "list_comments": f"?kind=link&record={link}"},
        bodies={
            "add_comment": {"kind": "link", "record": link, "words": "@Zhao Lei, please look."},
            "check_table": {"target": "outputs", "name": "Nightly", "table": "Name (English)\nScrubs\n"},
            "enter_import": {"version": VERSION},
            "withdraw_import": {"version": VERSION, "reason": "Wrong file"},
            "rename_word": {"singular": "agreement", "plural": "agreements"},
            "add_webhook": {"name": "HIS", "address": "https://a.example.org/", "events": ["link.added"]},
            "pause_webhook": {},
            "resume_webhook": {},
        },
    )  # fmt: skip
