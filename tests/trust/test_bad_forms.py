"""Bad input in forms, in both languages: signing in, people, links, days, forged and stale forms.

What each of them does to accounts and sessions is tested in tests/rooms/core; here it is what the reader is told, and
that nothing is half saved.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from baton.chain import changes as chain_changes
from baton.chain.forms.links import LinkForm
from baton.chain.models import Link, Membership, Party
from baton.core import changes
from baton.core.models import AuditEntry, OrganisationRole, Person
from baton.core.rules import SIGN_IN_FAILURES, Role
from tests.rooms.core.entrance import PASSWORD, SYSTEM, ann, now, sign_in, signed_in
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

HAN = re.compile(r"[\u4e00-\u9fff]")
# Words that a Chinese message may hold: names of things, and what the person typed.
LATIN = re.compile(r"[A-Za-z]{3,}")


@pytest.fixture(params=["en", "zh-hans"])
def language(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def stranger(language: str) -> Client:
    return Client(HTTP_ACCEPT_LANGUAGE="zh-CN,zh;q=0.9" if language == "zh-hans" else "en")


def reader(world: World, person: Person, language: str) -> Client:
    """The browser of somebody who reads this language."""
    Person.objects.filter(pk=person.pk).update(language=language)
    return world.client(person)


def words(answer: Any) -> str:
    """The text of a page's main part, without its tags."""
    page = answer.content.decode()
    main = page.partition("<main")[2].partition(">")[2] or page
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", main)))


def errors(answer: Any) -> dict[str, str]:
    """What stands beside each refused field."""
    page = answer.content.decode()
    found = re.findall(r'class="error" id="id_(\w+)_error">.*?<span>(.*?)</span></p>', page, re.DOTALL)
    return {name: unescape(said).strip() for name, said in found}


def spoken(said: str, language: str, *allowed: str) -> str:
    """``said``, which must be in the language: Chinese without a Latin word other than ``allowed``."""
    assert said
    assert bool(HAN.search(said)) == (language == "zh-hans"), said
    if language == "zh-hans":
        assert set(LATIN.findall(said)) <= set(allowed), said
    return said


def filled(client: Client, path: str, **values: str) -> dict[str, str]:
    """What a browser would send of the form at ``path``, with ``values`` typed in."""
    page = client.get(path).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(version|submission)" value="([^"]*)"', page))
    return hidden | values


def handed_over(world: World) -> str:
    """What the page of the link from the laundry to the ward is headed with."""
    page = world.client(world.he_jun).get(f"/links/{world.laundry_ward.public_id}/").content.decode()
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert found is not None
    return re.sub(r"<[^>]*>", "", found[1]).strip()


# Signing in


def test_b066_a_wrong_sign_in_says_the_same_of_known_and_unknown_names(stranger: Client, language: str) -> None:
    ann()
    said = []
    for name in ("E-17", "E-99"):
        answer = sign_in(name, "a wrong password", stranger)
        said.append(words(answer).replace(name, "NAME"))
    assert said[0] == said[1]
    wanted = "do not belong together" if language == "en" else "不匹配"
    assert wanted in said[0], said[0]


@pytest.mark.parametrize("password", ["a" * 1_000_000, "\0" * 20])
def test_b067_a_monstrous_password_is_explained_beside_its_field(
    stranger: Client, language: str, password: str
) -> None:
    ann()
    answer = sign_in(password=password, browser=stranger)
    spoken(errors(answer)["password"], language)
    assert "_auth_user_id" not in stranger.session


@pytest.mark.parametrize("new", ["short", "1234567890", "ann@example.org"])
def test_b067_a_weak_password_is_explained_beside_its_field(language: str, new: str) -> None:
    person = ann(language=language)
    browser = signed_in()
    answer = browser.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert any(HAN.search(said) or language == "en" for said in errors(answer).values())
    for said in errors(answer).values():
        spoken(said, language)
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_b069_a_spent_link_says_what_to_do(stranger: Client, language: str) -> None:
    ann()
    answer = stranger.get("/accounts/password/reset/key/1-dead-link/", follow=True)
    said = words(answer)
    assert ("no longer works" in said) if language == "en" else HAN.search(said)
    assert "/accounts/password/reset/" in answer.content.decode()


def test_b068_a_forged_host_is_refused_with_a_page(stranger: Client, language: str) -> None:
    answer = stranger.get("/accounts/login/", HTTP_HOST="evil.example")
    assert answer.status_code == 400
    assert "evil.example" not in answer.content.decode()
    assert ("cannot be understood" in words(answer)) == (language == "en")


def test_b071_an_ended_session_says_why(language: str, stranger: Client) -> None:
    person = ann(language=language)
    sign_in(browser=stranger)
    changes.disable_person(by=SYSTEM, at=now(), person=person)
    answer = stranger.get("/me/", follow=True)
    said = words(answer)
    assert answer.redirect_chain[0][0].startswith("/accounts/login/")
    assert ("Sign in" in said) == (language == "en")


def test_b072_a_replayed_code_is_explained_beside_its_field(language: str, stranger: Client) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(ann(language=language), generate_totp_secret())
    sign_in(browser=stranger)
    answer = stranger.post("/accounts/second-factor/authenticate/", {"code": "000000"})
    said = spoken(errors(answer)["code"], language)
    assert ("used before" in said) == (language == "en")


def test_b073_too_many_guesses_say_from_when_on_the_next_is_accepted(stranger: Client, language: str) -> None:
    ann()
    for _ in range(SIGN_IN_FAILURES):
        answer = sign_in(password="a wrong password", browser=stranger)
    assert answer.status_code == 429
    said = words(answer)
    assert re.search(r"\d\d:\d\d:\d\d", said)
    assert ("accepted from" in said) == (language == "en")
    assert bool(HAN.search(said)) == (language == "zh-hans")


# People


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("email", "ANN@EXAMPLE.ORG"), ("email", "ａｎｎ@example.org"), ("sign_in_name", "E-17"),
        ("sign_in_name", "ann@example.org"), ("phone", "+86 (138) 0013.8000"), ("email", "no mailbox"),
        ("phone", "not a number"), ("name_en", "\u200b"), ("sign_in_name", "\u202e"),
    ],
)  # fmt: skip
def test_b074_what_somebody_has_or_nobody_can_have_is_refused_beside_its_field(
    world: World, language: str, field: str, typed: str
) -> None:
    ann()
    client = reader(world, world.sun_yan, language)
    count, entries = Person.objects.count(), AuditEntry.objects.count()
    sent = {"sign_in_name": "E-18", "name_en": "Bo", "language": "en", "time_zone": "UTC", field: typed}
    answer = client.post("/people/new/", filled(client, "/people/new/", **sent))
    assert answer.status_code == 422, errors(answer)
    assert set(errors(answer)) == {field}
    spoken(errors(answer)[field], language, "Email", "not", "number", "li", "wei", "example", "org")
    assert (Person.objects.count(), AuditEntry.objects.count()) == (count, entries)


