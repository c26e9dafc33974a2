"""Bad files through the doors that people use, in both languages: the page that brings a log, and ``baton discover``.

Each is met soon with a message that says what was expected, what was found and what to do; it stands
beside the field, and nothing is kept of the file. What the readers themselves do, and how much memory they take, is
tested in tests/analysis/readers.
"""

from __future__ import annotations

import re
import time
from datetime import timedelta
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation
from django.utils.translation import gettext

from baton.chain.facts import limits
from baton.chain.models import EventLog, LogParty, MinedPair
from baton.config.cli import main
from baton.core.models import AuditEntry, Person
from baton.core.worker import Worker
from baton_analysis.errors import BatonError
from baton_analysis.readers import Limits, preview, read
from baton_analysis.singulars import for_one
from tests.analysis.readers.refusals import SECONDS
from tests.trust.bad_files import BROKEN, REFUSED, REMARKED, BadFile
from tests.world import World

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

LANGUAGES = ("en", "zh-hans")
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def manager(world: World, language: str) -> Client:
    """The browser of the quality manager, who reads this language."""
    Person.objects.filter(pk=world.lin_mei.pk).update(language=language)
    return world.client(world.lin_mei)


def uploads() -> set[Path]:
    folder = Path(configured.DATA_DIR) / "uploads"
    return set(folder.iterdir()) if folder.is_dir() else set()


def beside(page: str, field: str) -> str:
    """What stands beside a field that was refused."""
    found = re.search(rf'id="(?:id_)?{field}_error".*?<span>(.*?)</span></p>', page, re.DOTALL)
    return unescape(found[1]).strip() if found else ""


def demand_three_parts(said: str, error: BatonError, language: str) -> None:
    """What was expected, what was found and what to do stand in ``said``, each in the reader's language."""
    for part in (error.expected, error.found, error.remedy):
        assert part
        with translation.override(language):
            template = gettext(part)
        if language == "en":
            template = for_one(part, error.values)
        else:
            assert template != part, f"not translated: {part}"
            assert HAN.search(template)
        assert template.format(**error.values) in said


def error_of(path: Path, bad: BadFile, zone: str, limits: Limits) -> BatonError:
    """How the readers refuse the file."""
    try:
        preview(path, limits=limits)
        read(path, columns=[name for name in dict.fromkeys(bad.columns) if name], zone=zone, limits=limits)
    except BatonError as error:
        return error
    pytest.fail(f"{bad} was read")


@pytest.mark.parametrize("bad", REFUSED, ids=str)
def test_a_bad_file_is_refused_beside_the_field_and_nothing_is_kept(
    manager: Client, language: str, bad: BadFile, tmp_path: Path
) -> None:
    content = bad.content()
    entries, kept = AuditEntry.objects.count(), uploads()
    began = time.process_time()
    answer = manager.post("/discovery/", {"file": SimpleUploadedFile(bad.name, content)})
    assert time.process_time() - began < SECONDS
    assert answer.status_code == 422
    said = beside(answer.content.decode(), "file")
    if content:
        path = tmp_path / bad.name
        path.write_bytes(content)
        demand_three_parts(said, error_of(path, bad, "UTC", limits()), language)
    assert bool(HAN.search(said)) == (language == "zh-hans")
    assert bad.words in said or language != "en"
    assert (EventLog.objects.count(), AuditEntry.objects.count(), uploads()) == (0, entries, kept)


