"""Reading e-mail as it comes in the world: encodings, pages, forms that no rule allows, and what is no message."""

from __future__ import annotations

from base64 import b64encode
from email.message import EmailMessage
from quopri import encodestring

import pytest

from baton.feedback.rules.inbox import WORDS_LENGTH
from baton.feedback.rules.mail_reading import MOST_BYTES, MailNote, MailRead, TooLarge, WhyIgnored, read_mail

OWN = "Baton <baton@hospital.example>"
HEAD = b"From: Wu Li <wu@example.org>\r\nMessage-ID: <1@example.org>\r\n"


def read(raw: bytes) -> MailRead:
    found = read_mail(raw, own=OWN)
    assert isinstance(found, MailRead), found
    return found


def _body(body: bytes, *headers: str) -> bytes:
    return HEAD + "".join(f"{one}\r\n" for one in headers).encode() + b"\r\n" + body


def test_a_plain_message_is_read_with_who_and_about_what() -> None:
    message = EmailMessage()
    message["From"], message["To"] = "吴丽 <wu@example.org>", "Feedback <feedback+W3@hospital.example>"
    message["Subject"], message["Message-ID"] = "[P-2026-0004] 床单", "<2@example.org>"
    message.set_content("The linen   was damp.\n\n\n\nAgain.")
    found = read(message.as_bytes())
    assert (found.words, found.name, found.reach, found.notes) == (
        "[P-2026-0004] 床单\n\nThe linen was damp.\n\nAgain.", "吴丽", "wu@example.org", (),
    )  # fmt: skip
    assert found.codes == ("W3", "P-2026-0004")
    assert found.digest == read(message.as_bytes() + b"\nforwarded twice").digest


@pytest.mark.parametrize(("headers", "body", "notes"), [
    (["Content-Type: text/plain; charset=gb18030"], "床单又湿了，龘𠮷".encode("gb18030"), ()),
    (["Content-Type: text/plain; charset=gb2312"], "床单又湿了，龘".encode("gbk"), ()),
    (["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable"],
     encodestring("床单又湿了，龘".encode()), ()),
    (["Content-Type: text/plain; charset=big5", "Content-Transfer-Encoding: base64"],
     b64encode("床單又濕了".encode("big5")), ()),
    ([], "床单又湿了".encode(), ()), ([], "床单又湿了".encode("gb18030"), ()),
    (["Content-Type: text/plain; charset=no-such-thing"], "床单又湿了".encode(), ()),
    (["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64"], b"5bqK5Y2V=!!", ()),
    (["Content-Type: text/plain; charset=utf-16"], "床单".encode("utf-16"), ()),
    (["Content-Type: text/plain; charset=utf-8"], "床单".encode() + b"\xff\xff\x80", (MailNote.UNREADABLE,)),
])  # fmt: skip
def test_words_are_read_in_whatever_encoding_they_come(
    headers: list[str], body: bytes, notes: tuple[MailNote, ...]
) -> None:
    found = read(_body(body, *headers))
    assert found.words[:1] == "床"
    assert found.notes == notes


def test_the_text_of_a_page_is_taken_without_its_scripts() -> None:
    page = (
        "<?xml version='1.0' encoding='gbk'?><html><head><title>no</title><style>p{}</style></head><body><p>Damp "
        "&amp; late</p><script>alert(1)</script>after<br>next<div>last</div><!-- no --></body></html>"
    )
    found = read(_body(page.encode(), "Content-Type: text/html; charset=utf-8", "Subject: Linen"))
    assert found.words == "Linen\n\nDamp & late\nafter\nnext\nlast"
    assert found.notes == (MailNote.HTML,)
    for broken in ("<", "<!--", "<p", "&#0;&#xffffffff;", "<table><tr><td>x", "<a>" * 3_000):
        read_mail(_body(broken.encode(), "Content-Type: text/html", "Subject: x"), own=OWN)


def test_files_are_left_out_and_plain_text_goes_before_a_page() -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "wu@example.org", "Linen"
    message.set_content("Plain words")
    message.add_alternative("<p>Page</p>", subtype="html")
    assert read(message.as_bytes()).words == "Linen\n\nPlain words"
    message.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename="../../x.exe")
    message.add_attachment("A letter", filename="letter.txt")
    found = read(message.as_bytes())
    assert (found.words, MailNote.ATTACHMENTS in found.notes) == ("Linen\n\nPlain words", True)