# Days and names


@pytest.mark.parametrize("day", ["31/02/2026", "2026-02-31", "0000-00-00", "10000-01-01", "60", "soon"])
def test_b018_a_day_that_is_none_is_refused_beside_its_field(world: World, language: str, day: str) -> None:
    client = reader(world, world.lin_mei, language)
    sent = {"party_kind": "department", "name_en": "Kitchen", "began_on": day}
    answer = client.post("/parties/add/", filled(client, "/parties/add/", **sent))
    assert answer.status_code == 422
    said = spoken(errors(answer)["began_on"], language)
    # What a day looks like, so that the person knows what to type.
    assert "2026-03-31" in said
    assert day in answer.content.decode()
    assert not Party.objects.filter(name__en="Kitchen").exists()


@pytest.mark.parametrize("name", ["<img src=x onerror=alert(1)>", "=HYPERLINK(1)", "ab\u202ecd\u200b\U0001f469"])
def test_b020_b021_odd_names_are_kept_as_text_without_what_cannot_be_seen(world: World, name: str) -> None:
    client = reader(world, world.lin_mei, "en")
    sent = {"party_kind": "department", "name_en": name}
    answer = client.post("/parties/add/", filled(client, "/parties/add/", **sent))
    page = client.get(answer["Location"]).content.decode()
    assert "<img src=x" not in page
    assert "\u202e" not in page
    assert Party.objects.get(number__startswith="P-", name__en=name.replace("\u202e", "").replace("\u200b", ""))


# Links


def test_two_people_editing_one_link_are_shown_both_versions(world: World, language: str) -> None:
    path = f"/links/{world.laundry_ward.public_id}/change/"
    ward, laundry = reader(world, world.wang_fang, language), reader(world, world.zhao_lei, language)
    theirs = filled(laundry, path, output_en="Fresh linen", output_kind="service")
    mine = filled(ward, path, output_en="Ironed linen", output_kind="service")
    assert laundry.post(path, theirs).status_code == 302
    answer = ward.post(path, mine)
    assert answer.status_code == 409
    assert "Ironed linen" in answer.content.decode()
    spoken(errors(answer)["output_en"], language, "Fresh", "linen")
    assert ("Somebody changed this record" in words(answer)) == (language == "en")
    assert handed_over(world) == "Fresh linen"


def test_an_edit_without_the_version_that_was_seen_is_refused(world: World, language: str) -> None:
    client = reader(world, world.wang_fang, language)
    path = f"/links/{world.laundry_ward.public_id}/change/"
    answer = client.post(path, {"output_en": "Forged", "output_kind": "service"})
    assert answer.status_code == 422
    assert ("Open the page again" in words(answer)) == (language == "en")
    assert handed_over(world) == "Clean linen"


def test_columns_without_the_version_that_was_seen_are_refused(world: World, language: str) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from baton.chain.models import EventLog

    client = reader(world, world.lin_mei, language)
    client.post("/discovery/", {"file": SimpleUploadedFile("log.csv", b"case,team\n1,A\n1,B\n")})
    log = EventLog.objects.get()
    sent = {"case": "case", "party": "team", "party_kind": "team", "zone": "UTC"}
    answer = client.post(f"/discovery/{log.public_id}/columns/", sent)
    assert answer.status_code == 422
    assert ("Open the page again" in words(answer)) == (language == "en")
    assert EventLog.objects.get().state == "uploaded"


