"""Columns that are written out once stand in every query as Django itself would write them."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.state import ProjectState
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.sql import compiler

from baton.chain.models import Link, Membership, Party
from baton.core.database import columns
from baton.handoffs.models import Handoff
from tests.world import World

pytestmark = pytest.mark.django_db


def shapes() -> dict[str, QuerySet[Any, Any]]:
    links = Link.objects.select_related("supplier__parent", "customer__parent", "output")
    members = Membership.objects.filter(party=OuterRef("pk"), person__sign_in_name="x").select_related("person")
    return {
        "rows with those of other tables": links,
        "a table under many names": links.filter(Q(supplier__parent__code="x") | Q(customer__parent__code="x")),
        "some columns": Handoff.objects.select_related("link__supplier").only("state", "link__supplier__code"),
        "all but some": Party.objects.defer("name").select_related("parent"),
        "a query within": Party.objects.filter(Exists(members)),
        "rows of a query within": Party.objects.filter(pk__in=Party.objects.filter(code="x").order_by("code")[:5]),
        "annotated": Party.objects.annotate(other=F("parent__code"), number_of=Count("links_as_supplier")),
        "named as a column": Party.objects.extra(select={"code": "1"}),
        "named as a table": Party.objects.extra(select={Party._meta.db_table: "1"}),
        "values": Link.objects.values("supplier__name", "public_id"),
        "once each": links.distinct().order_by("supplier__code"),
        "of two queries": Party.objects.filter(code="a").union(Party.objects.filter(code="b")),
        "for a change": links.select_for_update(of=("self",)),
    }


@pytest.mark.parametrize("name", shapes())
def test_it_is_the_query_that_django_makes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first, again = written(name), written(name)
    monkeypatch.setattr(connection.ops, "_cache", compiler)
    theirs = shapes()[name].query.get_compiler(connection=connection)
    assert not isinstance(theirs, columns.WrittenOnce)
    assert first == again == theirs.as_sql()


def written(name: str) -> tuple[str, Any]:
    made = shapes()[name].query.get_compiler(connection=connection)
    assert isinstance(made, columns.WrittenOnce)
    return made.as_sql()


def test_rows_are_whole(world: World) -> None:
    for _turn in range(2):
        link = Link.objects.select_related("supplier", "customer__parent", "output").get(pk=world.laundry_ward.pk)
        assert (link.supplier, link.customer, link.customer.parent) == (world.laundry, world.ward, world.nursing)
        assert (link.output.name, link.customer.code) == (world.laundry_ward.output.name, "W3")


def test_former_models_of_migrations_are_not_kept() -> None:
    former = ProjectState.from_apps(apps).apps.get_model("chain", "Party")
    assert str(former._base_manager.all().query) == str(Party._base_manager.all().query)
    assert {model._meta.apps for model, _alias in columns._COLUMNS} == {apps}
