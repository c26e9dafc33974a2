"""How long the server takes for each page, and how soon Chromium shows something.

    python -m benchmarks.pages [--rounds 40] [--user quality] [--no-browser]
    python -m benchmarks.pages --large [--folder /tmp/baton-large] [--rounds 40]

Without ``--large`` the demonstration is loaded into an installation of its own on SQLite; with it the organisation of
:mod:`benchmarks.organisations` (2,000 parties, 6,000 links, 20,000 people), which is kept in ``--folder`` for the next
time, is shown to its quality manager and to the heads of a department and of a division. The product's own command
serves it with one worker. Every page is asked for one after the other over one kept connection; times are from the
request to the last byte, medians and 95th percentiles over the rounds. With Chromium the first contentful paint of each
page is measured as well. The peer is the page /health, which does next to nothing: what the frame of the application
itself costs.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

PORT = 8137
PASSWORD = "pass-the-baton"
LARGE_ADDRESSES = (
    "/", "/map/", "/map/?level=4", "/map/table/", "/matrix/", "/matrix/?level=2", "/path/", "/gaps/",
    "/gaps/?detector=link_without_need", "/links/", "/links/?order=health", "/links/?q=team", "/links/?page=40",
    "/parties/", "/parties/?order=-customers", "/parties/?q=12", "/outputs/", "/outputs/?orphan=on", "/needs/",
    "/projects/", "/links/add/", "/parties/add/", "/find-my-customer/", "/proposals/", "/discovery/", "/me/",
    "/notifications/",
)  # fmt: skip
"""Pages of the large organisation, beside one of each kind of record."""


class Visitor:
    """A signed-in person who asks for pages over one connection."""

    def __init__(self, user: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        self.cookies: dict[str, str] = {}
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get("/accounts/login/")[1])
        assert token is not None
        form = urlencode({"login": user, "password": PASSWORD, "csrfmiddlewaretoken": token[1]})
        status, _body = self.ask("POST", "/accounts/login/", form)
        if status != 302:
            raise SystemExit(f"sign-in answered {status}")

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"http://127.0.0.1:{PORT}/"}
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, value = line.split(";", 1)[0].partition("=")
            self.cookies[name] = value
        return answer.status, text

    def get(self, path: str) -> tuple[int, str]:
        return self.ask("GET", path)

    def first(self, listing: str, pattern: str) -> str | None:
        """The first address on a page that fits."""
        found = re.search(rf'href="({pattern})"', self.get(listing)[1])
        return found[1].replace("&amp;", "&") if found is not None else None


@contextmanager
def served(environment: Mapping[str, str]) -> Iterator[None]:
    """The installation of the environment, served; ended by its process id."""
    command = [sys.executable, "-m", "baton.config", "serve", "--port", str(PORT), "--workers", "1"]
    server = subprocess.Popen(
        command, env={**environment, "BATON_BASE_URL": f"http://127.0.0.1:{PORT}"},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _await_health()
        yield
    finally:
        server.terminate()
        server.wait(timeout=30)


@contextmanager
def demonstration() -> Iterator[None]:
    """The demonstration, loaded and served."""
    with tempfile.TemporaryDirectory(prefix="baton-pages-") as data:
        environment = {**os.environ, "BATON_DATA": data, "BATON_DEMO": "1", "PYTHONPATH": str(ROOT / "src")}
        environment.pop("DATABASE_URL", None)
        for step in ("migrate", "demo"):
            command = [sys.executable, "-m", "baton.config", step]
            subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
        with served(environment):
            yield


def _await_health() -> None:
    for _attempt in range(200):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
            connection.request("GET", "/health")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not come up")


def addresses(visitor: Visitor) -> list[str]:
    """The pages of the demonstration: every list, and one page of each kind of record."""
    pages = ["/health", "/", "/map/", "/parties/", "/links/", "/discovery/", "/monitoring/", "/me/", "/notifications/"]
    for listing, kind in (("/parties/", "parties"), ("/links/", "links"), ("/discovery/", "discovery")):
        found = visitor.first(listing, f"/{kind}/[2-9a-z]{{16}}/")
        if found is not None:
            pages.append(found)
            if kind == "discovery":
                pages += [f"{found}{part}/" for part in ("map", "comparison", "names")]
    return pages


def large_addresses(visitor: Visitor) -> list[str]:
    """The pages of the large organisation that the visitor may open."""
    some = "[2-9a-z]{16}"
    link = visitor.first("/", f"/links/{some}/") or visitor.first("/links/?order=health", f"/links/{some}/")
    found = [
        link,
        visitor.first(link, f"/outputs/{some}/") if link else None,
        visitor.first(link, f"/parties/{some}/") if link else None,
        visitor.first("/needs/", f"/needs/{some}/"),
        visitor.first("/gaps/?detector=link_without_need", r"/gaps/[a-z_]+/[^/\"?]+/"),
    ]
    pages = ["/health", *LARGE_ADDRESSES, *(address for address in found if address)]
    if found[2]:
        party = found[2].strip("/").split("/")[-1]
        pages += [f"/path/?start={party}", f"/map/?under={party}", f"/links/?party={party}"]
    return [page for page in pages if visitor.get(page)[0] == 200]


def shown(path: str) -> str:
    """An address without the random id."""
    return re.sub(r"[2-9a-z]{16}", "…", path)


def first_paints(user: str, pages: list[str], rounds: int) -> dict[str, float]:
    """First contentful paint of each page in headless Chromium, milliseconds, median over the rounds."""
    from playwright.sync_api import sync_playwright

    from tests.browsers import FLAGS, find_chromium

    script = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
    paints: dict[str, list[float]] = {path: [] for path in pages}
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.goto(f"http://127.0.0.1:{PORT}/accounts/login/")
        page.fill("input[name=login]", user)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(f"http://127.0.0.1:{PORT}/")
        for _round in range(rounds):
            for path in pages:
                page.goto(f"http://127.0.0.1:{PORT}{path}", wait_until="load")
                paint = page.evaluate(script)
                if paint is not None:
                    paints[path].append(float(paint))
        browser.close()
    return {path: statistics.median(times) for path, times in paints.items() if times}


def measured(visitor: Visitor, pages: list[str], rounds: int) -> tuple[dict[str, list[float]], dict[str, int]]:
    """Milliseconds of each page, and its bytes; two rounds before count for nothing."""
    times: dict[str, list[float]] = {path: [] for path in pages}
    sizes: dict[str, int] = {}
    for round_number in range(rounds + 2):
        for path in pages:
            begun = time.perf_counter()
            status, text = visitor.get(path)
            spent = (time.perf_counter() - begun) * 1000
            if status != 200:
                raise SystemExit(f"{path} answered {status}")
            sizes[path] = len(text.encode())
            if round_number >= 2:
                times[path].append(spent)
    return times, sizes


def report(times: dict[str, list[float]], sizes: dict[str, int], paints: dict[str, float]) -> None:
    print(f"{'page':<40}{'median ms':>10}{'p95 ms':>10}{'/health x':>10}{'KiB':>8}{'first paint ms':>16}")
    frame = statistics.median(times["/health"])
    for path, taken in times.items():
        median, p95 = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
        paint = f"{paints[path]:.0f}" if path in paints else ""
        print(
            f"{shown(path):<40}{median:>10.1f}{p95:>10.1f}{median / frame:>10.1f}{sizes[path] / 1024:>8.0f}{paint:>16}"
        )


def large(folder: Path, rounds: int, users: list[str]) -> None:
    """The large organisation as each of the users sees it."""
    from benchmarks.organisations import built

    environment, there = built(folder)
    print(
        f"{there.parties} parties, {there.links} links, {there.people} people, {there.outputs} outputs, "
        f"{there.measured} pairs measured; {rounds} rounds a page; load {os.getloadavg()[0]:.1f}"
    )
    with served(environment):
        for user in users:
            visitor = Visitor(user)
            pages = large_addresses(visitor)
            print(f"\n{user}")
            report(*measured(visitor, pages, rounds), {})
    print(f"load at the end {os.getloadavg()[0]:.1f}")


def main() -> None:
    from benchmarks.organisations import DIVISION_HEAD, HEAD, QUALITY

    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=40)
    arguments.add_argument("--user", default="")
    arguments.add_argument("--no-browser", action="store_true")
    arguments.add_argument("--large", action="store_true")
    arguments.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "baton-large")
    chosen = arguments.parse_args()
    if chosen.large:
        large(chosen.folder, chosen.rounds, [chosen.user] if chosen.user else [QUALITY, HEAD, DIVISION_HEAD])
        return
    user = chosen.user or "quality"
    with demonstration():
        visitor = Visitor(user)
        pages = addresses(visitor)
        times, sizes = measured(visitor, pages, chosen.rounds)
        paints = {} if chosen.no_browser else first_paints(user, pages[1:], 5)
    report(times, sizes, paints)


if __name__ == "__main__":
    main()
