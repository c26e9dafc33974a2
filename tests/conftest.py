"""What every test may ask for.

The session runs on SQLite, or with ``--database=postgresql`` on a PostgreSQL server that it starts and ends itself;
``python3 run.py test`` does both. A ``DATABASE_URL`` or ``BATON_DATA`` of the caller is never used: tests touch
nobody's records.

Which fixture for what
----------------------
mark ``django_db``, or a fixture that builds on ``db``
    Records in one process. The test runs in a transaction that is rolled back. Both databases (records, sessions) are
    open to it. ``transaction=True`` is refused: emptying tables is what the audit trail forbids.
``world``
    The same on a database in which the hospital of tests/world.py has been entered once a worker.
``committed_db``
    Real commits: several threads or processes, ``on_commit``, crashes. The test gets a migrated database of its own
    and this process is connected to it; other processes use ``committed_db.url`` as their ``DATABASE_URL`` and
    ``data_folder`` as their ``BATON_DATA``.
``data_folder``
    Uploads, facts and keys: every test that uses records has a folder of its own, ``settings.DATA_DIR``.
``live_baton``, ``browser``, ``page``, ``phone``
    A real server on a database of the test module's own, with this process connected to the same database, and a real
    Chromium at 1280 and at 390 pixels; see tests/servers.py and tests/browsers.py.
``shared_data``
    The folder of published event logs that lies beside the repository; the test is skipped where it is missing.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import hypothesis
import pytest

from tests.exhaustive import EXHAUSTIVE
from tests.folders import fast_folder

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from pytest_django.plugin import DjangoDbBlocker

    from tests.databases import Databases, Template
    from tests.world import EnteredWorld

# How long an example takes depends on what else the machine does; benchmarks/ measure speed.
hypothesis.settings.register_profile("baton", deadline=None)
hypothesis.settings.load_profile("baton")

pytest_plugins = ["tests.browsers", "tests.kept_panels", "tests.servers", "tests.world"]

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"

# Set by the process that starts the session and inherited by its xdist workers.
FOLDER = "BATON_TEST_FOLDER"
SERVER = "BATON_TEST_POSTGRES"

SECONDS_A_DAY = 86_400
SHORTLY_BEFORE_MIDNIGHT = 30

# What a test asks for -> the fixture that has entered it, for many tests, into databases of its own.
ENTERED = {"world": "entered_world", "chinese_demo": "entered_demo"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=["sqlite", "postgresql"],
        default="sqlite",
        help="run on SQLite (default) or on a PostgreSQL server that the session starts",
    )
    parser.addoption(
        "--exhaustive",
        action="store_true",
        help="every combination in the suites of which the whole run takes some: see CONTRIBUTING.md",
    )
    parser.addoption(
        "--shared",
        action="store_true",
        help="of the tests of rooms that run on either database, only those that are this one's in the whole run",
    )
    parser.addoption(
        "--pictures",
        action="store_true",
        help="take the pictures of the guide anew in tests/browser/test_first_link.py",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Give the session a folder and a database, then name Django's settings, which read both."""
    if not hasattr(config, "workerinput"):
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="baton-tests-", dir=fast_folder())
        config.add_cleanup(lambda: shutil.rmtree(os.environ[FOLDER], ignore_errors=True))
        os.environ.pop(SERVER, None)
        if config.getoption("--database") == "postgresql":
            _start_postgres(config)
    data = Path(os.environ[FOLDER]) / f"data_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    (data / "static").mkdir(parents=True)
    for name in [name for name in os.environ if name.startswith("BATON_") and name not in {FOLDER, SERVER}]:
        del os.environ[name]
    if config.getoption("--exhaustive"):
        os.environ[EXHAUSTIVE] = "yes"
    os.environ["BATON_DATA"] = str(data)
    os.environ["BATON_SETTLEMENT"] = "yes"  # so that its pages and calls are looked at with all others
    os.environ["BATON_SECRET_KEY"] = "a key for tests, known to everybody and used nowhere else"
    os.environ["DATABASE_URL"] = os.environ.get(SERVER) or f"sqlite:///{data / 'baton.sqlite3'}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "baton.config.settings"

    import django
    from django.conf import settings

    # What is loaded stays, and tests leave few cycles: looking through everything less often saves a tenth of the run.
    gc.disable()
    django.setup()
    gc.freeze()
    gc.enable()
    gc.set_threshold(200_000, 50, 100)
    # Else each client of a test looks through all static files before its first request.
    settings.WHITENOISE_AUTOREFRESH = True
    # The passwords of tests guard nothing.
    from baton.core.accounts.hashers import PasswordHasher

    PasswordHasher.time_cost, PasswordHasher.memory_cost = 1, 64


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """A test lies within one day of UTC, the zone of these installations: most enter records as of now and then ask for
    what is due in so many days, which is a day off when midnight comes in between."""
    left = SECONDS_A_DAY - time.time() % SECONDS_A_DAY
    if left < SHORTLY_BEFORE_MIDNIGHT:
        time.sleep(left + 0.1)


