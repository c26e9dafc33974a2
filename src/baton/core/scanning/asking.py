"""Asks the process that reads the QR codes of a scan, and says what it refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from baton.core.errors import Refused
from baton.core.scanning.limits import MOST_PAGES, MOST_PIXELS, SECONDS
from baton_analysis.errors import gettext_noop

_PACKAGES = Path(__file__).resolve().parents[3]


def codes_on(path: Path, *, field: str = "scan") -> list[str]:
    """The texts of the QR codes on a picture or PDF, each once.

    Refused, beside the form field ``field``: a file that cannot be read, is too large, or where this installation
    lacks the libraries that read scans.
    """
    said = _read(path)
    refused = said.get("refused")
    if refused is None:
        return [str(code) for code in said["codes"]]
    if refused == "missing":
        raise Refused(
            field=field,
            expected=gettext_noop("Reading scans takes the packages zxing-cpp, Pillow and pypdfium2."),
            found=gettext_noop("They are not installed here."),
            remedy=gettext_noop("Ask the administrator to install baton-tqm[scan], or use a task link instead."),
        )
    if refused in {"pixels", "pages"}:
        raise Refused(
            field=field,
            expected=gettext_noop("A scan has at most {pages} pages, and a picture at most {pixels} million pixels."),
            found=gettext_noop("This one has more."),
            remedy=gettext_noop("Scan only the pages of this version, at 200 to 300 dpi."),
            pages=MOST_PAGES,
            pixels=MOST_PIXELS // 1_000_000,
        )
    raise Refused(
        field=field,
        expected=gettext_noop("Expected a scan or photo (PDF, JPEG, PNG) that can be opened."),
        found=gettext_noop("This one cannot be read: it is damaged, or takes too long."),
        remedy=gettext_noop("Scan the paper again, or photograph it, and choose that file."),
    )


def _read(path: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "baton.core.scanning.reader", str(path)]
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    try:
        ran = subprocess.run(
            command, capture_output=True, timeout=SECONDS, check=False, stdin=subprocess.DEVNULL,
            env={**kept, "PYTHONPATH": str(_PACKAGES), "OPENBLAS_NUM_THREADS": "1"},
        )  # fmt: skip
        said: dict[str, Any] = json.loads(ran.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return {"refused": "damaged"}
    return said
