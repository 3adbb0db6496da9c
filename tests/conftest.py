from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client, TransactionTestCase
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from portal.kept import Kept
from portal.search import querylog
from tests import elastic
from tests.database import copies
from tests.people import Cast, make_cast

# Neither a busy machine nor an unlucky draw fails a test; and each example may use the test's own database.
settings.register_profile(
    "suite",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture],
)
settings.load_profile("suite")


class BrowserInOneWorker(LoadScopeScheduling):
    """Each worker would build the demo for itself, in the same database. xdist's own groups need an older pytest."""

    def _split_scope(self, nodeid: str) -> str:
        return "browser" if nodeid.startswith("tests/browser/") else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> BrowserInOneWorker:
    return BrowserInOneWorker(config, log)


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


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def _clean_process(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing kept in the process leaks from one test into the next, nor runs out in the middle of one."""
    monkeypatch.setattr(Kept, "clock", lambda: 0.0)
    Kept.forget_all()
    monkeypatch.setattr(querylog, "flush_soon", lambda: None)
    querylog.waiting.clear()
    yield
    querylog.waiting.clear()
    cache.clear()


@pytest.fixture(autouse=True)
def _search_copy(
    _clean_process: None, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[None]:
    if elastic.IS_SET and "copyless" not in request.keywords:
        yield from elastic.own_copy(monkeypatch)
    else:
        yield


def sign_in(client: Client, person: object) -> Client:
    """`client` as this person; a visitor stays signed out."""
    if getattr(person, "is_authenticated", False):
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[arg-type]
    return client
