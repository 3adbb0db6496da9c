"""A survey goes back to its terms, and what districts answered is not lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from portal.notices.models import Notice
from portal.refusals import Refused
from portal.search.asking.finding import find
from purchasing.deeds.answer import show_interest
from purchasing.deeds.draft import LineSpec, redraft
from purchasing.deeds.end import cancel_agreement
from purchasing.deeds.open import ask_districts, open_agreement, revise_agreement
from purchasing.deeds.plan import plan
from purchasing.models import TABLE, Agreement, LineItem
from purchasing.screens.moving import consequences
from tests.conftest import sign_in
from tests.html import packed
from tests.people import Cast
from tests.purchasing.makers import line_of, make_draft, make_line
from tests.purchasing.test_lifecycle import arguments
from tests.purchasing.test_redraft import edit_url, typed


@pytest.fixture
def survey(cast: Cast) -> Agreement:
    """Asked without prices; Kaneland plans 240, Geneva is interested."""
    agreement, now = make_draft(cast, lines=[make_line(steps=[])]), timezone.now()
    ask_districts(agreement, by=cast.host, at=now)
    plan(agreement, cast.kaneland, {line_of(agreement).pk: 240}, by=cast.member, at=now)
    show_interest(agreement, cast.geneva, by=cast.neighbor, at=now)
    return agreement


def revise(agreement: Agreement, cast: Cast) -> None:
    revise_agreement(agreement, by=cast.host, at=timezone.now(), reason="The vendors' prices came in")


def rewrite(agreement: Agreement, cast: Cast, **changes: Any) -> None:
    line = line_of(agreement)
    given: dict[str, Any] = {
        "lines": [make_line(was=line.pk)],
        "districts": [cast.kaneland, cast.geneva, cast.batavia],
    } | changes
    redraft(agreement, by=cast.host, at=timezone.now(), version=agreement.version, **given)


def test_a_survey_asked_without_prices_is_opened_after_all(cast: Cast, survey: Agreement) -> None:
    now = timezone.now()
    with pytest.raises(Refused, match="Go back to the draft and give every item"):
        open_agreement(survey, by=cast.host, at=now, **arguments("open", now))
    revise(survey, cast)
    rewrite(survey, cast)
    open_agreement(survey, by=cast.host, at=now, **arguments("open", now))
    kept = survey.participations.get(district=cast.kaneland)
    assert (kept.state, kept.commitments.get().planned) == ("planned", 240)


def test_those_asked_are_told_why_and_see_it_no_more(client: Client, cast: Cast, survey: Agreement) -> None:
    revise(survey, cast)
    body = Notice.objects.get(kind="agreement-changed", email=cast.member.email).body
    assert "Your answer bound nobody." in body
    assert "The vendors' prices came in" in body
    assert "You are asked again when it is ready." in body
    assert survey.get_absolute_url() not in body
    assert sign_in(client, cast.member).get(survey.get_absolute_url()).status_code == 404
    assert not find("chromebook", user=cast.member).total


def test_asked_again_they_are_told_again(cast: Cast, survey: Agreement) -> None:
    revise(survey, cast)
    ask_districts(survey, by=cast.host, at=timezone.now())
    assert Notice.objects.filter(kind="agreement-asked", email=cast.member.email).count() == 2


def test_the_host_finds_the_verb_and_edits_what_stands(client: Client, cast: Cast, survey: Agreement) -> None:
    sign_in(client, cast.host)
    assert "Go back to the draft" in packed(client.get(survey.get_absolute_url()))
    said = packed(client.get(f"{survey.get_absolute_url()}revise/"))
    assert "Their answers so far are kept." in said
    assert "Keep asking" in said
    client.post(f"{survey.get_absolute_url()}revise/", {"reason": "Prices came in"})
    form = client.get(edit_url(survey))
    first = form.context["items"][0].initial
    sent = {f"items-0-{name}": "" if value is None else value for name, value in first.items()}
    sent |= {"items-0-steps": "1: 329", "items-0-name": "Chromebook, touch", "items-INITIAL_FORMS": "1"}
    everyone = [district.pk for district in (cast.kaneland, cast.geneva, cast.batavia)]
    survey.refresh_from_db()
    saved = client.post(edit_url(survey), typed(cast, version=survey.version, districts=everyone) | sent)
    assert saved.status_code == 302, saved.content.decode()
    line = LineItem.objects.get(agreement=survey)
    assert (line.name, line.pk, line.commitments.get().planned) == ("Chromebook, touch", first["was"], 240)


def test_what_districts_answered_about_stays_in(cast: Cast, survey: Agreement) -> None:
    revise(survey, cast)
    with pytest.raises(Refused, match="Districts answered about “Chromebook”"):
        rewrite(survey, cast, lines=[make_line("Tablet")])
    with pytest.raises(Refused, match="Geneva CUSD 304 has answered"):
        rewrite(survey, cast, districts=[cast.kaneland])
    rewrite(survey, cast, districts=[cast.kaneland, cast.geneva])
    assert survey.participations.count() == 2


def test_items_change_places_and_keep_what_hangs_on_them(cast: Cast, survey: Agreement) -> None:
    revise(survey, cast)
    first = line_of(survey)
    rewrite(survey, cast, lines=[make_line("Cart"), LineSpec.of(first), make_line("Case")])
    assert list(survey.lines.values_list("name", "position")) == [("Cart", 1), ("Chromebook", 2), ("Case", 3)]
    assert line_of(survey, 2).pk == first.pk


def test_a_survey_that_went_back_is_canceled_before_those_who_saw_it(cast: Cast, survey: Agreement) -> None:
    revise(survey, cast)
    cancel_agreement(survey, by=cast.host, at=timezone.now(), reason="No vendor")
    assert survey.participations.count() == 3
    assert Notice.objects.filter(kind="agreement-result", email=cast.member.email).count() == 1


def test_a_district_added_to_a_survey_that_went_back_never_hears_that_it_is_canceled(
    cast: Cast, survey: Agreement
) -> None:
    revise(survey, cast)
    rewrite(survey, cast, districts=[cast.kaneland, cast.geneva, cast.batavia, cast.sycamore])
    said = consequences(survey, TABLE["cancel"], timezone.now())
    assert "Everybody in the 3 districts asked is told by email." in said.does
    assert "Sycamore" not in said.waiting
    cancel_agreement(survey, by=cast.host, at=timezone.now(), reason="No vendor")
    assert not Notice.objects.filter(email=cast.outsider.email).exists()
    assert not Agreement.objects.visible_to(cast.outsider).exists()
    assert Agreement.objects.visible_to(cast.member).exists()


def test_a_district_added_before_it_is_asked_again_hears_of_it_as_all_do(cast: Cast, survey: Agreement) -> None:
    revise(survey, cast)
    rewrite(survey, cast, districts=[cast.kaneland, cast.geneva, cast.batavia, cast.sycamore])
    said = consequences(survey, TABLE["ask"], timezone.now())
    assert "Everybody in the 4 districts asked is told by email." in said.does
    ask_districts(survey, by=cast.host, at=timezone.now())
    cancel_agreement(survey, by=cast.host, at=timezone.now(), reason="No vendor")
    assert Notice.objects.filter(kind="agreement-result", email=cast.outsider.email).count() == 1


@pytest.mark.parametrize(("microseconds", "saw"), [(-1, True), (0, True), (1, False)])
def test_who_is_among_those_asked_when_they_are_asked_saw_it(
    cast: Cast, survey: Agreement, microseconds: int, saw: bool
) -> None:
    revise(survey, cast)
    asked = survey.changes.get(to_state="interest").at
    at = asked + timedelta(microseconds=microseconds)
    survey.participations.create(district=cast.sycamore, invited_at=at)
    assert survey.asked().filter(district=cast.sycamore).exists() is saw


def test_the_items_of_a_survey_are_changed_by_going_back(cast: Cast, survey: Agreement) -> None:
    with pytest.raises(Refused, match=r"the items and terms stand\. Go back to the draft"):
        rewrite(survey, cast)
