"""On PostgreSQL the application's role owns nothing: it works, and cannot take the protection off its own trail."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest
from psycopg import sql

pytestmark = pytest.mark.postgres

SECRET = "a password of some length"


@dataclass(frozen=True)
class Installation:
    """A database with two roles, as the guide sets it up; addresses for ``DATABASE_URL``."""

    data: Path
    application: str
    owner: str
    role: str

    def baton(self, *arguments: str, as_owner: bool = False) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"DATABASE_URL": self.application, "BATON_DATA": str(self.data)}
        if as_owner:
            environment["BATON_OWNER_DATABASE_URL"] = self.owner
        command = [sys.executable, "-m", "baton.config", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)

    def migrate(self) -> str:
        ran = self.baton("migrate", as_owner=True)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Roles belong to the whole server, so they bear names of their own and are gone after the tests."""
    server = os.environ["BATON_TEST_POSTGRES"]
    mark = secrets.token_hex(4)
    owner, application, name = f"owner_{mark}", f"app_{mark}", f"roles_{mark}"
    with psycopg.connect(server, autocommit=True) as connection:
        for role in (owner, application):
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*map(sql.Identifier, (name, owner))))
    base = f"{server.rpartition('/')[0]}/{name}"
    try:
        yield Installation(
            tmp_path_factory.mktemp("roles") / "data", base.replace("//baton@", f"//{application}@"),
            base.replace("//baton@", f"//{owner}@"), application,
        )  # fmt: skip
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
            for role in (application, owner):
                connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


@pytest.fixture(scope="module")
def said(installation: Installation) -> str:
    """What the first ``baton migrate`` said."""
    return installation.migrate()


FORBIDDEN: tuple[LiteralString, ...] = (
    "ALTER TABLE core_auditentry DISABLE TRIGGER ALL",
    "ALTER TABLE core_auditentry DISABLE TRIGGER core_audit_no_update",
    "DROP TRIGGER core_audit_no_update ON core_auditentry",
    "CREATE OR REPLACE FUNCTION core_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
    "DROP FUNCTION core_audit_refuse() CASCADE",
    "ALTER TABLE core_auditentry ADD COLUMN more text",
    "DROP TABLE core_auditentry",
    "TRUNCATE core_auditentry",
    "UPDATE core_auditentry SET body = 'forged'",
    "DELETE FROM core_auditentry",
    "DROP TABLE chain_link",
    "ALTER TABLE core_person ADD COLUMN more text",
    "CREATE TABLE mine (a int)",
    "DELETE FROM django_migrations",
    "SET session_replication_role = replica",
    "CREATE TRIGGER mine BEFORE INSERT ON core_auditentry FOR EACH ROW EXECUTE FUNCTION core_audit_refuse()",
)


def test_the_application_works_and_cannot_touch_what_protects_the_trail(installation: Installation, said: str) -> None:
    assert f"The role {installation.role} may use the tables" in said
    added = installation.baton("people", "add", "4711", "--name", "Lin Mei", "--password", SECRET)
    assert added.returncode == 0, added.stderr
    assert installation.baton("worker", "--once").returncode == 0
    with psycopg.connect(installation.application, autocommit=True) as connection:
        for statement in FORBIDDEN:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
    assert installation.baton("verify").returncode == 0


@pytest.mark.usefixtures("said")
def test_migrate_again_and_later_tables(installation: Installation) -> None:
    assert "up to date" in installation.migrate()
    with psycopg.connect(installation.owner, autocommit=True) as connection:
        connection.execute("CREATE TABLE later (id bigserial PRIMARY KEY, text text)")
    with psycopg.connect(installation.application, autocommit=True) as connection:
        connection.execute("INSERT INTO later (text) VALUES ('a')")
        connection.execute("UPDATE later SET text = 'b'")
        assert connection.execute("SELECT text FROM later").fetchall() == [("b",)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DROP TABLE later")
    with psycopg.connect(installation.owner, autocommit=True) as connection:
        connection.execute("DROP TABLE later")


@pytest.mark.usefixtures("said")
def test_check_says_who_owns_the_tables(installation: Installation) -> None:
    def role_of(*, as_owner: bool) -> dict[str, object]:
        url = installation.owner if as_owner else installation.application
        environment = os.environ | {"DATABASE_URL": url, "BATON_DATA": str(installation.data)}
        command = [sys.executable, "-m", "baton.config", "check", "--json"]
        ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        found: list[dict[str, object]] = json.loads(ran.stdout)
        return next(finding for finding in found if finding["name"] == "database role")

    assert role_of(as_owner=False)["warning"] is False
    warned = role_of(as_owner=True)
    assert (warned["ok"], warned["warning"]) == (True, True)
    assert "Two roles" in str(warned["message"])


@pytest.mark.usefixtures("said")
def test_backup_restore_and_forgetting_with_two_roles(installation: Installation, tmp_path: Path) -> None:
    for number in ("4713", "4714"):
        installation.baton("people", "add", number, "--name", f"Qx7 {number}", "--password", SECRET)
    archive = tmp_path / "backup.tar"
    made = installation.baton("backup", str(archive))
    assert made.returncode == 0, made.stderr
    assert installation.baton("restore", str(archive), "--force").returncode == 1, "it may not replace the tables"
    assert installation.baton("verify").returncode == 0
    brought = installation.baton("restore", str(archive), "--force", as_owner=True)
    assert brought.returncode == 0, brought.stderr
    gone = installation.baton("forget", "4713", "--reason", "left", "--yes", as_owner=True)
    assert gone.returncode == 0, gone.stderr
    listed = json.loads(installation.baton("people", "list", "--json").stdout)
    assert "Qx7 4713" not in str(listed)
    assert "Qx7 4714" in str(listed)
    with (
        psycopg.connect(installation.application, autocommit=True) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("DROP TABLE core_auditentry")


def test_an_owner_of_another_database_is_refused(installation: Installation) -> None:
    other = Installation(
        installation.data, installation.application, os.environ["BATON_TEST_POSTGRES"], installation.role
    )
    ran = other.baton("migrate", as_owner=True)
    assert ran.returncode == 1
    assert "BATON_OWNER_DATABASE_URL" in ran.stderr
    assert "Traceback" not in ran.stderr
