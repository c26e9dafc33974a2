"""Rows stand in the order that was asked for, in the words that Django itself would use."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, Expression, F, Model, QuerySet
from django.db.models.functions import Lower
from django.db.models.sql.compiler import SQLCompiler

from baton.chain.models import Link, Party
from baton.core.models import AuditEntry

pytestmark = pytest.mark.django_db


def orders() -> dict[str, QuerySet[Any, Any]]:
    links = Link.objects.select_related("supplier", "customer")
    return {
        "names": links.order_by("supplier__number", "-number"),
        "key": links.order_by("pk"),
        "reversed": links.order_by("number").reverse(),
        "of the model": AuditEntry.objects.all(),
        "no order": links.order_by(),
        "annotated": links.annotate(said=Count("output")).order_by("said", "number"),
        "values": Link.objects.values("supplier").annotate(count=Count("pk")).order_by("-count"),
        "expression": links.order_by(F("supplier__number").desc(), "number"),
        "selected expression": Party.objects.values(low=Lower("code")).order_by(Lower("code").asc()),
        "combined": Party.objects.values_list("code", "pk").union(Party.objects.values_list("number", "pk")).order_by(
            "code"
        ),
        "by chance": links.order_by("?"),
    }  # fmt: skip


@pytest.mark.parametrize("name", orders())
def test_it_is_the_query_that_django_makes(name: str) -> None:
    ours = orders()[name].query.get_compiler(connection=connection)
    theirs = SQLCompiler(orders()[name].query, connection, connection.alias)
    assert type(ours) is not SQLCompiler
    assert ours.as_sql() == theirs.as_sql()


def test_no_column_is_hashed_for_an_order_by_names(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(self: Expression) -> int:
        raise AssertionError

    rows: QuerySet[Model, Model] = Link.objects.select_related("supplier", "customer").order_by("number")
    sql = rows.query.get_compiler(connection=connection)
    monkeypatch.setattr(Expression, "__hash__", refused)
    assert "ORDER BY" in sql.as_sql()[0]
