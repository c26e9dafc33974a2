"""A questionnaire, which everybody inside reads and the quality manager writes."""

from __future__ import annotations

from baton.feedback.rules.files import file_text
from tests.rooms.api.matrix.made import VERSION, Made, Reads, Writes
from tests.rooms.api.matrix.people import EVERYBODY, GUESTS
from tests.rooms.feedback.asked import contents, written
from tests.world import World

STAFF = EVERYBODY - GUESTS
MANAGER = frozenset({"lin_mei"})

READS: Reads = {
    "list_questionnaires": (STAFF, {"": 403}),
    "read_questionnaire": (STAFF, {"": 403}),
    "read_questionnaire_file": (STAFF, {"": 403}),
}
WRITES: Writes = dict.fromkeys(
    ("write_questionnaire", "write_questionnaire_file", "change_questionnaire", "end_questionnaire"),
    (MANAGER, STAFF, 403),
)
_SECTIONS = [
    {
        "key": "service", "title": {"en": "Service"},
        "questions": [{"key": "better", "kind": "text", "words": {"en": "What should be better?"}}],
    }
]  # fmt: skip


def made(world: World) -> Made:
    """A short one."""
    return Made(
        own={"questionnaires": written(world)},
        bodies={
            "write_questionnaire": {"name": {"en": "Own"}, "sections": _SECTIONS},
            "change_questionnaire": {"name": {"en": "Other"}, "sections": _SECTIONS, "version": VERSION},
            "end_questionnaire": {"why": "Replaced", "version": VERSION},
        },
        files={"write_questionnaire_file": file_text({"en": "From a file"}, {}, contents()).encode()},
    )
