"""A signed paper copy: bound by its QR code to the exact version, its scan kept as proof (B084, B085)."""

from __future__ import annotations

import io
import os
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile

from baton.agreements import changes
from baton.agreements.models import Acceptance, AgreementVersion
from baton.agreements.pages.paper import address_of, marks_in
from baton.agreements.rules import Side, VersionState
from baton.chain.changes import appoint
from baton.chain.rules import Capacity, Scope
from baton.core.changes import forget_person
from baton.core.discussions.changes import remove_attachment, withdraw_comment
from baton.core.errors import Forbidden, Refused
from baton.core.models import Attachment, Signature
from baton.core.scanning.asking import codes_on
from baton.core.scanning.limits import MOST_PAGES
from tests.rooms.agreements.made import first_clause, proposed, terms
from tests.rooms.agreements.test_signing import bought, digest_of, sign
from tests.world import DEPUTY_UNTIL, NOON, SYSTEM, World

Image = pytest.importorskip("PIL.Image")
pytest.importorskip("zxingcpp")
pytest.importorskip("pypdfium2")


def page_with(*texts: str) -> Any:
    """A scanned page: a little askew, with a QR code for each text."""
    page = Image.new("L", (1654, 2339), 255)
    for number, text in enumerate(texts):
        out = io.BytesIO()
        segno.make(text, error="q", micro=False).save(out, kind="png", scale=6, border=4)
        page.paste(Image.open(out).convert("L"), (900, 150 + 700 * number))
    return page.rotate(1.5, fillcolor=255)


def saved(page: Any, kind: str, **how: Any) -> bytes:
    out = io.BytesIO()
    page.save(out, kind, **how)
    return out.getvalue()


def scan_of(version: AgreementVersion, digest: str = "", kind: str = "PDF") -> SimpleUploadedFile:
    data = saved(page_with(address_of(version, digest or digest_of(version))), kind)
    return SimpleUploadedFile(f"scan.{kind.lower()}", data)


def register(
    world: World, version: AgreementVersion, scan: Any, *, who: str = "zhao_lei", side: str = "supplier"
) -> Any:
    browser = world.client(getattr(world, who))
    address = f"/agreements/versions/{version.public_id}/paper/{side}/"
    return browser.post(address, {"name": "Ana Silva", "scan": scan})


def test_the_scan_of_the_chopped_copy_is_an_acceptance_of_its_own_grade(world: World) -> None:
    version = bought(world)
    sign(world, version, world.zhao_lei, Side.CUSTOMER)
    printed = world.client(world.zhao_lei).get(f"/agreements/versions/{version.public_id}/print/").content.decode()
    for said in ("Clean linen is on the ward", "<svg", "Signature or chop"):
        assert said in printed
    assert register(world, version, scan_of(version)).status_code == 302
    given = Acceptance.objects.get(version=version, side="supplier")
    assert (given.signature.grade, given.signature.means, str(given.signature)) == ("paper", ["scan"], "Ana Silva")
    assert given.scan is not None
    assert given.scan.media_type == "application/pdf"
    version.refresh_from_db()
    assert version.state == VersionState.ACTIVE
    page = world.client(world.zhao_lei).get(f"/agreements/{version.agreement.public_id}/").content.decode()
    assert f"/attachments/{given.scan.public_id}/" in page
    assert "Signed on paper" in page


def test_the_scan_stays_as_proof_whoever_wants_it_gone(world: World) -> None:
    version = bought(world)
    assert register(world, version, scan_of(version, kind="JPEG")).status_code == 302
    scan = Attachment.objects.get()
    by = world.actor(world.zhao_lei)
    with pytest.raises(Refused, match="stays as long as the acceptance"):
        remove_attachment(by=by, at=NOON, attachment=scan)
    with pytest.raises(Refused, match="stays as long as the acceptance"):
        withdraw_comment(by=by, at=NOON, comment=scan.comment)
    forget_person(by=world.actor(world.sun_yan), at=NOON, person=world.zhao_lei, reason="left")
    scan.refresh_from_db()
    assert scan.withdrawn_at is None


def test_who_registered_the_paper_of_one_side_does_not_sign_for_the_other(world: World) -> None:
    appoint(by=SYSTEM, at=NOON, party=world.ward, person=world.zhao_lei, capacity=Capacity.DEPUTY, scope=Scope.LINKS,
            ended_on=DEPUTY_UNTIL)  # fmt: skip
    version = proposed(world)
    assert register(world, version, scan_of(version), side="customer").status_code == 302
    with pytest.raises(Forbidden, match="both sides"):
        sign(world, version, world.zhao_lei, Side.SUPPLIER)
    assert Acceptance.objects.count() == 1


