"""What stands behind the addresses of what employees need; see tests/browser/records.py."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from baton.feedback import changes
from baton.feedback.models import EmployeeNeed
from baton.feedback.rules.needs import Addressee
from tests.rooms.feedback.test_needs import promised, said
from tests.world import World

Values = tuple[dict[str, str], ...]


def need_values(world: World) -> dict[str, Values]:
    """Route -> what fills its placeholders: needs in each state, some asked by somebody who opens the pages, and enough
    of one department for figures."""
    at, quality = datetime.now(UTC), world.actor(world.lin_mei)
    own, answered = (
        said(world, world.zhao_lei, addressee=Addressee.QUALITY, words=words)
        for words in ("A list of what was promised to whom", "A second press")
    )
    changes.promise_need(
        by=quality, at=at, need=answered, words="It comes on Monday", owner=world.lin_mei,
        promised_for=(at + timedelta(days=9)).date(),
    )  # fmt: skip
    late = said(world, at=at - timedelta(days=40))
    done = promised(world, said(world, at=at - timedelta(days=60)), at=at - timedelta(days=59))
    changes.judge_need(by=world.actor(world.chen_jie), at=at, need=done, met=True, words="It helped")
    declined = said(world, addressee=Addressee.QUALITY)
    changes.decline_need(by=quality, at=at, need=declined, words="Not before January")
    for _turn in range(3):
        said(world, world.sun_lei)
    every: list[EmployeeNeed] = [late, done, declined, own, answered]
    judged = ("met", "not-met", "take-back")
    return {
        "surveys/needs/<slug:public_id>/": tuple({"public_id": one.public_id} for one in every),
        "surveys/needs/<slug:public_id>/promise/": ({"public_id": late.public_id},),
        "surveys/needs/<slug:public_id>/decline/": ({"public_id": late.public_id},),
        **{f"surveys/needs/<slug:public_id>/{step}/": ({"public_id": answered.public_id},) for step in judged},
    }
