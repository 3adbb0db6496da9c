"""Changing a draft: over the version that was read, and over no other."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from portal.districts.models import RegionalOffice
from purchasing.deeds.draft import redraft
from purchasing.deeds.open import ask_districts
from purchasing.models import Agreement
from tests.conftest import sign_in
from tests.people import Cast, make_district
from tests.purchasing.makers import make_draft, make_line


def edit_url(agreement: Agreement) -> str:
    return f"{agreement.get_absolute_url()}edit/"


def version_on(page: str) -> str:
    (version,) = re.findall(r'name="version" value="(\d+)"', page)
    return str(version)


def typed(cast: Cast, **changes: Any) -> dict[str, Any]:
    """What host A sends: the title and one item are theirs."""
    return {
        "title": "Host A's title",
        "lead_office": cast.roe31.pk,
        "kind": "quotes",
        "category": "Devices",
        "fiscal_year": "2026",
        "zone": "America/Chicago",
        "districts": [cast.kaneland.pk],
        "body": "Terms.",
        "items-TOTAL_FORMS": "1",
        "items-INITIAL_FORMS": "0",
        "items-0-name": "Host A's item",
        "items-0-unit": "device",
        "items-0-steps": "1: 80",
    } | changes


def saved_by_another(cast: Cast, agreement: Agreement) -> None:
    other = Agreement.objects.get(pk=agreement.pk)
    redraft(
        other,
        by=cast.host,
        at=timezone.now(),
        version=other.version,
        lines=[make_line("Host B's item")],
        districts=[cast.geneva],
        title="Host B's title",
    )


def stands(agreement: Agreement) -> tuple[str, list[str], list[str]]:
    agreement.refresh_from_db()
    districts = agreement.participations.values_list("district__short_name", flat=True)
    return agreement.title, [line.name for line in agreement.lines.all()], list(districts)


OF_HOST_B = ("Host B's title", ["Host B's item"], ["Geneva"])


def test_a_draft_is_changed_over_the_version_that_was_read(client: Client, cast: Cast) -> None:
    agreement = make_draft(cast)
    version = version_on(sign_in(client, cast.host).get(edit_url(agreement)).content.decode())
    response = client.post(edit_url(agreement), typed(cast, version=version))
    assert response.status_code == 302, response.content.decode()
    assert stands(agreement) == ("Host A's title", ["Host A's item"], ["Kaneland"])


def test_nobody_but_the_lead_offices_hosts_changes_a_draft(cast: Cast) -> None:
    agreement = make_draft(cast)
    for person in (cast.stranger, cast.outsider, cast.member, cast.buyer, cast.officer):
        with pytest.raises(PermissionDenied):
            redraft(agreement, by=person, at=timezone.now(), version=1, lines=[], districts=[], title="Mine")
    assert Agreement.objects.get().title == "Chromebooks 2026"


@pytest.mark.parametrize("first", [{}, {"title": ""}], ids=["refused as stale", "refused for a missing title"])
def test_sending_again_after_a_refusal_does_not_overwrite_another_hosts_draft(
    client: Client, cast: Cast, first: dict[str, str]
) -> None:
    agreement = make_draft(cast)
    version = version_on(sign_in(client, cast.host).get(edit_url(agreement)).content.decode())
    saved_by_another(cast, agreement)
    refused = client.post(edit_url(agreement), typed(cast, version=version) | first)
    assert refused.status_code == (422 if first else 409)
    again = client.post(edit_url(agreement), typed(cast, version=version_on(refused.content.decode())))
    assert again.status_code == 409
    page = again.content.decode()
    assert "Somebody else saved this draft meanwhile" in page
    assert "Host A&#x27;s item" in page
    assert stands(agreement) == OF_HOST_B


def test_what_was_typed_into_a_draft_that_a_colleague_opened_is_not_lost(client: Client, cast: Cast) -> None:
    agreement = make_draft(cast)
    ask_districts(agreement, by=cast.host, at=timezone.now())
    sign_in(client, cast.host)
    refused = client.post(edit_url(agreement), typed(cast, version="1"))
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "the items and terms stand" in page
    assert "Host A&#x27;s item" in page
    assert stands(agreement)[0] == agreement.title
    assert client.get(edit_url(agreement)).status_code == 422


@pytest.mark.parametrize("version", ["", "x", "0", "-1", "9" * 30])
def test_a_form_that_names_no_version_changes_nothing(client: Client, cast: Cast, version: str) -> None:
    agreement = make_draft(cast)
    saved_by_another(cast, agreement)
    sign_in(client, cast.host)
    refused = client.post(edit_url(agreement), typed(cast, version=version))
    assert refused.status_code == 422
    assert "Open the draft again" in refused.content.decode()
    assert stands(agreement) == OF_HOST_B


def test_an_items_estimate_is_shown_and_kept_by_an_edit(client: Client, cast: Cast) -> None:
    agreement = make_draft(cast, lines=[make_line(estimate=1150)])
    page = sign_in(client, cast.host).get(edit_url(agreement))
    first = page.context["items"][0]
    sent = {f"items-0-{name}": "" if value is None else value for name, value in first.initial.items()}
    sent["items-INITIAL_FORMS"] = "1"
    version = version_on(page.content.decode())
    assert client.post(edit_url(agreement), typed(cast, version=version) | sent).status_code == 302
    assert agreement.lines.get().estimate == 1150
    shown = client.get(agreement.get_absolute_url()).content.decode()
    assert "Estimate over all districts: 1,150 devices." in shown


def test_a_colleague_with_fewer_offices_keeps_the_districts_already_asked(client: Client, cast: Cast) -> None:
    agreement = make_draft(cast, districts=[cast.kaneland, cast.sycamore])
    page = sign_in(client, cast.host).get(edit_url(agreement))
    ticked = page.context["form"]["districts"].value()
    assert set(ticked) == {cast.kaneland.pk, cast.sycamore.pk}
    sent = typed(cast, version=version_on(page.content.decode()), districts=ticked)
    assert client.post(edit_url(agreement), sent).status_code == 302
    assert set(stands(agreement)[2]) == {"Kaneland", "Sycamore"}


def test_the_districts_to_ask_are_those_of_the_office_not_of_the_county(client: Client, cast: Cast) -> None:
    other = RegionalOffice.objects.create(code="32")
    make_district("Elgin U-46", "1713710", cast.kane, other, 35000)
    page = sign_in(client, cast.host).get("/agreements/new/").content.decode()
    assert "Kaneland CUSD 302" in page
    assert "Elgin" not in page


def test_a_new_agreement_asks_for_no_version(client: Client, cast: Cast) -> None:
    page = sign_in(client, cast.host).get("/agreements/new/").content.decode()
    assert 'name="version"' not in page
    assert client.post("/agreements/new/", typed(cast)).status_code == 302