@pytest.mark.sqlite
def test_the_copy_of_another_version_is_refused_with_both_numbers(world: World) -> None:
    first, by = bought(world), world.actor(world.zhao_lei)
    paper = scan_of(first)
    changes.withdraw_version(by=by, at=NOON, version=first)
    second = changes.draft_version(by=by, at=NOON, agreement=first.agreement)
    second = changes.propose_version(by=by, at=NOON, version=second)
    answer = register(world, second, paper)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f"Expected the paper copy of {second}" in page
    assert f"Its QR code is that of {first}" in page
    assert not Signature.objects.exists()
    assert not Attachment.objects.exists()


@pytest.mark.sqlite
def test_a_copy_that_was_printed_before_a_change_is_refused(world: World) -> None:
    version, by = bought(world), world.actor(world.zhao_lei)
    paper, before = scan_of(version), digest_of(version)
    changes.open_consultation(by=by, at=NOON, version=version)
    changes.change_clause(by=by, at=NOON, clause=first_clause(version), terms=terms(target=12.0))
    version = changes.close_consultation(by=by, at=NOON, version=version)
    answer = register(world, version, paper)
    assert answer.status_code == 409
    assert not Signature.objects.exists()
    browser = world.client(world.zhao_lei)
    for digest, said in ((before, "printed before this version was changed"), (digest_of(version), "exactly as it")):
        page = browser.get(f"/agreements/versions/{version.public_id}/print/{digest}/", follow=True)
        assert said in page.content.decode()


@pytest.mark.sqlite
def test_no_code_or_two_or_one_that_says_something_else_is_refused(world: World) -> None:
    version = bought(world)
    right = address_of(version, digest_of(version))
    for texts in ((), ("https://example.org/",), (right, right.replace(digest_of(version), "0" * 64))):
        data = saved(page_with(*texts), "PNG")
        answer = register(world, version, SimpleUploadedFile("scan.png", data))
        assert answer.status_code == 422
        assert "Expected one QR code of this version" in answer.content.decode()
    assert marks_in(["x", right, right])[0].public_id == version.public_id
    assert len(marks_in([right, right])) == 1


@pytest.mark.sqlite
@pytest.mark.parametrize(("who", "side", "status"), [
    ("zhao_lei", "customer", 302), ("lin_mei", "customer", 302), ("he_ping", "supplier", 403),
    ("chen_jie", "supplier", 403), ("ivy_stone", "supplier", 404), ("zhao_lei", "nowhere", 404),
])  # fmt: skip
def test_who_registers_paper(world: World, who: str, side: str, status: int) -> None:
    version = bought(world)
    assert register(world, version, scan_of(version), who=who, side=side).status_code == status


@pytest.mark.sqlite
def test_who_signed_for_one_side_registers_no_paper_for_the_other_party_of_the_house(world: World) -> None:
    from tests.rooms.agreements.made import proposed

    version = proposed(world)
    sign(world, version, world.zhao_lei, Side.SUPPLIER)
    assert register(world, version, scan_of(version), side="customer").status_code == 403
    assert register(world, version, scan_of(version), who="wang_fang", side="customer").status_code == 302


def bomb() -> bytes:
    """A PNG of 20,000 x 20,000 pixels in less than a mebibyte."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")

    head = (20_000).to_bytes(4, "big") * 2 + bytes([1, 0, 0, 0, 0])
    rows = zlib.compress(bytes(2_501) * 20_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.sqlite
def test_b084_b085_bombs_and_what_is_no_scan_are_refused(world: World) -> None:
    version = bought(world)
    many = saved(page_with(), "PDF", save_all=True, append_images=[Image.new("L", (10, 10))] * MOST_PAGES)
    for name, data in (
        ("bomb.png", bomb()), ("many.pdf", many), ("page.pdf", b"%PDF-1.7 <script>alert(1)</script> %%EOF"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), ("words.txt", b"signed, honestly"),
        ("cut.jpg", saved(page_with(), "JPEG")[:2_000]),
    ):  # fmt: skip
        answer = register(world, version, SimpleUploadedFile(name, data))
        assert answer.status_code == 422, name
        assert not Signature.objects.exists()
        assert not Attachment.objects.exists()
    assert register(world, version, "").status_code == 422


def test_without_the_libraries_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Python without site packages reads nothing, and says so."""
    bare = tmp_path / "python"
    bare.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S "$@"\n')
    bare.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(bare))
    picture = tmp_path / "scan.png"
    picture.write_bytes(saved(page_with("x"), "PNG"))
    assert os.access(bare, os.X_OK)
    with pytest.raises(Refused, match=r"baton-tqm\[scan\]"):
        codes_on(picture)
