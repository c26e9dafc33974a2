"""Entry point of WSGI servers."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from baton.config.loading import loading
from baton.config.terminal import print_refusal
from baton.core.rules import START_REFUSED
from baton_analysis.errors import BatonError

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIHandler


def _started() -> WSGIHandler:
    """The application, once it is sure that the database fits it; else the process ends with what to do and the exit
    code that makes gunicorn end too.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baton.config.settings")
    try:
        with loading():
            return _checked()
    except BatonError as refused:
        print_refusal(refused)
        sys.exit(START_REFUSED)


def _checked() -> WSGIHandler:
    from django.core.wsgi import get_wsgi_application

    served = get_wsgi_application()

    from django.db import connections
    from django.urls import get_resolver

    from baton.core import vocabulary
    from baton.core.health import demand_startable

    try:
        demand_startable()
        vocabulary.load()
        get_resolver().url_patterns  # noqa: B018  # pages and API are loaded before the first person asks for one
    finally:
        connections.close_all()
    return served


application = _started()
