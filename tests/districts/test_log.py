"""What decides who may come in, and as what, stands in the log with who did it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.models import ModelLogEntry

from portal.districts.deeds.invite import accept, withdraw
from portal.districts.models import Invitation
from portal.refusals import Refused
from tests.conftest import sign_in
from tests.districts.makers import make_domain, make_invitation
from tests.people import Cast

DATA = Path(__file__).parent / "data"


def logged(action: str) -> list[tuple[Any, Any]]:
    return [(row.user, row.data) for row in ModelLogEntry.objects.filter(action=f"districts.{action}")]


def test_a_withdrawn_invitation(cast: Cast, client: Client) -> None:
    make_invitation("new@kaneland.example", cast.kaneland)
    invitation = Invitation.objects.get()
    sign_in(client, cast.host).post(f"/people/invitations/{invitation.pk}/withdraw/")
    assert logged("withdraw_invitation") == [(cast.host, {"role": "member", "email": "new@kaneland.example"})]
    with pytest.raises(Refused):
        withdraw(invitation, by=cast.host, at=invitation.created_at)


def test_an_invitation_accepted_meanwhile_is_not_withdrawn(cast: Cast) -> None:
    make_invitation("new@kaneland.example", cast.kaneland)
    in_hand = Invitation.objects.get()
    accept(in_hand, at=in_hand.created_at)
    with pytest.raises(Refused):
        withdraw(in_hand, by=cast.host, at=in_hand.created_at)
    assert Invitation.objects.get().revoked_at is None


def test_mail_domains_that_came_and_went(cast: Cast, client: Client) -> None:
    make_domain(cast.kaneland, "old.example")
    url = f"/districts/{cast.kaneland.slug}/edit/"
    sent = {"short_name": cast.kaneland.short_name, "other_names": "", "domains": "kaneland.example"}
    sign_in(client, cast.officer)
    for _time in range(2):
        assert client.post(url, sent).status_code == 302
    assert logged("change_mail_domains") == [
        (cast.officer, {"added": ["kaneland.example"], "removed": ["old.example"]})
    ]
    assert not logged("rename")
    client.post(url, sent | {"other_names": "Knights"})
    ((who, data),) = logged("rename")
    assert (who, data["to"]) == (cast.officer, ["Kaneland", ["Knights"]])


def test_the_chapters_identity(cast: Cast, client: Client) -> None:
    sent = {"name": "Prairie", "state": "Illinois", "zone": "America/Chicago", "sentence": "Meet monthly."}
    assert sign_in(client, cast.officer).post("/set-up/identity/", sent).status_code == 302
    ((who, data),) = logged("describe_chapter")
    assert who == cast.officer
    assert {"name", "sentence"} <= set(data["changed"])


def test_an_uploaded_directory_and_none_that_was_only_looked_at(cast: Cast, client: Client) -> None:
    sign_in(client, cast.officer)

    def upload(**more: str) -> None:
        file = SimpleUploadedFile("directory.csv", (DATA / "directory.csv").read_bytes())
        assert client.post("/set-up/directory/", {"directory": file} | more).status_code == 200

    upload(only_look="on")
    assert not logged("import_directory")
    upload()
    ((who, data),) = logged("import_directory")
    assert who == cast.officer
    assert data["created"] + data["changed"] == 20
    upload()
    assert len(logged("import_directory")) == 1
