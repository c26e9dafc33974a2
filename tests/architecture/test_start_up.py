"""The web server starts without the libraries of the mathematics: they are loaded by the first run that computes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("polars", "duckdb", "scipy", "numpy", "pyarrow", "narwhals", "lxml")

SERVER = """
import sys
from django.core.management import call_command
import django
django.setup()
call_command("migrate", verbosity=0)
import baton.config.wsgi
import baton.config.urls
print(" ".join(sorted({name.partition(".")[0] for name in sys.modules} & set(sys.argv[1:]))))
"""

COMPUTES = "from baton.monitoring.changes import refresh"


def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: str = "") -> str:
    """The heavy packages that are loaded once the application is."""
    monkeypatch.setenv("BATON_DATA", str(tmp_path))
    monkeypatch.setenv("BATON_DEMO", "1")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "baton.config.settings")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    script = SERVER.replace("\nprint(", f"\n{more}\nprint(")
    ran = subprocess.run([sys.executable, "-c", script, *HEAVY], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def test_a_server_loads_no_mathematics(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert loaded(tmp_path, monkeypatch) == ""


def test_a_run_that_computes_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "polars" in loaded(tmp_path, monkeypatch, COMPUTES)
