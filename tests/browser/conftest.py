"""The demo, served as `script/demo` serves it, and Chromium to click through it.

Each worker builds the demo once, in a database of its own, and starts gunicorn on a free port of the loopback address.
A journey that changes things asks for `fresh_site`: the demo as built.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from psycopg2 import sql

from tests.browser.chromium import find
from tests.database import copies

CHECKOUT = Path(settings.BASE_DIR)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = (390, 1280)
THEMES = ("light", "dark")
expect.set_options(timeout=20_000)  # a page that comes late on a busy machine is no fault of the page


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(1200))


@dataclass
class Site:
    """A running demo."""

    url: str
    folder: Path
    environment: dict[str, str]

    def manage(self, *arguments: str) -> str:
        """Run one of the commands; what it printed."""
        command = [sys.executable, "manage.py", *arguments]
        run = subprocess.run(command, cwd=CHECKOUT, env=self.environment, capture_output=True, text=True)  # noqa: S603
        assert run.returncode == 0, run.stderr
        return run.stdout


class DemoDatabase:
    """Where the demo is kept: a file, or a database of the PostgreSQL server that the suite runs on.

    Copies of it: `empty`, migrated and no more; `built`, with the demo in it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = os.environ.get("DATABASE_URL", "")
        self.on_server = self.server.startswith(("postgres", "pgsql"))
        self.name = "test_demo"

    def url(self) -> str:
        if self.on_server:
            return urlsplit(self.server)._replace(path=f"/{self.name}").geturl()
        return f"sqlite:///{self.folder}/roundtable.sqlite3"

    def create(self) -> None:
        """As the suite's own database was migrated; the demo's migrations are still to come."""
        if self.on_server:
            for name in (self.name, f"{self.name}_empty", f"{self.name}_built"):
                self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
            self._run("CREATE DATABASE {} TEMPLATE {}", self.name, str(copies("main").original))
        else:
            shutil.copy(str(copies("main").original), self.folder / "roundtable.sqlite3")

    def keep(self, copy: str) -> None:
        if self.on_server:
            self._run("CREATE DATABASE {} TEMPLATE {}", f"{self.name}_{copy}", self.name)
        else:
            shutil.copy(self.folder / "roundtable.sqlite3", self.folder / f"{copy}.sqlite3")

    def restore(self, copy: str) -> None:
        if self.on_server:
            self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)
            self._run("CREATE DATABASE {} TEMPLATE {}", self.name, f"{self.name}_{copy}")
        else:
            for leftover in self.folder.glob("roundtable.sqlite3*"):
                leftover.unlink()
            shutil.copy(self.folder / f"{copy}.sqlite3", self.folder / "roundtable.sqlite3")

    def _run(self, statement: str, *names: str) -> None:
        connection = psycopg2.connect(urlsplit(self.server)._replace(path="/postgres").geturl())
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
        connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2):  # noqa: S310
                return
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.1)
    raise RuntimeError("The demo did not start; see gunicorn.log in its folder.")


class Server:
    """gunicorn with the demo's settings."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        log = (self.site.folder / "gunicorn.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "portal.wsgi", "--config", "demo/gunicorn.py"],
            cwd=CHECKOUT,
            env=self.site.environment,
            stdout=log,
            stderr=log,
        )
        _wait_for(self.site.url, self.process)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=30)


@pytest.fixture(scope="session")
def _demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, DemoDatabase, Server]]:
    folder = tmp_path_factory.mktemp("demo")
    database = DemoDatabase(folder)
    database.create()
    port = _free_port()
    environment = os.environ | {
        "ELASTICSEARCH_URL": "",  # like the demo: the database answers
        "DJANGO_SETTINGS_MODULE": "portal.settings.demo",
        "DATABASE_URL": database.url(),
        "VAR_DIR": str(folder),
        "PORT": str(port),
    }
    site = Site(f"http://127.0.0.1:{port}", folder, environment)
    site.manage("migrate", "--verbosity", "0")
    database.keep("empty")
    site.manage("build_demo")  # for today: the server has no other clock
    site.manage("collectstatic", "--noinput", "--verbosity", "0")
    database.keep("built")
    server = Server(site)
    server.start()
    yield site, database, server
    server.stop()


def _put_back(demo: tuple[Site, DemoDatabase, Server], copy: str = "built") -> Site:
    site, database, server = demo
    server.stop()
    database.restore(copy)
    server.start()
    return site


@pytest.fixture(scope="module")
def site(_demo: tuple[Site, DemoDatabase, Server]) -> Site:
    """The demo as it was built, for looking at: a module's tests share it."""
    return _put_back(_demo)


@pytest.fixture
def fresh_site(_demo: tuple[Site, DemoDatabase, Server]) -> Site:
    """The demo as it was built, for journeys that change things."""
    return _put_back(_demo)


@pytest.fixture
def empty_site(_demo: tuple[Site, DemoDatabase, Server]) -> Site:
    """The portal of a chapter that has not started: tables and nothing in them."""
    return _put_back(_demo, "empty")


@pytest.fixture(autouse=True)
def _clean_process() -> None:
    """Instead of the suite's: what happens in the served demo leaves nothing in this process, nor in its database."""


@pytest.fixture(autouse=True)
def _search_copy() -> None:
    """Instead of the suite's: the demo is searched in its database."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """For one module: while Playwright runs its loop in this thread, Django refuses to touch a database here."""
    path = find()
    assert path, "script/test finds Chromium or says how to get one"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def open_context(
    chromium: Browser, site: Site, *, width: int = 1280, theme: str = "light", javascript: bool = True
) -> BrowserContext:
    """A browser window of its own; a request to any other origin is refused and remembered in `context.foreign`."""
    context = chromium.new_context(
        viewport={"width": width, "height": 844 if width < 600 else 900},
        color_scheme=theme,  # type: ignore[arg-type]
        java_script_enabled=javascript,
        base_url=site.url,
        locale="en-US",
        timezone_id="America/Chicago",
        reduced_motion="reduce",
    )
    foreign: list[str] = []

    def stay_here(route: Any) -> None:
        if route.request.url.startswith((site.url, "data:", "blob:")):
            route.continue_()
        else:
            foreign.append(route.request.url)
            route.abort()

    context.route("**/*", stay_here)
    context.foreign = foreign  # type: ignore[attr-defined]
    return context


def sign_in_as(page: Page, who: str) -> None:
    """One press on `/demo/`; `who` is a part of the person's name on that page."""
    page.goto("/demo/")
    page.get_by_role("button", name=who).first.click()
