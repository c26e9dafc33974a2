"""People, their e-mail, what they sign and say, and what programs read in their name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from collections.abc import Callable


def register() -> None:
    """Enter it in the registries."""
    _people()
    _mail()
    _signatures()
    _discussions()
    _api()


def _people() -> None:
    from baton.core import policy, queries, registries
    from baton.core.changes.act_proofs import forget_proofs

    registries.navigation.add(
        "core.people",
        registries.NavigationEntry(
            _("People"),
            "users",
            "core:people",
            policy.may_list_people,
            order=800,
            section=registries.Section.ORGANISATION,
        ),
    )
    registries.forgetting.add("core.act_proofs", forget_proofs)
    registries.policies.add(
        "person",
        registries.Policy(
            lambda actor, public_id: policy.may_list_people(actor),
            lambda public_id: f"/people/{public_id}/",
            keys=registries.Keys(
                seen=lambda actor, public_ids: queries.people_with_keys_in_sight(viewer=actor, public_ids=public_ids),
                may_give=lambda actor, public_id: policy.may_give_keys_to_people(actor),
                name=lambda actor, public_id: str(queries.person(viewer=actor, public_id=public_id)),
                subject=lambda public_id: public_id,
            ),
        ),
    )


def _mail() -> None:
    from baton.core import policy, registries
    from baton.core.changes.mail import forget_mail
    from baton.core.changes.notifications import TEST_TOPIC
    from baton.core.mail import sending, tasks
    from baton.core.rules import MailRhythm

    registries.navigation.add(
        "core.mails",
        registries.NavigationEntry(
            _("Sent e-mail"),
            "mail",
            "core:mails",
            policy.may_see_mails,
            order=815,
            section=registries.Section.ORGANISATION,
        ),
    )
    registries.jobs.add(
        "core.deliver_mail",
        # What is not taken is tried again later; repeating the run would only double it.
        registries.Job(_("Send e-mail"), tasks.deliver, "FREQ=MINUTELY;BYSECOND=40", attempts=1),
    )
    registries.topics.add(TEST_TOPIC, registries.Topic(gettext_noop("This is the test of e-mail that you asked for.")))
    registries.topics.add(
        sending.FAILED_TOPIC,
        registries.Topic(
            gettext_noop("An e-mail was not taken by the mail server. The page says why."), rhythm=MailRhythm.NEVER
        ),
    )
    registries.forgetting.add("core.mail", forget_mail)


def _signatures() -> None:
    from baton.core import queries, registries
    from baton.core.changes import task_links
    from baton.core.changes.signatures import LOCKED_TOPIC
    from baton.core.mail.task_links import send_task_link
    from baton.core.rules import MailRhythm

    def page_of(subject: Callable[[str], tuple[str, str]]) -> Callable[[str], str]:
        def address_of(public_id: str) -> str:
            kind, record = subject(public_id)
            return registries.policies.get(kind).address(record) if kind in registries.policies else ""

        return address_of

    registries.policies.add(
        "signature", registries.Policy(registries.who_reads(queries.signature), page_of(queries.signed_record))
    )
    registries.policies.add(
        "task_link", registries.Policy(registries.who_reads(queries.task_link), page_of(queries.link_subject))
    )
    registries.jobs.add(task_links.SEND_JOB, registries.Job(_("Send a task link"), send_task_link))
    registries.topics.add(
        LOCKED_TOPIC,
        registries.Topic(
            gettext_noop("Somebody tried to sign as “{name}” with wrong secrets until the account was locked."),
            _("Attempts to sign as somebody else"),
            MailRhythm.AT_ONCE,
        ),
    )


def _discussions() -> None:
    from baton.core import registries
    from baton.core.attachments import keeping
    from baton.core.discussions import announcing, changes, policy, searching
    from baton.core.discussions.changes import telling

    registries.policies.add("comment", registries.Policy(policy.sees_comment, telling.address_of))
    registries.announcements.add("comment", announcing.comment_announced)
    registries.policies.add(
        "attachment",
        registries.Policy(policy.sees_attachment, lambda public_id: f"/attachments/{public_id}/"),
    )
    registries.searchables.add("comment", searching.SEARCHABLE)
    registries.jobs.add(telling.TELL_JOB, registries.Job(_("Tell of a comment"), telling.tell))
    registries.jobs.add(
        keeping.JOB,
        registries.Job(
            _("Remove stray files"), keeping.remove_stray_files, "FREQ=DAILY;BYHOUR=3;BYMINUTE=35;BYSECOND=0"
        ),
    )
    for topic, message, title in (
        (telling.MENTIONED_TOPIC, gettext_noop("You are mentioned in a comment on “{name}”."), _("Mentions of me")),
        (telling.COMMENTED_TOPIC, gettext_noop("New comments on “{name}”: {count}."), _("Comments that I follow")),
    ):
        registries.topics.add(topic, registries.Topic(message, title=title))
    registries.forgetting.add("core.discussions", changes.forget_person)
    registries.forgetting_notes.add(
        "core.discussions",
        registries.ForgettingNote(
            _("The words and files of the person’s comments; their places stay, without the name."),
            _("What others wrote about the person in comments; take it out there if it must go."),
        ),
    )


def _api() -> None:
    from baton.core.changes.tokens import forget_owner
    from baton.core.registries import api_routers, api_scopes, forgetting

    api_scopes.add("people:read", _("Read people, as far as the owner may"))
    api_routers.add("me", "baton.core.api.me.router")
    api_routers.add("people", "baton.core.api.people.router")
    api_scopes.add("imports:read", _("Read imports and their mistakes"))
    api_scopes.add("imports:write", _("Import tables and withdraw imports"))
    api_routers.add("imports", "baton.core.api.imports.router")
    api_scopes.add("comments:read", _("Read comments"))
    api_scopes.add("comments:write", _("Comment in the owner’s name"))
    api_routers.add("comments", "baton.core.api.discussions.router")
    api_scopes.add("search:read", _("Search everything that the owner may see"))
    api_routers.add("search", "baton.core.api.search.router")
    api_scopes.add("words:write", _("Rename words of the interface"))
    api_routers.add("words", "baton.core.api.words.router")
    forgetting.add("core.tokens", forget_owner)
