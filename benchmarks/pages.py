"""How long the server takes for each page of the demonstration, and how soon Chromium shows something.

    python benchmarks/pages.py [--rounds 40] [--user quality] [--no-browser]

The demonstration is loaded into an installation of its own on SQLite and served by the product's own command. Every
page is asked for one after the other over one kept connection; times are from the request to the last byte, medians and
95th percentiles over the rounds. With Chromium the first contentful paint of each page is measured as well. The peer is
the page /health, which does next to nothing: what the frame of the application itself costs.
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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

PORT = 8137
PASSWORD = "pass-the-baton"


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


@contextmanager
def demonstration() -> Iterator[None]:
    """The demonstration, loaded and served; ended by its process id."""
    with tempfile.TemporaryDirectory(prefix="baton-pages-") as data:
        environment = {
            **os.environ, "BATON_DATA": data, "BATON_DEMO": "1", "BATON_BASE_URL": f"http://127.0.0.1:{PORT}",
            "PYTHONPATH": str(ROOT / "src"),
        }  # fmt: skip
        environment.pop("DATABASE_URL", None)
        command = [sys.executable, "-m", "baton.config"]
        for step in ("migrate", "demo"):
            subprocess.run([*command, step], env=environment, check=True, stdout=subprocess.DEVNULL)
        server = subprocess.Popen(
            [*command, "serve", "--port", str(PORT), "--workers", "1"], env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            _await_health()
            yield
        finally:
            server.terminate()
            server.wait(timeout=30)


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
        found = re.search(rf'href="(/{kind}/[2-9a-z]{{16}}/)"', visitor.get(listing)[1])
        if found is not None:
            pages.append(found[1])
            if kind == "discovery":
                pages += [f"{found[1]}{part}/" for part in ("map", "comparison", "names")]
    return pages


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


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=40)
    arguments.add_argument("--user", default="quality")
    arguments.add_argument("--no-browser", action="store_true")
    chosen = arguments.parse_args()
    with demonstration():
        visitor = Visitor(chosen.user)
        pages = addresses(visitor)
        times: dict[str, list[float]] = {path: [] for path in pages}
        for round_number in range(chosen.rounds + 2):
            for path in pages:
                begun = time.perf_counter()
                status, _text = visitor.get(path)
                spent = (time.perf_counter() - begun) * 1000
                if status != 200:
                    raise SystemExit(f"{path} answered {status}")
                if round_number >= 2:
                    times[path].append(spent)
        paints = {} if chosen.no_browser else first_paints(chosen.user, pages[1:], 5)
    print(f"{'page':<28}{'median ms':>10}{'p95 ms':>10}{'/health x':>10}{'first paint ms':>16}")
    frame = statistics.median(times["/health"])
    for path in pages:
        median = statistics.median(times[path])
        p95 = statistics.quantiles(times[path], n=20)[-1]
        paint = f"{paints[path]:.0f}" if path in paints else ""
        print(f"{shown(path):<28}{median:>10.1f}{p95:>10.1f}{median / frame:>10.1f}{paint:>16}")


if __name__ == "__main__":
    main()
