"""Every kind of mail, by the deed that sends it: once, to the right people, as plain text whose links work."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from knowledge.deeds.rewrite import take_back
from portal.districts.deeds import join as joining
from portal.districts.deeds.agree import refuse
from portal.districts.deeds.grant import grant
from portal.districts.deeds.invite import invite
from portal.districts.models import JoinRequest, Role, User, WaitingGrant
from portal.events.deeds import change, plan_series, reschedule
from portal.events.deeds.circulate import circulate
from portal.events.deeds.invite import invite as invite_to_meeting
from portal.events.models.meetings import Meeting
from portal.events.models.recurrence import Pattern, Recurrence
from portal.notices.deeds.weekly_summary import send_weekly
from portal.notices.models import Notice, SwitchedOff
from portal.registry import notice_kinds
from portal.saved.deeds import alert
from portal.saved.deeds.save import save_search
from purchasing.deeds.award import award_agreement
from purchasing.deeds.close import close_agreement
from purchasing.deeds.notify import reminded, three_days_left, unanswered
from purchasing.deeds.open import ask_districts, open_agreement
from purchasing.models import Agreement
from tests.conftest import sign_in
from tests.districts.makers import make_domain
from tests.events.makers import make_meeting
from tests.knowledge.makers import make_answer, make_practice, make_question
from tests.people import Cast
from tests.purchasing.makers import in_a_year, make_agreement, make_commitment, make_draft, make_show

TITLE = "Wi-Fi & \"more\", O'Hara's <new>"
NEWCOMER = "ann@kaneland.example"
FIXED = {"invitation", "join-approved", "agreement-result", "role-changed", "role-waiting", "role-decided"}
"""Never switched off: what lets somebody in, who may bind a district, and what says whether one is bound."""

NOW = timezone.now()

Deed = Callable[[], object]


def invitation(cast: Cast) -> Deed:
    def do() -> None:
        invite(NEWCOMER, "Ann", Role.MEMBER, cast.kaneland, by=cast.host, at=timezone.now())

    return do


def asked_to_join(cast: Cast) -> Deed:
    make_domain(cast.kaneland, "kaneland.example")
    return lambda: joining.ask(NEWCOMER, TITLE, cast.kaneland, TITLE, at=timezone.now())


def taken_in(cast: Cast) -> Deed:
    request = JoinRequest.objects.create(person=cast.stranger, district=cast.kaneland, created_at=timezone.now())
    return lambda: joining.decide(request, approve=True, by=cast.host, at=timezone.now())


def role_given(cast: Cast) -> Deed:
    cast.stranger.name = TITLE
    cast.stranger.save()
    return lambda: grant(cast.stranger, Role.BUYER, cast.kaneland, by=cast.officer, at=NOW)


def role_proposed(cast: Cast) -> Deed:
    return lambda: invite("ann@elsewhere.example", TITLE, Role.BUYER, cast.kaneland, by=cast.host, at=NOW)


def role_refused(cast: Cast) -> Deed:
    waiting = invite("ann@elsewhere.example", TITLE, Role.BUYER, cast.kaneland, by=cast.host, at=NOW)
    assert isinstance(waiting, WaitingGrant)
    return lambda: refuse(waiting, by=cast.buyer, at=NOW)


def series(cast: Cast) -> Deed:
    plan = plan_series.Plan(
        name=TITLE,
        office=cast.roe31,
        county=cast.kane,
        recurrence=Recurrence(Pattern.NTH_WEEKDAY, weekdays=(3,), nths=(2,)),
        first_date=timezone.localdate(),
        start_time=datetime(2026, 1, 1, 13, 30, tzinfo=UTC).time(),
    )
    return lambda: plan_series.make_series(plan, by=cast.host, at=timezone.now())


def _meeting(cast: Cast, days: int = 10) -> Meeting:
    return make_meeting(cast, days=days, title=TITLE)


def announced(cast: Cast) -> Deed:
    meeting = _meeting(cast)
    return lambda: invite_to_meeting(meeting, by=cast.host, at=timezone.now())


def moved(cast: Cast) -> Deed:
    meeting, now = _meeting(cast), timezone.now()
    return lambda: reschedule.move(
        meeting, meeting.starts_at + timedelta(days=1), by=cast.host, at=now, reason="Snow & <ice>"
    )


def elsewhere(cast: Cast) -> Deed:
    meeting, now = _meeting(cast), timezone.now()
    return lambda: change.change_details(meeting, {"room": "Gym & <library>"}, by=cast.host, at=now)


def canceled(cast: Cast) -> Deed:
    meeting, now = _meeting(cast), timezone.now()
    return lambda: reschedule.cancel(meeting, by=cast.host, at=now, reason="Snow & <ice>")


def reinstated(cast: Cast) -> Deed:
    meeting, now = _meeting(cast), timezone.now()
    reschedule.cancel(meeting, by=cast.host, at=now, reason="Snow", quiet=True)
    return lambda: reschedule.reinstate(meeting, by=cast.host, at=now, reason="Thaw & <sun>")


def minutes(cast: Cast) -> Deed:
    meeting = _meeting(cast, days=-2)
    return lambda: circulate(meeting, by=cast.host, at=timezone.now())


def question(cast: Cast) -> Deed:
    practice = make_practice(cast.geneva, by=cast.neighbor, title=TITLE)
    return lambda: make_question(practice=practice, title=TITLE, body=TITLE, district=cast.kaneland, by=cast.member)


def question_alone(cast: Cast) -> Deed:
    """The stranger is nobody's member, the outsider another county's."""
    return lambda: make_question(title=TITLE, body=TITLE, district=cast.kaneland, by=cast.member)


def hidden(cast: Cast) -> Deed:
    asked = make_question(title=TITLE, body=TITLE, district=cast.kaneland, by=cast.member)
    return lambda: take_back(asked, by=cast.officer, at=timezone.now(), reason="A student & <a parent> are named")


def answer(cast: Cast) -> Deed:
    practice = make_practice(cast.geneva, by=cast.neighbor)
    asked = make_question(practice=practice, title=TITLE, district=cast.kaneland, by=cast.member)
    return lambda: make_answer(asked, body=TITLE, district=cast.batavia, by=cast.officer)


def _draft(cast: Cast) -> Agreement:
    return make_draft(cast, title=TITLE, summary=TITLE, districts=[cast.kaneland, cast.batavia])


def interest(cast: Cast) -> Deed:
    agreement = _draft(cast)
    return lambda: ask_districts(agreement, by=cast.host, at=timezone.now())


def opened(cast: Cast) -> Deed:
    agreement, now = _draft(cast), timezone.now()
    return lambda: open_agreement(agreement, by=cast.host, at=now, closes_at=now + timedelta(days=20))


def changed(cast: Cast) -> Deed:
    agreement = make_agreement(cast, title=TITLE, districts=[cast.kaneland])
    return lambda: close_agreement(agreement, by=cast.host, at=timezone.now(), reason=TITLE)


def closing(cast: Cast) -> Deed:
    """Geneva has answered; the job that runs twice in the three days tells once."""
    agreement, now = make_agreement(cast, title=TITLE, closes_in_days=2, districts=[cast.kaneland, cast.geneva]), NOW
    make_commitment(agreement, cast.geneva, 500, buyer=cast.neighbor)
    return lambda: [three_days_left(now - timedelta(hours=1)), three_days_left(now)]


def reminder(cast: Cast) -> Deed:
    agreement, now = make_show(cast), timezone.now()
    return lambda: [reminded(agreement, unanswered(agreement), now) for _time in range(2)]


def result(cast: Cast) -> Deed:
    agreement, now = make_show(cast), timezone.now()
    close_agreement(agreement, by=cast.host, at=now, reason="All have answered")
    return lambda: award_agreement(
        agreement,
        by=cast.host,
        at=now,
        vendor=TITLE,
        price_source="Quote",
        price_expires=in_a_year(),
        rationale="Lowest",
    )


def found_again(cast: Cast) -> Deed:
    """The neighbor's search has another word, and the stranger has no membership."""
    for person, words in (
        (cast.member, "wifi"),
        (cast.outsider, "wifi"),
        (cast.neighbor, "zebra"),
        (cast.stranger, "wifi"),
    ):
        saved = save_search(person, f"q={words}", "O'Hara & <co>", at=timezone.now())
        type(saved).objects.filter(pk=saved.pk).update(often="now")

    def do() -> None:
        make_practice(cast.geneva, title=TITLE, audience="members")
        for _time in range(2):
            alert.run(timezone.now())

    return do


