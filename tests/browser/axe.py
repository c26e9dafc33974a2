"""axe-core in a page: which success criteria of WCAG 2.2 AA the page breaks, and where."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

VENDOR = Path(__file__).parent / "vendor"
CRITERIA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page) -> list[str]:
    """One line for each violation on the page as it stands: rule, what it says, the first three places."""
    # A click returns once the next page has begun; read too early, it has no elements yet.
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        script = (VENDOR / "axe.min.js").read_text(encoding="utf-8")
        # Through the debugger, which the content security policy does not concern.
        page.evaluate(f"() => {{ {script} }}")
    found: dict[str, Any] = page.evaluate(
        # Style sheets and media are fetched beforehand for rules alone that are not among these.
        "(tags) => axe.run(document,"
        " { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'], preload: false })",
        CRITERIA,
    )
    return [
        f"{one['id']}: {one['help']}: "
        + "; ".join(f"{node['target']} {node['failureSummary']}" for node in one["nodes"][:3])
        for one in found["violations"]
    ]


def sum_matches() -> bool:
    """Whether the shipped axe-core is the one whose sum its README names."""
    named = re.search(r"([0-9a-f]{64})  axe\.min\.js", (VENDOR / "README.md").read_text(encoding="utf-8"))
    return named is not None and hashlib.sha256((VENDOR / "axe.min.js").read_bytes()).hexdigest() == named[1]
