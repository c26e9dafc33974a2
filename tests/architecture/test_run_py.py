"""run.py tells people what is wrong before anything is installed or started."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def run_py(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The script as a module whose .venv lies in a temporary folder."""
    spec = importlib.util.spec_from_file_location("run_py", ROOT / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", tmp_path)
    monkeypatch.setattr(module, "STAMP", tmp_path / "stamp.json")
    return module


def test_old_python_is_told_what_is_needed(
    run_py: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit) as ended:
        run_py.use_a_python_that_is_new_enough()
    assert ended.value.code == 1
    assert "needs Python 3.11 or newer; this is Python 3.9" in capsys.readouterr().err


def test_port_in_use_is_named_with_the_next_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = start_on(str(port))
    assert ran.returncode == 3
    assert f"Port {port} of this machine is in use already" in ran.stderr
    assert f"PORT={port + 1} python3 run.py" in ran.stderr


def test_port_that_is_no_number_is_refused_in_the_language_of_the_terminal() -> None:
    for port, language, said in (("http", "C", "it is “http”"), ("65536", "zh_CN.UTF-8", "现为“65536”")):
        ran = start_on(port, language)
        assert ran.returncode == 3
        assert said in ran.stderr


def test_every_refusal_of_the_start_is_there_in_both_languages(run_py: ModuleType) -> None:
    blank = re.compile(r"\{\w+\}")
    assert set(run_py.REFUSED.values()) < set(run_py.CHINESE)
    assert [set(blank.findall(text)) for text in run_py.CHINESE] == [
        set(blank.findall(text)) for text in run_py.CHINESE.values()
    ]


def start_on(port: str, language: str = "C") -> subprocess.CompletedProcess[str]:
    """``python3 run.py`` with this PORT, without set-up."""
    script = "import run; run.set_up = lambda **options: None; raise SystemExit(run.main())"
    environment = os.environ | {"PORT": port, "LC_ALL": language, "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", script]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


def test_stamp_changes_with_the_requirements(run_py: ModuleType, tmp_path: Path) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("a==1\n")
    first = run_py.stamp_of(requirements)
    assert run_py.stamp_of(requirements) == first
    requirements.write_text("a==2\n")
    assert run_py.stamp_of(requirements) != first


@pytest.mark.parametrize("content", ["", "not json", "[]"])
def test_damaged_stamp_means_set_up_again(run_py: ModuleType, content: str) -> None:
    run_py.STAMP.write_text(content)
    assert run_py.read_stamps() == {}


def test_counts_of_a_test_report(run_py: ModuleType, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text('<testsuites><testsuite tests="10" failures="1" errors="2" skipped="3"/></testsuites>')
    assert run_py.counts(report) == [4, 3, 3]
    assert run_py.counts(tmp_path / "missing.xml") == [0, 0, 0]


def test_vendored_files_are_the_listed_ones(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("vendor", ROOT / "scripts" / "vendor.py")
    assert spec is not None
    assert spec.loader is not None
    vendor = importlib.util.module_from_spec(spec)
    sys.modules["vendor"] = vendor
    spec.loader.exec_module(vendor)
    assert vendor.differences() == []

    copied = tmp_path / "copied"
    shutil.copytree(vendor.TARGET, copied)
    (copied / "htmx" / "htmx.min.js").write_text("alert(1)")
    (copied / "extra.js").write_text("")
    (copied / "bootstrap" / "LICENSE").unlink()
    vendor.TARGET = copied
    assert vendor.differences() == [
        "extra.js is not in assets.lock.json",
        "bootstrap/LICENSE is missing",
        "htmx/htmx.min.js was changed",
    ]