def _start_postgres(config: pytest.Config) -> None:
    from tests.postgres import NoPostgres, PostgresServer

    try:
        server = PostgresServer()
    except NoPostgres as missing:
        raise pytest.UsageError(str(missing)) from missing
    config.add_cleanup(server.stop)
    os.environ[SERVER] = server.url("postgres")


def pytest_report_header() -> str:
    return f"database: {'PostgreSQL' if SERVER in os.environ else 'SQLite'}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what this database has no part in; open both databases to tests that use records."""
    left_out = {item for item in items if not _concerns_the_database(item)}
    if config.getoption("--shared"):
        left_out |= {item for item in items if _is_the_others(item)}
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]
    # A worker takes one file after the other: the long ones first, so that none is left alone with one at the end.
    long = {item.path for item in items if item.get_closest_marker("slow") or item.get_closest_marker("browser")}
    items.sort(key=lambda item: item.path not in long)
    for item in items:
        mark = item.get_closest_marker("django_db")
        if mark is None and "db" not in _fixtures(item):
            continue
        if mark and (mark.kwargs.get("transaction") or (mark.args and mark.args[0])):
            raise pytest.UsageError(f"{item.nodeid}: django_db(transaction=True) empties tables; use committed_db.")
        item.add_marker(pytest.mark.django_db(databases="__all__"), append=False)


def _concerns_the_database(item: pytest.Item) -> bool:
    """Whether the test is to run on the database of this session. What asks for none at all runs on SQLite only."""
    if SERVER not in os.environ:
        return item.get_closest_marker("postgres") is None
    return item.get_closest_marker("sqlite") is None and bool(_asks(item) or item.get_closest_marker("postgres"))


def _asks(item: pytest.Item) -> bool:
    """Whether the test asks for a database."""
    return bool(item.get_closest_marker("django_db") or {"db", "committed_db", "template"} & set(_fixtures(item)))


def _is_the_others(item: pytest.Item) -> bool:
    """Whether the other pass of the whole run has the test: of those that need no database in particular each has one
    half, by the names of the tests. What commits, what bears the mark ``both`` and all of trust both have."""
    if not (item.path.is_relative_to(ROOT / "tests" / "rooms") and _asks(item)):
        return False
    if "committed_db" in _fixtures(item) or any(map(item.get_closest_marker, ("both", "sqlite", "postgres"))):
        return False
    return crc32(item.nodeid.encode()) % 2 != (SERVER in os.environ)


