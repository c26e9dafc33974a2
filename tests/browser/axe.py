"""axe-core in a page: which success criteria of WCAG 2.2 AA the page breaks, and where."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.exhaustive import exhaustive

VENDOR = Path(__file__).parent / "vendor"
BARS = ".topbar, .bottom-bar"
"""They stay where they are while the page is scrolled. What lies half under one of them is not too small to be touched,
as its size in that moment would say: whoever wants it scrolls."""
FRAME = ".side, .topbar, .bottom-bar, footer"
HIDDEN = re.compile(r'<input type="hidden"[^>]*>')
CURRENT = re.compile(r'<(\w+)((?: (?!href)[\w-]+="[^"]*")*)[^>]* aria-current="[^"]*"')
ALIKE = 12
"""So many brothers of one kind are looked at where others were before: calls of the reference, rows of a table."""
CRITERIA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page, frames: set[str] | None = None, without: Sequence[str] = ()) -> list[str]:
    """One line for each violation on the page as it stands: rule, what it says, the first three places.

    ``without`` names rules that are left out. ``frames`` holds the navigation, header and footer of pages that were
    looked at before, in this theme and at this width: the same one is not looked at again, a new one is added. It is
    nine tenths of most pages. With it, of elements of one kind in a row only the first :data:`ALIKE` are looked at in
    the whole run.
    """
    # A click returns once the next page has begun; read too early, it has no elements yet.
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        # Through the debugger, which the content security policy does not concern.
        page.evaluate(f"() => {{ {_script()} }}")
    known = [] if frames is None else _seen_before(page, frames)
    most = 0 if frames is None or exhaustive() else ALIKE
    found = _run(page, known, without, most, places=False)
    if found:
        found = _run(page, known, without, most, places=True)
    return [
        f"{one['id']}: {one['help']}: "
        + "; ".join(f"{node['target']} {node['failureSummary']}" for node in one["nodes"][:3])
        for one in found
    ]


def _run(page: Page, known: list[int], without: Sequence[str], most: int, *, places: bool) -> list[Any]:
    """What axe-core finds; to name the places takes a fifth of its time."""
    # Style sheets and media are fetched beforehand for rules alone that are not among these.
    found: dict[str, Any] = page.evaluate(
        f"""async ([tags, known, without, most, places]) => {{
            const frame = [...document.querySelectorAll({FRAME!r})];
            const bars = [...document.querySelectorAll({BARS!r})];
            const alike = (one) => [...one.parentElement.children].filter(
                (other) => other.tagName === one.tagName && other.className === one.className);
            const crowd = most ? [...document.querySelectorAll(`main :nth-child(n + ${{most + 1}})`)].filter(
                (one) => !one.closest("svg") && alike(one).indexOf(one) >= most) : [];
            bars.forEach((bar) => bar.style.setProperty("position", "static"));
            try {{
                return await axe.run({{ exclude: [...known.map((place) => frame[place]), ...crowd] }}, {{
                    runOnly: {{ type: "tag", values: tags }}, resultTypes: ["violations"], preload: false,
                    rules: Object.fromEntries(without.map((rule) => [rule, {{ enabled: false }}])),
                    selectors: places }});
            }} finally {{
                bars.forEach((bar) => bar.style.removeProperty("position"));
            }}
        }}""",
        [CRITERIA, known, list(without), most, places],
    )
    violated: list[Any] = found["violations"]
    return violated


def _seen_before(page: Page, frames: set[str]) -> list[int]:
    """Which parts of the page's frame, by their place, stand in ``frames`` word by word; the others are added."""
    parts: list[str] = page.evaluate(f"() => [...document.querySelectorAll({FRAME!r})].map((part) => part.outerHTML)")
    parts = [_as_looked_at(part) for part in parts]
    known = [place for place, part in enumerate(parts) if part in frames]
    frames.update(parts)
    return known


def _as_looked_at(part: str) -> str:
    """A part of the frame as far as a criterion may ask for it: without what is sent along unseen (the page to go back
    to), and of the entries that lead to the page itself the kinds, whichever they are."""
    kinds = sorted(set(CURRENT.findall(part)))
    return re.sub(r' aria-current="[^"]*"', "", HIDDEN.sub("", part)) + repr(kinds)


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
