"""One person in two districts: each answers for itself, and a page never changes from one to the other unasked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from portal.districts.models import Membership, Role, User
from purchasing.deeds.close import close_agreement
from purchasing.deeds.open import ask_districts
from purchasing.models import Agreement, Commitment, ParticipationState
from tests.conftest import sign_in
from tests.people import Cast, join
from tests.purchasing.makers import line_of, make_agreement, make_commitment, make_draft


@pytest.fixture
def both(cast: Cast) -> User:
    """Kaneland's buyer also buys for Batavia."""
    join(cast.buyer, Role.MEMBER, district=cast.batavia)
    join(cast.buyer, Role.BUYER, district=cast.batavia)
    return cast.buyer


def answers(agreement: Agreement) -> dict[str, str]:
    return dict(agreement.participations.values_list("district__short_name", "state"))


def for_batavia(agreement: Agreement, cast: Cast) -> str:
    return f"{agreement.get_absolute_url()}?district={cast.batavia.pk}"


def test_each_of_my_districts_is_one_press_away(client: Client, cast: Cast, both: User) -> None:
    agreement = make_agreement(cast)
    page = sign_in(client, both).get(agreement.get_absolute_url()).content.decode()
    assert f'href="{for_batavia(agreement, cast)}#ours"' in page
    assert "Batavia's quantity" in client.get(for_batavia(agreement, cast)).content.decode()
    alone = sign_in(Client(), cast.neighbor).get(agreement.get_absolute_url()).content.decode()
    assert "You also act for" not in alone


@pytest.mark.parametrize("deed", ["plan", "commit", "decline"])
def test_every_deed_leads_back_to_the_same_district(client: Client, cast: Cast, both: User, deed: str) -> None:
    agreement = make_agreement(cast)
    sent = {"quantity": "7", "authority": "board", "board_date": str(timezone.localdate()), "district": cast.batavia.pk}
    done = sign_in(client, both).post(f"{agreement.get_absolute_url()}{deed}/", sent)
    assert done.headers["Location"] == for_batavia(agreement, cast)
    assert answers(agreement)["Batavia"] != ParticipationState.INVITED
    assert answers(agreement)["Kaneland"] == ParticipationState.INVITED


def test_interest_leads_back_to_the_same_district(client: Client, cast: Cast, both: User) -> None:
    agreement = make_draft(cast)
    ask_districts(agreement, by=cast.host, at=timezone.now())
    done = sign_in(client, both).post(f"{agreement.get_absolute_url()}interest/", {"district": cast.batavia.pk})
    assert done.headers["Location"] == for_batavia(agreement, cast)
    assert answers(agreement)["Batavia"] == ParticipationState.INTERESTED


@pytest.mark.parametrize(("deed", "sent"), [("plan", {"quantity": "many"}), ("decline", {"reason": "x" * 301})])
def test_a_refused_form_stays_with_its_district(
    client: Client, cast: Cast, both: User, deed: str, sent: dict[str, str]
) -> None:
    agreement = make_agreement(cast)
    url = f"{agreement.get_absolute_url()}{deed}/"
    refused = sign_in(client, both).post(url, sent | {"district": str(cast.batavia.pk)})
    assert refused.status_code == 422
    assert refused.context["desk"].row.district_id == cast.batavia.pk
    assert "panels" in refused.context
    assert f'name="district" value="{cast.batavia.pk}"' in refused.content.decode()


def test_a_late_deed_leads_back_to_the_same_district(client: Client, cast: Cast, both: User) -> None:
    agreement = make_agreement(cast)
    close_agreement(agreement, by=cast.host, at=timezone.now(), reason="All in")
    sent = {"quantity": "7", "district": cast.batavia.pk}
    done = sign_in(client, both).post(f"{agreement.get_absolute_url()}plan/", sent)
    assert done.headers["Location"] == for_batavia(agreement, cast)
    assert line_of(agreement).commitments.count() == 0


@pytest.mark.parametrize("deed", ["plan", "commit", "withdraw", "decline", "interest"])
@pytest.mark.parametrize("named", ["left", "another's", "nonsense"])
def test_a_form_of_a_district_that_is_not_mine_changes_nothing_for_mine(
    client: Client, cast: Cast, both: User, deed: str, named: str
) -> None:
    agreement = make_agreement(cast)
    make_commitment(agreement, cast.kaneland, 5, buyer=both)
    yesterday = timezone.localdate() - timedelta(days=1)
    Membership.objects.filter(person=both, district=cast.batavia).update(until=yesterday)
    district = {"left": cast.batavia.pk, "another's": cast.geneva.pk, "nonsense": "x"}[named]
    sent = {"quantity": "7", "authority": "board", "board_date": str(timezone.localdate()), "district": district}
    refused = sign_in(client, both).post(f"{agreement.get_absolute_url()}{deed}/", sent)
    assert refused.status_code == 403
    assert "You do not act for that district here. Nothing was changed." in refused.content.decode()
    assert answers(agreement) == {
        "Kaneland": ParticipationState.JOINED,
        "Geneva": ParticipationState.INVITED,
        "Batavia": ParticipationState.INVITED,
    }
    assert Commitment.objects.get().committed == 5
