"""Everybody answers a survey in the same minute: what is lost, what is kept twice, how long an answer takes.

    python -m benchmarks.survey_rush [--database sqlite|postgresql] [--answers 500] [--seconds 60] [--workers 2]

The demonstration is loaded into an installation of its own, as durable as in production, with an open anonymous survey
of ten questions and so many drawn cards. Within ``--seconds``, at random moments, so many people open the first page,
then their sheet with the code of their card, and send it; every tenth is impatient and sends it twice at once. Times
are from the request to the last byte, as the client sees them on the same machine; that of an answer is what counts.
Afterwards the survey is closed: each sheet holds a number that nobody else has, so that one that was acknowledged and
is not there, or is there twice, is found.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from benchmarks.load import _django, _installation, _served
from benchmarks.pages import PORT, ROOT

IMPATIENT = 10
"""Of so many people one sends his answers twice at once."""
AT_ONCE = 64
MARK = "mark"
"""The question whose answer tells one sheet from the other."""


@dataclass
class Seen:
    """What the clients saw: milliseconds by what was asked, the numbers of the sheets that were acknowledged, and
    answers that were neither that nor the refusal of a sheet that was sent twice."""

    spent: dict[str, list[float]] = field(default_factory=lambda: {"page": [], "sheet": [], "answer": []})
    acknowledged: Counter[int] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--answers", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--fill", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--look", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.fill:
        print(json.dumps(fill(asked.fill)))
    elif asked.look:
        print(json.dumps(look(*json.loads(Path(asked.look).read_text()))))
    else:
        with _installation(asked.database) as environment:
            told = _said(environment, "--fill", str(asked.answers))
            with _served(environment, asked.workers):
                seen = rush(f"http://127.0.0.1:{PORT}", told, asked.seconds)
            with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
                json.dump([told["wave"], sorted(seen.acknowledged.elements())], file)
                file.flush()
                found = _said(environment, "--look", file.name)
        report(seen, found, asked.seconds)


def rush(url: str, told: dict[str, Any], seconds: float) -> Seen:
    """All of them, each at a moment of his own."""
    seen, chance, tokens = Seen(), random.Random(7), told["tokens"]
    moments = sorted(chance.uniform(0, seconds) for _ in tokens)
    began = time.monotonic()

    def come(place: int) -> None:
        time.sleep(max(0.0, moments[place] - (time.monotonic() - began)))
        try:
            _respond(url, told, place, seen)
        except Exception as problem:  # an answer that never came is counted, whatever its kind
            seen.errors[type(problem).__name__] += 1

    with ThreadPoolExecutor(AT_ONCE) as people:
        list(people.map(come, range(len(tokens))))
    return seen


def _respond(url: str, told: dict[str, Any], place: int, seen: Seen) -> None:
    address, token = f"/s/{told['wave']}/", told["tokens"][place]
    page = _ask(url, "GET", address, None, seen, "page")
    sheet = _ask(url, "POST", address, {"code": token}, seen, "sheet")
    if (page, sheet) != (200, 200):
        seen.errors[f"page {page}, sheet {sheet}"] += 1
    given = {"code": token, "send": "1"} | {
        f"{link}.{key}": value for link in told["links"] for key, value in _answers(place).items()
    }
    times = 2 if place % IMPATIENT == 0 else 1
    with ThreadPoolExecutor(times) as taps:
        found = list(taps.map(lambda _tap: _ask(url, "POST", address, given, seen, "answer"), range(times)))
    seen.acknowledged[place] += found.count(302)
    refused = [status for status in found if status != 302]
    if 302 not in found or any(status != 404 for status in refused):
        seen.errors[f"answer {found}"] += 1


def _answers(place: int) -> dict[str, str]:
    scales = {f"q{number}": str(1 + (place + number) % 5) for number in range(8)}
    return scales | {MARK: str(place), "words": f"Respondent {place} would like more of everything. " * 5}


def _ask(url: str, method: str, path: str, form: dict[str, str] | None, seen: Seen, what: str) -> int:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    body = urlencode(form) if form is not None else None
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    began = time.perf_counter()
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    seen.spent[what].append(1000 * (time.perf_counter() - began))
    return answer.status


def report(seen: Seen, found: dict[str, Any], seconds: float) -> None:
    """One line for each kind of request, then what became of the sheets."""
    for what, spent in seen.spent.items():
        centiles = statistics.quantiles(spent, n=100)
        print(
            f"{what:6} {len(spent):5} requests  {len(spent) / seconds:5.1f} /s   p50 {centiles[49]:6.1f} ms"
            f"   p99 {centiles[98]:6.1f} ms   longest {max(spent):7.1f} ms"
        )
    print(json.dumps({**found, "errors": dict(seen.errors)}))


def fill(answers: int) -> dict[str, Any]:
    """An open survey of ten questions about one link, and so many cards; for the client."""
    _django()
    from baton.chain.models import Link
    from baton.core.actors import Actor
    from baton.core.models import Person
    from baton.core.queries import roles_of
    from baton.feedback import changes
    from baton.feedback.rules import contents_of

    at = datetime.now(UTC)
    quality = Person.objects.get(sign_in_name="quality")
    return survey(
        changes, contents_of, Actor(quality, roles_of(quality, at)), at, Link.objects.filter(ended_on=None)[:1], answers
    )


def survey(changes: Any, contents_of: Any, by: Any, at: datetime, links: Any, answers: int) -> dict[str, Any]:
    """The same with what is at hand."""
    ends = {"1": {"en": "Never", "zh-hans": "从不"}, "5": {"en": "Always", "zh-hans": "总是"}}
    both = {"en": "{output} comes as agreed.", "zh-hans": "{output}按约定送达。"}
    questions: list[dict[str, Any]] = [
        {"key": f"q{number}", "kind": "rating", "words": both, "anchors": ends} for number in range(8)
    ]
    questions += [
        {"key": MARK, "kind": "number", "words": both, "low": 0, "high": 100_000},
        {"key": "words", "kind": "text", "words": both},
    ]
    title = {"en": "Rush", "zh-hans": "高峰"}
    contents = contents_of({"sections": [{"key": "all", "title": title, "questions": questions}]})
    questionnaire = changes.write_questionnaire(by=by, at=at, name=title, contents=contents)
    wave = changes.prepare_wave(
        by=by, at=at, questionnaire=questionnaire, title=title, closes_at=at + timedelta(days=7), links=list(links)
    )
    wave = changes.open_wave(by=by, at=at, wave=wave)
    asked = list(wave.links.all())
    tokens = changes.print_cards(by=by, at=at, wave=wave, links=asked, count=answers)
    return {"wave": wave.public_id, "tokens": tokens, "links": [one.public_id for one in asked]}


def look(wave: str, acknowledged: list[int]) -> dict[str, Any]:
    """Close the survey and compare its sheets with what was acknowledged."""
    _django()
    from baton.core.actors import Actor
    from baton.feedback.changes import close_wave
    from baton.feedback.models import AnswerSheet, Wave

    close_wave(by=Actor.system("benchmark"), at=datetime.now(UTC), wave=Wave.objects.get(public_id=wave))
    kept = Counter(int(one.answers[MARK]) for one in AnswerSheet.objects.filter(wave__public_id=wave))
    told = Counter(acknowledged)
    return {
        "acknowledged": sum(told.values()), "kept": sum(kept.values()), "lost": sum((told - kept).values()),
        "double": sum(count - 1 for count in kept.values()) + sum(count - 1 for count in told.values()),
    }  # fmt: skip


def _said(environment: dict[str, str], *arguments: str) -> Any:
    """What a process of the installation prints on its last line."""
    command = [sys.executable, "-m", "benchmarks.survey_rush", *arguments]
    ran = subprocess.run(command, env=os.environ | environment, check=True, stdout=subprocess.PIPE, cwd=ROOT)
    return json.loads(ran.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