def summary(cast: Cast) -> Deed:
    monday = NOW.replace(hour=14) - timedelta(days=NOW.weekday() + 7)
    make_practice(cast.geneva, by=cast.neighbor, title=TITLE, at=monday - timedelta(days=2))
    return lambda: [send_weekly(monday), send_weekly(monday + timedelta(hours=5))]


@dataclass(frozen=True)
class Case:
    kind: str
    arrange: Callable[[Cast], Deed]
    told: set[str]
    """Names of the cast."""
    addresses: set[str] = field(default_factory=set)
    method: str = ""
    says: str = ""

    def __str__(self) -> str:
        return self.kind


KANE = {"member", "buyer", "neighbor"}
CASES = [
    Case("invitation", invitation, set(), {NEWCOMER}, says="within 14 days"),
    Case("join-request", asked_to_join, {"buyer", "host"}, says="approve or decline"),
    Case("join-approved", taken_in, {"stranger"}),
    Case("role-changed", role_given, {"member", "buyer", "stranger"}, says="commits the district to quantities"),
    Case("role-waiting", role_proposed, {"buyer", "officer"}, says="Agree or refuse here by"),
    Case("role-decided", role_refused, {"host", "officer"}, says="Nobody gets the role."),
    Case("series-made", series, KANE, method="REQUEST"),
    Case("meeting-announced", announced, KANE, method="REQUEST"),
    Case("meeting-moved", moved, KANE, method="REQUEST", says="Snow & <ice>"),
    Case("meeting-place", elsewhere, KANE, method="REQUEST", says="Gym & <library>"),
    Case("meeting-canceled", canceled, KANE, method="CANCEL", says="Snow & <ice>"),
    Case("meeting-reinstated", reinstated, KANE, method="REQUEST", says="Thaw & <sun>"),
    Case("minutes-circulated", minutes, KANE),
    Case("question-asked", question, {"neighbor"}),
    Case("question-alone", question_alone, {"buyer", "neighbor"}),
    Case("hidden", hidden, {"member"}, says="A student & <a parent> are named"),
    Case("question-answered", answer, {"member", "neighbor"}),
    Case("agreement-asked", interest, {"member", "buyer"}, says="binds nobody"),
    Case("agreement-opened", opened, {"member", "buyer"}),
    Case("agreement-changed", changed, {"member", "buyer"}),
    Case("agreement-closing", closing, {"member", "buyer"}),
    Case("agreement-reminder", reminder, {"member", "buyer"}),
    Case("agreement-result", result, KANE, {"buyer@batavia-usd-101-1705220.example"}),
    Case("saved-search", found_again, {"member", "outsider"}, says="We found 1 new thing: O'Hara & <co>"),
    Case("weekly-summary", summary, {"member", "buyer", "host", "officer"}, says="New from Geneva"),
]


