"""The examples of the guide about the API run, in their order, against a real server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.db import connections

from tests.databases import Databases
from tests.fuzz_api import passes
from tests.servers import serve

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guide"
EXAMPLE = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.sqlite
@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("jq")), reason="the examples are made with curl and jq")
def test_the_examples_run(committed_db: Databases, tmp_path: Path) -> None:
    token = passes()[0].token
    connections.close_all()
    ran = 0
    with serve(committed_db, tmp_path / "served") as live:
        for language in ("en", "zh-hans"):
            text = (GUIDE / language / "api.md").read_text(encoding="utf-8")
            for example in EXAMPLE.findall(text):
                if language == "zh-hans":  # the code of a party is given once
                    example = example.replace("CSSD", "CSSD-2")
                done = subprocess.run(
                    ["bash", "-euo", "pipefail", "-c", example], capture_output=True, text=True, timeout=60,
                    env=os.environ | {"BATON_URL": live.url, "BATON_TOKEN": token},
                )  # fmt: skip
                assert done.returncode == 0, f"{example}\n{done.stdout}{done.stderr}"
                assert done.stdout.strip()
                ran += 1
    assert ran == 8
