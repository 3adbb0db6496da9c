"""Wagtail's admin: there for officers in force, and nowhere for anybody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, reverse
from django.utils import timezone
from wagtail.admin import urls as admin_urls

from portal.districts.models import Membership, Role
from tests.conftest import sign_in
from tests.people import Cast


def admin_paths() -> Iterator[str]:
    """Every route of the admin that needs no argument."""

    def walk(patterns: list[Any], namespace: str) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(
                    pattern.url_patterns, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                )
            elif isinstance(pattern, URLPattern) and pattern.name:
                try:
                    yield reverse(namespace + pattern.name)
                except NoReverseMatch:
                    continue

    yield from sorted(set(walk(admin_urls.urlpatterns, "")))


def test_no_admin_route_exists_for_others_than_officers(cast: Cast) -> None:
    paths = [path for path in admin_paths() if "login" not in path and "password_reset" not in path]
    assert len(paths) > 50
    for who in ("stranger", "outsider", "member", "buyer", "host"):
        client = sign_in(Client(), getattr(cast, who))
        opened = [path for path in paths if client.get(path).status_code != 404]
        assert opened == [], f"{who}: {opened}"
    visitor = Client()
    assert [path for path in paths if visitor.get(path).status_code not in {302, 404}] == []


def test_an_officer_until_yesterday_finds_no_admin(cast: Cast, client: Client) -> None:
    sign_in(client, cast.officer)
    assert client.get("/admin/").status_code == 200
    yesterday = timezone.localdate() - timedelta(days=1)
    Membership.objects.filter(person=cast.officer, role=Role.OFFICER).update(until=yesterday)
    assert client.get("/admin/").status_code == 404
