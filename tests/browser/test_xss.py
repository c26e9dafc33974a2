"""What people type never becomes script or markup: a corpus in every text field, every page in Chromium.

In the whole run Chromium opens each page for one record, with ``--exhaustive`` for all.

Fields are found by machine: every text column of the product holds something of the corpus, or stands in ``NOT_TYPED``
with the reason. A new column fails here until a form of a page, or :mod:`tests.browser.corpus`, puts something into it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.test import Client
from playwright.sync_api import Browser, Page

from tests import world as hospital
from tests.browser import corpus
from tests.browser.form_filling import Filler
from tests.browser.records import fillings
from tests.browser.test_every_page import _addresses, _confirmed
from tests.browser.vectors import VECTORS
from tests.browsers import DESKTOP, Reported, open_page
from tests.exhaustive import exhaustive
from tests.servers import LiveBaton

pytestmark = pytest.mark.browser

# Whole tables that only Baton writes, in its own words: facts and figures, bookkeeping of runs, messages and calls.
OWN_TABLES = {
    "core.ActProof", "core.FeedCursor", "core.Mail", "core.NumberSeries", "core.PersonalValue", "core.ResetCode",
    "core.Schedule", "core.SubjectKey", "core.Submission", "core.TokenUse", "core.WebhookDelivery",
    "monitoring.BrokenSource",
    "monitoring.FactFile", "monitoring.Run", "monitoring.StaleSubject", "monitoring.StoredCapability",
    "monitoring.StoredMeasure", "monitoring.StoredViolation", "monitoring.UnsortedSubject", "handoffs.LinkFigures",
    "handoffs.PathFigures", "feedback.PublishedCell", "feedback.PublishedStudy",
    "feedback.SealedTalk",
}  # fmt: skip
# Columns of other tables that hold digests, ids, names of files on disk, codes of the program and the like.
OWN_COLUMNS = re.compile(
    r"\.(digest|path|about_kind|about_id|media_type|audience|rhythms|run|target|figures|format|zone|time_zone|prefix"
    r"|hash|prev|kind|object_id|record_kind|actor|action|list_name|query|topic|address|events|sealed|scopes|password"
    r"|act|language|word|plan|shows|object_kind|means|task|token_digest|code_digest)$"
)
NOT_TYPED = {
    # keys of questions, numbers and keys of options; numbers of findings
    "feedback.SurveyComment.question", "feedback.AnswerSheet.answers", "feedback.WaveException.findings",
    "feedback.Finding.question",
    # an address, an issuer: their form lets no such text in; what does get in stands in other columns of the same page
    "core.Identity.issuer",
    "chain.Contact.phone", "core.Person.phone",
    # letters and digits only
    "core.RenamedWord.singular", "core.RenamedWord.plural", "core.WatchedFolder.name",
    # hours of the day, a recurrence
    "core.WorkCalendar.hours", "handoffs.StandingOrder.rule", "feedback.SurveyPlan.rule",
    # which side of a link
    "core.Signature.side", "core.TaskLink.side",
    # ids of records, or codes of detectors with them
    "agreements.AgendaItem.about", "agreements.PlanItem.line",
    "handoffs.MeasuredPath.links",
    "agreements.Opinion.line", "agreements.HouseCharacteristic.line", "agreements.ServiceOffer.page_lines",
    "chain.GapAnswer.key", "monitoring.PhaseStart.subject",
    "monitoring.Specification.subject",
    # the program's own sentences about a file that failed, and the sheet of a workbook
    "chain.EventLog.failure", "core.Batch.failure", "core.ImportRun.failure", "core.ImportRun.sheet",
    "core.RefusedRow.row", "core.RefusedRow.why",
    # read from a file at once, or the same text as in ImportRun
    "core.Batch.source", "core.Batch.title",
}  # fmt: skip

SKIPPED = re.compile(r"^/accounts/|^/language/|/forget/")
SIGNS_OUT = re.compile(r"/tablets/new/$")
"""What makes a shared device of this one signs out who does it."""
GONE = {403, 404, 409}
"""Pages of what a form ended, withdrew, merged away, or took to a state in which nobody changes it."""

WATCH = """document.addEventListener('securitypolicyviolation',
    event => {
        window.refused = (window.refused || 0) + 1;
        console.error('CSP ' + event.violatedDirective + ' ' + event.blockedURI);
    });"""
PLANT = """vectors => vectors.forEach(vector => {
    const place = document.createElement('div');
    place.innerHTML = vector;
    document.body.append(place);
})"""
MADE = """() => [...document.querySelectorAll(
    'iframe, object, embed, base, math, video, details[ontoggle], [onx], [hx-get^="//"], [href^="//"], [src^="//"],'
    + '[href^="javascript:" i], [href^="data:" i], [href^="vbscript:" i], [action^="javascript:" i]')]
    .concat([...document.querySelectorAll('*')].filter(one => [...one.attributes].some(a => /^on/i.test(a.name))))
    .map(one => one.outerHTML.slice(0, 120))"""


def text_columns() -> dict[str, type[models.Model]]:
    """Text columns without fixed choices that somebody may have typed, as ``app.Model.column``."""
    return {
        name: model
        for model in apps.get_models()
        if model.__module__.startswith("baton.") and model._meta.label not in OWN_TABLES
        for column in model._meta.local_concrete_fields
        if isinstance(column, (models.CharField, models.TextField, models.JSONField))
        and column.editable and not column.choices
        and not OWN_COLUMNS.search(name := f"{model._meta.label}.{column.name}")
    }  # fmt: skip


def texts(value: Any) -> Iterator[str]:
    """Every text in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def stored() -> tuple[set[str], set[str]]:
    """The columns that hold something of the corpus, and what of it is held anywhere."""
    columns, vectors = set(), set()
    for name, model in text_columns().items():
        for value in model._base_manager.values_list(name.rpartition(".")[2], flat=True):
            found = {vector for text in texts(value) for vector in VECTORS if vector in text}
            vectors |= found
            columns |= {name} if found else set()
    return columns, vectors


