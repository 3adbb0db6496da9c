from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client, TestCase, TransactionTestCase
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker
from pytest_django.plugin import blocking_manager_key
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from portal.curation.deeds import log_searches
from portal.districts.models.people import User, seen
from portal.kept import Kept
from tests import elastic
from tests.baked import BakedCast, at_hand, bake, session_of
from tests.database import copies
from tests.people import Cast

# Neither a busy machine nor an unlucky draw fails a test; and each example may use the test's own database.
hypothesis_settings.register_profile(
    "suite",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture],
)
hypothesis_settings.load_profile("suite")


LANE = (
    "tests/browser/",
    "tests/demo/test_build.py",
    "tests/test_away",
    "test_races.py",
    "test_faults.py",
    "test_reading_program.py",
    "_drill.py",
)
"""What starts programs, threads or a clock of its own, by a part of the path."""


class OneLane(LoadScopeScheduling):
    """One worker runs what is in `LANE`, one after another and from the start; the others take the rest meanwhile.

    Two browsers would each build the demo; two races, or a drill and a browser, would judge each other's load. xdist's
    own groups need an older pytest.
    """

    def _split_scope(self, nodeid: str) -> str:
        if any(part in nodeid for part in LANE):
            return "lane"
        return nodeid.rsplit("-", 1)[0] if "test_query_growth.py" in nodeid else nodeid  # a list's readers share rows


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneLane:
    return OneLane(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Migrate before there are workers: no test's time has it in it, and they need not wait for each other."""
    config = session.config
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    with config.stash[blocking_manager_key].unblock():
        database = copies("main")
        if not database.is_made():
            reporter = config.pluginmanager.get_plugin("terminalreporter")
            if reporter:
                reporter.write_line("Migrating the database that each worker copies; it is kept for the next run ...")
            database.make_original()


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests measured: `record_property` comes through from xdist's workers, what they print does not."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            for name, figures in report.user_properties:
                terminalreporter.write_line(f"{name}: {figures}")


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Instead of pytest-django's: a copy of the migrated original, put back after each test that really commits."""
    database = copies(getattr(request.config, "workerinput", {}).get("workerid", "main"))
    with django_db_blocker.unblock():
        database.prepare()
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
    TransactionTestCase._fixture_teardown = lambda self: database.restore()  # type: ignore[attr-defined]
    yield
    TransactionTestCase._fixture_teardown = flush  # type: ignore[attr-defined]
    with django_db_blocker.unblock():
        database.drop()


@pytest.fixture(scope="session", autouse=True)
def _mail_through_the_outbox(django_test_environment: None) -> None:
    """Django's own test environment takes its place; here it is what the outbox sends by."""
    settings.EMAIL_BACKEND = "portal.notices.outbox.EmailBackend"


@pytest.fixture(scope="session")
def _baked(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> BakedCast:
    with django_db_blocker.unblock():
        return bake()


@pytest.fixture
def cast(db: None, _baked: BakedCast) -> Cast:
    return _baked.load()


@pytest.fixture(autouse=True)
def _clean_process(db: None, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[None]:
    """Nothing kept in the process leaks from one test into the next, nor runs out in the middle of one."""
    at_hand.clear()
    if "cast" in request.fixturenames:
        request.getfixturevalue("cast")  # its rows come first
    monkeypatch.setattr(Kept, "clock", lambda: 0.0)
    Kept.forget_all()
    monkeypatch.setattr(log_searches, "flush_soon", lambda: None)
    log_searches.waiting.clear()
    yield
    log_searches.waiting.clear()
    cache.clear()


@pytest.fixture(autouse=True)
def _search_copy(
    _clean_process: None, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[None]:
    if elastic.answers() and "copyless" not in request.keywords:
        yield from elastic.own_copy(monkeypatch)
    else:
        yield


class Browser(Client):
    """What a request leaves for after its commit is done, as it is outside of a test's own transaction."""

    def post(self, *args: Any, **kwargs: Any) -> Any:
        with TestCase.captureOnCommitCallbacks(execute=True):
            return super().post(*args, **kwargs)


def sign_in(client: Client, person: object) -> Client:
    """`client` as this person, without the sign-in page; a visitor stays signed out."""
    if getattr(person, "is_authenticated", False):
        assert isinstance(person, User)
        client.cookies[settings.SESSION_COOKIE_NAME] = session_of(person)
        seen(person, on=timezone.localdate())
    return client
