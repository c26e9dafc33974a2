"""Files of comments: told by their bytes, freed of places, handed out to be kept, refused with a reason."""

from __future__ import annotations

import base64
import io
import os
import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from baton.config.cli import main
from baton.core import uploads
from baton.core.attachments.images import MOST_PIXELS, jpeg, png, webp
from baton.core.attachments.keeping import FOLDER, damaged, kept_files, remove_stray_files
from baton.core.attachments.kinds import looked_at
from baton.core.backup.archive import data_files
from baton.core.changes import forget_person
from baton.core.discussions import changes
from baton.core.errors import Refused
from baton.core.models import Attachment, AuditEntry, Comment
from tests import world as hospital
from tests.databases import Databases
from tests.world import NOON, SYSTEM, World

# A real JPEG of 2 x 3 pixels, progressive or not, made by no camera.
_TINY = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////"
    "////////////wAALCAADAAIBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z"
)  # fmt: skip
PLACE = b"GPSLatitude 31.2304 N"


def segment(marker: int, body: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body


def photo(orientation: int = 6, order: str = ">") -> bytes:
    """A photo as a telephone makes it: which side is up, where it was taken, a comment, and a film behind its end."""
    mark = b"MM" if order == ">" else b"II"
    tiff = mark + struct.pack(f"{order}HIH", 42, 8, 1) + struct.pack(f"{order}HHIHH", 0x0112, 3, 1, orientation, 0)
    exif = segment(0xE1, b"Exif\0\0" + tiff + b"\0\0\0\0" + PLACE)
    xmp = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PLACE)
    return _TINY[:2] + exif + xmp + segment(0xFE, PLACE) + segment(0xED, PLACE) + _TINY[2:] + PLACE


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def drawing(width: int = 2, height: int = 2, *more: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0\0\0" * 2))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(more) + pixels + chunk(b"IEND", b"")


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    inner = b"WEBP" + b"".join(
        name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2) for name, body in chunks
    )
    return b"RIFF" + struct.pack("<I", len(inner)) + inner


