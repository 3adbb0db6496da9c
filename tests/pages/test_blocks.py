"""Every block has a preview in the editor and shows each reader only what is theirs."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.rich_text import RichText

from portal.pages.models import Audience
from portal.pages.models.blocks import BodyBlock
from portal.pages.models.things import ThingField, pair_of, reference_of
from tests.conftest import sign_in
from tests.pages.makers import make_document, make_image, make_news, make_page, make_toolkit
from tests.people import Cast

BLOCKS: dict[str, Any] = {
    "heading": "What we ask",
    "text": RichText("<p>Ten minutes</p>"),
    "links": {"heading": "Links", "links": [{"title": "USAC", "url": "https://www.usac.org/", "note": "E-Rate"}]},
    "quote": {"text": "We stopped guessing", "who": "Director"},
    "table": {
        "data": [["Year", "Devices"], ["2025", "1,340"]],
        "first_row_is_table_header": True,
        "first_col_is_header": False,
        "table_caption": "Devices by age",
    },
    "call_to_action": {"text": "Is yours in?", "label": "Find it", "url": "/districts/"},
    "actions": {"heading": "What to do", "actions": [{"title": "Pick the day", "body": RichText("<p>How</p>")}]},
    "kit": {"heading": "Take", "intro": "", "texts": [{"title": "E-mail", "text": "Dear"}], "documents": []},
    "testimonial": {"text": "My first call", "who": "Admin", "consent": True},
    "stand": {"as_of": date(2026, 10, 1), "text": RichText("<p>Six of nine</p>")},
}


@pytest.mark.parametrize("name", BodyBlock().child_blocks)
def test_every_block_has_a_preview(cast: Cast, client: Client, name: str) -> None:
    block = BodyBlock().child_blocks[name]
    assert block.is_previewable
    page = make_page()
    edit_block = page.body.stream_block.child_blocks[name]
    address = reverse("wagtailadmin_block_preview") + f"?id={edit_block.definition_prefix}"
    response = sign_in(client, cast.officer).get(address)
    assert response.status_code == 200
    assert "css/portal" in response.content.decode()


@pytest.mark.parametrize("name", BLOCKS)
def test_block_is_shown_and_never_as_markup(client: Client, db: None, name: str) -> None:
    text = client.get(make_page(body=[(name, BLOCKS[name])]).url).content.decode()
    assert text.count("<h1") == 1
    for words in _words(BLOCKS[name]):
        assert words in text, words


def _words(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [word for inner in value.values() for word in _words(inner)]
    if isinstance(value, list):
        return [word for inner in value for word in _words(inner)]
    if isinstance(value, RichText):
        return [value.source]
    return [value] if isinstance(value, str) else []


def test_typed_markup_stays_text(client: Client, db: None) -> None:
    evil = "<script>alert(1)</script>"
    blocks = [
        ("heading", evil),
        ("quote", {"text": evil, "who": evil}),
        ("kit", {"heading": evil, "intro": evil, "texts": [{"title": evil, "text": evil}], "documents": []}),
        ("table", {"data": [[evil]], "table_caption": evil}),
    ]
    text = client.get(make_page(title="A", summary=evil, body=blocks).url).content.decode()
    assert evil not in text


def test_files_that_the_reader_may_not_see_are_left_out(cast: Cast, client: Client) -> None:
    image, document = make_image(Audience.MEMBERS), make_document(Audience.MEMBERS)
    body = [
        ("image", {"image": image, "alt": "The repair bench", "caption": "Bench"}),
        ("documents", {"heading": "Documents", "documents": [document]}),
        ("kit", {"heading": "Take", "intro": "", "texts": [], "documents": [document]}),
    ]
    page = make_page(body=body)
    text = client.get(page.url).content.decode()
    assert "The repair bench" not in text
    assert document.url not in text
    text = sign_in(client, cast.member).get(page.url).content.decode()
    assert 'alt="The repair bench"' in text
    assert text.count(document.url) == 2


def test_a_testimonial_without_consent_is_not_shown(client: Client, db: None) -> None:
    page = make_page(body=[("testimonial", {"text": "My first call", "who": "Admin", "consent": False})])
    assert "My first call" not in client.get(page.url).content.decode()


def test_links_into_the_portal_are_shown_to_those_who_may_follow_them(cast: Cast, client: Client) -> None:
    news = make_news("For members", audience=Audience.MEMBERS)
    open_toolkit = make_toolkit("For everyone")
    things = [f"news:{news.pk}", f"toolkit:{open_toolkit.pk}", "news:999999", "nothing:1", ""]
    page = make_page(body=[("things", {"heading": "Related", "things": things})])
    text = client.get(page.url).content.decode()
    assert open_toolkit.url in text
    assert news.url not in text
    assert news.url in sign_in(client, cast.member).get(page.url).content.decode()


def test_an_address_is_kept_as_kind_and_id(cast: Cast) -> None:
    assert pair_of("news:12") == ("news", 12)
    assert pair_of("unknown:12") is None
    assert reference_of("/nothing/here/") is None
    with pytest.raises(ValidationError):
        ThingField().clean("https://example.org/")
    assert ThingField().clean("news:12") == "news:12"


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 30, "\u0661"])
def test_a_number_no_row_has_is_no_thing(number: str) -> None:
    assert pair_of(f"practice:{number}") is None
