"""Entry point of WSGI servers."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIHandler


# With this exit code of a web process gunicorn ends; with any other it would start the next one, for ever.
WORKER_BOOT_ERROR = 3


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
        print(f"baton: {refused}", file=sys.stderr, flush=True)
        sys.exit(WORKER_BOOT_ERROR)
    finally:
        connections.close_all()
    return served


application = _started()
