"""The Chromebook rows of the walk-through, by HTTP."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from purchasing.deeds.answer import show_interest
from purchasing.deeds.end import cancel_agreement
from purchasing.deeds.open import ask_districts
from purchasing.models import Agreement, Commitment, ParticipationState
from tests.conftest import sign_in
from tests.html import packed
from tests.people import Cast
from tests.purchasing.makers import make_buyer, make_draft, make_show


@pytest.fixture
def show(cast: Cast) -> Agreement:
    return make_show(cast)


def text_of(response: object) -> str:
    return " ".join(response.content.decode().split())  # type: ignore[attr-defined]


def test_commitment_goes_through_check_your_answers(client: Client, cast: Cast, show: Agreement) -> None:
    sign_in(client, cast.buyer)
    url = f"{show.get_absolute_url()}commit/"
    assert "Commit for Kaneland" in text_of(client.get(url, {"quantity": "240"}))
    answers = {"quantity": "240", "authority": "board", "board_date": str(timezone.localdate())}
    check = text_of(client.get(url, answers | {"check": "1"}))
    assert "Commit 240 devices" in check
    assert "$73,440.00" in check
    assert not Commitment.objects.filter(participation__district=cast.kaneland).exists()
    done = text_of(client.post(url, answers | {"form_key": str(uuid.uuid4())}, follow=True))
    assert "1,153 devices; $318.00 becomes $306.00 for everyone" in done
    assert show.participations.get(district=cast.kaneland).state == ParticipationState.JOINED


def test_commitment_without_a_board_date_is_told_what_is_missing(client: Client, cast: Cast, show: Agreement) -> None:
    sign_in(client, cast.buyer)
    response = client.get(f"{show.get_absolute_url()}commit/", {"quantity": "240", "authority": "board", "check": "1"})
    assert response.status_code == 422
    assert "Give the date of the board meeting" in text_of(response)


def test_host_enters_closes_early_and_awards(client: Client, cast: Cast, show: Agreement) -> None:
    sign_in(client, cast.host)
    grid = f"{show.get_absolute_url()}grid/"
    assert "2 of 3 answered" in text_of(client.get(grid))
    said = {
        "quantity": "60",
        "reported_by": "technology secretary",
        "how": "phone",
        "reported_at": f"{timezone.localdate() - timedelta(days=1)}T12:00",
    }
    page = text_of(client.post(f"{show.get_absolute_url()}enter/{cast.kaneland.pk}/", said, follow=True))
    assert "Entered by the regional office: technology secretary, by phone" in page
    assert "3 of 3 answered" in page
    client.post(f"{show.get_absolute_url()}close/", {"reason": "All have answered"})
    award = {
        "vendor": "Prairie Devices",
        "price_source": "Quote 17",
        "price_expires": str(timezone.localdate() + timedelta(days=60)),
        "rationale": "Lowest of four",
    }
    done = text_of(client.post(f"{show.get_absolute_url()}award/", award, follow=True))
    for words in ("Awarded", "Closed, quantities fixed", "All have answered", "Prairie Devices", "Lowest of four"):
        assert words in done


def test_renewal_options_are_told(client: Client, cast: Cast, show: Agreement) -> None:
    sign_in(client, cast.member)
    assert "Renewal options" not in text_of(client.get(show.get_absolute_url()))
    Agreement.objects.filter(pk=show.pk).update(options=2)
    assert "<dt>Renewal options</dt><dd>2</dd>" in text_of(client.get(show.get_absolute_url()))


def test_planning_moves_no_price(client: Client, cast: Cast, show: Agreement) -> None:
    sign_in(client, cast.member)
    page = text_of(client.post(f"{show.get_absolute_url()}plan/", {"quantity": "1,240"}, follow=True))
    assert "Saved as planned for Kaneland" in page
    assert "37 more take $12.00 off each" in page
    assert "1,240 devices planned" in page


def test_withdrawing_and_declining_are_answers(client: Client, cast: Cast, show: Agreement) -> None:
    sign_in(client, cast.neighbor)
    assert "Geneva has withdrawn" in text_of(client.post(f"{show.get_absolute_url()}withdraw/", {}, follow=True))
    client.logout()
    sign_in(client, cast.member)
    client.post(f"{show.get_absolute_url()}decline/", {"reason": "Our own bid"})
    assert show.participations.get(district=cast.kaneland).reason == "Our own bid"


def test_a_late_commitment_is_refused_and_the_quantities_are_fixed(client: Client, cast: Cast, show: Agreement) -> None:
    Agreement.objects.filter(pk=show.pk).update(closes_at=timezone.now() - timedelta(seconds=1))
    sign_in(client, cast.buyer)
    answers = {"quantity": "240", "authority": "board", "board_date": str(timezone.localdate() - timedelta(days=2))}
    page = text_of(client.post(f"{show.get_absolute_url()}commit/", answers, follow=True))
    assert "quantities cannot be changed now" in page
    show.refresh_from_db()
    assert show.state == "frozen"
    assert show.snapshots.count() == 1


def test_host_drafts_with_typed_and_pasted_items(client: Client, cast: Cast) -> None:
    sign_in(client, cast.host)
    assert client.get("/agreements/new/").status_code == 200
    sent = {
        "title": "Toner",
        "lead_office": cast.roe31.pk,
        "kind": "quotes",
        "category": "Supplies",
        "fiscal_year": "2026",
        "zone": "America/Chicago",
        "districts": [cast.kaneland.pk, cast.geneva.pk],
        "body": "Terms.",
        "pasted": "item,unit,from,price\nToner 89X,cartridge,1,$190.00\nToner 89X,cartridge,50,170.5\n",
        "items-TOTAL_FORMS": "1",
        "items-INITIAL_FORMS": "0",
        "items-0-name": "Drum",
        "items-0-unit": "drum",
        "items-0-steps": "1: 80\n20: 75.25",
    }
    response = client.post("/agreements/new/", sent)
    assert response.status_code == 302, response.content.decode()
    agreement = Agreement.objects.get()
    assert [line.name for line in agreement.lines.all()] == ["Drum", "Toner 89X"]
    assert agreement.number == "31-2026-01"
    wrong = client.post("/agreements/new/", sent | {"pasted": "item,unit,from,price\nX,each,one,2\nY,each,1,2.34567"})
    assert wrong.status_code == 422
    assert "Line 2: “one” is not a whole number." in text_of(wrong)
    assert "Line 3: “2.34567” is not a price." in text_of(wrong)
    assert Agreement.objects.count() == 1
    edit = client.get(f"{agreement.get_absolute_url()}edit/")
    assert "20: 75.25" in edit.content.decode()
    opened = client.post(
        f"{agreement.get_absolute_url()}open/",
        {"closes_at": f"{timezone.localdate() + timedelta(days=20)}T12:00"},
    )
    assert opened.status_code == 302
    agreement.refresh_from_db()
    assert agreement.state == "committing"


def test_changing_an_answer_keeps_who_approves(client: Client, cast: Cast, show: Agreement) -> None:
    sign_in(client, cast.buyer)
    typed = {"quantity": "240", "authority": "delegated", "evidence": "Policy 4:60", "check": "1"}
    url = f"{show.get_absolute_url()}commit/"
    change = client.get(url, typed).context["change_query"]
    form = client.get(f"{url}{change}").context["form"]
    assert {name: form[name].value() for name in ("authority", "evidence")} == {
        "authority": "delegated",
        "evidence": "Policy 4:60",
    }


def test_interest_answers_the_survey_and_a_no_can_become_interest(client: Client, cast: Cast) -> None:
    agreement = make_draft(cast)
    ask_districts(agreement, by=cast.host, at=timezone.now())
    address = agreement.get_absolute_url()
    sign_in(client, cast.member)
    client.post(f"{address}decline/", {"reason": "Not now"})
    assert "We are interested" in client.get(address).content.decode()
    client.post(f"{address}interest/")
    page = packed(client.get(address))
    assert "1 of 3 answered. Not yet: Batavia, Geneva" in page
    for district in (cast.geneva, cast.batavia):
        show_interest(agreement, district, by=make_buyer(district), at=timezone.now())
    sign_in(client, cast.host)
    assert b"Remind" not in client.get(f"{address}grid/").content
    reminded = client.post(f"{address}remind/", follow=True)
    assert "Nobody is left to remind" in reminded.content.decode()
    cancel_agreement(agreement, by=cast.host, at=timezone.now(), reason="No vendor")
    assert "takes no answers now" in client.post(f"{address}remind/", follow=True).content.decode()
