"""Import and export: who is offered what, and what comes in the file."""

from __future__ import annotations

import pytest

from baton.core import registries
from baton.core.registries import Export, Import, Registry
from tests.world import World


def test_the_quality_manager_is_offered_event_logs_and_the_lists(world: World) -> None:
    page = world.client(world.lin_mei).get("/data/").content.decode()
    assert "Event log" in page
    assert 'href="/discovery/"' in page[page.index("<main") :]
    for name in ("chain.links", "chain.parties"):
        assert f'href="/data/{name}/"' in page


def test_others_are_offered_only_what_they_may_use(world: World) -> None:
    page = world.client(world.chen_jie).get("/data/").content.decode()
    assert "Nothing for you to import" in page
    assert 'href="/data/chain.links/"' in page
    assert world.client(world.tom_reed).get("/data/").status_code == 403


def test_a_table_comes_as_inert_csv_with_the_rows_that_the_reader_may_see(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    exports: Registry[Export] = Registry("export")
    exports.add(
        "room.names",
        Export("Names", lambda: ["Name"], lambda viewer, at: [[f"=1+1 {viewer.id}"]], "Who is there"),
    )  # fmt: skip
    exports.add(
        "room.secret", Export("Secret", lambda: ["x"], lambda viewer, at: [["y"]], shown=lambda actor: False)
    )  # fmt: skip
    monkeypatch.setattr(registries, "exports", exports)
    client = world.client(world.chen_jie)
    page = client.get("/data/").content.decode()
    assert "Who is there" in page
    assert "Secret" not in page
    answer = client.get("/data/room.names/")
    assert b"".join(answer).decode() == f"\ufeffName\r\n'=1+1 {world.chen_jie.public_id}\r\n"
    assert answer["Content-Disposition"] == 'attachment; filename="room.names.csv"'
    assert client.get("/data/room.secret/").status_code == 403
    assert client.get("/data/no.such/").status_code == 404
    assert client.get("/data/..%2f..%2fetc/").status_code == 404


def test_an_import_is_shown_to_those_it_is_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    imports: Registry[Import] = Registry("import")
    wu_tao = world.wu_tao.public_id
    imports.add("room.list", Import("List of people", "One line each", "core:me", lambda actor: actor.id == wu_tao))
    monkeypatch.setattr(registries, "imports", imports)
    assert "One line each" in world.client(world.wu_tao).get("/data/").content.decode()
    assert "One line each" not in world.client(world.lin_mei).get("/data/").content.decode()
