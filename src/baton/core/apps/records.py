"""How records come in, are listed and are found: bulk entries, lists, imports, search, calendars."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton_analysis.errors import gettext_noop


def register() -> None:
    """Enter it in the registries."""
    _bulk_entries()
    _lists()
    _imports()
    _search()
    _calendars()


def _bulk_entries() -> None:
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


def _lists() -> None:
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


def _imports() -> None:
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
        imports.GIVE_BACK_JOB, registries.Job(_("Give former values back"), runs.give_back_job)
    )  # fmt: skip
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
            title=_("Keys in other systems"), model="core.ExternalKey", may_enter=policy.may_bring_keys,
            rows=bulk_keys.keys_of, admit=bulk_keys.admit_keys, conflict=bulk_keys.conflict_of_keys,
            released=bulk_keys.RELEASED,
        ),
    )  # fmt: skip


def _search() -> None:
    from baton.core import registries
    from baton.core.search import keeping, people

    registries.watchers.add("core.search", keeping.watch)
    registries.forgetting.add("core.search", keeping.forget)
    registries.jobs.add(
        keeping.JOB, registries.Job(_("Bring the search up to date"), keeping.follow, "FREQ=MINUTELY;BYSECOND=30")
    )
    registries.searchables.add("person", people.SEARCHABLE)
    registries.search_sights.add("core", people.sight)


def _calendars() -> None:
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
