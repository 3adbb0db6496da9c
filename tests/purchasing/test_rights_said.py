"""What a page or a mail says one may do until when is what the deeds judge by."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from portal.notices.models import Notice
from portal.refusals import Refused
from portal.templatetags.wording import when
from purchasing.deeds.award import award_agreement
from purchasing.deeds.close import close_agreement
from purchasing.deeds.commit import withdraw
from purchasing.deeds.open import ask_districts, extend_agreement
from purchasing.deeds.remind import remind
from purchasing.models import Agreement, State
from purchasing.screens.listing import listed
from purchasing.screens.sentences import join_sentence, right_sentence
from tests.conftest import sign_in
from tests.html import packed
from tests.people import Cast
from tests.purchasing.makers import in_a_year, make_agreement, make_commitment, make_draft, make_show
from tests.purchasing.test_lifecycle import put

MAY = "your buyer may change or withdraw it here"


def close(agreement: Agreement, cast: Cast) -> None:
    close_agreement(agreement, by=cast.host, at=timezone.now(), reason="All in")


def award(agreement: Agreement, cast: Cast) -> None:
    close(agreement, cast)
    award_agreement(
        agreement,
        by=cast.host,
        at=timezone.now(),
        vendor="Prairie",
        price_source="Quote",
        price_expires=in_a_year(),
        rationale="Lowest",
    )


def overtaken_by_the_clock(agreement: Agreement, cast: Cast) -> None:
    Agreement.objects.filter(pk=agreement.pk).update(closes_at=timezone.now())


@pytest.mark.parametrize("deed", [close, award, overtaken_by_the_clock])
def test_once_closed_nobody_reads_that_a_quantity_may_be_changed(
    client: Client, cast: Cast, deed: Callable[[Agreement, Cast], None]
) -> None:
    agreement = make_show(cast)
    sign_in(client, cast.neighbor)
    assert MAY in packed(client.get(agreement.get_absolute_url()))
    deed(agreement, cast)
    page = packed(client.get(agreement.get_absolute_url()))
    assert MAY not in page
    assert "What your district committed stands: nobody can change or withdraw it here." in page
    assert "withdraw/" not in page
    assert "There is nothing to withdraw" in packed(client.get(f"{agreement.get_absolute_url()}withdraw/", follow=True))


@pytest.mark.parametrize("state", State.values)
def test_the_sentence_says_may_exactly_where_the_deed_does_it(cast: Cast, state: str) -> None:
    agreement = make_show(cast)
    put(agreement, state)
    assert agreement.closes_at is not None
    for now in (agreement.closes_at - timedelta(microseconds=1), agreement.closes_at):
        said = MAY in right_sentence(Agreement.objects.get(pk=agreement.pk), now)
        try:
            withdraw(Agreement.objects.get(pk=agreement.pk), cast.geneva, by=cast.neighbor, at=now)
            done = True
        except (Refused, PermissionDenied):
            done = False
        assert said is done, (state, now)


def test_an_extension_moves_what_is_said(cast: Cast) -> None:
    agreement = make_agreement(cast)
    later = timezone.now() + timedelta(days=60)
    extend_agreement(agreement, by=cast.host, at=timezone.now(), closes_at=later, reason="Boards meet late")
    for said in (right_sentence(agreement, timezone.now()), join_sentence(agreement, timezone.now())):
        assert when(later, agreement.zone) in said


def test_a_survey_promises_no_closing(client: Client, cast: Cast) -> None:
    agreement = make_draft(cast)
    ask_districts(agreement, by=cast.host, at=timezone.now())
    sign_in(client, cast.member)
    assert "Nothing is binding yet." in packed(client.get(agreement.get_absolute_url()))
    declined = packed(client.post(f"{agreement.get_absolute_url()}decline/", {"reason": ""}, follow=True))
    assert "You can still commit once it is open for commitments." in declined
    remind(agreement, by=cast.host, at=timezone.now())
    body = Notice.objects.get(kind="agreement-reminder", email=cast.neighbor.email).body
    assert "Say whether you are interested" in body
    assert "commit" not in body


def test_a_form_left_open_is_not_shown_again_with_a_right_that_is_over(client: Client, cast: Cast) -> None:
    agreement = make_show(cast)
    close(agreement, cast)
    sent = sign_in(client, cast.buyer).post(f"{agreement.get_absolute_url()}commit/", {"quantity": "x"}, follow=True)
    assert "quantities cannot be changed now" in packed(sent)
    assert "Check your answers" not in packed(sent)


def test_the_grid_says_what_a_buyer_may_still_do(client: Client, cast: Cast) -> None:
    agreement = make_show(cast)
    sign_in(client, cast.host)
    grid, hint = f"{agreement.get_absolute_url()}grid/", "stays planned until its buyer commits it"
    assert hint in packed(client.get(grid))
    close(agreement, cast)
    assert hint not in packed(client.get(grid))


def test_the_list_names_the_closing_while_it_takes_commitments(cast: Cast) -> None:
    """Also where the lowest price is reached and no gap is left."""
    agreement, now = make_agreement(cast), timezone.now()
    make_commitment(agreement, cast.geneva, 950, buyer=cast.neighbor)
    assert [row.until for row in listed([agreement], now)] == [agreement.closes_at]
    close(agreement, cast)
    assert [row.until for row in listed([agreement], now)] == [None]
