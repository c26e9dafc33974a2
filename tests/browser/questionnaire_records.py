"""What stands behind the addresses of questionnaires; see tests/browser/records.py."""

from __future__ import annotations

from datetime import UTC, datetime

from baton.feedback import changes
from baton.feedback.rules import Contents, Kind
from baton.feedback.rules.library import library_set_of
from tests.rooms.feedback.asked import written
from tests.world import World

Values = tuple[dict[str, str], ...]


def questionnaire_values(world: World) -> dict[str, Values]:
    """Route -> what fills its placeholders: one with questions of many kinds, an empty one, one that was ended."""
    like = library_set_of("loyalty")
    assert like is not None
    full = written(world, name=like.name, purpose=like.purpose, contents=like.contents)
    empty, ended = written(world, contents=Contents()), written(world)
    changes.end_questionnaire(
        by=world.actor(world.lin_mei), at=datetime.now(UTC), questionnaire=ended, reason="Replaced"
    )
    on = {"public_id": full.public_id}
    section = full.contents.sections[0].key
    return {
        "surveys/questionnaires/library/": ({"key": "service_quality"}, {"key": "guest"}),
        "surveys/questionnaires/": (on, {"public_id": empty.public_id}, {"public_id": ended.public_id}),
        "surveys/questionnaires/<slug:public_id>/file.json": (on,),
        "surveys/questionnaires/<slug:public_id>/preview/": (on,),
        "surveys/questionnaires/<slug:public_id>/print/": (on,),
        "surveys/questionnaires/<slug:public_id>/clauses/": (on,),
        "surveys/questionnaires/<slug:public_id>/rename/": (on,),
        "surveys/questionnaires/<slug:public_id>/end/": (on,),
        "surveys/questionnaires/<slug:public_id>/sections/": ({**on, "key": section},),
        "surveys/questionnaires/<slug:public_id>/questions/": ({**on, "key": "trust"},),
        "surveys/questionnaires/<slug:public_id>/add/": tuple(
            {**on, "section": section, "kind": kind.value} for kind in Kind
        ),
    }
