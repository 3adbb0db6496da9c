"""What a verb does, whom it leaves out and whom it tells, is read before its button."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from portal.notices.models import Notice
from purchasing.deeds.close import close_agreement
from purchasing.deeds.open import ask_districts, revise_agreement
from purchasing.deeds.verbs import VERBS as DEEDS
from purchasing.models import TABLE, Agreement
from purchasing.screens.moving import consequences
from tests.conftest import sign_in
from tests.html import packed
from tests.people import Cast
from tests.purchasing.makers import make_draft, make_show
from tests.purchasing.test_lifecycle import GRID, VERBS, arguments, put


def page(client: Client, cast: Cast, agreement: Agreement, verb: str) -> str:
    return packed(sign_in(client, cast.host).get(f"{agreement.get_absolute_url()}{verb}/"))


def test_closing_early_shows_what_it_fixes_and_who_is_missing(client: Client, cast: Cast) -> None:
    said = page(client, cast, make_show(cast), "close")
    assert "Chromebook: 913 devices committed, at $318.00 each: $290,334.00 in all." in said
    assert "From now on nobody can commit, change or withdraw. It would have been open until" in said
    assert "Not answered: Kaneland." in said
    assert "Everybody in the 3 districts asked is told by email." in said
    assert "Keep the agreement open" in said


def test_an_award_shows_what_it_fixes(client: Client, cast: Cast) -> None:
    agreement = make_show(cast)
    close_agreement(agreement, by=cast.host, at=timezone.now(), reason="All in")
    said = page(client, cast, agreement, "award")
    assert "Chromebook: 913 devices committed, at $318.00 each: $290,334.00 in all." in said
    assert "an award is never changed" in said
    assert "Not answered: Kaneland." in said
    assert "is told by email what their district gets and at what price" in said
    assert "Do not award it yet" in said


@pytest.mark.parametrize("verb", ["cancel", "fail"])
def test_ending_it_shows_what_it_releases_and_what_staying_keeps(client: Client, cast: Cast, verb: str) -> None:
    said = page(client, cast, make_show(cast), verb)
    assert "The commitments of 2 districts are released: Chromebook, 913 devices." in said
    assert "Not answered: Kaneland." in said
    assert "Keep the agreement open" in said
    assert ">Cancel<" not in said


def test_a_draft_that_nobody_saw_ends_untold(client: Client, cast: Cast) -> None:
    agreement = make_draft(cast)
    said = page(client, cast, agreement, "cancel")
    assert "by email" not in said
    assert "Not answered" not in said
    ask_districts(agreement, by=cast.host, at=timezone.now())
    revise_agreement(agreement, by=cast.host, at=timezone.now(), reason="No prices yet")
    assert "Everybody in the 3 districts asked is told by email." in page(client, cast, agreement, "cancel")


@pytest.mark.parametrize("verb", VERBS)
def test_whom_it_tells_is_whom_it_mails(cast: Cast, verb: str) -> None:
    agreement = make_draft(cast, kind="own_bid")
    now = timezone.now()
    put(agreement, [state for state, verbs in GRID.items() if verb in verbs][-1])
    says = any("by email" in said for said in consequences(agreement, TABLE[verb], now).does)
    DEEDS[verb](agreement, by=cast.host, at=now, **arguments(verb, now))
    assert Notice.objects.filter(email=cast.member.email).exists() is says is TABLE[verb].tells
