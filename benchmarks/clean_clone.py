#!/usr/bin/env python3
"""How long the two commands of the README take in a clean clone with an empty home folder.

    python3 benchmarks/clean_clone.py            start until /health answers, then the whole test run
    python3 benchmarks/clean_clone.py --no-test  only the start

The clone is made from the last commit of this repository, in a temporary folder; published data beside the repository
is offered to the clone as it lies here. Prints one line of JSON: the seconds, and the exit code of the test run.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMIT_SECONDS = 300
# What a machine needs to reach its package index at all; everything else of the caller's environment is left behind.
KEPT = ("PATH", "LANG", "TMPDIR", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "no_proxy")
KEPT_PREFIXES = ("PIP_", "UV_", "SSL_CERT_", "REQUESTS_CA_")


def clean_environment(home: Path) -> dict[str, str]:
    """An environment with an empty home folder."""
    kept = {name: value for name, value in os.environ.items() if name in KEPT or name.startswith(KEPT_PREFIXES)}
    return {**kept, "HOME": str(home)}


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def seconds_until_health(clone: Path, environment: dict[str, str]) -> float:
    """Run ``python3 run.py`` until its health page answers, then end it. Raises ``RuntimeError`` if it never does."""
    port = free_port()
    started = time.monotonic()
    process = subprocess.Popen([sys.executable, "run.py"], cwd=clone, env={**environment, "PORT": str(port)})
    try:
        while time.monotonic() - started < LIMIT_SECONDS:
            if process.poll() is not None:
                raise RuntimeError(f"run.py ended with exit code {process.returncode} before it answered.")
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=LIMIT_SECONDS).close()
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.05)
            else:
                return time.monotonic() - started
        raise RuntimeError(f"run.py did not answer within {LIMIT_SECONDS} s.")
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


def main() -> int:
    """Clone, time, print; the exit code is that of the test run."""
    parser = argparse.ArgumentParser(description="Time both commands in a clean clone with an empty home folder.")
    parser.add_argument("--no-test", action="store_true", help="leave out the test run")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="baton-clone-") as folder:
        clone, home = Path(folder) / "baton", Path(folder) / "home"
        home.mkdir()
        if (ROOT.parent / "shared").is_dir():
            (Path(folder) / "shared").symlink_to(ROOT.parent / "shared")
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        environment = clean_environment(home)
        result: dict[str, float | int] = {"start_seconds": round(seconds_until_health(clone, environment), 1)}
        result["second_start_seconds"] = round(seconds_until_health(clone, environment), 1)
        code = 0
        if not asked.no_test:
            started = time.monotonic()
            code = subprocess.run([sys.executable, "run.py", "test"], cwd=clone, env=environment).returncode
            result |= {"test_seconds": round(time.monotonic() - started, 1), "test_exit_code": code}
    print(json.dumps(result))
    return code


if __name__ == "__main__":
    raise SystemExit(main())