@pytest.fixture
def sent(cast: Cast, django_capture_on_commit_callbacks: Any) -> Callable[[Case], dict[str, EmailMessage]]:
    """Does the case's deed and gives the mails of its kind by address, each of which came once."""
    cast.host.name = "O'Brien & Sons"
    cast.host.save()

    def send(case: Case) -> dict[str, EmailMessage]:
        deed = case.arrange(cast)
        with django_capture_on_commit_callbacks(execute=True):
            deed()
        notices = Notice.objects.filter(kind=case.kind).order_by("pk")
        subjects = {(notice.email, notice.subject) for notice in notices}
        mails = [m for m in mail.outbox if (m.to[0], m.subject) in subjects]
        assert len(mails) == len({m.to[0] for m in mails}) == len(notices), "each is told once"
        return {m.to[0]: m for m in mails}

    return send


def test_every_kind_has_its_deed_here() -> None:
    assert [case.kind for case in CASES] == list(dict.fromkeys(case.kind for case in CASES))
    assert {case.kind for case in CASES} == set(notice_kinds.keys())


@pytest.mark.parametrize("case", CASES, ids=str)
def test_it_goes_to_the_right_people_once_and_its_links_work(
    case: Case, cast: Cast, sent: Callable[[Case], dict[str, EmailMessage]]
) -> None:
    mails = sent(case)
    assert set(mails) == {getattr(cast, name).email for name in case.told} | case.addresses
    for address, message in mails.items():
        body = str(message.body)
        text = f"{message.subject}\n{body}"
        assert not re.search(r"&(?:#\d+|#x[0-9a-f]+|[a-z]+);", text, re.IGNORECASE), text
        assert "{{" not in text
        assert "{%" not in text
        assert not re.search(r"\bNone\b", re.sub(r"http://testserver/\S*", "", text)), text
        assert case.says in text
        assert message.message().get_content_type() in {"text/plain", "multipart/mixed"}
        reader = sign_in(Client(), User.objects.filter(email=address).first())
        paths = re.findall(r"http://testserver(/\S*)", body)
        assert len([path for path in paths if not path.startswith("/notices/")]) >= 1, body
        assert [path for path in paths if reader.get(path, follow=True).status_code != 200] == []
        assert re.findall(r"https?://(?!testserver)\S+", body) == []
        calendars = [str(part.get_content_type()) for part in message.message().walk()]  # type: ignore[union-attr]
        assert ("text/calendar" in calendars) is bool(case.method)
        assert f"METHOD:{case.method}" in str(message.attachments) or not case.method


