"""Tags and products as they are typed: what cannot be one is said, and nothing is left out or cut."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from knowledge.forms.fields import ProductsField, TagsField
from knowledge.models.tags import TaggedPractice, tags_named
from tests.conftest import sign_in
from tests.knowledge.makers import make_practice
from tests.people import Cast


@pytest.mark.parametrize(
    ("typed", "tags"),
    [
        ("Wi-Fi, Help Desk,, ", ("wi-fi", "help-desk")),
        ("Peña, peña", ("pena",)),
        ("a" * 40, ("a" * 40,)),
        ("wifi, 日本語", ("wifi", "日本語")),
        ("Straße, Ελλάδα 2", ("straße", "ελλάδα-2")),
        ("!!!", "“!!!” cannot be a tag."),
        ("a" * 41, f"“{'a' * 41}” cannot be a tag."),
        (",".join(map(str, range(9))), "Keep the 8 most telling tags."),
    ],
)
def test_every_word_becomes_a_tag_or_is_named(typed: str, tags: tuple[str, ...] | str) -> None:
    _becomes(TagsField(), typed, tags)


def test_a_tag_in_any_script_has_a_page_and_narrows_the_list(cast: Cast, client: Client) -> None:
    practice = make_practice(cast.kaneland, title="Lessons in Japanese")
    tag = tags_named(["日本語"])["日本語"]
    TaggedPractice.objects.create(content_object=practice, tag=tag)
    sign_in(client, cast.member)
    assert "Lessons in Japanese" in client.get(tag.get_absolute_url()).text
    assert "Lessons in Japanese" in client.get("/practices/", {"tag": "日本語"}).text
    assert "Lessons in Japanese" not in client.get("/practices/", {"tag": "中文"}).text


@pytest.mark.parametrize(
    ("typed", "products"),
    [
        ("GoGuardian, Go Guardian", ("Go Guardian",)),
        ("日本語", ("日本語",)),
        ("a" * 80, ("a" * 80,)),
        ("Jamf, !!!", "“!!!” cannot be a product's name."),
        ("a" * 81, f"“{'a' * 81}” cannot be a product's name."),
    ],
)
def test_every_name_becomes_a_product_or_is_named(typed: str, products: tuple[str, ...] | str) -> None:
    _becomes(ProductsField(), typed, products)


def _becomes(field: TagsField | ProductsField, typed: str, expected: tuple[str, ...] | str) -> None:
    if isinstance(expected, tuple):
        assert field.clean(typed) == expected
        return
    with pytest.raises(ValidationError) as refused:
        field.clean(typed)
    assert " ".join(refused.value.messages).startswith(expected)
