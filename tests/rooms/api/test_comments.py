"""Comments as programs read and write them."""

from __future__ import annotations

from baton.core.models import Comment
from tests.api import Program, said, token_for
from tests.world import World


def test_a_program_comments_once_and_reads_what_was_said(world: World) -> None:
    program, about = Program(token_for(world.chen_jie)), world.laundry_ward.public_id
    words = f"@[{world.zhao_lei.public_id}] and @Wang Fang: nine bags. @Ivy Stone, too."
    body = {"kind": "link", "record": about, "words": words}
    made = program.post("/comments", body, key="nightly-bags-1")
    assert made.status_code == 201
    again = program.post("/comments", body, key="nightly-bags-1")
    assert (again["Idempotent-Replayed"], Comment.objects.count()) == ("true", 1)
    shown = said(made)
    assert [one["id"] for one in shown["mentions"]] == [world.zhao_lei.public_id, world.wang_fang.public_id]
    assert shown["words"].endswith(f"@[{world.wang_fang.public_id}]: nine bags. @Ivy Stone, too.")
    program.post("/comments", {**body, "words": "Ten."})
    reader = Program(token_for(world.gao_ming))
    first = said(reader.get(f"/comments?kind=link&record={about}&limit=1"))
    rest = said(reader.get(f"/comments?kind=link&record={about}&limit=1&cursor={first['next']}"))
    assert [row["words"] for row in (*first["rows"], *rest["rows"])] == [shown["words"], "Ten."]
    assert rest["next"] == ""


def test_records_without_discussion_or_out_of_sight_are_refused_alike(world: World) -> None:
    program = Program(token_for(world.ivy_stone))
    for kind, record in (("link", world.laundry_ward.public_id), ("person", world.chen_jie.public_id), ("x", "2" * 16)):
        assert program.get(f"/comments?kind={kind}&record={record}").status_code == 404
        refused = program.post("/comments", {"kind": kind, "record": record, "words": "x"})
        assert refused.status_code == 422
        assert said(refused)["errors"][0]["field"] == "record"
