"""The lists of practices, agreements and meetings lead to the one search with their kind fixed."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.conftest import sign_in
from tests.people import Cast


@pytest.mark.parametrize(
    ("path", "kind", "words"),
    [
        ("/practices/", "practice", "Search practices"),
        ("/agreements/", "agreement", "Search agreements"),
        ("/meetings/", "meeting", "Search meetings"),
    ],
)
def test_a_list_has_a_box_for_its_kind(client: Client, cast: Cast, path: str, kind: str, words: str) -> None:
    sign_in(client, cast.member)
    html = client.get(path).content.decode()
    assert f'<input type="hidden" name="kind" value="{kind}">' in html
    assert f'aria-label="{words}"' in html
    html = client.get("/search/", {"kind": kind, "q": "wifi"}).content.decode()
    assert f"<h1>{words}</h1>" in html
    assert f'<input type="hidden" name="kind" value="{kind}">' in html
    assert '<a href="?q=wifi"' in html, "the search widens to everything"