def test_the_only_head_cannot_leave_a_gap_and_is_told_who_can(world: World, language: str) -> None:
    held = Membership.objects.get(person=world.zhao_lei)
    path = f"/memberships/{held.public_id}/end/"
    own = reader(world, world.zhao_lei, language)
    answer = own.post(path, filled(own, path))
    assert answer.status_code == 403
    assert ("Only the quality manager may leave" in words(answer)) == (language == "en")
    assert bool(HAN.search(words(answer))) == (language == "zh-hans")
    assert Membership.objects.get(pk=held.pk).ended_on is None


def test_a_removed_head_loses_his_open_form(world: World, language: str) -> None:
    """He opened the form as head; when he sends it he is none."""
    own = reader(world, world.zhao_lei, language)
    path = f"/links/{world.laundry_ward.public_id}/change/"
    sent = filled(own, path, output_en="Late", output_kind="service")
    held = Membership.objects.get(person=world.zhao_lei)
    chain_changes.end_membership(by=world.actor(world.lin_mei), at=now(), membership=held, reason="left")
    answer = own.post(path, sent)
    assert answer.status_code in {403, 404}
    assert bool(HAN.search(words(answer))) == (language == "zh-hans")
    assert handed_over(world) == "Clean linen"
    page = reader(world, world.lin_mei, language).get(f"/parties/{world.laundry.public_id}/")
    assert ("Nobody answers for this department" in words(page)) == (language == "en")


@pytest.mark.parametrize("origin", ["https://evil.example", "http://testserver"])
def test_a_forged_or_stale_form_saves_nothing_and_says_so(world: World, language: str, origin: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = reader(world, world.wang_fang, language).cookies
    path = f"/links/{world.laundry_ward.public_id}/change/"
    sent = {"output_en": "Forged", "output_kind": "service", "version": str(world.laundry_ward.changed_seq)}
    answer = client.post(path, sent | {"csrfmiddlewaretoken": "x" * 64}, HTTP_ORIGIN=origin,
                         HTTP_ACCEPT_LANGUAGE="zh-CN" if language == "zh-hans" else "en")  # fmt: skip
    assert answer.status_code == 403
    assert ("Nothing was saved" in words(answer)) == (language == "en")
    assert ("Forged" in answer.content.decode()) == (origin == "http://testserver")
    assert handed_over(world) == "Clean linen"


def test_a_form_sent_after_its_session_ended_comes_back_in_words_and_is_sent_again(world: World, language: str) -> None:
    client = reader(world, world.wang_fang, language)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    sent = filled(
        client, "/links/add/", supplier=world.ward.public_id, customer=world.pharmacy.public_id, output_en="Orders",
        output_kind="information",
    )  # fmt: skip
    del client.cookies[settings.SESSION_COOKIE_NAME]
    answer = client.post("/links/add/", sent)
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert ("You were signed out" in page) == (language == "en")
    labels = dict(re.findall(r'<label for="(typed_\d+)">(.*?)</label>', page))
    shown = {labels[at]: text for at, text in re.findall(r'<textarea[^>]*id="(typed_\d+)"[^>]*>(.*?)</textarea>', page)}
    with translation.override(language):
        kind = dict(LinkForm.base_fields["output_kind"].choices)["information"]
        assert shown == {
            f"{gettext('Output')}{' (English)' if language == 'en' else '（English）'}": "Orders",
            str(LinkForm.base_fields["output_kind"].label): str(kind),
        }
    again = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)) | {"output_en": "Orders"}
    assert {name: again.get(name, "") for name in sent} == sent
    answer = reader(world, world.wang_fang, language).post("/links/add/", again)
    assert answer.status_code == 302, words(answer)
    assert Link.objects.filter(supplier=world.ward, customer=world.pharmacy).count() == 1


def test_a_form_sent_again_with_other_contents_is_refused(world: World, language: str) -> None:
    client = reader(world, world.wang_fang, language)
    sent = filled(
        client, "/links/add/", supplier=world.ward.public_id, customer=world.pharmacy.public_id, output_en="Orders",
        output_kind="service",
    )  # fmt: skip
    assert client.post("/links/add/", sent).status_code == 302
    answer = client.post("/links/add/", sent | {"output_en": "Other orders"})
    assert answer.status_code == 422
    assert ("already sent with other contents" in words(answer)) == (language == "en")
    assert Link.objects.filter(supplier=world.ward, customer=world.pharmacy).count() == 1


def test_a_role_that_ended_opens_nothing_any_more(world: World, language: str) -> None:
    client = reader(world, world.wu_tao, language)
    assert client.get("/audit/").status_code == 200
    role = OrganisationRole.objects.get(person=world.wu_tao, role=Role.AUDITOR)
    changes.end_role(by=SYSTEM, at=now(), role=role)
    answer = client.get("/audit/")
    assert answer.status_code == 403
    assert ("You may not do this" in words(answer)) == (language == "en")