@pytest.mark.parametrize("bad", REFUSED + BROKEN, ids=str)
@pytest.mark.parametrize("terminal", ["en_GB.UTF-8", "zh_CN.UTF-8"])
def test_discover_refuses_a_bad_file_in_the_language_of_the_terminal(
    bad: BadFile, terminal: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", terminal)
    path = tmp_path / bad.name
    path.write_bytes(bad.content())
    case, party, when = bad.columns
    arguments = ["discover", str(path), "--case", case, "--party", party, "--zone", "Europe/Berlin", "--json"]
    began = time.process_time()
    done = CliRunner().invoke(main, [*arguments, "--time", when] if bad in BROKEN and when else arguments)
    assert time.process_time() - began < SECONDS
    assert (done.exit_code, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    error = error_of(path, bad, "Europe/Berlin", Limits())
    demand_three_parts(re.sub(r"\s+", " ", done.stderr), error, "zh-hans" if terminal.startswith("zh") else "en")
    assert terminal.startswith("zh") or bad.words in done.stderr


def brought(client: Client, bad: BadFile) -> EventLog:
    answer = client.post("/discovery/", {"file": SimpleUploadedFile(bad.name, bad.content())})
    assert answer.status_code == 302, beside(answer.content.decode(), "file")
    return EventLog.objects.latest("pk")


def mine(client: Client, log: EventLog, bad: BadFile) -> EventLog:
    case, party, when = bad.columns
    sent: dict[str, Any] = {
        "case": case, "party": party, "time": when, "activity": "", "party_kind": "team", "zone": "Europe/Berlin",
        "missing": ["?", "MISSING", "(empty)"], "version": log.changed_seq, "not_persons": "on",
    }  # fmt: skip
    if when and when not in {column.name for column in preview(Path(configured.DATA_DIR) / log.path).columns}:
        sent["time"] = ""
    answer = client.post(f"/discovery/{log.public_id}/columns/", sent)
    assert answer.status_code == 302, answer.content.decode()
    assert Worker().drain(timezone.now() + timedelta(seconds=5)).failed == 0
    return EventLog.objects.get(pk=log.pk)


@pytest.mark.parametrize("bad", BROKEN, ids=str)
def test_what_only_the_worker_sees_is_explained_where_the_columns_are_chosen(
    manager: Client, language: str, bad: BadFile
) -> None:
    log = brought(manager, bad)
    began = time.process_time()
    log = mine(manager, log, bad)
    assert time.process_time() - began < SECONDS
    assert (log.state, MinedPair.objects.count(), LogParty.objects.count()) == ("failed", 0, 0)
    page = unescape(manager.get(f"/discovery/{log.public_id}/", follow=True).content.decode())
    error = error_of(Path(configured.DATA_DIR) / log.path, bad, "Europe/Berlin", limits())
    demand_three_parts(page, error, language)
    assert bad.words in page or language != "en"
    told = manager.get("/notifications/").content.decode()
    assert log.name in told


@pytest.mark.parametrize("bad", REMARKED, ids=str)
def test_what_can_be_read_is_read_and_its_oddities_are_said(manager: Client, language: str, bad: BadFile) -> None:
    log = brought(manager, bad)
    page = unescape(manager.get(f"/discovery/{log.public_id}/columns/").content.decode())
    for column in filter(None, bad.columns[:2]):
        assert column in page
    if bad.words:
        notices = preview(Path(configured.DATA_DIR) / log.path).notices
        notice = next(one for one in notices if bad.words in one.render())
        with translation.override(language):
            assert notice.render(gettext) in page
            assert language == "en" or gettext(notice.message) != notice.message
    log = mine(manager, log, bad)
    assert log.state == "mined"
    result = manager.get(f"/discovery/{log.public_id}/").content.decode()
    assert "\u202e" not in result
    assert "\u200b" not in result


def test_upload_over_the_limit_says_the_limit(manager: Client, language: str, settings: Any) -> None:
    """B022: a stream that does not end is cut off at the limit while it arrives."""
    settings.EVENT_LOG_LIMIT_MIB = 1
    kept = uploads()
    answer = manager.post("/discovery/", {"file": SimpleUploadedFile("big.csv", b"a,b\n" + b"1,2\n" * 400_000)})
    assert answer.status_code == 422
    said = beside(answer.content.decode(), "file")
    assert manager.post("/discovery/", {"file": SimpleUploadedFile("big.csv", b"1,2\n" * 800_000)}).status_code == 413
    assert ("at most 1 MiB" in said) if language == "en" else ("1 MiB" in said and HAN.search(said))
    assert uploads() == kept


@pytest.mark.parametrize("row", ["{},Ward\n", '"{}","Ward"\n'])
def test_b041_more_events_than_the_limit_are_refused_with_both_ways_out(
    manager: Client, language: str, settings: Any, row: str
) -> None:
    """The worker counts before it keeps anything; the page says the limit, the setting and the command line."""
    settings.EVENT_LOG_EVENTS = 6_000
    many = ("case,team\n" + "".join(map(row.format, range(6_001)))).encode()
    bad = BadFile("B041", "", lambda: many, "many.csv", ("case", "team", ""))
    log = mine(manager, brought(manager, bad), bad)
    assert (log.state, MinedPair.objects.count(), LogParty.objects.count()) == ("failed", 0, 0)
    page = unescape(manager.get(f"/discovery/{log.public_id}/columns/").content.decode())
    for words in ("6000", "BATON_EVENT_LOG_EVENTS", "baton discover --most-events"):
        assert words in page
    demand_three_parts(page, error_of(Path(configured.DATA_DIR) / log.path, bad, "UTC", limits()), language)
    settings.EVENT_LOG_EVENTS = 6_001
    assert mine(manager, log, bad).figures["events"] == 6_001


@pytest.mark.parametrize("row", ["{},Ward\n", '"{}","Ward"\n'])
def test_b041_discover_takes_the_limit_that_it_is_given(tmp_path: Path, row: str) -> None:
    path = tmp_path / "many.csv"
    path.write_text("case,team\n" + "".join(map(row.format, range(1_001))))
    arguments = ["discover", str(path), "--case", "case", "--party", "team", "--json", "--most-events"]
    refused = CliRunner().invoke(main, [*arguments, "1000"])
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "At most 1000 events were expected" in refused.stderr
    assert "--most-events" in refused.stderr
    assert CliRunner().invoke(main, [*arguments, "1001"]).exit_code == 0


def test_b023_the_same_file_twice_names_the_first(manager: Client, language: str) -> None:
    content = b"case,team\n1,A\n1,B\n"
    assert manager.post("/discovery/", {"file": SimpleUploadedFile("first.csv", content)}).status_code == 302
    kept = uploads()
    answer = manager.post("/discovery/", {"file": SimpleUploadedFile("second.csv", content)})
    said = beside(answer.content.decode(), "file")
    assert (answer.status_code, "first.csv" in said) == (422, True)
    assert bool(HAN.search(said)) == (language == "zh-hans")
    assert (EventLog.objects.count(), uploads()) == (1, kept)


def test_b023_rows_in_another_order_give_the_same_chain(manager: Client) -> None:
    rows = [f"c{n},T{n % 3 + m},2026-03-0{1 + m}T0{n}:00:00Z\n" for n in range(9) for m in range(3)]
    results = []
    for order in (rows, rows[::-1]):
        bad = BadFile("B023", "", lambda order=order: ("case,team,time\n" + "".join(order)).encode())  # type: ignore[misc]
        log = mine(manager, brought(manager, bad), bad)
        fields = ("supplier", "customer", "handovers", "cases", "median_wait_seconds", "returns", "last_seen")
        results.append(list(log.pairs.order_by("supplier", "customer").values_list(*fields)))
    assert results[0] == results[1]
    assert results[0]


@pytest.mark.parametrize("name", ['=HYPERLINK("http://x","y")', "+cmd|'..'!A0", "@SUM(A1)", "＝1+1"])
def test_b015_a_formula_is_shown_as_text_and_leaves_disarmed(manager: Client, name: str) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    bad = BadFile("B015", "", lambda: f"case,team\n1,{quoted}\n1,B\n".encode())
    log = mine(manager, brought(manager, bad), bad)
    assert escape(name) in manager.get(f"/discovery/{log.public_id}/").content.decode()
    taken: Any = manager.get(f"/discovery/{log.public_id}/pairs.csv")
    cells = b"".join(taken.streaming_content).decode()
    assert f"'{name}".replace('"', '""') in cells
    assert not re.search(r"(^|[,\n])\"?[=+@＝]", cells.lstrip("\ufeff"))


def test_ties_and_missing_parties_are_said_on_the_result(manager: Client, language: str) -> None:
    rows = "case,team,time\n1,A,2026-03-01T08:00:00Z\n1,B,2026-03-01T08:00:00Z\n1,?,2026-03-01T09:00:00Z\n"
    bad = BadFile("ties", "", lambda: (rows + "1,C,2026-03-01T10:00:00Z\n").encode())
    log = mine(manager, brought(manager, bad), bad)
    page = unescape(manager.get(f"/discovery/{log.public_id}/").content.decode())
    counts = {notice["message"]: notice["count"] for notice in log.figures["notices"]}
    for words in ("have no party", "have the same time as the event before them"):
        message = next(message for message in counts if words in message)
        with translation.override(language):
            said = gettext(message).format(count=counts[message])
        if language == "en":
            said = for_one(message, {"count": counts[message]}).format(count=counts[message])
        assert counts[message] == 1
        assert said in page
        assert language == "en" or HAN.search(said)
