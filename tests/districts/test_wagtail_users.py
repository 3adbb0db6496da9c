from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from portal.districts.models import User
from tests.conftest import sign_in
from tests.people import Cast


@pytest.fixture
def superuser(db: None) -> User:
    return User.objects.create_superuser("root@chapter.example", "four plain words here", name="Operator")


def test_a_superuser_lists_and_finds_users(cast: Cast, client: Client, superuser: User) -> None:
    sign_in(client, superuser)
    page = client.get("/admin/users/").content.decode()
    assert cast.buyer.email in page
    assert client.get("/admin/users/?q=kaneland").status_code == 200
    assert client.get("/admin/users/?ordering=name").status_code == 200
    assert client.get("/admin/users/?ordering=-name").status_code == 200
    assert cast.buyer.email in client.get("/admin/users/?q=director%40kaneland").content.decode()
    assert client.get("/admin/users/?q=%22").status_code == 200


def test_a_superuser_adds_a_user(client: Client, superuser: User) -> None:
    sign_in(client, superuser)
    page = client.get("/admin/users/new/")
    assert 'name="name"' in page.content.decode()
    assert "password" not in page.content.decode()
    sent = {"email": "New@chapter.example", "name": "New person"}
    response = client.post("/admin/users/new/", sent)
    assert response.status_code == 302, response.context["form"].errors
    assert User.objects.get(email="new@chapter.example").name == "New person"


def test_a_superuser_edits_a_user_and_the_old_address_signs_in_no_longer(
    cast: Cast, client: Client, superuser: User
) -> None:
    sign_in(client, superuser)
    url = f"/admin/users/edit/{cast.member.pk}/"
    assert 'value="Network admin, Kaneland CUSD 302"' in client.get(url).content.decode()
    sent = {"email": "moved@kaneland.example", "name": "Renamed", "is_active": "on"}
    response = client.post(url, sent)
    assert response.status_code == 302, response.context["form"].errors
    member = User.objects.get(pk=cast.member.pk)
    assert (member.email, member.name) == ("moved@kaneland.example", "Renamed")
    assert list(EmailAddress.objects.filter(user=member).values_list("email", flat=True)) == ["moved@kaneland.example"]


@pytest.mark.parametrize("path", ["/admin/users/", "/admin/users/new/", "/admin/groups/"])
def test_an_officer_reaches_no_accounts(cast: Cast, client: Client, path: str) -> None:
    response = sign_in(client, cast.officer).get(path)
    assert response.status_code in {302, 403, 404}
    assert "/users/" not in response.headers.get("Location", "")
