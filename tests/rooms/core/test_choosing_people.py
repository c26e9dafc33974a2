"""Choosing one person among many: by a part of the name, told apart where several have the same one."""

from __future__ import annotations

import pytest
from django import forms

from baton.core.changes import add_person, disable_person
from baton.core.choosing_people import PersonField, colleagues_like, colleagues_meant
from baton.core.models import Person
from tests.query_counts import queries_a_page
from tests.world import BEGAN, NOON, SYSTEM, World


class Choosing(forms.Form):
    person = PersonField(label="Person")


def namesake() -> Person:
    name = {"en": "Wang Fang", "zh-hans": "王芳"}
    return add_person(by=SYSTEM, at=BEGAN, sign_in_name="wang.fang.2", name=name)


def meant(world: World, typed: str) -> Choosing:
    form = Choosing({"person": typed})
    field = form.fields["person"]
    assert isinstance(field, PersonField)
    field.viewer = world.actor(world.lin_mei)
    form.is_valid()
    return form


def proposed(world: World, typed: str) -> list[str]:
    answer = world.client(world.chen_jie).get("/people/suggestions/", {"field": "person", "person": typed})
    return answer.content.decode().split("<option value=")[1:]


def test_a_part_of_the_name_proposes_in_any_language(world: World) -> None:
    for typed in ("wang f", "王芳", "WANG2", "fang wang"):
        assert any(line.startswith('"Wang Fang" label="Wang Fang · Ward 3"') for line in proposed(world, typed)), typed
    assert proposed(world, "") == proposed(world, " ") == proposed(world, "\x00") == []
    disable_person(by=SYSTEM, at=NOON, person=world.wang_fang)
    assert proposed(world, "wang f") == []


@pytest.mark.parametrize("typed", ["Wang Fang", "wang fang", " 王芳 ", "ID"])
def test_what_is_typed_means_one(world: World, typed: str) -> None:
    form = meant(world, typed.replace("ID", world.wang_fang.public_id))
    assert form.cleaned_data["person"] == world.wang_fang


def test_namesakes_are_told_apart(world: World) -> None:
    other = namesake()
    (error,) = meant(world, "王芳").errors["person"]
    short = other.public_id[:8]
    assert f"Wang Fang ({short})" in error
    assert f"Wang Fang ({world.wang_fang.public_id[:8]}) · Ward 3" in error
    assert meant(world, f"Wang Fang ({short})").cleaned_data["person"] == other
    assert [one.text for one in colleagues_like(viewer=world.actor(world.lin_mei), text="王芳")].count("Wang Fang") == 0


def test_nobody_is_nobody(world: World) -> None:
    for typed in ("Wang", "x" * 5000, "Wang Fang (2b3c4d5e)", "%", "' OR 1=1 --"):
        form = meant(world, typed)
        assert "Nobody is called" in form.errors["person"][0], typed
    assert "Wang Fang" in meant(world, "Wang").errors["person"][0], "those who are near are named"
    assert colleagues_meant(viewer=world.actor(world.lin_mei), text="") == []
    assert meant(world, "").errors["person"]


def test_who_is_not_of_the_house_chooses_nobody(world: World) -> None:
    assert world.client(world.tom_reed).get("/people/suggestions/?field=q&q=wang").status_code == 403


@pytest.mark.sqlite
def test_the_number_of_people_changes_neither_queries_nor_page(world: World) -> None:
    client = world.client(world.lin_mei)
    pages = ["/people/suggestions/?field=q&q=n", f"/parties/{world.ward.public_id}/appoint/", "/parties/add/"]
    client.get(pages[1])  # the number of gaps beside the navigation is counted once
    few, size = queries_a_page(client, pages), len(client.get(pages[1]).content)
    for n in range(30):
        add_person(by=SYSTEM, at=BEGAN, sign_in_name=f"new{n}", name={"en": f"New {n}"})
    assert queries_a_page(client, pages) == few
    assert len(client.get(pages[1]).content) == size
