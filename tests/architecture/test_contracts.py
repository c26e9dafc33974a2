"""The contracts between the rooms hold, and each of them notices a planted violation."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

# Which line, added to which file, must break the contract whose name contains the last text.
PLANTED = [
    ("baton/core/planted.py", "import baton.chain", "Rooms know only the rooms below them"),
    ("baton/planted.py", "", "Rooms know only the rooms below them"),
    ("baton/chain/rules/gaps.py", "import baton.chain.models", "In a room"),
    ("baton/chain/planted.py", "", "In a room"),
    ("baton/core/policy.py", "import baton.core.changes", "In core"),
    ("baton/config/env.py", "import baton.config.settings", "In config"),
    ("baton/starters/plans.py", "import baton.starters.changes", "In starters"),
    ("baton/core/rules.py", "import baton.core.actors", "No cycles between neighbours"),
    ("baton/chain/views.py", "import baton.monitoring.models", "Only monitoring touches monitoring's models"),
    ("baton/starters/plans.py", "import baton.handoffs.models", "Only handoffs touches the models of handoffs"),
    ("baton/starters/plans.py", "import baton.agreements.models", "Only agreements touches the models of agreements"),
    ("baton/config/settings.py", "import baton.starters.models", "Only the starters touch their models"),
    ("baton/monitoring/queries.py", "import baton.core.models", "Only core touches core's models"),
    ("baton/starters/changes/demo.py", "import baton.chain.models", "Only chain touches chain's models"),
    ("baton/chain/rules/links.py", "import django.db", "Rules are plain Python"),
    ("baton_analysis/measures/planted.py", "import django.conf", "The analysis knows neither Django"),
    ("baton_analysis/measures/planted.py", "import baton_analysis.signals", "In the analysis"),
    ("baton_analysis/facts/planted.py", "import pyspark", "Only the engines know Spark"),
]


def lint_imports(source: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts of this repository against the packages in ``source``."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-logo", "--no-cache"]
    return subprocess.run(
        [*command, "--config", str(ROOT / ".importlinter")],
        cwd=source,
        env={"PYTHONPATH": str(source), "PATH": "", "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )


def test_contracts_hold() -> None:
    ran = lint_imports(ROOT / "src")
    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize(("file", "line", "contract"), PLANTED)
def test_planted_violation_is_noticed(tmp_path: Path, file: str, line: str, contract: str) -> None:
    shutil.copytree(ROOT / "src", tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("static", "*.pyc"))
    planted = tmp_path / file
    for package in [folder for folder in planted.relative_to(tmp_path).parents if folder != Path()]:
        (tmp_path / package).mkdir(exist_ok=True)
        (tmp_path / package / "__init__.py").touch()
    with planted.open("a") as out:
        out.write(f"\n{line}\n")
    ran = lint_imports(tmp_path)
    broken = [text for text in ran.stdout.splitlines() if " BROKEN" in text]
    assert any(contract in text for text in broken), ran.stdout
