"""axe-core in a page: which success criteria of WCAG 2.2 AA the page breaks, and where."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

VENDOR = Path(__file__).parent / "vendor"
BARS = ".topbar, .bottom-bar"
"""They stay where they are while the page is scrolled. What lies half under one of them is not too small to be touched,
as its size in that moment would say: whoever wants it scrolls."""
FRAME = ".side, .topbar, .bottom-bar, footer"
CRITERIA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page, frames: set[str] | None = None, without: Sequence[str] = ()) -> list[str]:
    """One line for each violation on the page as it stands: rule, what it says, the first three places.

    ``without`` names rules that are left out. ``frames`` holds the navigation, header and footer of pages that were
    looked at before, in this theme and at this width: the same one is not looked at again, a new one is added. It is
    half of most pages.
    """
    # A click returns once the next page has begun; read too early, it has no elements yet.
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        # Through the debugger, which the content security policy does not concern.
        page.evaluate(f"() => {{ {_script()} }}")
    known = [] if frames is None else _seen_before(page, frames)
    found = _run(page, known, without, places=False)
    if found:
        found = _run(page, known, without, places=True)
    return [
        f"{one['id']}: {one['help']}: "
        + "; ".join(f"{node['target']} {node['failureSummary']}" for node in one["nodes"][:3])
        for one in found
    ]


def _run(page: Page, known: list[int], without: Sequence[str], *, places: bool) -> list[Any]:
    """What axe-core finds; to name the places takes a fifth of its time."""
    # Style sheets and media are fetched beforehand for rules alone that are not among these.
    found: dict[str, Any] = page.evaluate(
        f"""async ([tags, known, without, places]) => {{
            const frame = [...document.querySelectorAll({FRAME!r})];
            const bars = [...document.querySelectorAll({BARS!r})];
            bars.forEach((bar) => bar.style.setProperty("position", "static"));
            try {{
                return await axe.run({{ exclude: known.map((place) => frame[place]) }}, {{
                    runOnly: {{ type: "tag", values: tags }}, resultTypes: ["violations"], preload: false,
                    rules: Object.fromEntries(without.map((rule) => [rule, {{ enabled: false }}])),
                    selectors: places }});
            }} finally {{
                bars.forEach((bar) => bar.style.removeProperty("position"));
            }}
        }}""",
        [CRITERIA, known, list(without), places],
    )
    violated: list[Any] = found["violations"]
    return violated


def _seen_before(page: Page, frames: set[str]) -> list[int]:
    """Which parts of the page's frame, by their place, stand in ``frames`` word by word; the others are added."""
    parts: list[str] = page.evaluate(f"() => [...document.querySelectorAll({FRAME!r})].map((part) => part.outerHTML)")
    parts = [re.sub(r'value="\w{64}"', "", part) for part in parts]  # forged requests lack it, and it is never the same
    known = [place for place, part in enumerate(parts) if part in frames]
    frames.update(parts)
    return known


def at_hand(page: Page) -> None:
    """Let every page that ``page`` opens from now on have axe-core at once, sent to the browser a single time."""
    page.add_init_script(_script())


@cache
def _script() -> str:
    return (VENDOR / "axe.min.js").read_text(encoding="utf-8")


def sum_matches() -> bool:
    """Whether the shipped axe-core is the one whose sum its README names."""
    named = re.search(r"([0-9a-f]{64})  axe\.min\.js", (VENDOR / "README.md").read_text(encoding="utf-8"))
    return named is not None and hashlib.sha256((VENDOR / "axe.min.js").read_bytes()).hexdigest() == named[1]
