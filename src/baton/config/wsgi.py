"""Entry point of WSGI servers."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIHandler


def _started() -> WSGIHandler:
    """The application, once it is sure that the database fits it; else the process ends with what to do."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baton.config.settings")
    from django.core.wsgi import get_wsgi_application

    served = get_wsgi_application()

    from django.db import connections

    from baton.core.errors import Refused
    from baton.core.health import demand_startable

    try:
        demand_startable()
    except Refused as refused:
        sys.exit(f"baton: {refused}")
    finally:
        connections.close_all()
    return served


application = _started()
