"""Oversized requests in a loop while members write, in processes as in production: `script/drill storm`.

Six senders repeat the three requests that used to stop everybody: 1.6 MB of "&" to a join form (and as much of it as is
still read), a formset of 100,000 items, and a practice that is one table of 4,000 columns, sent and looked at. What the
members were told is done is compared with what is stored.
"""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse

from portal.bodies import BODY_BYTES
from portal.events.models.agendas import AgendaItem
from portal.form_keys import new_key
from tests.baked import session_of
from tests.districts.makers import make_domain
from tests.events.makers import make_meeting
from tests.people import Cast

SECONDS = float(os.environ.get("DRILL_STORM_SECONDS", "0"))
P95_SECONDS = 1.0
CSRF = "a" * 32
TABLE = "|" + "a|" * 4000 + "\n|" + "-|" * 4000 + "\n" + "|a\n" * 1300
"""Short rows: Markdown fills each up to the columns of the first."""
pytestmark = [
    pytest.mark.skipif(not SECONDS, reason="script/drill storm"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(600),
]


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """The portal on the test's database, by gunicorn on a free port of the loopback address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    given = connection.settings_dict
    url = f"sqlite:///{given['NAME']}"
    if connection.vendor == "postgresql":
        url = f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT'] or 5432}/{given['NAME']}"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings.dev",
        "DEBUG": "false",
        "DATABASE_URL": url,
        "ELASTICSEARCH_URL": "",
    }
    command = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--config", "portal/gunicorn.py"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(  # noqa: S603
            [*command, "--bind", f"127.0.0.1:{port}"],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            _wait_for(port)
            yield port
        finally:
            server.terminate()
            server.wait(timeout=60)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if Storm(port).ask("", "GET", "/healthz")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The portal did not start.")


class Storm:
    """What is sent and what comes back."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.over = threading.Event()
        self.lock = threading.Lock()
        self.waits: list[float] = []
        self.acknowledged: list[str] = []
        self.errors: list[str] = []
        self.answers: Counter[tuple[str, int]] = Counter()

    def ask(self, session: str, verb: str, path: str, body: str = "") -> tuple[int, str]:
        """The status, and where it leads."""
        browser = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            browser.request(
                verb,
                path,
                body or None,
                {
                    "Cookie": f"csrftoken={CSRF}" + (f"; sessionid={session}" if session else ""),
                    "Content-Type": "application/x-www-form-urlencoded",
                },
            )
            answer = browser.getresponse()
            answer.read()
            return answer.status, answer.getheader("Location", "") or ""
        finally:
            browser.close()

    def write(self, session: str, person: int, path: str) -> None:
        """A member proposes one thing after another."""
        number = 0
        while not self.over.is_set():
            number += 1
            title = f"Storm {person} {number}"
            began = time.monotonic()
            status = self._noted("member", session, path, form({"title": title, "body": "", "minutes": "10"}, person))
            self.waits.append(time.monotonic() - began)
            if status == 302:
                self.acknowledged.append(title)
            else:
                self.errors.append(f"{title}: {status}")
            self.over.wait(0.1)

    def send(self, name: str, session: str, path: str, bodies: list[Callable[[], str]]) -> None:
        while not self.over.is_set():
            for body in bodies:
                if self._noted(name, session, path, body()) >= 500:
                    self.errors.append(name)

    def _noted(self, name: str, session: str, path: str, body: str) -> int:
        try:
            status, leads_to = self.ask(session, "POST", path, body)
            if status == 302 and name == "table":
                self.ask(session, "GET", leads_to)
        except OSError as error:  # the server may end a request that it does not read
            status = 413 if name == "ampersands" else 599
            if status == 599:
                self.errors.append(repr(error))
        with self.lock:
            self.answers[name, status] += 1
        return status


def form(fields: dict[str, str], person: int | None) -> str:
    return urlencode(fields | {"csrfmiddlewaretoken": CSRF, "form_key": str(new_key(person))})


def ampersands(size: int) -> str:
    """A form of so many bytes on the way."""
    start = form({"name": "Ann", "email": "ann@kaneland.example"}, None) + "&message="
    return start + "%26" * ((size - len(start)) // 3)


def test_members_write_on_while_six_send_too_much(
    cast: Cast, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    make_domain(cast.kaneland, "kaneland.example")
    propose = reverse("events:agenda-propose", args=[make_meeting(cast, days=20).pk])
    join = reverse("districts:join", args=[cast.kaneland.slug])
    formset = {"items-TOTAL_FORMS": "100000", "items-INITIAL_FORMS": "0", "title": "Chromebooks"}
    practice = {"kind": "how", "title": "A wide table", "what_we_do": TABLE, "audience": "members"}
    members = [cast.member, cast.buyer, cast.host, cast.officer]
    writers = [(session_of(person), person.pk, propose) for person in members]
    host, poster = session_of(cast.host), session_of(cast.member)
    with served(tmp_path) as port:
        storm = Storm(port)
        senders = [
            ("ampersands", "", join, [partial(ampersands, 1_600_000), partial(ampersands, BODY_BYTES)]),
            ("formset", host, reverse("purchasing:agreement-new"), [partial(form, formset, cast.host.pk)]),
            ("table", poster, reverse("knowledge:practice-new"), [partial(form, practice, cast.member.pk)]),
        ]
        threads = [threading.Thread(target=storm.send, args=sender) for sender in senders for _twice in range(2)]
        threads += [threading.Thread(target=storm.write, args=writer) for writer in writers]
        for thread in threads:
            thread.start()
        time.sleep(SECONDS)
        storm.over.set()
        for thread in threads:
            thread.join()
    stored = set(AgendaItem.objects.filter(title__startswith="Storm").values_list("title", flat=True))
    lost = set(storm.acknowledged) - stored
    waits = sorted(storm.waits)
    p95 = waits[len(waits) * 95 // 100]
    record_property(
        f"storm drill on {connection.vendor}",
        f"{len(storm.acknowledged)} writes acknowledged, {len(lost)} lost, {len(storm.errors)} errors,"
        f" p95 {p95:.2f} s, worst {waits[-1]:.2f} s; {dict(storm.answers)}",
    )
    assert not storm.errors
    assert not lost
    assert {status for name, status in storm.answers if name == "formset"} == {400}
    assert {status for name, status in storm.answers if name == "ampersands"} <= {413, 429}
    assert p95 <= P95_SECONDS
