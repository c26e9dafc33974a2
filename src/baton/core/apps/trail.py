"""The audit trail, words of the interface, what is kept for a while only, and webhooks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton_analysis.errors import gettext_noop


def register() -> None:
    """Enter it in the registries."""
    _trail_and_words()
    _what_forgets()
    _webhooks()


def _trail_and_words() -> None:
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


def _what_forgets() -> None:
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


def _webhooks() -> None:
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
