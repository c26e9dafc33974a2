"""The core: what every room stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from collections.abc import Callable


class CoreConfig(AppConfig):
    name = "baton.core"
    label = "core"
    verbose_name = "Core"

    def ready(self) -> None:
        from baton.core import retention, sign_ins, vocabulary

        vocabulary.lay_over()
        sign_ins.listen()
        retention.declare()
        _register_api()
        _register_people()
        _register_trail_and_words()
        _register_what_forgets()
        _register_bulk_entries()
        _register_lists()
        _register_imports()
        _register_mail()
        _register_webhooks()
        _register_search()
        _register_signatures()
        _register_discussions()
        _register_calendars()


def _register_people() -> None:
    from baton.core import policy, queries, registries

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


def _register_trail_and_words() -> None:
    from baton.core import policy, registries
    from baton.core.audit import heads, words

    registries.navigation.add(
        "core.audit",
        registries.NavigationEntry(
            _("Audit trail"),
            "shield-check",
            "core:audit",
            policy.may_read_audit_trail,
            810,
            section=registries.Section.ORGANISATION,
        ),
    )
    registries.navigation.add(
        "core.words",
        registries.NavigationEntry(
            _("Words"),
            "languages",
            "core:words",
            policy.may_rename_words,
            order=820,
            section=registries.Section.ORGANISATION,
        ),
    )
    registries.jobs.add(
        "core.sign_audit_head",
        registries.Job(
            _("Sign the head of the audit trail"), heads.sign_head, "FREQ=DAILY;BYHOUR=0;BYMINUTE=5;BYSECOND=0"
        ),
    )
    words.declare(words.ACTIONS)


def _register_what_forgets() -> None:
    """What is kept for a while only, because nobody asks for it afterwards."""
    from baton.core import jobs, registries, submissions

    registries.jobs.add(
        "core.forget_finished_runs",
        registries.Job(_("Forget finished runs"), jobs.forget_finished, "FREQ=DAILY;BYHOUR=3;BYMINUTE=20;BYSECOND=0"),
    )
    registries.jobs.add(
        "core.forget_finished_forms",
        registries.Job(
            _("Forget keys of sent forms"), submissions.forget_finished, "FREQ=DAILY;BYHOUR=3;BYMINUTE=25;BYSECOND=0"
        ),
    )


def _register_bulk_entries() -> None:
    from baton.core import queries, registries, tasks
    from baton.core.changes import bulk, bulk_withdrawal

    sees = registries.who_reads(queries.batch)
    registries.policies.add("batch", registries.Policy(sees, lambda public_id: f"/data/bulk/{public_id}/"))
    registries.jobs.add(bulk.ENTER_JOB, registries.Job(_("Enter in bulk"), tasks.enter_batch))
    registries.jobs.add(bulk_withdrawal.RELEASE_JOB, registries.Job(_("End withdrawn rows"), tasks.release_batch))
    registries.topics.add(
        bulk.SEALED_TOPIC,
        registries.Topic(
            gettext_noop("“{title}” is entered: {records} new records count now."),
            _("Bulk entries of mine"),
        ),
    )
    registries.topics.add(
        bulk_withdrawal.ABANDONED_TOPIC,
        registries.Topic(gettext_noop("“{title}” could not be entered. The page says why."), _("Bulk entries of mine")),
    )


def _register_lists() -> None:
    from baton.core import policy, registries, tasks
    from baton.core.changes import list_actions
    from baton.core.lists import changes
    from baton.core.lists import queries as list_queries
    from baton.core.lists.registry import FilteredList, lists
    from baton.core.people_forms import PeopleFilterForm

    # Search words are not kept: they may be somebody's whole e-mail or phone.
    people = FilteredList(
        _("People"), "core:people", PeopleFilterForm, policy.may_list_people, unkept=frozenset({"q"})
    )  # fmt: skip
    lists.add("core.people", people)
    registries.jobs.add(list_actions.ACT_JOB, registries.Job(_("Change many rows of a list"), tasks.act_on_list))
    registries.jobs.add(
        "core.stop_left_actions",
        registries.Job(
            _("Stop what was never begun"), tasks.stop_left_actions, "FREQ=DAILY;BYHOUR=3;BYMINUTE=30;BYSECOND=0"
        ),
    )
    registries.topics.add(
        list_actions.FINISHED_TOPIC,
        registries.Topic(
            gettext_noop("What you did to many rows is finished: {done} changed, {refused} left alone."),
            _("Changes of many rows of mine"),
        ),
    )
    registries.policies.add(
        "list_action",
        registries.Policy(
            registries.who_reads(list_queries.list_action), lambda public_id: f"/lists/actions/{public_id}/"
        ),
    )
    registries.forgetting.add("core.lists", changes.forget_owner)
    registries.forgetting_notes.add(
        "core.lists", registries.ForgettingNote(_("The person’s saved views of lists, shared ones included."))
    )
    registries.api_routers.add("views", "baton.core.api.saved_views.router")


def _register_imports() -> None:
    from baton.core import policy, queries, registries
    from baton.core.changes import bulk_keys, bulk_people, imports
    from baton.core.imports import folders, runs

    registries.navigation.add(
        "core.data",
        registries.NavigationEntry(
            _("Import and export"),
            "arrow-up-down",
            "core:data",
            policy.may_use,
            order=60,
            section=registries.Section.ORGANISATION,
        ),
    )
    sees = registries.who_reads(queries.import_run)
    registries.policies.add("import", registries.Policy(sees, lambda public_id: f"/data/imports/{public_id}/"))
    registries.jobs.add(imports.CHECK_JOB, registries.Job(_("Check a table"), runs.check_job))
    registries.jobs.add(imports.ENTER_IMPORT_JOB, registries.Job(_("Enter a table"), runs.enter_job))
    registries.jobs.add(
        folders.JOB, registries.Job(_("Look into watched folders"), folders.look, "FREQ=MINUTELY;INTERVAL=5;BYSECOND=0")
    )
    for topic, message in (
        (imports.ENTERED_TOPIC, gettext_noop("“{title}” is imported: {new} new, {changed} changed.")),
        (imports.FAILED_TOPIC, gettext_noop("“{title}” could not be imported. The page says why.")),
        (imports.WAITS_TOPIC, gettext_noop("“{title}” has refused rows ({refused}); nothing of it is entered.")),
        (imports.MISSING_TOPIC, gettext_noop("There was no table in imports/{folder}/ at {hour}.")),
    ):
        registries.topics.add(topic, registries.Topic(message, _("Imports of mine")))
    registries.bulk_targets.add(
        bulk_people.PEOPLE_TARGET,
        registries.BulkTarget(
            title=_("People"), model="core.Person", may_enter=policy.may_add_people, rows=bulk_people.people_of,
            admit=bulk_people.admit_people, conflict=bulk_people.conflict_of_people, released=bulk_people.RELEASED,
        ),
    )  # fmt: skip
    registries.bulk_targets.add(
        bulk_keys.KEYS_TARGET,
        registries.BulkTarget(
            title=_("Keys in other systems"), model="core.ExternalKey", may_enter=policy.may_bring_some,
            rows=bulk_keys.keys_of, admit=bulk_keys.admit_keys, conflict=bulk_keys.conflict_of_keys,
            released=bulk_keys.RELEASED,
        ),
    )  # fmt: skip


def _register_mail() -> None:
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


def _register_webhooks() -> None:
    from baton.core import policy, registries
    from baton.core.rules import MailRhythm
    from baton.core.webhooks import audiences, changes, sending, tasks

    registries.policies.add(
        "webhook",
        registries.Policy(
            lambda actor, public_id: policy.may_manage_webhooks(actor), lambda public_id: f"/webhooks/{public_id}/"
        ),
    )
    registries.navigation.add(
        "core.webhooks",
        registries.NavigationEntry(
            _("Webhooks"),
            "send",
            "core:webhooks",
            policy.may_manage_webhooks,
            order=820,
            section=registries.Section.ORGANISATION,
        ),
    )
    registries.jobs.add(
        "core.look_for_webhooks",
        registries.Job(_("Look for what webhooks tell"), tasks.look, "FREQ=MINUTELY;BYSECOND=20", attempts=1),
    )
    # What is not taken is tried again by the next look, in its turn; repeating the run would only double it.
    registries.jobs.add(changes.SEND_JOB, registries.Job(_("Send to a webhook"), tasks.send, attempts=1))
    registries.jobs.add(
        changes.SEND_ONE_JOB, registries.Job(_("Send a test or a repetition to a webhook"), tasks.send_once, attempts=1)
    )
    registries.topics.add(
        sending.PAUSED_TOPIC,
        registries.Topic(
            gettext_noop("The webhook “{name}” is paused: its receiver did not take what it was sent."),
            _("Webhooks and group chats"),
            MailRhythm.AT_ONCE,
        ),
    )
    registries.topics.add(
        changes.CHAT_TOPIC,
        registries.Topic(
            gettext_noop(
                "The group chat “{name}” is now told what concerns: {audience}. If not everybody in it belongs there, "
                "ask an administrator to end it."
            ),
            _("Webhooks and group chats"),
            MailRhythm.AT_ONCE,
        ),
    )
    registries.audiences.add("everybody", audiences.EVERYBODY)
    registries.audiences.add("role", audiences.ROLES)
    registries.forgetting.add("core.webhooks", changes.forget_owner)
    registries.api_scopes.add("webhooks:read", _("Read webhooks and what was sent"))
    registries.api_scopes.add("webhooks:write", _("Make, pause and resume webhooks"))
    registries.api_routers.add("webhooks", "baton.core.api.webhooks.router")


def _register_search() -> None:
    from baton.core import registries
    from baton.core.search import keeping, people

    registries.watchers.add("core.search", keeping.watch)
    registries.forgetting.add("core.search", keeping.forget)
    registries.jobs.add(
        keeping.JOB, registries.Job(_("Bring the search up to date"), keeping.follow, "FREQ=MINUTELY;BYSECOND=30")
    )
    registries.searchables.add("person", people.SEARCHABLE)
    registries.search_sights.add("core", people.sight)


def _register_signatures() -> None:
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


def _register_discussions() -> None:
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


def _register_calendars() -> None:
    from baton.core import calendar_imports, policy, registries
    from baton.core.changes.feeds import forget_owner
    from baton.core.import_targets import import_targets
    from baton.core.search import calendars as calendar_search

    registries.forgetting.add("core.feeds", forget_owner)
    registries.api_scopes.add("calendars:read", _("Read calendars of business hours"))
    registries.api_scopes.add("calendars:write", _("Set holidays and make-up days"))
    registries.api_routers.add("calendars", "baton.core.api.calendars.router")
    registries.searchables.add("calendar", calendar_search.SEARCHABLE)
    registries.search_sights.add("core.calendars", calendar_search.sight)
    import_targets.add("calendar_days", calendar_imports.CALENDAR_DAYS_TARGET)
    registries.navigation.add(
        "core.calendars",
        registries.NavigationEntry(
            _("Calendars"),
            "calendar",
            "core:calendars",
            policy.may_use,
            order=58,
            section=registries.Section.ORGANISATION,
        ),
    )
    registries.policies.add(
        "calendar",
        registries.Policy(lambda actor, public_id: policy.may_use(actor), lambda public_id: f"/calendars/{public_id}/"),
    )


def _register_api() -> None:
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
