"""The web server starts without the libraries of the mathematics: they are loaded by the first run that computes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases import Databases

HEAVY = ("polars", "duckdb", "scipy", "numpy", "pyarrow", "narwhals", "lxml")

SERVER = """
import sys
import django
django.setup()
import baton.config.wsgi
import baton.config.urls
def loaded():
    print(" ".join(sorted({name.partition(".")[0] for name in sys.modules} & set(sys.argv[1:]))))
loaded()
from baton.monitoring.changes import refresh
loaded()
"""


def test_a_server_loads_no_mathematics_until_something_is_computed(
    committed_db: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one process: what is loaded once the application is, and once a run that computes is at hand."""
    monkeypatch.setenv("BATON_DATA", str(tmp_path))
    monkeypatch.setenv("BATON_DEMO", "1")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "baton.config.settings")
    monkeypatch.setenv("DATABASE_URL", committed_db.url)
    ran = subprocess.run([sys.executable, "-c", SERVER, *HEAVY], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    serving, computing = ran.stdout.splitlines()
    assert serving == ""
    assert "polars" in computing.split()
