#!/usr/bin/env python3
"""Write uv.lock and the hashed requirements files from pyproject.toml, or check that they are in step.

    python3 scripts/lock.py             after a change of the dependencies
    python3 scripts/lock.py --upgrade   take the newest versions that pyproject.toml allows
    python3 scripts/lock.py --check     compare the requirements files with uv.lock; needs no network

The requirements files are what run.py and image builds install: every file of every package is named by its hash, and
no registry is named, so that any mirror serves.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = str(Path(sys.executable).parent / "uv")

EXPORTS = {
    "requirements-setup.txt": ["--only-group", "setup"],
    "requirements.txt": ["--extra", "app", "--no-dev"],
    "requirements-dev.txt": ["--extra", "app"],
}


def export(options: list[str]) -> str:
    """The text of one requirements file, made from uv.lock as it stands."""
    command = [UV, "export", "--quiet", "--frozen", "--offline", "--format", "requirements-txt", "--no-emit-project"]
    command += ["--no-annotate", "--no-header", *options]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def main() -> int:
    """Write or check; 1 when the check finds a file that is out of step."""
    parser = argparse.ArgumentParser(description="Write or check uv.lock and the requirements files.")
    parser.add_argument("--check", action="store_true", help="only compare; no network")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions allowed")
    asked = parser.parse_args()
    if not asked.check:
        subprocess.run([UV, "lock", *(["--upgrade"] if asked.upgrade else [])], cwd=ROOT, check=True)
    out_of_step = []
    for name, options in EXPORTS.items():
        path, text = ROOT / name, export(options)
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        out_of_step.append(name)
        if not asked.check:
            path.write_text(text, encoding="utf-8")
    if asked.check and out_of_step:
        print(f"Not in step with uv.lock: {', '.join(out_of_step)}. Run `just lock`.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