def _fixtures(item: pytest.Item) -> list[str]:
    """The fixtures that the test asks for, and those that they ask for."""
    return list(getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def template(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Template:
    """The migrated installation that all databases of this session are copies of."""
    from tests.databases import PostgresTemplate, SQLiteTemplate

    folder = Path(os.environ[FOLDER])
    server = os.environ.get(SERVER)
    made: Template = PostgresTemplate(folder, server) if server else SQLiteTemplate(folder)
    with django_db_blocker.unblock():
        made.prepare()
    return made


@pytest.fixture(scope="session")
def django_db_setup(template: Template, django_db_blocker: DjangoDbBlocker) -> Iterator[Databases]:
    """pytest-django's place for making the test database: a copy of the template, one a worker."""
    from tests.databases import connected

    databases = template.copy("session")
    with django_db_blocker.unblock(), connected(databases):
        django_db_blocker.block()
        try:
            yield databases
        finally:
            django_db_blocker.restore()
    template.drop(databases)


@pytest.fixture(scope="session")
def entered_world(
    template: Template, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[EnteredWorld]:
    """The hospital in a database of its own, one a worker: what it takes to enter it is paid once."""
    from tests.databases import connected
    from tests.world import EnteredWorld

    databases = template.copy("world")
    with django_db_blocker.unblock(), connected(databases):
        entered = EnteredWorld.enter(databases)
    yield entered
    template.drop(databases)


@pytest.fixture(scope="class", autouse=True)
def database_of_the_test(request: pytest.FixtureRequest) -> None:
    """Connect to the database that is filled already before the transaction of a test that asks for it begins.

    The scope makes it run before fixtures of one test; the next test that needs the other database changes back.
    """
    from tests.databases import point

    names = set(request.fixturenames)
    uses_records = "db" in names or request.node.get_closest_marker("django_db")
    if not uses_records or {"live_baton", "committed_db"} & names:
        return
    session: Databases = request.getfixturevalue("django_db_setup")
    entered = next((maker for asked_for, maker in ENTERED.items() if asked_for in names), None)
    wanted = request.getfixturevalue(entered).databases if entered else session
    with request.getfixturevalue("django_db_blocker").unblock():
        point(wanted.names)


@pytest.fixture
def committed_db(
    request: pytest.FixtureRequest, template: Template, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Databases]:
    """A migrated database of the test's own, where a commit is a commit; gone after the test."""
    from tests.databases import connected

    if request.node.get_closest_marker("django_db"):
        raise pytest.UsageError(f"{request.node.nodeid}: committed_db and the mark django_db exclude each other.")
    databases = template.copy()
    with django_db_blocker.unblock(), connected(databases):
        yield databases
    template.drop(databases)


@pytest.fixture(scope="session", autouse=True)
def rows_without_an_order_come_backwards() -> None:
    """SQLite nearly always returns rows as they were entered, and PostgreSQL does until one is updated: what counts on
    it fails in one run of many. Here rows for which nobody asked an order come the other way round."""
    from django.db.backends.signals import connection_created

    def backwards(connection: BaseDatabaseWrapper, **_: object) -> None:
        if connection.vendor == "sqlite":
            connection.connection.execute("PRAGMA reverse_unordered_selects = ON")

    connection_created.connect(backwards, weak=False)


@pytest.fixture(scope="session", autouse=True)
def components_drawn_as_served(django_test_environment: None) -> None:
    """Django lets every template that is drawn tell the test's browser what was put into it; pages still do, not the
    hundreds of components on them, for which nobody asks."""
    from django.template import Context, RequestContext, Template
    from django.test.signals import template_rendered

    def drawn(self: Template, context: Context) -> str:
        if isinstance(context, RequestContext):
            template_rendered.send(sender=self, template=self, context=context)
        return self.nodelist.render(context)

    Template._render = drawn  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def organisations_language() -> Iterator[None]:
    """Each test begins in the organisation's language: a request leaves its reader's language active in the thread."""
    from django.utils import translation

    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Each test begins on records of its own: what this process computed from those of others is forgotten."""
    from baton.core.versions import Memory

    Memory.forget_all()


@pytest.fixture(autouse=True)
def data_folder(request: pytest.FixtureRequest) -> Path | None:
    """``settings.DATA_DIR`` of this test; None for tests that use no records."""
    if "live_baton" in request.fixturenames:
        return Path(request.getfixturevalue("live_baton").data)
    if not {"db", "committed_db"} & set(request.fixturenames) and not request.node.get_closest_marker("django_db"):
        return None
    folder: Path = request.getfixturevalue("tmp_path") / "data"
    folder.mkdir()
    request.getfixturevalue("settings").DATA_DIR = folder
    return folder


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of published event logs beside the repository."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"published data not found at {SHARED_DATA.relative_to(ROOT.parent)} beside the repository")
    return SHARED_DATA
