"""Links in what officers write: nobody reads in an address what a page or a file is called that they may not see."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from wagtail.rich_text import RichText

from portal.pages.models import Audience
from tests.conftest import sign_in
from tests.pages.makers import make_document, make_page
from tests.people import Cast


def a_page(audience: Audience, **fields: Any) -> tuple[str, Any]:
    return "page", make_page("Overview geheim", slug="overview-geheim", audience=audience, **fields)


def a_document(audience: Audience) -> tuple[str, Any]:
    return "document", make_document(audience, name="geheim.pdf")


def text_that_links(kind: str, thing: Any) -> str:
    body = RichText(f'<p><a linktype="{kind}" id="{thing.pk}">Read on</a></p>')
    return str(make_page(body=[("text", body)]).url)


@pytest.mark.parametrize("make", [a_page, a_document])
@pytest.mark.parametrize("audience", [Audience.MEMBERS, Audience.OFFICERS])
def test_a_link_to_what_is_hidden_tells_its_number_and_nothing_else(
    make: Any, audience: Audience, cast: Cast, client: Client
) -> None:
    kind, thing = make(audience)
    where = text_that_links(kind, thing)
    text = client.get(where).content.decode()
    address = f"/{kind}s/{thing.pk}/"
    assert f'<a href="{address}">Read on</a>' in text
    assert "geheim" not in text
    answer = client.get(address)
    assert (answer.status_code, answer.headers.get("Location")) == (404, None)
    assert b"geheim" not in answer.content
    assert sign_in(client, cast.officer).get(address)["Location"] == thing.url


@pytest.mark.parametrize("make", [a_page, a_document])
def test_a_link_to_what_everybody_sees_has_its_address(make: Any, client: Client, db: None) -> None:
    kind, thing = make(Audience.PUBLIC)
    assert f'<a href="{thing.url}">Read on</a>' in client.get(text_that_links(kind, thing)).content.decode()


def test_a_link_to_a_draft_tells_its_number(client: Client, db: None) -> None:
    kind, draft = a_page(Audience.PUBLIC, live=False)
    text = client.get(text_that_links(kind, draft)).content.decode()
    assert f'href="/pages/{draft.pk}/"' in text
    assert "geheim" not in text


def test_a_link_to_what_is_gone_leads_nowhere(client: Client, db: None) -> None:
    kind, page = a_page(Audience.PUBLIC)
    where = text_that_links(kind, page)
    page.delete()
    assert "<a>Read on</a>" in client.get(where).content.decode()
