"""The PDF of a version: what stands in it, that nothing in it is read as code, who gets it (B075, B087, B090)."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import replace
from datetime import date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from baton.agreements import changes
from baton.agreements.models import Acceptance, AgreementVersion
from baton.agreements.pages.documents import LAYOUT, Copy, version_pdf, watermark
from baton.agreements.queries import sides_signed
from baton.agreements.rules import Measure, Sampling, Side, Source, VersionState
from baton.core.pdf.characters import Printable
from baton.core.pdf.limits import LONGEST_WORD
from baton.core.pdf.printing import NotPrinted, printed
from baton.core.texts import say
from baton.core.versions import Memory
from tests.api import Program, token_for
from tests.rooms.agreements.made import BARE, LINEN, ORDER, drafted, first_clause, proposed, terms
from tests.rooms.agreements.test_paper import register
from tests.rooms.agreements.test_signing import both, bought, digest_of, sign
from tests.world import NOON, SYSTEM, World

# What is printed is what was read; pages and calls read the same records on either database.
pytestmark = pytest.mark.sqlite

pytest.importorskip("typst")
pypdfium2 = pytest.importorskip("pypdfium2")

HOSTILE = (
    '#read("/etc/passwd")', '#import "@preview/cetz:0.3.0"', "$x^2$ #[bold] *strong* _thin_ <label> @ref `raw`",
    r"\u{41} \\ \" ' ” ’ ] } ) // not a comment /* nor this */", "= Heading\n- list\n+ one\n/ term: said",
    "<link rel=attachment href=file:///etc/passwd>", "<img src=http://169.254.169.254/latest/>",
    "\u202eevil\u202c \u05d0\u05d1 \u0627\u0644", "nul \x00 and \x1b[31m", "thumbs \U0001f44d\U0001f3fd up",
    "x" * 10_000, "\u6c49" * 10_000, "{{ 7 * 7 }} ${jndi:ldap://x} %s %n",
)  # fmt: skip


def text_of(made: bytes) -> str:
    """All words of a PDF, as somebody reads them who copies them out of it."""
    document = pypdfium2.PdfDocument(made)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def plain(text: str) -> str:
    """A text without anything that ends a line or lets one end."""
    return "".join(text.replace("\u200b", "").split()).replace("\ufffe", "")


def pdf(version: AgreementVersion, language: str = "en", copy: Copy = Copy.READING, days: int = 0) -> bytes:
    at = NOON + timedelta(days=days)
    return version_pdf(viewer=SYSTEM, at=at, public_id=version.public_id, language=language, copy=copy).content


def test_everything_that_is_agreed_stands_in_it_in_both_languages(world: World) -> None:
    full = terms(
        characteristic={"en": "Linen is on the ward", "zh-hans": "\u5e03\u8349\u5df2\u5230\u75c5\u533a"},
        source_note="Round list", sampling=Sampling.SAMPLE, sample_size=20, sampling_note="the first of a week",
        perception_item={"en": "Linen is there when I need it."}, baseline_value=30.0, baseline_weeks=3,
        baseline_note="List of May", trial_until=date(2026, 9, 30),
    )  # fmt: skip
    cold = terms(
        ORDER, characteristic={"en": "Blood stays cold"}, measure=Measure.VALUE, unit="\u00b0C", direction=None,
        target=4.0, lower=2.0, upper=8.0, source=Source.INSPECTION,
    )  # fmt: skip
    version = both(world, proposed(world, full, cold, ORDER))
    made = pdf(version)
    said = plain(text_of(made))
    digest = digest_of(version)
    for words in (
        "Linen is on the ward", "\u5e03\u8349\u5df2\u5230\u75c5\u533a", "95 % within 24 business hours", "Round list",
        "sample of 20 (the first of a week)", "Linen is there when I need it.", "30 business hours in 3 measured weeks",
        "List of May", "on trial until 30 Sep 2026", "from 2 to 8 \u00b0C", "What Ward 3 owes", "Used linen is sorted",
        str(version.agreement.number), "L-2026-", "Printed name Zhao Lei", "Meaning Acceptance", "Head of Ward 3",
        "Time (UTC) 2026-06-01 12:00:00", "Time (local) 2026-06-01", "(UTC)", digest, "Page 1 of", "Holds",
    ):  # fmt: skip
        assert plain(words) in said, words
    assert "Draft" not in said
    chinese = plain(text_of(pdf(version, "zh-hans")))
    for words in (
        "\u5e03\u8349\u5df2\u5230\u75c5\u533a",
        "Linen is on the ward",
        "\u7b7e\u540d",
        say(world.zhao_lei.name, "zh-hans"),
        digest,
    ):
        assert plain(words) in chinese, words
    Memory.forget_all()
    assert made == pdf(version, days=200), "the same version gives the same bytes on every day"


def test_part_11_10_b_part_11_50_the_copies_for_people_and_for_programs_say_the_same(world: World) -> None:
    """PDF, page, table and API: every clause, and of every signature who, when, as what, how, and under which text."""
    version = both(world, proposed(world))
    program = Program(token_for(world.zhao_lei, "agreements:read"))
    told = json.loads(program.get(f"/agreement-versions/{version.public_id}").content)
    browser = world.client(world.zhao_lei)
    page = unescape(browser.get(f"/agreements/{version.agreement.public_id}/").content.decode())
    table = b"".join(browser.get("/agreements/export.csv").streaming_content).decode()  # type: ignore[attr-defined]
    copies = {"PDF": plain(text_of(pdf(version))), "page": plain(page), "table": plain(table)}
    assert len(told["signatures"]) == 2
    for one in told["signatures"]:
        at = f"{datetime.fromisoformat(one['signed_at']):%Y-%m-%d %H:%M:%S}"
        mark = " ".join(one["digest"][start : start + 4] for start in range(0, 16, 4))
        words = (
            one["printed_name"]["en"],
            one["capacity"]["en"],
            "Acceptance",
            at,
            mark,
            "Signed with password or code",
        )
        for name, copy in copies.items():
            assert [word for word in words if plain(word) not in copy] == [], name
        assert one["digest"] in copies["PDF"]
    for clause in told["clauses"]:
        for name, copy in copies.items():
            assert plain(clause["characteristic"]["en"]) in copy, name


def test_a_deviation_and_what_the_offer_says_instead_stand_in_it(world: World) -> None:
    from baton.agreements.pages.documents import document
    from baton.agreements.queries.documents import version_document

    version = drafted(world, LINEN, BARE)
    page = version_document(viewer=SYSTEM, at=NOON, public_id=version.public_id)
    own, other = page.clauses
    own.deviates_from = "line-of-the-offer"
    offered = {"line-of-the-offer": other, "dropped-here": replace_line(other, "dropped-here")}
    said = document(replace(page, offered=offered))
    first = said["parts"][0]["clauses"][0]
    assert {"word": "deviates from the service offer", "tone": "warn"} in first["badges"]
    assert first["remarks"] == ["The service offer says: Linen smells fresh"]
    left_out = said["sections"][0]
    assert left_out["heading"] == "What of the service offer does not hold here"
    assert left_out["entries"][0]["title"] == "Linen smells fresh"


def replace_line(clause: Any, line: str) -> Any:
    """The same clause under another line, unsaved."""
    twin = type(clause)(**{one.attname: getattr(clause, one.attname) for one in clause._meta.concrete_fields})
    twin.line = line
    return twin


def test_it_says_across_the_page_what_does_not_hold(world: World) -> None:
    version, by = proposed(world), world.actor(world.zhao_lei)
    state, nobody = VersionState.PROPOSED, {}
    assert watermark(state, nobody, Copy.READING) == "Draft"
    assert watermark(state, nobody, Copy.SIGNING) == ""
    assert watermark(VersionState.WITHDRAWN, nobody, Copy.READING) == "Withdrawn"
    sign(world, version, world.zhao_lei, Side.SUPPLIER)
    changes.open_consultation(by=by, at=NOON, version=version)
    changes.change_clause(by=by, at=NOON, clause=first_clause(version), terms=terms(target=12.0))
    signed = sides_signed(viewer=SYSTEM, versions=[version])[version.pk]
    assert watermark(state, signed, Copy.READING) == "Void"
    said = plain(text_of(pdf(version)))
    assert plain("Void: changed after it was signed") in said


def test_b090_nothing_in_a_text_is_read_as_code(world: World) -> None:
    """Every text comes out as it went in; the layout reads no file, and no word runs over the edge of the paper."""
    version = drafted(world)
    from baton.agreements.pages.documents import document
    from baton.agreements.queries.documents import version_document

    data = document(version_document(viewer=SYSTEM, at=NOON, public_id=version.public_id))
    first = data["parts"][0]["clauses"][0]
    data["parts"][0]["clauses"] = [{**first, "title": text, "target": text, "long": True} for text in HOSTILE]
    data["subtitle"], data["facts"] = HOSTILE[0], [(text[:40], text) for text in HOSTILE]
    said = plain(text_of(printed(name="x.pdf", layout=LAYOUT, data=data).content))
    printable = Printable()
    for text in HOSTILE:
        shown = plain(printable.text(text))
        # Right to left is shown in another order than it is read.
        assert shown[:60] in said or "05D0" in shown, text[:60]
    assert said.count("x") >= 3 * 10_000
    assert said.count("\u6c49") >= 3 * 10_000
    assert "root:" not in said
    assert plain("they stand as their codes: [U+202E]") in said
    assert {"[U+0000]", "[U+1F44D]"} <= set(printable.codes)


@pytest.mark.parametrize("layout", [
    '#read("/etc/passwd")', '#read("../limits.py")', '#image("/etc/hostname")', '#import "@preview/cetz:0.3.0"',
    "#let f(x) = f(x) + 1\n#f(1)", "#panic(data.title)",
])  # fmt: skip
def test_b090_a_layout_reads_no_file_and_fetches_nothing(world: World, tmp_path: Path, layout: str) -> None:
    place = tmp_path / "layout.typ"
    place.write_text(layout)
    data = {"title": "T", "short": "", "foot": "", "watermark": "", "lang": "en", "region": None, "date": [2026, 1, 1],
            "code": "", "code-says": ""}  # fmt: skip
    with pytest.raises(NotPrinted):
        printed(name="x.pdf", layout=place, data=data)


def test_long_words_break_and_strange_signs_stand_as_their_codes() -> None:
    printable = Printable()
    assert printable.text("plain text, 95 % \u6c49\u5b57") == "plain text, 95 % \u6c49\u5b57"
    assert printable.text("a\tb\u200d\U0001f600") == "a b\u200d[U+1F600]".replace("\u200d", printable.text("\u200d"))
    broken = printable.text("y" * 100)
    assert max(map(len, broken.split("\u200b"))) == LONGEST_WORD
    assert printable.all_of({"code": "<svg\x00>", "rows": [("a", 1), ["\U0001f600"]]}) == {
        "code": "<svg\x00>", "rows": [["a", 1], ["[U+1F600]"]],
    }  # fmt: skip
    # Characters of names that GB 2312 lacks.
    assert printable.text("\u5586\u5803\u9a89\u6dcf") == "\u5586\u5803\u9a89\u6dcf"


def test_the_printed_copy_is_scanned_back(world: World) -> None:
    """Printed, chopped, scanned: the QR code of the PDF leads to the version, drawn as a scanner sees it."""
    pytest.importorskip("zxingcpp")
    from django.core.files.uploadedfile import SimpleUploadedFile

    version = bought(world)
    made = pdf(version, copy=Copy.SIGNING)
    said = plain(text_of(made))
    for words in ("Place and day", "Signature or chop", "Not signed"):
        assert plain(words) in said
    assert "Draft" not in said
    pages = [page.render(scale=200 / 72, grayscale=True).to_pil() for page in pypdfium2.PdfDocument(made)]
    out = io.BytesIO()
    pages[-1].rotate(1.5, fillcolor=255).save(out, "PDF")
    assert register(world, version, SimpleUploadedFile("scan.pdf", out.getvalue())).status_code == 302
    assert Acceptance.objects.get(version=version).signature.grade == "paper"
    assert plain("Signed on paper") in plain(text_of(pdf(version)))


@pytest.mark.parametrize(("who", "status"), [
    ("zhao_lei", 200), ("lin_mei", 200), ("ivy_stone", 404), (None, 302),
])  # fmt: skip
def test_b075_who_reads_the_version_gets_its_pdf_and_its_clauses(world: World, who: str | None, status: int) -> None:
    from django.test import Client

    version = proposed(world)
    browser = world.client(getattr(world, who)) if who else Client()
    if status != 200:
        assert browser.get(f"/agreements/versions/{version.public_id}/pdf/").status_code == status
    table = browser.get(f"/agreements/versions/{version.public_id}/clauses.csv")
    assert table.status_code == status


def test_the_page_links_it_and_it_opens_in_the_browser(world: World) -> None:
    version = proposed(world)
    browser = world.client(world.zhao_lei)
    page = browser.get(f"/agreements/{version.agreement.public_id}/").content.decode()
    address = f"/agreements/versions/{version.public_id}/pdf/"
    for link in (f"{address}?language=en", f"{address}?language=zh-hans", f"{address}?copy=signing"):
        assert link in page
    answer = browser.get(f"{address}?language=zh-hans&copy=nonsense")
    assert answer["Content-Type"] == "application/pdf"
    name = f"{version.agreement.number}-v1-zh-hans.pdf"
    assert answer["Content-Disposition"] == f'inline; filename="{name}"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.content.startswith(b"%PDF-1.7")


def test_programs_and_the_command_line_get_it(world: World, tmp_path: Path) -> None:
    from baton.config.cli import main

    version = proposed(world)
    program = Program(token_for(world.zhao_lei, "agreements:read"))
    answer = program.call("GET", f"/agreement-versions/{version.public_id}/pdf?language=en")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content == pdf(version)
    ran = CliRunner().invoke(main, ["pdf", version.agreement.number.lower(), "--language", "en", "--to", str(tmp_path)])
    assert ran.exit_code == 0, ran.output
    assert (tmp_path / f"{version.agreement.number}-v1-en.pdf").read_bytes() == answer.content
    ran = CliRunner().invoke(main, ["pdf", "A-1999-0001"])
    assert ran.exit_code == 2
    assert "There is no agreement or service offer A-1999-0001" in ran.output


def test_without_the_package_it_says_what_to_install(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Python without site packages sets nothing, and says so."""
    bare = tmp_path / "python"
    bare.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S "$@"\n')
    bare.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(bare))
    version = drafted(world)
    answer = world.client(world.zhao_lei).get(f"/agreements/versions/{version.public_id}/pdf/")
    assert answer.status_code == 503
    assert "Ask the administrator to install typst" in answer.content.decode()


