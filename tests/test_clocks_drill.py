"""Two clocks at once, as where an operator starts one too many: what is due is done once, by either of them.

`script/drill clocks` runs two programs, and the workers after them; the suite runs two threads.
"""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.models import ModelLogEntry, PageLogEntry, Revision

from portal.districts.deeds.propose import WAIT_DAYS, propose
from portal.districts.models import Chapter, Role, User
from portal.districts.models.grants import WaitingGrant, Why
from portal.due_jobs import run_all
from portal.notices.models import Notice
from portal.saved.models import Often, SavedSearch
from purchasing.deeds.open import open_agreement
from purchasing.models import Agreement, QuantitySnapshot
from purchasing.models.records import StatusChange
from tests.knowledge.makers import make_practice
from tests.other_clock import NAME, off_by
from tests.pages.makers import make_page
from tests.people import Cast
from tests.programs import running, until
from tests.purchasing.makers import make_draft
from tests.purchasing.test_races import at_once
from tests.smtp import mail_server

SECONDS = float(os.environ.get("DRILL_CLOCKS_SECONDS", "0"))
"""How long both clocks go on once nothing is due."""
AGREEMENTS = 20 if SECONDS else 4
APART_SECONDS = 2 * SECONDS / AGREEMENTS
"""Between two that fall due: some before both clocks turn, the others while they do."""
LATE_SECONDS = 600
MOMENT = timedelta(microseconds=1)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]


@pytest.fixture(autouse=True)
def _as_in_production(settings: Any) -> None:
    settings.MAIL_AT_ONCE = False
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def monday_morning() -> datetime:
    """This week's, at eight: the summary is due."""
    local = timezone.now().astimezone(Chapter.current().tz)
    return (local - timedelta(days=local.weekday())).replace(hour=8, minute=0)


def make_open(cast: Cast, title: str, *, now: datetime, closes_at: datetime, **terms: Any) -> Agreement:
    agreement = make_draft(cast, title=title, at=now - timedelta(days=40), **terms)
    open_agreement(agreement, by=cast.host, at=now - timedelta(days=30), closes_at=closes_at)
    return agreement


def make_scheduled(title: str, at: datetime) -> int:
    page = make_page(title, live=False)
    page.go_live_at = timezone.now() + timedelta(days=8)
    revision = page.save_revision()
    revision.publish()
    page.revisions.update(approved_go_live_at=at, content=revision.content | {"go_live_at": at.isoformat()})
    return int(page.pk)


class Due:
    """Some of everything that falls due, and how often each was done."""

    def __init__(self, cast: Cast, now: datetime) -> None:
        times = [now + timedelta(seconds=number * APART_SECONDS) for number in range(AGREEMENTS)]
        nobody = [cast.batavia]  # to be reminded of those that close in a moment
        self.past = [make_open(cast, f"Lot {at:%S.%f}", now=now, closes_at=at, districts=nobody).pk for at in times]
        for number in range(AGREEMENTS):
            make_open(cast, f"Carts {number}", now=now, closes_at=now + timedelta(days=2))
        self.pages = [make_scheduled(f"Evening {at:%S%f}", at - MOMENT) for at in times]
        wait = timedelta(days=WAIT_DAYS)
        self.roles = [propose_officer(number, at=at - wait, by=cast.officer) for number, at in enumerate(times)]
        self.readers = [cast.member, cast.buyer, cast.neighbor, cast.host, cast.officer]
        for reader in self.readers:
            for words in ("wifi", "room"):
                keep = {"name": words, "address": f"q={words}", "often": Often.NOW, "created_at": now - wait}
                SavedSearch.objects.create(person=reader, **keep)
        make_practice(cast.sycamore, title="Wi-Fi in every room", audience="members", at=now - timedelta(days=2))
        self.asked = [cast.member, cast.buyer, cast.neighbor]
        self.mails = AGREEMENTS * (len(self.asked) + 1) + 3 * len(self.readers)

    def is_done(self) -> bool:
        return (
            QuantitySnapshot.objects.count() == AGREEMENTS
            and not Revision.objects.exclude(approved_go_live_at=None).exists()
            and not WaitingGrant.objects.waiting().exists()
            and self.notices().count() == self.mails
        )

    def notices(self) -> QuerySet[Notice]:
        """What the clocks wrote."""
        return Notice.objects.exclude(kind="agreement-opened")

    def judge(self) -> dict[str, int]:
        """How many of each were done; `AssertionError` where one was not done, or twice."""
        closed = StatusChange.objects.filter(verb="close_on_time").values_list("agreement", flat=True)
        written = Counter(self.notices().values_list("kind", "email"))
        once: dict[str, tuple[Iterable[object], list[Any]]] = {
            "agreements closed": (closed, self.past),
            "quantities fixed": (QuantitySnapshot.objects.values_list("agreement", flat=True), self.past),
            "closings in the log": (logged("purchasing.close_on_time"), self.past),
            "pages published": (published(), self.pages),
            "roles lapsed": (logged("districts.let_role_lapse"), self.roles),
            "reminders": (of("agreement-closing", written), AGREEMENTS * emails(self.asked)),
            "summaries": (of("weekly-summary", written), emails(self.readers)),
            "saved searches told": (of("saved-search", written), 2 * emails(self.readers)),
            "told of a role": (of("role-decided", written), AGREEMENTS * emails(self.readers[-1:])),
        }
        for what, (done, due) in once.items():
            assert Counter(done) == Counter(due), what
        return {what: len(due) for what, (_done, due) in once.items()}