def package(
    *members: tuple[str, bytes], document: str = "word/document.xml", method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, body in (("[Content_Types].xml", b"<Types/>"), (document, b"<document/>"), *members):
            made.writestr(name, body)
    return out.getvalue()


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def sent(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def add(world: World, *files: SimpleUploadedFile, by: str = "chen_jie") -> Comment:
    actor = world.actor(getattr(world, by))
    with kept_files(list(files)) as kept:
        return changes.add_comment(
            by=actor, at=NOON, kind="link", public_id=world.laundry_ward.public_id, words="See.", files=kept
        )


def stored(data_folder: Path) -> list[Path]:
    return sorted((data_folder / FOLDER).glob("*")) if (data_folder / FOLDER).exists() else []


@pytest.mark.parametrize("order", [">", "<"])
def test_a_photo_loses_its_place_and_stays_upright(order: str) -> None:
    clean = jpeg(photo(6, order))
    assert PLACE not in clean
    assert b"http://ns.adobe.com" not in clean
    assert clean.endswith(b"\xff\xd9")
    assert segment(0xE1, b"Exif\0\0MM\0\x2a\0\0\0\x08" + struct.pack(">HHHIHHI", 1, 0x0112, 3, 1, 6, 0, 0)) in clean
    assert jpeg(clean) == clean
    assert jpeg(_TINY) == _TINY, "of a picture without such parts nothing is taken"
    assert b"Exif" not in jpeg(photo(1, order))


def test_other_pictures_lose_it_too() -> None:
    text = chunk(b"tEXt", b"Comment\0" + PLACE)
    camera = chunk(b"eXIf", PLACE)
    colours = chunk(b"gAMA", struct.pack(">I", 45455))
    assert png(drawing(2, 2, text, colours, camera) + PLACE) == drawing(2, 2, colours)
    size = bytes([0b1100, 0, 0, 0]) + (1).to_bytes(3, "little") + (2).to_bytes(3, "little")
    plain = bytes([0, 0, 0, 0]) + size[4:]
    whole = riff((b"VP8X", size), (b"VP8 ", b"12345"), (b"EXIF", PLACE), (b"XMP ", PLACE))
    assert webp(whole + PLACE) == riff((b"VP8X", plain), (b"VP8 ", b"12345"))


@pytest.mark.parametrize(("name", "data", "kind", "shown"), [
    ("bags.JPG", photo(), "image/jpeg", "bags.JPG"),
    ("scan.exe", PDF, "application/pdf", "scan.exe.pdf"),
    ("plan", package(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "plan.docx"),
    ("t.xlsx", package(("xl/printerSettings/printerSettings1.bin", b"x"), document="xl/workbook.xml"),
     "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "t.xlsx"),
    ("counted.csv", "日,袋\n1,12\n".encode("utf-8-sig"), "text/plain; charset=utf-8", "counted.csv"),
    ("evil.html", b"alert(1)", "text/plain; charset=utf-8", "evil.html.txt"),
])  # fmt: skip
def test_a_file_is_what_its_bytes_say(name: str, data: bytes, kind: str, shown: str) -> None:
    found = looked_at(name, data)
    assert (found.media_type, found.name) == (kind, shown)


def liar() -> bytes:
    """Says in its directory that it unpacks to ten bytes, and unpacks to 200 MiB."""
    data = bytearray(package(("word/media/a.txt", b"\0" * (200 * 1024**2))))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(data)


@pytest.mark.sqlite
@pytest.mark.parametrize(("data", "why"), [
    (lambda: b"", "It is empty."),
    (lambda: photo()[:-30], "cut off or damaged"),
    (lambda: _TINY[:40], "cut off or damaged"),
    (lambda: drawing()[:-20], "cut off or damaged"),
    (lambda: drawing()[:60] + b"\xff" + drawing()[61:], "cut off or damaged"),
    (lambda: riff((b"VP8 ", b"12345"))[:-3], "cut off or damaged"),
    (lambda: PDF[:20], "cut off or damaged"),
    (lambda: package()[:-30], "cut off or damaged"),
    (lambda: package(("../../etc/passwd", b"x")), "cut off or damaged"),
    (lambda: package(method=zipfile.ZIP_LZMA).replace(b"\x5d\0\0", b"\xff\0\0"), "cut off or damaged"),
    (lambda: drawing(60_000, 60_000), "more than 50 million pixels"),
    (lambda: riff((b"VP8 ", b"\0\0\0\x9d\x01\x2a\xff\x3f\xff\x3f")), "more than 50 million pixels"),
    (lambda: package(("word/media/a.txt", b"\0" * (2 * 1024**2 + 1))), "unpacks to far more"),
    (lambda: package(("word/media/a.zip", b"PK")), "holds archives"),
    (liar, "unpacks to far more|cut off"),
    (lambda: package(("word/vbaProject.bin", b"x")), "macros or programs"),
    (lambda: package(document="a.txt"), "It is none of these."),
    (lambda: b"MZ\x90\0" + b"\0" * 60, "It is none of these."),
    (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 60, "It is none of these."),
    (lambda: b"\n <svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "It is none of these."),
    (lambda: b"<!doctype html><script>alert(1)</script>", "It is none of these."),
    (lambda: "二".encode("gb18030"), "It is none of these."),
    (lambda: b"\0\0\0\x18ftypheic" + b"\0" * 40, "photos as JPEG"),
])  # fmt: skip
def test_what_may_not_be_added_is_refused_with_a_reason(data: Callable[[], bytes], why: str) -> None:
    began = time.monotonic()
    with pytest.raises(Refused, match=why) as refused:
        looked_at("bags.jpg", data())
    assert refused.value.field == "attached"
    assert "“bags.jpg”" in str(refused.value)
    assert time.monotonic() - began < 20  # two seconds on a machine that does nothing else
    assert MOST_PIXELS == 50_000_000


def test_a_file_goes_with_its_comment_and_comes_back_as_it_was_kept(world: World, data_folder: Path) -> None:
    client, about = world.client(world.chen_jie), world.laundry_ward.public_id
    form = {"words": "", "attached": [sent("bags.jpg", photo()), sent("counted.csv", b"day,bags\n1,12\n")]}
    assert client.post(f"/discussions/link/{about}/", form).status_code == 302
    first, second = Attachment.objects.order_by("pk")
    assert (first.file_name, first.size, second.media_type) == (
        "bags.jpg",
        len(jpeg(photo())),
        "text/plain; charset=utf-8",
    )
    shown = world.client(world.wang_fang).get(f"/links/{about}/").content.decode()
    assert f"/attachments/{first.public_id}/" in shown
    answer: Any = world.client(world.wang_fang).get(f"/attachments/{first.public_id}/")
    assert b"".join(answer.streaming_content) == jpeg(photo())
    assert answer["Content-Disposition"] == 'attachment; filename="bags.jpg"'
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in answer["Cache-Control"]
    assert len(stored(data_folder)) == 2
    assert damaged() == []
    for who in ("ivy_stone", "tom_reed", "sun_yan"):
        assert world.client(getattr(world, who)).get(f"/attachments/{first.public_id}/").status_code in {403, 404}, who


@pytest.mark.parametrize(("raw", "shown"), [
    ("../../etc/passwd", "passwd.txt"),
    ("C:\\bags\\a.txt", "a.txt"),
    ("a\r\nX: y\u202etxt.txt", "a X: ytxt.txt"),
    ("=HYPERLINK(1).csv", "=HYPERLINK(1).csv"),
    ("..", "file.txt"),
    ("x" * 300 + ".csv", "x" * 140 + ".csv"),
    ("<img src=x>.txt", "<img src=x>.txt"),
])  # fmt: skip
def test_b083_odd_names_are_kept_as_text_without_what_cannot_be_seen(
    world: World, data_folder: Path, raw: str, shown: str
) -> None:
    file = sent("x", b"text")
    file._name = raw  # as a program sends it: Django cleans names, too
    add(world, file)
    kept = Attachment.objects.get()
    assert kept.file_name == shown
    assert len(kept.file_name) <= 150
    assert [path.name for path in stored(data_folder)] == [kept.path.split("/")[1]], "kept under a random name"
    assert shown not in kept.path
    answer = world.client(world.chen_jie).get(f"/attachments/{kept.public_id}/")
    assert "\n" not in answer["Content-Disposition"]
    page = world.client(world.chen_jie).get(f"/links/{world.laundry_ward.public_id}/").content.decode()
    assert "<img src=x>" not in page


def test_too_large_and_too_many_are_refused_and_nothing_is_kept(world: World, data_folder: Path, settings: Any) -> None:
    big = sent("big.txt", b"x" * (uploads.DEFAULT_LIMIT + 1))
    with pytest.raises(Refused, match="“big.txt”: a file may have at most 10 MiB."):
        add(world, sent("a.txt", b"x"), big)
    with pytest.raises(Refused, match="at most 10 files at once. Found 11."):
        add(world, *(sent(f"{number}.txt", b"x") for number in range(11)))
    settings.EVENT_LOG_LIMIT_MIB = 1
    with pytest.raises(Refused, match="1 MiB together"):
        add(world, sent("a.txt", b"x" * 600_000), sent("b.txt", b"x" * 600_000))
    assert stored(data_folder) == []
    assert not Comment.objects.exists()


def test_a_refused_file_leaves_the_words_in_the_form(world: World, data_folder: Path) -> None:
    form = {"words": "Look at this.", "attached": [sent("a.txt", b"x"), sent("run.exe", b"MZ\0\0")]}
    answer = world.client(world.chen_jie).post(f"/discussions/link/{world.laundry_ward.public_id}/", form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Look at this." in page
    assert 'id="comment_attached_error"' in page
    assert "“run.exe”: expected a photo" in page
    assert stored(data_folder) == []
    form = {"words": "x" * 5000, "attached": [sent("a.txt", b"x")]}
    assert world.client(world.chen_jie).post(
        f"/discussions/link/{world.laundry_ward.public_id}/", form
    ).status_code == 422  # fmt: skip
    assert stored(data_folder) == [], "the file of a comment that was refused goes"


def test_a_withdrawn_file_is_gone_when_that_is_committed(
    world: World, data_folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    said = add(world, sent("a.txt", b"x"), sent("b.txt", b"y"))
    first, second = Attachment.objects.order_by("pk")
    address = f"/attachments/{first.public_id}/withdraw/"
    assert world.client(world.wang_fang).post(address).status_code == 403
    with django_capture_on_commit_callbacks(execute=True):
        assert world.client(world.lin_mei).post(address).status_code == 302
    assert world.client(world.chen_jie).get(f"/attachments/{first.public_id}/").status_code == 404
    assert [path.name for path in stored(data_folder)] == [second.path.split("/")[1]]
    with transaction.atomic():
        changes.withdraw_comment(by=world.actor(world.chen_jie), at=NOON, comment=said)
        transaction.set_rollback(True)
    assert len(stored(data_folder)) == 1, "a withdrawal that is undone removes nothing"
    with django_capture_on_commit_callbacks(execute=True):
        changes.withdraw_comment(by=world.actor(world.chen_jie), at=NOON, comment=said)
    assert stored(data_folder) == []
    assert damaged() == []


def test_files_of_somebody_forgotten_go_with_him(committed_db: Databases, data_folder: Path) -> None:
    world = hospital.build()
    add(world, sent("Qx7 canary letter.txt", b"Qx7"))
    forget_person(by=world.actor(world.sun_yan), at=NOON, person=world.chen_jie, reason="left")
    assert stored(data_folder) == []
    assert Attachment.objects.get().file_name == ""
    assert not AuditEntry.objects.filter(body__contains="Qx7 canary").exists()


def test_stray_files_are_removed_when_they_are_a_day_old(world: World, data_folder: Path) -> None:
    add(world, sent("a.txt", b"x"))
    for name in ("stray", "young"):
        (data_folder / FOLDER / name).write_bytes(b"left behind")
    for path in stored(data_folder):
        if path.name != "young":
            os.utime(path, (time.time() - 90_000, time.time() - 90_000))
    at = NOON + timedelta(days=36_500)
    assert remove_stray_files(by=SYSTEM, at=at) == 1
    assert {path.name for path in stored(data_folder)} == {"young", Attachment.objects.get().path.split("/")[1]}


def test_a_backup_takes_files_along(world: World, data_folder: Path) -> None:
    add(world, sent("a.txt", b"x"))
    assert uploads.location(Attachment.objects.get().path) in set(data_files(data_folder, set()))


def test_verify_names_what_is_missing_or_changed(world: World, data_folder: Path) -> None:
    add(world, sent("a.txt", b"x"), sent("b.txt", b"y"))
    first, second = Attachment.objects.order_by("pk")
    uploads.location(first.path).write_bytes(b"z")
    uploads.location(second.path).unlink()
    assert damaged() == [first.public_id, second.public_id]
    run = CliRunner().invoke(main, ["verify"])
    assert run.exit_code == 1
    assert first.public_id in run.stdout
    missing = world.client(world.chen_jie).get(f"/attachments/{second.public_id}/")
    assert missing.status_code == 404
    assert "not there" in missing.content.decode()
