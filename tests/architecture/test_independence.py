"""The analysis, and the commands that need only it, work where Django is not installed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

# Stands in for a machine without the application's packages: importing any of them fails as if it were not installed.
BLOCK = """
import sys
for name in ("django", "allauth", "gunicorn", "psycopg"):
    sys.modules[name] = None
"""

IMPORT_ALL = """
import importlib, pkgutil, baton_analysis
for module in pkgutil.walk_packages(baton_analysis.__path__, "baton_analysis."):
    importlib.import_module(module.name)
print("imported")
"""

LOG = """case,team,time
1,Ward,2026-01-05T08:00:00Z
1,Laboratory,2026-01-05T09:00:00Z
1,Ward,2026-01-05T11:00:00Z
2,Ward,2026-01-06T08:00:00Z
2,Pharmacy,2026-01-06T08:30:00Z
"""


def run_without_django(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", BLOCK + script, *arguments], capture_output=True, text=True)


def test_every_module_of_the_analysis_imports() -> None:
    ran = run_without_django(IMPORT_ALL)
    assert ran.stdout == "imported\n", ran.stderr


def test_discover_works(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text(LOG)
    command = ["discover", str(log), "--case", "case", "--party", "team", "--time", "time", "--json"]
    ran = run_without_django("from baton.config.cli import main; main()", *command)
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert (found["cases"], found["handovers"], found["pairs"]) == (2, 3, 3)


def test_analyse_works(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text(LOG)
    config = tmp_path / "analysis.toml"
    config.write_text('facts = "events"\n[columns]\nparty = "team"\nat = "time"\n')
    command = ["analyse", str(log), "--config", str(config), "--out", str(tmp_path / "out"), "--json"]
    ran = run_without_django("from baton.config.cli import main; main()", *command)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["n"] == 3
    assert (tmp_path / "out" / "report.html").exists()


def test_the_block_blocks() -> None:
    ran = run_without_django("import django.db")
    assert "ModuleNotFoundError" in ran.stderr
