"""Comments on records: who reads and writes them, whom they mention and who is told."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from baton.chain import changes as chain
from baton.chain.models import Membership
from baton.core import queries as core_queries
from baton.core.audit import vault
from baton.core.audit.verify import verify
from baton.core.changes import add_person, forget_person, read_notifications
from baton.core.discussions import changes, queries
from baton.core.discussions.mentions import suggestions
from baton.core.discussions.rules import COMMENT_LENGTH, mention, parts_of
from baton.core.errors import Forbidden, NotFound, Refused, Stale
from baton.core.models import AuditEntry, Comment, Notification
from baton.core.search.finding import search
from baton.core.worker import Worker
from tests.rooms.core.entrance import actions
from tests.world import BEGAN, NOON, SYSTEM, World

if TYPE_CHECKING:
    from baton.core.models import Person

LATER = NOON + timedelta(minutes=5)


def say(world: World, words: str, *, by: str = "chen_jie", at: datetime = NOON, **more: Any) -> Comment:
    return changes.add_comment(
        by=world.actor(getattr(world, by)),
        at=at,
        kind="link",
        public_id=world.laundry_ward.public_id,
        words=words,
        **more,
    )


def told(person: Person) -> list[str]:
    """What a person finds among his messages, the newest first, after the worker has run."""
    Worker().drain(NOON + timedelta(hours=1))
    return [core_queries.notification_text(row) for row in Notification.objects.filter(person=person).order_by("-pk")]


def page(world: World, person: Person) -> str:
    answer = world.client(person).get(f"/links/{world.laundry_ward.public_id}/")
    return str(answer.content.decode())


@pytest.mark.sqlite
def test_a_comment_is_read_by_those_who_see_the_record_and_by_nobody_else(world: World) -> None:
    said = say(world, "The bags came at nine again.")
    for who in ("wang_fang", "gao_ming", "wu_tao", "he_jun"):
        assert "The bags came at nine again." in page(world, getattr(world, who)), who
    for who in ("ivy_stone", "he_ping", "tom_reed", "sun_yan"):
        viewer = world.actor(getattr(world, who))
        with pytest.raises(NotFound):
            queries.thread(viewer=viewer, at=NOON, kind="link", public_id=world.laundry_ward.public_id)
        with pytest.raises(NotFound):
            queries.comment(viewer=viewer, public_id=said.public_id)
        with pytest.raises(NotFound):
            changes.follow(by=viewer, at=NOON, kind="link", public_id=world.laundry_ward.public_id, follows=True)


def test_guests_and_auditors_say_nothing(world: World) -> None:
    """The guest sees the party Patient, but not what colleagues say about it; the auditor reads and changes nothing."""
    by = world.actor(world.wang_fang)
    changes.add_comment(by=by, at=NOON, kind="party", public_id=world.patient.public_id, words="He complained twice.")
    answer = world.client(world.tom_reed).get(f"/parties/{world.patient.public_id}/")
    assert answer.status_code == 200
    assert "complained" not in answer.content.decode()
    assert 'id="discussion"' not in answer.content.decode()
    auditor = world.client(world.wu_tao).get(f"/parties/{world.patient.public_id}/").content.decode()
    assert "complained" in auditor
    assert "Your comment" not in auditor
    with pytest.raises(Forbidden):
        say(world, "I was here.", by="wu_tao")


def test_the_page_posts_and_leads_back_to_the_comment(world: World) -> None:
    client, address = world.client(world.chen_jie), f"/discussions/link/{world.laundry_ward.public_id}/"
    answer = client.post(address, {"words": "Two bags\r\nwere open.\r\n"})
    said = Comment.objects.get()
    assert answer["Location"] == f"/links/{world.laundry_ward.public_id}/#c-{said.public_id}"
    assert said.words == "Two bags\nwere open."
    again = client.post(address, {"words": ""})
    assert again.status_code == 422
    assert "A comment has words or a file." in again.content.decode()
    long = client.post(address, {"words": "x" * (COMMENT_LENGTH + 1)})
    assert long.status_code == 422
    assert "Expected a text of at most 4000 characters." in long.content.decode()
    assert "x" * 100 in long.content.decode(), "what was typed is still there"


def test_a_form_sent_twice_is_one_comment(world: World) -> None:
    client, address = world.client(world.chen_jie), f"/discussions/link/{world.laundry_ward.public_id}/"
    for _time in range(2):
        client.post(address, {"words": "Once.", "submission": "a" * 32})
    assert Comment.objects.count() == 1


@pytest.mark.sqlite
@pytest.mark.parametrize("words", [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "{{7*7}}",
    'https://x.example/"onmouseover=alert(1)',
])  # fmt: skip
def test_words_are_text_and_nothing_else(world: World, words: str) -> None:
    say(world, words)
    shown = page(world, world.wang_fang)
    found = re.search(r'<p class="comment-words" dir="auto">(.*?)</p>', shown, re.DOTALL)
    assert found is not None
    text = re.sub(r'<a href="(https://x.example/)" rel="nofollow noopener noreferrer">\1</a>', r"\1", found[1])
    assert text.strip() == escape(words)


def test_addresses_can_be_followed_and_end_where_the_sentence_does() -> None:
    said = "See https://a.example/x_(y). Or http://b.example/?q=1&r=2, 见https://c.example/页。 mailto:x ftp://d"
    assert [part.text for part in parts_of(said) if part.kind == "link"] == [
        "https://a.example/x_(y)", "http://b.example/?q=1&r=2", "https://c.example/页",
    ]  # fmt: skip
    assert "".join(part.text for part in parts_of(said)) == said


def test_a_name_behind_an_at_mentions_who_sees_the_record(world: World) -> None:
    said = say(world, "@Zhao Lei, please look; @王芳 knows. Ask a@Zhao Lei or @Zhao Leila.")
    zhao, wang = mention(world.zhao_lei.public_id), mention(world.wang_fang.public_id)
    assert said.words == f"{zhao}, please look; {wang} knows. Ask a@Zhao Lei or @Zhao Leila."
    shown = page(world, world.zhao_lei)
    assert '<span class="mention mention-me">@<bdi>Zhao Lei</bdi></span>' in shown
    world.zhao_lei.name = {"en": "Zhao Lei-Li", "zh-hans": "赵磊"}
    world.zhao_lei.save()
    assert "@<bdi>Zhao Lei-Li</bdi>" in page(world, world.wang_fang), "shown by the name that he bears now"


def test_who_may_not_see_the_record_is_as_good_as_nobody(world: World) -> None:
    """Neither what becomes of the typed name nor the suggestions say that Ivy Stone or the guest exist."""
    made_up = mention(world.ivy_stone.public_id)
    said = say(world, f"@Ivy Stone @Nobody Here @Tom Reed {made_up}")
    assert said.words == f"@Ivy Stone @Nobody Here @Tom Reed @ {made_up[1:]}"
    viewer, about = world.actor(world.chen_jie), world.laundry_ward.public_id

    def names(text: str) -> list[str]:
        found = suggestions(viewer=viewer, at=NOON, kind="link", public_id=about, text=text)
        return [str(person) for person in found]

    assert names("Ivy") == names("Reed") == names("Nobody") == []
    assert names("zhao") == ["Zhao Lei"]
    assert names("王") == ["Wang Fang"]
    assert names("") == ["Wang Fang", "Zhao Lei"] or names("") == ["Zhao Lei", "Wang Fang"]
    with pytest.raises(NotFound):
        suggestions(viewer=world.actor(world.ivy_stone), at=NOON, kind="link", public_id=about, text="")
    listed = world.client(world.chen_jie).get(f"/discussions/link/{about}/people/?q=zhao").content.decode()
    assert f'data-person="{world.zhao_lei.public_id}"' in listed


def test_people_of_one_name_are_told_apart_by_choosing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    twin = add_person(by=SYSTEM, at=BEGAN, sign_in_name="zhao.two", name={"en": "Zhao Lei"})
    chain.appoint(by=SYSTEM, at=BEGAN, party=world.laundry, person=twin, capacity="member")
    with pytest.raises(Refused, match="Several people here are called “Zhao Lei”") as refused:
        say(world, "@Zhao Lei, please")
    assert refused.value.field == "words"
    assert mention(twin.public_id) in say(world, "@Zhao Lei, please", chosen=[twin.public_id]).words
    with monkeypatch.context() as few:  # more bear the name than are looked at
        few.setattr("baton.core.discussions.mentions.MOST_ASKED", 1)
        assert mention(twin.public_id) in say(world, "@Zhao Lei, too", chosen=[twin.public_id]).words


def test_too_many_mentions_are_refused(world: World) -> None:
    for number in range(21):
        one = add_person(by=SYSTEM, at=BEGAN, sign_in_name=f"p{number}", name={"en": f"Person {number}x"})
        chain.appoint(by=SYSTEM, at=BEGAN, party=world.ward, person=one, capacity="member")
    with pytest.raises(Refused, match="at most 20 people. This one mentions 21."):
        say(world, " ".join(f"@Person {number}x" for number in range(21)))


def test_the_mentioned_the_heads_and_the_followers_are_told_once(world: World) -> None:
    changes.follow(
        by=world.actor(world.gao_ming), at=NOON, kind="link", public_id=world.laundry_ward.public_id, follows=True
    )
    name = "Laundry → Ward 3: Clean linen"
    say(world, "@Zhao Lei, the bags?")
    assert told(world.zhao_lei) == [f"You are mentioned in a comment on “{name}”."]
    assert told(world.wang_fang) == told(world.gao_ming) == [f"New comments on “{name}”: 1."]
    assert told(world.chen_jie) == told(world.sun_lei) == []
    say(world, "And the towels?", at=LATER)
    assert told(world.wang_fang) == [f"New comments on “{name}”: 2."], "one message until she looks"
    read_notifications(by=world.actor(world.wang_fang), at=LATER)
    say(world, "Thanks.", at=LATER)
    assert told(world.wang_fang)[0] == f"New comments on “{name}”: 1."
    say(world, "I have them.", by="zhao_lei", at=LATER)
    assert told(world.chen_jie) == [f"New comments on “{name}”: 1."], "who wrote, follows"


def test_a_run_that_is_repeated_tells_nobody_twice(world: World) -> None:
    from baton.core.discussions.changes.telling import tell

    said = say(world, "@Zhao Lei, the bags?")
    before = told(world.zhao_lei), told(world.wang_fang)
    read_notifications(by=world.actor(world.wang_fang), at=LATER)
    tell(by=SYSTEM, at=LATER, comment=said.public_id, people=[world.zhao_lei.public_id], followers=True)
    assert (told(world.zhao_lei), told(world.wang_fang)) == before


def test_a_head_may_unfollow_and_who_loses_sight_hears_nothing(world: World) -> None:
    about = world.laundry_ward.public_id
    answer = world.client(world.wang_fang).post(f"/discussions/link/{about}/follow/", {"follows": "no"})
    assert answer["Location"] == f"/links/{about}/#discussion"
    changes.follow(by=world.actor(world.gao_ming), at=NOON, kind="link", public_id=about, follows=True)
    held = Membership.objects.get(person=world.gao_ming)
    chain.end_membership(by=SYSTEM, at=NOON, membership=held)
    say(world, "@Gao Ming and @Wang Fang: the bags?")
    assert told(world.gao_ming) == []
    assert len(told(world.wang_fang)) == 1, "mentioned all the same"
    say(world, "More bags.")
    assert len(told(world.wang_fang)) == 1


def test_following_by_htmx_answers_with_the_button_alone(world: World) -> None:
    answer = world.client(world.gao_ming).post(
        f"/discussions/link/{world.laundry_ward.public_id}/follow/", {"follows": "yes"}, headers={"HX-Request": "true"}
    )
    assert "Unfollow" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_words_may_be_changed_for_a_quarter_of_an_hour_by_their_author(world: World) -> None:
    said, by = say(world, "The bags came at nin."), world.actor(world.chen_jie)
    with pytest.raises(Forbidden):
        changes.edit_comment(
            by=world.actor(world.lin_mei), at=LATER, comment=said, words="x", expected_seq=said.changed_seq
        )
    words = "The bags came at nine, @Zhao Lei."
    edited = changes.edit_comment(by=by, at=LATER, comment=said, words=words, expected_seq=said.changed_seq)
    assert edited.edited_at == LATER
    assert len(told(world.zhao_lei)) == 2, "told of the comment as head, and of the mention"
    with pytest.raises(Stale):
        changes.edit_comment(by=by, at=LATER, comment=edited, words="y", expected_seq=said.changed_seq)
    with pytest.raises(Refused, match="may be changed for 15 minutes"):
        changes.edit_comment(
            by=by, at=NOON + timedelta(minutes=16), comment=edited, words="y", expected_seq=edited.changed_seq
        )
    entry = AuditEntry.objects.get(action="comment.edited")
    assert "bags came" not in entry.body, "the words stand under the author's key"
    old, new = vault.opened([entry.seq])[entry.seq]["words"]
    assert (old, new) == ("The bags came at nin.", f"The bags came at nine, {mention(world.zhao_lei.public_id)}.")


def test_the_form_shows_names_and_saves_ids(world: World) -> None:
    client, address = world.client(world.chen_jie), f"/discussions/link/{world.laundry_ward.public_id}/"
    client.post(address, {"words": "Please, @Zhao Lei"})
    said = Comment.objects.get()
    shown = client.get(f"/comments/{said.public_id}/edit/").content.decode()
    assert "Please, @Zhao Lei" in shown
    sent = {"words": "Thanks, @Zhao Lei", "version": said.changed_seq, "chosen": world.zhao_lei.public_id}
    assert client.post(f"/comments/{said.public_id}/edit/", sent).status_code == 302
    said.refresh_from_db()
    assert said.words == f"Thanks, {mention(world.zhao_lei.public_id)}"
    assert world.client(world.lin_mei).get(f"/comments/{said.public_id}/edit/").status_code == 403


def test_a_withdrawn_comment_keeps_its_place_and_loses_its_words(world: World) -> None:
    said, other = say(world, "Mr Zhou of bed 4 said so."), say(world, "Oh.")
    with pytest.raises(Forbidden):
        changes.withdraw_comment(by=world.actor(world.wang_fang), at=NOON, comment=said)
    with pytest.raises(Refused, match="says why"):
        changes.withdraw_comment(by=world.actor(world.lin_mei), at=NOON, comment=said)
    gone = changes.withdraw_comment(by=world.actor(world.lin_mei), at=NOON, comment=said, reason="names a patient")
    assert gone.words == ""
    assert AuditEntry.objects.get(action="comment.withdrawn").seq == gone.changed_seq
    changes.withdraw_comment(by=world.actor(world.chen_jie), at=NOON, comment=other)
    shown = page(world, world.wang_fang)
    assert "bed 4" not in shown
    assert "Lin Mei took this comment out." in shown
    assert "The author took this comment back." in shown
    assert actions().count("comment.withdrawn") == 2
    answer = world.client(world.chen_jie).get(f"/comments/{other.public_id}/withdraw/").content.decode()
    assert "was withdrawn already" in answer


def test_withdrawing_on_its_page(world: World) -> None:
    said = say(world, "Mr Zhou of bed 4 said so.")
    client = world.client(world.lin_mei)
    assert "bed 4" in client.get(f"/comments/{said.public_id}/withdraw/").content.decode()
    assert client.post(f"/comments/{said.public_id}/withdraw/", {"reason": ""}).status_code == 422
    assert client.post(f"/comments/{said.public_id}/withdraw/", {"reason": "a patient"}).status_code == 302
    assert world.client(world.wang_fang).get(f"/comments/{said.public_id}/withdraw/").status_code == 403


def test_who_is_forgotten_takes_his_words_with_him(world: World) -> None:
    said = say(world, "Qx7 words.", by="zhao_lei")
    naming = say(world, "@Zhao Lei said it.")
    changes.edit_comment(
        by=world.actor(world.zhao_lei), at=LATER, comment=said, words="Qx7 other.", expected_seq=said.changed_seq
    )
    forget_person(by=world.actor(world.sun_yan), at=LATER, person=world.zhao_lei, reason="left")
    shown = page(world, world.wang_fang)
    assert "Qx7 " not in shown
    assert "their author was forgotten" in shown
    assert "@<bdi>Forgotten person" in shown
    naming.refresh_from_db()
    assert naming.words.endswith(" said it.")
    seqs = AuditEntry.objects.filter(object_id=said.public_id).values_list("seq", flat=True)
    assert vault.opened(seqs) == {}
    assert verify().holds


def test_a_search_finds_comments_of_records_in_sight_only(world: World) -> None:
    said = say(world, "The zeppelin came at nine, @Zhao Lei.")

    def found(who: str, text: str = "zeppelin") -> list[tuple[str, str]]:
        groups = search(viewer=world.actor(getattr(world, who)), at=NOON, text=text)
        return [(hit.kind, hit.public_id) for group in groups for hit in group.hits]

    assert found("wang_fang") == found("wu_tao") == [("comment", said.public_id)]
    assert found("ivy_stone") == found("tom_reed") == found("sun_yan") == found("he_ping") == []
    answer = world.client(world.wang_fang).get("/search/?q=zeppelin").content.decode()
    assert f"/comments/{said.public_id}/" in answer
    changes.withdraw_comment(by=world.actor(world.chen_jie), at=NOON, comment=said)
    assert found("wang_fang") == []


def test_a_long_discussion_has_pages_and_an_address_for_each_comment(world: World) -> None:
    made = [say(world, f"Comment number {number}.") for number in range(60)]
    shown = page(world, world.wang_fang)
    assert shown.count('class="comment"') == 10
    assert "50 earlier comments" in shown
    assert "Later comments" not in shown
    client, about = world.client(world.wang_fang), world.laundry_ward.public_id
    assert client.get(f"/comments/{made[0].public_id}/")["Location"].startswith(f"/discussions/link/{about}/?page=1#c-")
    assert client.get(f"/comments/{made[55].public_id}/")["Location"].startswith(f"/links/{about}/#c-")
    last = client.get(f"/discussions/link/{about}/").content.decode()
    assert "Comment number 59." in last
    assert "Comment number 0." not in last
    first = client.get(f"/discussions/link/{about}/?page=1").content.decode()
    assert "Comment number 0." in first
    assert "Later comments" in first


@pytest.mark.sqlite
def test_number_of_queries_does_not_grow(world: World) -> None:
    viewer, about = world.actor(world.wang_fang), world.laundry_ward.public_id

    def asked() -> int:
        with CaptureQueriesContext(connection) as queried:
            queries.thread(viewer=viewer, at=NOON, kind="link", public_id=about)
        return len(queried)

    say(world, "@Zhao Lei, please.")
    few = asked()
    for number in range(6):
        said = say(world, f"@Gao Ming and @Zhao Lei, number {number}.", by="sun_lei" if number % 2 else "chen_jie")
    changes.withdraw_comment(by=world.actor(world.lin_mei), at=NOON, comment=said, reason="twice")
    assert asked() == few < 25


@pytest.mark.parametrize("address", ["/discussions/person/{}/", "/discussions/batch/{}/", "/discussions/nothing/{}/"])
def test_kinds_without_a_discussion_have_none(world: World, address: str) -> None:
    assert world.client(world.lin_mei).get(address.format(world.chen_jie.public_id)).status_code == 404


def test_every_kind_of_the_chain_carries_one(world: World) -> None:
    need = chain.add_need(by=SYSTEM, at=BEGAN, holder=world.patient, words={"en": "A clean bed"})
    project = chain.add_project(by=SYSTEM, at=BEGAN, name={"en": "New dryers"}, owner=world.laundry)
    client = world.client(world.lin_mei)
    for kind, path, record in (
        ("party", "parties", world.ward), ("link", "links", world.laundry_ward),
        ("output", "outputs", world.laundry_ward.output), ("outside_need", "needs", need),
        ("project", "projects", project),
    ):  # fmt: skip
        client.post(f"/discussions/{kind}/{record.public_id}/", {"words": f"About {kind}."})
        assert f"About {kind}." in client.get(f"/{path}/{record.public_id}/").content.decode(), kind
    assert told(world.zhao_lei)
    assert told(world.wang_fang)