def propose_officer(number: int, *, at: datetime, by: User) -> int:
    new = User(email=f"officer{number}@chapter.example", name="Ann Lee")
    return propose(new, Role.OFFICER, None, Why.OFFICER, by=by, at=at).pk


def logged(action: str) -> list[int]:
    return [int(pk) for pk in ModelLogEntry.objects.filter(action=action).values_list("object_id", flat=True)]


def published() -> list[int]:
    return list(PageLogEntry.objects.filter(action="wagtail.publish.scheduled").values_list("page", flat=True))


def emails(people: Iterable[User]) -> list[str]:
    return [person.email for person in people]


def of(kind: str, written: Counter[tuple[str, str]]) -> list[str]:
    return [email for (of_kind, email), times in written.items() if of_kind == kind for _time in range(times)]


def in_threads(now: datetime) -> list[Counter[str]]:
    runs = at_once([partial(run_all, now)] * 2)
    assert all(isinstance(run, dict) for run in runs), runs
    failed = {key: said for run in runs for key, said in run.items() if isinstance(said, str)}
    assert not failed
    return [Counter(run) for run in runs]


def as_programs(due: Due, homes: list[Path], off: float) -> list[Counter[str]]:
    with ExitStack() as programs:
        clocks = [programs.enter_context(other(home, off, "run_due_jobs", "--every", "1")) for home in homes]
        until(due.is_done, seconds=120)
        time.sleep(SECONDS)
        for clock in clocks:
            clock.terminate()
        assert [clock.wait(60) for clock in clocks] == [0, 0]
    logs = [(home / "log").read_text() for home in homes]
    assert not [line for log in logs for line in log.splitlines() if "failed" in line or "loop_waits" in line]
    said = [re.findall(r"^([a-z-]+): (\d+)$", log, re.MULTILINE) for log in logs]
    return [sum((Counter({key: int(times)}) for key, times in lines), Counter()) for lines in said]


@contextmanager
def other(home: Path, off: float, *command: str, **given: str) -> Iterator[Any]:
    given |= {NAME: str(off)}
    with running(home, *command, program=("-m", "tests.other_clock"), **given) as program:
        yield program


def finish(home: Path, off: float) -> int:
    """The workers do what is left; how many mails came."""
    with ExitStack() as programs:
        sink = programs.enter_context(mail_server())
        workers = [
            programs.enter_context(other(home, off, "mail_worker", EMAIL_URL=sink.url)),
            programs.enter_context(other(home, off, "task_worker")),
        ]
        until(lambda: not Notice.objects.filter(sent_at=None).exists(), seconds=300)
        until(lambda: not DBTaskResult.objects.filter(finished_at=None).exists())
        for worker in workers:
            worker.terminate()
        assert [worker.wait(60) for worker in workers] == [0, 0]
        return len(sink.mails)


def test_what_is_due_is_done_once_by_two_clocks(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    now = monday_morning()
    off = (now - timezone.now()).total_seconds()
    due = Due(cast, now)
    if SECONDS:
        homes = [tmp_path / "one", tmp_path / "two"]
        for home in homes:
            home.mkdir()
        clocks = as_programs(due, homes, off)
    else:
        clocks = in_threads(now)
    figures = due.judge()
    shares = [sum(counts.values()) for counts in clocks]
    assert sum(counts["close-agreements"] for counts in clocks) == AGREEMENTS
    if SECONDS:
        mails = finish(tmp_path, off)
        assert mails == Notice.objects.count()
        monkeypatch.setattr(timezone, "now", partial(off_by, off))
        answer = Client().get("/readyz")
        assert answer.status_code == 200, answer.json()
        lag = answer.json()["lag"]
        assert all(seconds is not None and seconds < LATE_SECONDS for seconds in lag.values()), lag
        figures |= {"mails sent": mails}
        figures |= {f"lag of {name}": seconds for name, seconds in lag.items()}
    said = ", ".join(f"{times} {what}" for what, times in figures.items())
    by = " and ".join(str(counts["close-agreements"]) for counts in clocks)
    record_property(f"two clocks, {connection.vendor}", f"{said}; closed by each {by}; done by each {shares}")
