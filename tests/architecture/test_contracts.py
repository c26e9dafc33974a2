"""The contracts between the rooms hold, and each of them notices a planted violation."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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
    ("baton/feedback/queries/grades.py", "import baton.feedback.models.published", "Grades that bear names know"),
    ("baton/feedback/changes/grades.py", "import baton.feedback.changes", "Grades that bear names know"),
    ("baton/feedback/pages/grades.py", "import baton.feedback.pages.results", "Pages of grades that bear names"),
    ("baton/feedback/changes/publishing.py", "import baton.feedback.models.grades", "Answers know nothing of grades"),
    ("baton_analysis/measures/planted.py", "import django.conf", "The analysis knows neither Django"),
    ("baton_analysis/measures/planted.py", "import baton_analysis.signals", "In the analysis"),
    ("baton_analysis/facts/planted.py", "import pyspark", "Only the engines know Spark"),
]


def lint_imports(source: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts of this repository against the packages in ``source``. What was read of their files before is
    kept beside them and holds as long as a file was not written since."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-logo"]
    return subprocess.run(
        [*command, "--cache-dir", str(source.parent / "read"), "--config", str(ROOT / ".importlinter")],
        cwd=source,
        env={"PYTHONPATH": str(source), "PATH": "", "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages of this repository, to plant in."""
    copied = tmp_path_factory.mktemp("contracts") / "src"
    shutil.copytree(ROOT / "src", copied, ignore=shutil.ignore_patterns("static", "locale", "*.pyc"))
    return copied


@contextmanager
def planted(file: Path, line: str) -> Iterator[None]:
    """``line`` at the end of ``file``, which is made where there is none; afterwards all is as before."""
    before = file.read_bytes() if file.exists() else None
    with file.open("a") as out:
        out.write(f"\n{line}\n")
    try:
        yield
    finally:
        if before is None:
            file.unlink()
        else:
            file.write_bytes(before)


def test_contracts_hold(source: Path) -> None:
    ran = lint_imports(source)
    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize(("file", "line", "contract"), PLANTED)
def test_planted_violation_is_noticed(source: Path, file: str, line: str, contract: str) -> None:
    with planted(source / file, line):
        ran = lint_imports(source)
    broken = [text for text in ran.stdout.splitlines() if " BROKEN" in text]
    assert any(contract in text for text in broken), ran.stdout
