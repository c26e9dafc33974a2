"""The demonstration on the sign-in page."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from baton.starters.rules import HOSPITAL, PASSWORD

pytestmark = pytest.mark.django_db


def test_the_demonstration_says_how_to_sign_in(settings: Any) -> None:
    settings.DEMO = True
    page = Client().get("/accounts/login/").content.decode()
    assert PASSWORD in page
    assert all(person.sign_in_name in page and person.english in page for person in HOSPITAL)


def test_no_other_installation_shows_a_password(settings: Any) -> None:
    settings.DEMO = False
    page = Client().get("/accounts/login/").content.decode()
    assert PASSWORD not in page
    assert HOSPITAL[0].english not in page