@pytest.mark.parametrize("case", CASES, ids=str)
def test_it_can_be_switched_off_except_what_lets_in_and_results(
    case: Case, cast: Cast, sent: Callable[[Case], dict[str, EmailMessage]]
) -> None:
    assert notice_kinds[case.kind].can_be_switched_off is (case.kind not in FIXED)
    if not case.told:
        return
    quiet = getattr(cast, sorted(case.told)[0])
    SwitchedOff.objects.create(person=quiet, kind=case.kind)
    mails = sent(case)
    everybody = {getattr(cast, name).email for name in case.told} | case.addresses
    assert set(mails) == (everybody if case.kind in FIXED else everybody - {quiet.email})
    for message in mails.values():
        assert ("List-Unsubscribe" in message.extra_headers) is (case.kind not in FIXED)
    page = sign_in(Client(), quiet).post("/notices/switch/", {"kind": case.kind, "on": "0"})
    assert page.status_code == (404 if case.kind in FIXED else 302)


def test_the_result_says_each_district_its_own_price(
    cast: Cast, sent: Callable[[Case], dict[str, EmailMessage]]
) -> None:
    mails = sent(next(case for case in CASES if case.kind == "agreement-result"))
    assert "500 x $318.00 = $159,000.00" in mails[cast.neighbor.email].body
    assert "413 x $318.00" in mails["buyer@batavia-usd-101-1705220.example"].body
    assert "$" not in mails[cast.member.email].body


def test_an_asker_who_no_longer_sees_the_practice_is_not_told_of_an_answer(cast: Cast) -> None:
    practice = make_practice(cast.geneva, by=cast.neighbor)
    asked = make_question(practice=practice, district=cast.sycamore, by=cast.outsider)
    type(practice).objects.filter(pk=practice.pk).update(audience="county")
    make_answer(asked, district=cast.geneva, by=cast.neighbor)
    assert not Notice.objects.filter(kind="question-answered").exists()
