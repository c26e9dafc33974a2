"""Commands about people who sign in."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from baton.config.cli.root import main
from baton.config.terminal import actor, complain, print_json, print_table, say, set_up_django, shown

GONE_FOR_EVER = "The personal data of this person become unreadable for ever. Go on?"


@main.command()
@click.argument("sign_in_name")
@click.option("--reason", required=True, help="Why; stands in the audit trail.")
@click.option("--withdraw-logs", is_flag=True, help="Also withdraw the event logs that may hold names of persons.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget(sign_in_name: str, reason: str, withdraw_logs: bool, yes: bool) -> None:
    """Forget a person: destroy the key of his personal data. The trail still verifies.

    Event logs whose parties are persons are listed first: their files hold names. With --withdraw-logs they are
    withdrawn in the same step, with their files, pairs and charts; without it they stay as they are.
    """
    set_up_django()
    from django.db import transaction
    from django.utils import timezone

    from baton.chain.changes import withdraw_event_log
    from baton.chain.queries.event_logs import logs_that_hold_persons
    from baton.config.upgrading import scrub_as_owner
    from baton.core.changes import forget_person
    from baton.core.errors import NotFound
    from baton.core.queries import person_by_sign_in_name, signed_name

    by = actor("forget")
    try:
        person = person_by_sign_in_name(viewer=by, sign_in_name=sign_in_name)
    except NotFound:
        complain(f"Nobody signs in with “{sign_in_name}”. See: baton people list")
        sys.exit(1)
    logs = logs_that_hold_persons(viewer=by)
    for log in logs:
        _say_what_becomes_of(str(log), withdraw_logs)
    signed = signed_name(viewer=by, person=person)
    if signed.kept_until is not None:
        say(f"The name printed in {signed.count} signatures stays as proof until {signed.kept_until:%Y-%m-%d}.")
    if not yes:
        click.confirm(GONE_FOR_EVER, abort=True)
    at = timezone.now()
    with transaction.atomic():
        for log in logs if withdraw_logs else []:
            withdraw_event_log(by=by, at=at, log=log, reason=reason)
        forget_person(by=by, at=at, person=person, reason=reason)
    scrub_as_owner()
    say("Forgotten. Backups made before still hold the data until they are deleted.")
    if logs and withdraw_logs:
        say(f"{len(logs)} event logs withdrawn. Their charts go when the worker has run.")
    elif logs:
        say(f"{len(logs)} event logs are left that may hold his name. Withdraw them on their pages under Discovery.")


def _say_what_becomes_of(name: str, withdraw: bool) -> None:
    said = "is withdrawn" if withdraw else "stays; with --withdraw-logs it is withdrawn too"
    say(f"The event log “{shown(name)}” may hold names of persons: it {said}.")


@main.group()
def people() -> None:
    """People who sign in."""


@people.command("list")
@click.option("--json", "as_json", is_flag=True, help="The result as JSON.")
def people_list(as_json: bool) -> None:
    """Everybody, with roles."""
    set_up_django()
    from baton.core.queries import people_overview

    rows = people_overview(viewer=actor("people"), at=datetime.now(UTC))
    if as_json:
        print_json(rows)
        return
    cells = [
        (row["sign_in_name"], row["name"], ", ".join(row["roles"]), "yes" if row["is_active"] else "no") for row in rows
    ]
    print_table(("sign-in name", "name", "roles", "may sign in"), cells)


@people.command("add")
@click.argument("sign_in_name")
@click.option("--name", required=True, help="Name in the organisation's language.")
@click.option("--email", default="", help="Optional; for links to a new password.")
@click.option("--phone", default="", help="Optional, with country code.")
@click.option("--role", "roles", multiple=True, help="Organisation-wide role; may be repeated.")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for when not given.")
def people_add(sign_in_name: str, name: str, email: str, phone: str, roles: tuple[str, ...], password: str) -> None:
    """Let somebody sign in."""
    set_up_django()
    from django.conf import settings
    from django.db import transaction
    from django.utils import timezone

    from baton.core.changes import add_person, give_role
    from baton.core.rules import Role

    try:
        wanted = [Role(role) for role in roles]
    except ValueError as unknown:
        raise click.BadParameter(f"{unknown}; there are: {', '.join(Role)}", param_hint="--role") from unknown
    by, at = actor("people"), timezone.now()
    with transaction.atomic():
        person = add_person(
            by=by, at=at, sign_in_name=sign_in_name, name={settings.LANGUAGE_CODE: name}, email=email, phone=phone,
            password=password,
        )  # fmt: skip
        for role in wanted:
            give_role(by=by, at=at, person=person, role=role)
    say(f"{shown(person.sign_in_name)} may sign in.")
