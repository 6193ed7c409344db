"""What every test may lean on: reference data of three provinces, loaded once for the whole run."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

import pytest
from django.apps import apps
from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.template.base import Template
from django.test import override_settings
from django.test.client import ClientHandler
from django.test.signals import setting_changed
from hypothesis import HealthCheck
from hypothesis import settings as drawing

import classifier
from config.celery import app
from config.processes import keep_for_good
from feedback import anchors, followups, guards
from feedback.finding import indexing
from routing.loading import reference_data_ready

# Hà Nội, Đà Nẵng and TP.HCM: complete with communes, agencies, fields, limits and the calendar.
PROVINCES = "01,48,79"


# The same draws each time, however slow the machine; `bench.speed` draws more.
drawing.register_profile(
    "same", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
drawing.load_profile("same")

# Before Django's test environment puts its own in that place.
AS_IN_LIFE = vars(Template)["_render"]


def own_redis(first: int) -> str:
    """Parallel runs share one Redis: each takes a numbered database of it, counted from `first` (of 16)."""
    number = int("".join(filter(str.isdigit, os.environ.get("PYTEST_XDIST_WORKER", ""))) or 0)
    return f"{settings.REDIS_URL.rsplit('/', 1)[0]}/{first + number}"


# What one run counts, another that clears its cache must not take back; nor is a queue cleared with it.
if settings.REDIS_URL:
    for described in settings.CACHES.values():
        described["LOCATION"] = own_redis(8)


# A test's own database, which not every test commits to, is asked by one connection.
connections.settings.pop(settings.PLANNED_ONCE, None)

THE_HOUSE_ITSELF = connection.settings_dict["NAME"]


def pytest_collection_finish() -> None:
    """What is loaded stays for the whole run: no garbage collection need look through it again."""
    keep_for_good()


def load_reference_data() -> None:
    call_command("loadrefdata", provinces=PROVINCES, verbosity=0)


# What shapes a filled database: filled once for each release of these, it is copied from then on.
SHAPING = (
    "requirements.lock",
    "*/migrations/*.py",
    "*/models.py",
    "*/models/*.py",
    "routing/*.py",
    "routing/data/*",
)


KEPT_IN = settings.VAR


@pytest.fixture(scope="session", autouse=True)
def folder_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A house beside the tests, and each process of them, has anchors, models and files of its own."""
    var = tmp_path_factory.mktemp("var")
    classifier.learnt_in(var / "models")
    with override_settings(VAR=var, MEDIA_ROOT=var / "files"):
        yield


def template() -> Path:
    digest = hashlib.sha256()
    for path in sorted(path for pattern in SHAPING for path in settings.BASE_DIR.glob(pattern)):
        digest.update(path.name.encode() + path.read_bytes())
    return KEPT_IN / f"tests-filled-{digest.hexdigest()[:16]}.sqlite3"


def database_file() -> Path:
    return Path(connection.settings_dict["TEST"]["NAME"])


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """On SQLite Django finds the copy and only brings it up to date."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def only_one_fills() -> Iterator[TextIO]:
    """Held by whoever fills the first database: the others wait for its copy. Closed, it is let go."""
    KEPT_IN.mkdir(parents=True, exist_ok=True)
    with (KEPT_IN / "tests-filling").open("w") as turn:
        if connection.vendor == "sqlite":
            fcntl.flock(turn, fcntl.LOCK_EX)
        yield turn


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, only_one_fills: TextIO) -> None:
    if connection.vendor == "sqlite" and template().exists():
        only_one_fills.close()
        shutil.copyfile(template(), database_file())


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any, only_one_fills: TextIO) -> Iterator[None]:
    if connection.settings_dict["NAME"] == THE_HOUSE_ITSELF:
        pytest.exit("Of these tests none is marked django_db, so that they would run in the house itself.", 2)
    own_queue()
    with django_db_blocker.unblock():
        if reference_data_ready() != "ok":
            load_reference_data()
            keep_as_template()
        only_one_fills.close()
        keep_a_copy()
        leave_out_the_largest_tables()
    yield
    if connection.vendor == "sqlite":
        with django_db_blocker.unblock():
            connection.close()
        for leftover in database_file().parent.glob(f"{database_file().name}*"):
            leftover.unlink()


def keep_as_template() -> None:
    """For this run's other workers and every later run."""
    if connection.vendor != "sqlite":
        return
    draft = template().with_suffix(f".{os.getpid()}")
    with contextlib.closing(sqlite3.connect(draft)) as copy:
        connection.connection.backup(copy)
    for old in settings.VAR.glob("tests-filled-*.sqlite3"):
        old.unlink()
    draft.replace(template())


def leave_out_the_largest_tables() -> None:
    """After each test Django looks through every table for rows that point nowhere.

    On SQLite these two take nine tenths of that time; PostgreSQL checks them with all others.
    """
    if connection.vendor != "sqlite":
        return
    check = connection.check_constraints
    rest = set(connection.introspection.table_names()) - {"routing_agency", "routing_legacymapping"}
    connection.check_constraints = lambda table_names=None: check(table_names or sorted(rest))  # type: ignore[method-assign]


# The loaded database as it was before the first test: putting it back takes a tenth of loading it anew.
KEPT = sqlite3.connect(":memory:", check_same_thread=False)


def keep_a_copy() -> None:
    if connection.vendor == "sqlite":
        connection.connection.backup(KEPT)
    else:
        keep_tables_beside(loaded_tables())


