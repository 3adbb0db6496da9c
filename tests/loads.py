"""Production's own web processes, people who use them, and a judge of what they were told.

Writers post one practice after another, each with its key and until it is taken: what was refused for now, or broke, is
sent again as it was. What was acknowledged is compared with what is stored.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings

from tests import unwell
from tests.copied import kill
from tests.programs import CHECKOUT, environment, until

WITHIN_SECONDS = float(os.environ.get("DRILL_WITHIN_SECONDS", "3"))
"""Every 503, on two cores that have nothing else to do."""
BACK_WITHIN_SECONDS = 5.0
CSRF = "a" * 32
NO_ANSWER = 0
"""Instead of a status: the connection was refused or broke, and nobody knows whether it was done."""
WRITE, READ, READY = "/practices/new/", "/practices/", "/readyz"
TEXT = "Two periods a day, six students, one bench. " * 20


@cache
def collected() -> str:
    """Where the static files are, once collected: /readyz asks for them."""
    folder = Path(settings.VAR_DIR) / "test" / "static"
    given = environment(folder, STATIC_ROOT=str(folder))
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
    subprocess.run(command, cwd=CHECKOUT, env=given, check=True)  # noqa: S603
    return str(folder)


class Web:
    """gunicorn with its workers; what it logs is in `log`."""

    def __init__(self, folder: Path, log: Path, url: str) -> None:
        self.port = unwell.free_port()
        self.log = log
        self._environment = environment(
            folder,
            SECRET_KEY=settings.SECRET_KEY,
            ALLOWED_HOSTS="127.0.0.1",
            PORTAL_URL="https://127.0.0.1",
            BEHIND_TLS_PROXY="true",
            DATABASE_URL=url,
            MEDIA_ROOT=str(folder / "media"),
            STATIC_ROOT=collected(),
        )

    def start(self) -> None:
        command = ["-m", "gunicorn", "portal.wsgi", "-c", "portal/gunicorn.py", "-b", f"127.0.0.1:{self.port}"]
        with self.log.open("a") as log:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, *command], cwd=CHECKOUT, env=self._environment, stderr=log
            )

    def kill(self) -> None:
        kill(self._process.pid)
        self._process.wait()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()


class Load:
    """What is sent and what comes back."""

    def __init__(self, web: Web, session: str) -> None:
        self.web = web
        self.cookie = f"__Host-sessionid={session}; __Host-csrftoken={CSRF}"
        self.stop, self.over = threading.Event(), threading.Event()
        self.lock = threading.Lock()
        self.answers: Counter[tuple[str, int]] = Counter()
        self.slowest_503 = 0.0
        self.acknowledged: list[str] = []
        self.texts_lost = 0
        self.last_good: dict[str, float] = {}
        self.threads = [
            *(threading.Thread(target=self._write, args=(number,), daemon=True) for number in range(3)),
            *(threading.Thread(target=self._read, daemon=True) for _ in range(2)),
        ]

    def ask(self, verb: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        headers = {
            "Cookie": self.cookie if path != READY else "",  # which a monitor asks for
            "X-Forwarded-Proto": "https",
            "Referer": f"https://127.0.0.1:{self.web.port}/",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        began = time.monotonic()
        browser = http.client.HTTPConnection("127.0.0.1", self.web.port, timeout=30)
        try:
            browser.request(verb, path, urlencode(form) if form else None, headers)
            answer = browser.getresponse()
            status, text = answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            status, text = NO_ANSWER, ""
        finally:
            browser.close()
        self._note("ready" if path == READY else verb, status, began)
        return status, text

    def _note(self, what: str, status: int, began: float) -> None:
        now = time.monotonic()
        with self.lock:
            self.answers[what, status] += 1
            if status == 503:
                self.slowest_503 = max(self.slowest_503, now - began)
            elif status != NO_ANSWER:
                self.last_good[what] = now

    def ready(self) -> tuple[int, dict[str, str]]:
        """What /readyz answers, and the checks that are not ok."""
        status, text = self.ask("GET", READY)
        checks = json.loads(text)["checks"] if text else {}
        return status, {name: said for name, said in checks.items() if said != "ok"}

    def _write(self, writer: int) -> None:
        number = 0
        while not self.stop.is_set():
            number += 1
            title = f"Drill of writer {writer}, practice {number}"
            form = {"kind": "how", "title": title, "what_we_do": TEXT, "audience": "members"}
            status = self._send(form | {"form_key": str(uuid.uuid4()), "csrfmiddlewaretoken": CSRF})
            if status == 302:
                with self.lock:
                    self.acknowledged.append(title)
            time.sleep(0.05)

    def _send(self, form: dict[str, str]) -> int:
        """Until it is taken."""
        while True:
            status, text = self.ask("POST", WRITE, form)
            if status not in {503, NO_ANSWER} or self.over.is_set():
                return status
            if status == 503:
                self.texts_lost += any(form[name] not in text for name in ("title", "what_we_do", "form_key"))
            time.sleep(0.2)

    def _read(self) -> None:
        while not self.stop.is_set():
            status, _text = self.ask("GET", READ)
            time.sleep(0.05 if status != NO_ANSWER else 0.2)

    def end(self) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join()


@contextmanager
def portal(folder: Path, session: str, url: str, *, seconds: float, log: Path | None = None) -> Iterator[Load]:
    """In use for so many seconds already. `folder` holds what is no row, and the log where no place is given for it."""
    web = Web(folder, log or folder / "log", url)
    web.start()
    load = Load(web, session)
    try:
        until(lambda: load.ready() == (200, {}))
        load.answers.clear()
        for thread in load.threads:
            thread.start()
        time.sleep(seconds)
        yield load
        load.end()
    finally:
        load.stop.set()
        load.over.set()
        web.stop()


def suffer(
    load: Load, begin: Callable[[], object], end: Callable[[], object], *, says: dict[str, str], seconds: float
) -> Counter[tuple[str, int]]:
    """One fault, and as long after it: /readyz says why meanwhile, and nothing is started anew. The answers in it."""
    begin()
    try:
        before = load.answers.copy()
        time.sleep(seconds / 2)
        assert_ready(load, says)
        time.sleep(seconds / 2)
        meanwhile = load.answers - before
    finally:
        end()
    back(load, seconds=seconds)
    return meanwhile


def back(load: Load, *, seconds: float = 0.0) -> None:
    """Readers and writers go on in time, and /readyz says so."""
    began = time.monotonic()
    time.sleep(max(seconds, BACK_WITHIN_SECONDS))
    assert min(load.last_good[verb] for verb in ("GET", "POST")) > began, "it did not come back"
    assert_ready(load, {})


def assert_ready(load: Load, says: dict[str, str]) -> None:
    """Or not, where it says something."""
    answer = load.ready()
    assert answer == (503 if says else 200, says), answer


def judge(load: Load, stored: Counter[str], *, may: Collection[int] = (200, 302, 503)) -> str:
    """The figures; `AssertionError` where something was lost, doubled, slow or answered by a status that may not be."""
    lost = [title for title in load.acknowledged if title not in stored]
    doubled = [title for title, times in stored.items() if times > 1]
    lines = load.web.log.read_text().splitlines()
    longest = max(map(len, lines))
    slowest = _slowest_503(lines) if NO_ANSWER in may else load.slowest_503
    said = {f"{verb} {status or 'broken'}": times for (verb, status), times in sorted(load.answers.items())}
    figures = (
        f"{len(load.acknowledged)} acknowledged, {stored.total()} stored, {len(lost)} lost, {len(doubled)} doubled;"
        f" answers {said}; slowest 503 after {slowest:.2f} s; {load.texts_lost} texts lost;"
        f" longest line of the log {longest} characters"
    )
    assert load.acknowledged, figures
    assert not lost, figures
    assert not doubled, figures
    assert {status for _verb, status in load.answers} <= set(may), figures
    assert slowest < WITHIN_SECONDS, figures
    assert load.texts_lost == 0, figures
    return figures


def _slowest_503(lines: list[str]) -> float:
    """As the portal counts: while no process of it is up, nobody answers in time."""
    said = [json.loads(line) for line in lines if '"status": 503' in line]
    return max((line["milliseconds"] / 1000 for line in said), default=0.0)
