"""The count of queries a page finds the page that asks one for every row.

The pages themselves are counted where they are tested: tests/rooms/<room>/test_queries.py.
"""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from baton.chain.changes import add_link
from baton.chain.models import Link
from baton.core.guards import public
from tests.query_counts import queries_a_page
from tests.world import BEGAN, SYSTEM, World


@public
def careless(request: HttpRequest) -> HttpResponse:
    """One query for every link."""
    return HttpResponse(", ".join(str(link.supplier) for link in Link.objects.all()))


@public
def careful(request: HttpRequest) -> HttpResponse:
    """One query for all."""
    return HttpResponse(", ".join(str(link.supplier) for link in Link.objects.select_related("supplier")))


urlpatterns = [path("careless/", careless), path("careful/", careful)]


@pytest.mark.urls(__name__)
def test_a_planted_query_for_every_row_is_found(world: World) -> None:
    def counted() -> dict[str, int]:
        return queries_a_page(Client(), ["/careless/", "/careful/"])

    few = counted()
    for n in range(3):
        add_link(by=SYSTEM, at=BEGAN, supplier=world.stores, customer=world.ward, output={"en": f"Item {n}"})
    many = counted()
    assert many["/careful/"] == few["/careful/"]
    assert many["/careless/"] == few["/careless/"] + 3