@pytest.fixture(scope="module")
def pages(live_baton: LiveBaton) -> dict[str, str]:
    """Address of every page -> the session of somebody who may open it; the corpus stands in every field by then."""
    world = hospital.build()
    known = fillings(world)
    corpus.enter(world)

    def signed_in() -> list[Client]:
        return [_confirmed(world.client(person)) for person in (world.lin_mei, world.sun_yan)]

    clients, filler, found, opened = signed_in(), Filler(), dict[str, str](), set[str]()
    for name, path in _addresses(world, known):
        if SKIPPED.search(path):
            continue
        who_fills = signed_in() if SIGNS_OUT.search(path) else clients
        reader = next((place for place, one in enumerate(who_fills) if filler.fill(one, path, SKIPPED)), None)
        if reader is not None and (name not in opened or exhaustive()):
            opened.add(name)
            found[path] = clients[reader].cookies[settings.SESSION_COOKIE_NAME].value
    return found


def test_corpus_stands_in_every_text_field(pages: dict[str, str]) -> None:
    columns, vectors = stored()
    assert set(text_columns()) - columns - NOT_TYPED == set(), "a form or the corpus must fill these"
    assert NOT_TYPED & columns == set(), "these are typed after all"
    assert set(VECTORS) - vectors == set()


def test_nothing_of_it_runs_or_becomes_markup(
    browser: Browser, browser_errors: Reported, live_baton: LiveBaton, pages: dict[str, str]
) -> None:
    noticed: list[str] = []
    opened: list[bool] = []
    for session in dict.fromkeys(pages.values()):
        with open_page(browser, DESKTOP, browser_errors) as page:
            _watch(page, live_baton.url, noticed)
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_baton.url}
            page.context.add_cookies([cookie])  # type: ignore[list-item]
            for path in (path for path, whose in pages.items() if whose == session):
                answer = page.goto(live_baton.url + path)
                assert answer is not None
                if answer.status not in GONE:
                    noticed += [f"{path}: {made}" for made in page.evaluate(MADE)]
                    opened.append(_look(page))
    browser_errors.provoked(*GONE)
    assert noticed == []
    assert len(opened) > 100
    assert sum(opened) > 40, "pages show what was typed"


def test_planted_markup_is_noticed(browser: Browser, browser_errors: Reported, live_baton: LiveBaton) -> None:
    noticed: list[str] = []
    with open_page(browser, DESKTOP, browser_errors) as page:
        _watch(page, live_baton.url, noticed)
        page.goto(f"{live_baton.url}/accounts/login/")
        page.evaluate(PLANT, [vector for vector in VECTORS if "evil" not in vector])
        assert len(page.evaluate(MADE)) > 10
        page.wait_for_function("() => window.refused > 0")
    assert any("CSP" in line for line in browser_errors)
    browser_errors.clear()


def _watch(page: Page, base: str, noticed: list[str]) -> None:
    """Note dialogs, and calls to anywhere else; what the policy refuses becomes an error of the page."""
    page.add_init_script(WATCH)
    page.on("dialog", lambda dialog: (noticed.append(f"{page.url}: {dialog.message}"), dialog.dismiss()))
    page.on("request", lambda request: _outside(request.url, base, noticed))


def _outside(address: str, base: str, noticed: list[str]) -> None:
    if not address.startswith((base, "data:", "blob:", "about:")):
        noticed.append(f"called {address}")


def _look(page: Page) -> bool:
    """Point at the first picture, whose labels come and go with the pointer; whether the page shows a vector."""
    picture = page.locator("canvas").first
    box = picture.bounding_box() if picture.count() else None
    if box is not None:
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    return "alert(1)" in page.locator("body").inner_text()