def test_a_service_offer_with_its_steps_and_who_accepted_it(world: World, tmp_path: Path) -> None:
    from baton.agreements.changes import service_steps
    from baton.agreements.changes.service_steps import StepWords
    from baton.agreements.pages.offer_documents import offer_pdf
    from baton.config.cli import main
    from tests.rooms.agreements.offering import drafted_offer, proposed_offer

    draft = drafted_offer(world)
    by = world.actor(world.zhao_lei)
    words = StepWords(name={"en": "Hand in used linen"}, role={"en": "Ward assistant"}, minutes=15)
    service_steps.add_step(by=by, at=NOON, version=draft, words=words)
    draft.refresh_from_db()
    version = proposed_offer(world, draft, world.laundry_ward)
    mine = AgreementVersion.objects.get(offer_version=version)
    sign(world, mine, world.wang_fang, Side.CUSTOMER)
    made = offer_pdf(viewer=SYSTEM, at=NOON, public_id=version.public_id, language="en").content
    said = plain(text_of(made))
    for words_in in (
        "Service offer", "Daily linen", "Clean linen is on the ward", "1. Hand in used linen", "Ward assistant",
        "15 min", "Printed name Zhao Lei", "What every customer owes",
    ):  # fmt: skip
        assert plain(words_in) in said, words_in
    for words_in in ("Draft", plain("from the service offer")):
        assert words_in not in said
    said = plain(text_of(pdf(mine)))
    for words_in in ("from the service offer", "Hand in used linen", "Zhao Lei", "Wang Fang", "Daily linen"):
        assert plain(words_in) in said, words_in
    address = f"/agreements/offers/versions/{version.public_id}/pdf/"
    browser, stranger = world.client(world.wang_fang), world.client(world.ivy_stone)
    assert browser.get(f"{address}?language=en").content == made
    assert stranger.get(address).status_code == 404
    for digest, says in (("0" * 64, "printed before this version was changed"), (offer_digest(version), "exactly as")):
        assert says in browser.get(f"{address}{digest}/", follow=True).content.decode()
    ran = CliRunner().invoke(main, ["pdf", version.offer.number, "--language", "en", "--to", str(tmp_path / "o.pdf")])
    assert ran.exit_code == 0, ran.output
    assert (tmp_path / "o.pdf").read_bytes() == made


def offer_digest(version: Any) -> str:
    from baton.core.queries import to_sign

    return to_sign(viewer=SYSTEM, kind="offer_version", public_id=version.public_id).digest
