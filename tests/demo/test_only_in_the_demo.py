from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from demo import gunicorn
from demo.middleware import LoopbackOnlyMiddleware
from tests.conftest import sign_in
from tests.people import Cast


@pytest.mark.parametrize("name", ["base", "dev", "test"])
def test_the_demo_is_in_no_other_settings(name: str) -> None:
    settings = import_module(f"portal.settings.{name}")
    assert "demo" not in settings.INSTALLED_APPS
    assert settings.ROOT_URLCONF == "portal.urls"
    assert not any(middleware.startswith("demo.") for middleware in settings.MIDDLEWARE)


def test_one_press_sign_in_does_not_exist_elsewhere(client: Client, cast: Cast) -> None:
    for who in (cast.visitor, cast.officer):
        sign_in(client, who)
        for path in ("/demo/", "/demo/sign-in/", "/demo/outbox/"):
            assert client.get(path).status_code == 404
            assert client.post(path, {"email": "officer@chapter.example"}).status_code in {404, 405}


@pytest.mark.parametrize(
    ("address", "status"),
    [("127.0.0.1", 200), ("127.8.8.8", 200), ("::1", 200), ("::ffff:127.0.0.1", 200)]
    + [(address, 403) for address in ("10.0.0.7", "203.0.113.9", "::ffff:10.0.0.7", "fe80::1", "", "localhost")],
)
def test_the_demo_answers_this_machine_only(address: str, status: int) -> None:
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse("ok")

    request = RequestFactory().get("/demo/", REMOTE_ADDR=address)
    assert LoopbackOnlyMiddleware(page)(request).status_code == status


@pytest.mark.parametrize("address", ["0.0.0.0", "192.168.1.5", "::", "demo.example.org"])  # noqa: S104
def test_the_demo_refuses_to_start_on_another_address(address: str) -> None:
    with pytest.raises(SystemExit, match=r"127\.0\.0\.1 only"):
        gunicorn.on_starting(SimpleNamespace(cfg=SimpleNamespace(address=[("127.0.0.1", 8000), (address, 8000)])))


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "::1"])
def test_the_demo_starts_on_the_loopback_address(address: str) -> None:
    gunicorn.on_starting(SimpleNamespace(cfg=SimpleNamespace(address=[(address, 8000)])))