def test_nested_and_endless_parts_end() -> None:
    inner = EmailMessage()
    inner.set_content("The innermost words")
    for _turn in range(20):
        outer = EmailMessage()
        outer.make_mixed()
        outer.attach(inner)
        inner = outer
    assert read(HEAD + inner.as_bytes()).words == "The innermost words"
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(5_000))
    read_mail(HEAD + deep + b"\r\nwords", own=OWN)
    many = b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" * 5_000
    found = read(_body(many + b"--b--", "Content-Type: multipart/mixed; boundary=b"))
    assert (found.words, found.notes) == ("x", (MailNote.ATTACHMENTS,))


@pytest.mark.parametrize("raw", [
    b"", b"\x00" * 100, b"\r\n\r\n", b"From: \xff\xfe <>\r\n\r\nwords", b"Subject: =?utf-8?b?////?=\r\n\r\nwords",
    b"From: a@b\r\nContent-Type: ;;;\r\n\r\nwords", b"From: =?x?q?=00?= <a@b\r\n\r\nwords", b"From: a@[\r\n\r\nwords",
    b"Content-Type: multipart/mixed\r\n\r\nwords", b"Content-Type: message/rfc822\r\n\r\nFrom: a@b\r\n\r\nwords",
    b"Content-Type: text/plain; charset*=x'y'%zz\r\n\r\nwords",
    b"Content-Disposition: attachment; filename*0*=\r\n\r\nx",
    b"To: " + b"a," * 20_000 + b"\r\n\r\nwords", b"Message-ID: <[\r\n\r\nwords",
    b"Content-Transfer-Encoding: uuencode\r\n\r\nbegin",
    b"Subject: a\r\n b\r\n\tc\x0bd\r\n\r\nwords",
])  # fmt: skip
def test_odd_messages_are_read_or_passed_over(raw: bytes) -> None:
    found = read_mail(raw, own=OWN)
    assert isinstance(found, WhyIgnored) or found.words


def test_what_looks_like_a_header_in_a_name_or_subject_stays_a_line() -> None:
    raw = b"From: =?utf-8?q?A=0D=0ABcc:_b=40c?= <a@b.example>\r\nSubject: =?utf-8?q?x=0D=0ATo:_z?=\r\n\r\nwords"
    found = read(raw)
    assert [text for text in (found.name, found.reach, found.words.partition("\n\n")[0]) if "\n" in text] == []
    assert "\r" not in found.words


@pytest.mark.parametrize(("headers", "why"), [
    (["Auto-Submitted: auto-replied"], WhyIgnored.AUTOMATIC), (["Auto-Submitted: Auto-Generated; x=y"],
     WhyIgnored.AUTOMATIC), (["Precedence: bulk"], WhyIgnored.AUTOMATIC), (["List-Id: <a.b>"], WhyIgnored.AUTOMATIC),
    (["Return-Path: <>"], WhyIgnored.BOUNCE), (["Content-Type: multipart/report; boundary=x"], WhyIgnored.BOUNCE),
])  # fmt: skip
def test_programs_lists_and_bounces_are_passed_over(headers: list[str], why: WhyIgnored) -> None:
    assert read_mail(_body(b"I am away", *headers), own=OWN) is why
    assert isinstance(read_mail(_body(b"I am here", "Auto-Submitted: no", "Return-Path: <a@b>"), own=OWN), MailRead)


def test_own_mail_bounces_by_name_and_empty_mail_are_passed_over() -> None:
    assert read_mail(b"From: BATON@hospital.example\r\n\r\nx", own=OWN) is WhyIgnored.OWN
    assert read_mail(b"From: Mailer-Daemon@mx.example\r\n\r\nx", own=OWN) is WhyIgnored.BOUNCE
    assert read_mail(HEAD + b"\r\n \r\n", own=OWN) is WhyIgnored.EMPTY


def test_what_is_too_long_is_cut_and_what_is_too_large_refused() -> None:
    found = read(_body(b"word " * 100_000))
    assert (len(found.words), found.words[-1], found.notes) == (WORDS_LENGTH, "…", (MailNote.CUT,))
    with pytest.raises(TooLarge):
        read_mail(HEAD + b"\r\n" + b"x" * MOST_BYTES, own=OWN)
    assert read(_body(b"x" * (MOST_BYTES - 1_000))).notes == (MailNote.CUT,)