def loaded_tables() -> list[str]:
    """Every table of the folder that `loadrefdata` fills."""
    return [model._meta.db_table for model in apps.get_app_config("routing").get_models()]


def keep_tables_beside(tables: list[str]) -> None:
    """In a schema of their own, where neither a flush nor a list of tables sees them."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA kept")
        for table in tables:
            cursor.execute(f"CREATE TABLE kept.{table} AS TABLE {table}")


def put_back() -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        KEPT.backup(connection.connection)
    else:
        put_tables_back(loaded_tables())


def put_tables_back(tables: list[str]) -> None:
    """Whatever points from one to another is looked at when all of them are back."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"INSERT INTO {table} SELECT * FROM kept.{table} ON CONFLICT DO NOTHING")


@pytest.fixture
def reference_data(request: pytest.FixtureRequest) -> None:
    """For tests with `transaction=True`, whose flush empties the tables for those after them."""
    if "transactional_db" not in request.fixturenames:
        request.getfixturevalue("db")
    if reference_data_ready() != "ok":
        put_back()


@pytest.fixture(autouse=True)
def nothing_is_known_of_another_test() -> None:
    """A process goes on for a while with what it knows of anchors and index, which another test took back."""
    anchors.forget()
    indexing.forget()


@pytest.fixture(autouse=True)
def guards_step_aside_for_a_flush(request: pytest.FixtureRequest) -> Iterator[None]:
    """After a test with `transaction=True` the tables are flushed, which the guards of steps would refuse."""
    marker = request.node.get_closest_marker("django_db")
    if marker is None or not marker.kwargs.get("transaction"):
        yield
        return
    request.getfixturevalue("_django_db_helper")
    yield
    let_the_worker_finish()
    guards.drop()


def let_the_worker_finish() -> None:
    """A flush locks every table: what a real worker has in hand is waited for, what it has not is dropped."""
    if not settings.CELERY_BROKER_URL:
        return
    followups.waiting().filter(claimed_until__isnull=True).delete()
    until = time.monotonic() + 20
    while time.monotonic() < until and (
        followups.waiting().filter(claimed_until__isnull=False).exists() or others_are_busy()
    ):
        time.sleep(0.05)
    wait_longer_than_the_worker()


def wait_longer_than_the_worker() -> None:
    """It may begin again before the flush has all its locks: of the two it gives way, and tries once more."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET deadlock_timeout = '15s'")


BUSY = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""


def others_are_busy() -> bool:
    """Somebody else, a worker that looks for work, is within a statement or a transaction just now."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute(BUSY)
        return bool(cursor.fetchone()[0])


@pytest.fixture(scope="session")
def worker(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A real Celery worker on this run's own database and queue, where a broker is configured."""
    if not settings.CELERY_BROKER_URL:
        yield
        return
    log = tmp_path_factory.mktemp("worker") / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "config", "worker", "-P", "solo", "-l", "warning"],
            env=os.environ | {"DATABASE_URL": database_url(), "REDIS_URL": app.conf.broker_url},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        yield
        process.terminate()
        process.wait(timeout=20)


def own_queue() -> None:
    """Before it first rings there."""
    if settings.CELERY_BROKER_URL:
        app.conf.update(broker_url=own_redis(1))


def database_url() -> str:
    at = connection.settings_dict
    return f"postgresql://{at['USER']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"


@pytest.fixture
def follow_up_all(worker: None) -> Callable[[], None]:
    """Wait until nothing is left to follow up: by the worker where there is one, else by our own hand."""

    def wait() -> None:
        until = time.monotonic() + 30
        while followups.waiting().exists() and time.monotonic() < until:
            if settings.CELERY_BROKER_URL:
                time.sleep(0.05)
            else:
                followups.catch_up()
        assert not followups.waiting().exists(), "follow-ups are still waiting"

    return wait


@pytest.fixture(autouse=True, scope="session")
def quick_passwords_and_no_counted_guesses(django_test_environment: None) -> Iterator[None]:
    """Hashing a password is made to be slow; a test has no secret to keep.

    And wrong secrets of one test must not make the next one wait; who tests the waiting turns it on.
    """
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(PASSWORD_HASHERS=hashers, THROTTLE=False):
        yield


@pytest.fixture(autouse=True, scope="session")
def pages_drawn_as_in_life(django_test_environment: None) -> None:
    """Django notes every template and context for `response.context`, which no test here asks for."""
    Template._render = AS_IN_LIFE  # type: ignore[attr-defined]


# What a client's handler makes of the middleware.
CHAIN = ("_middleware_chain", "_view_middleware", "_template_response_middleware", "_exception_middleware")


@pytest.fixture(autouse=True, scope="session")
def one_chain_of_middleware(django_test_environment: None) -> Iterator[None]:
    """Each client builds its own, and looks through all static files for it: one does so for all others.

    As in life, where a process builds it once. A setting that changes has it built anew.
    """
    build = ClientHandler.load_middleware
    built: list[dict[str, Any]] = []

    def share(handler: BaseHandler, is_async: bool = False) -> None:
        if not built:
            build(handler, is_async)
            built.append({name: getattr(handler, name) for name in CHAIN})
        vars(handler).update(built[0])

    def forget(**_changed: Any) -> None:
        built.clear()

    setting_changed.connect(forget)
    ClientHandler.load_middleware = share  # type: ignore[method-assign, assignment]
    yield
    ClientHandler.load_middleware = build  # type: ignore[method-assign]
    setting_changed.disconnect(forget)
