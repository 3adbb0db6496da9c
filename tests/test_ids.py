"""An id as somebody's browser sends it: a number that a database can hold, or nothing."""

from __future__ import annotations

import pytest
from django.test import Client

from portal.districts.models import Invitation
from portal.ids import row_id
from portal.notices.models import Notice
from tests.conftest import sign_in
from tests.people import Cast
from tests.purchasing.makers import make_show

HUGE = "9" * 5000
"""More digits than Python reads."""


@pytest.mark.parametrize("text", ["", " ", "-1", "+1", "1.0", "1 ", "1_0", "²", "٣", "x", "0x1", "9" * 19, HUGE])
def test_what_cannot_be_an_id_is_none(text: str) -> None:
    assert row_id(text) is None


def test_ids_up_to_the_databases_biggest(cast: Cast) -> None:
    assert row_id("007") == 7
    assert row_id("9" * 18) == 10**18 - 1


def test_an_agreement_opens_whatever_district_its_address_names(client: Client, cast: Cast) -> None:
    show = make_show(cast)
    sign_in(client, cast.buyer)
    for url in (show.get_absolute_url(), f"{show.get_absolute_url()}commit/"):
        response = client.get(url, {"district": HUGE})
        assert response.status_code == 200
        assert "Kaneland" in response.content.decode()


def test_a_commitment_with_huge_versions_is_answered(client: Client, cast: Cast) -> None:
    show = make_show(cast)
    answers = {"quantity": "240", "authority": "delegated", "evidence": "Policy 4:60", "seen": f"1:{'9' * 990}"}
    assert sign_in(client, cast.buyer).post(f"{show.get_absolute_url()}commit/", answers).status_code == 302


@pytest.mark.parametrize("named", [HUGE, "x", "0"])
def test_a_reminder_that_names_nobody_reminds_nobody(client: Client, cast: Cast, named: str) -> None:
    show = make_show(cast)
    response = sign_in(client, cast.host).post(f"{show.get_absolute_url()}remind/", {"participation": named})
    assert response.status_code == 302
    assert not Notice.objects.filter(kind="agreement-reminder").exists()


def test_a_pasted_line_with_a_huge_district_stays_unplaced(client: Client, cast: Cast) -> None:
    again = {"address": ["cy@gmail.com"], "name": [""], "place-0": HUGE}
    assert sign_in(client, cast.host).post("/people/invite-county/", again).status_code == 302
    assert not Invitation.objects.exists()
