"""Sets one document and prints it as PDF; a process of its own, with little memory and time.

    python -m baton.core.pdf.printer < asked.json > document.pdf

Reads ``{"source": ..., "data": {...}}``: the layout as typst, and the data as it reads them. The data are values, never
typst: markup in them stays text. The layout can read no file but the fonts that lie beside this module, and the process
knows no way to the network. Prints the PDF, or ``{"refused": "missing" | "failed", "why": ...}``.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from baton.core.pdf.limits import MEMORY, SECONDS

FONTS = Path(__file__).resolve().parent / "fonts"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""As which moment the program takes today: a document reads no clock."""


def main(asked: dict[str, Any]) -> bytes:
    """The PDF, or why there is none."""
    _take_little()
    try:
        import typst
    except ImportError:
        return _refused("missing")
    try:
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
        nowhere = str(FONTS / "packages")
        compiler = typst.Compiler(
            asked["source"].encode(), root=str(FONTS), font_paths=fonts, package_path=nowhere,
            package_cache_path=nowhere, sys_inputs={"data": json.dumps(asked["data"], ensure_ascii=False)},
        )  # fmt: skip
        made = compiler.compile(format="pdf", timestamp=LONG_AGO, pdf_standards=["a-2a"])
    except Exception as failure:  # whatever a broken layout makes of it
        return _refused("failed", f"{type(failure).__name__}: {failure}")
    return made if isinstance(made, bytes) else _refused("failed", "no document")


def _refused(why: str, what: str = "") -> bytes:
    return json.dumps({"refused": why, "why": what[:2000]}).encode()


def _take_little() -> None:
    try:
        import resource
    except ImportError:  # Windows: the parent stops it by time alone
        return
    for limit, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS)):
        resource.setrlimit(limit, (most, most))


if __name__ == "__main__":
    sys.stdout.buffer.write(main(json.load(sys.stdin)))
    sys.stdout.buffer.flush()
    # Nothing is left to tidy up, and taking the fonts down costs a tenth of the whole.
    os._exit(0)
