import gzip

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from portal.pages.views.theme import safe_path

ELSEWHERE = [
    "",
    "https://evil.example/",
    "http://evil.example",
    "//evil.example/",
    "///evil.example/",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    " https://evil.example",
    "https:evil.example",
    "https:///evil.example",
    "javascript:alert(1)",
    "java\nscript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "ftp://evil.example/",
    "http://testserver@evil.example/",
    "https://testserver/",
    "//testserver/",
    "evil.example",
    "practices/",
    "?q=x",
    "\x00//evil.example",
    "/\x00/evil.example",
    "\x08//evil.example",
    "http://[evil",
    "//[evil",
    "/\\/evil.example",
    "/\r/evil.example",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_theme_never_leads_to_another_site(client: Client, target: str) -> None:
    response = client.post(reverse("pages:theme"), {"theme": "dark", "next": target})
    assert (response.status_code, response["Location"]) == (302, "/")


@pytest.mark.parametrize("path", ["/", "/practices/", "/search/?q=wi-fi&kind=practice", "/districts/?q=St.%20Charles"])
def test_a_theme_leads_back(client: Client, path: str) -> None:
    assert client.post(reverse("pages:theme"), {"theme": "light", "next": path})["Location"] == path
    assert safe_path(path) == path


def test_a_chosen_theme_is_in_the_first_answer(client: Client) -> None:
    url = reverse("pages:style-guide")
    assert "data-theme" not in client.get(url).content.decode()
    client.post(reverse("pages:theme"), {"theme": "dark", "next": url})
    assert '<html lang="en-us" data-theme="dark">' in client.get(url).content.decode()
    client.post(reverse("pages:theme"), {"theme": "", "next": url})
    assert "data-theme" not in client.get(url).content.decode()


@pytest.mark.parametrize("theme", ["purple", "dark; Domain=evil.example", '"><script>', "dark\r\nSet-Cookie: a=b"])
def test_an_unknown_theme_keeps_nothing(client: Client, theme: str) -> None:
    response = client.post(reverse("pages:theme"), {"theme": theme})
    assert response.cookies["theme"].value == ""


def test_a_theme_is_not_chosen_by_a_link(client: Client) -> None:
    assert client.get(reverse("pages:theme"), {"theme": "dark"}).status_code == 405


def test_the_sheets_and_the_script_stay_small() -> None:
    static = settings.BASE_DIR / "static"
    sheets = b"".join(path.read_bytes() for path in sorted((static / "css").glob("*.css")))
    assert len(gzip.compress(sheets)) < 20_000
    assert sum(len(path.read_bytes()) for path in (static / "js").glob("*.js")) < 15_000


def test_no_template_of_ours_carries_inline_script_or_style(client: Client) -> None:
    html = client.get(reverse("pages:style-guide")).content.decode()
    for inline in ("<style", " style=", " onclick=", "<script>", "javascript:"):
        assert inline not in html
