from __future__ import annotations

import threading
from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from portal.districts.deeds.invite import accept
from portal.districts.models import Chapter, Invitation, Membership, Role, User
from portal.districts.models.joining import sha256
from portal.refusals import Refused
from tests.conftest import sign_in
from tests.districts.makers import make_invitation
from tests.people import Cast, make_cast


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_only_the_digest_of_the_secret_is_kept(cast: Cast) -> None:
    invitation, path = make_invitation("ann@kaneland.example", cast.kaneland)
    secret = path.split("/")[2]
    assert len(secret) >= 32
    assert invitation.secret_sha256 == sha256(secret)
    assert secret not in str(Invitation.objects.values().get(pk=invitation.pk))


def test_a_buyer_s_invitation_ends_with_the_right_of_whoever_sent_it(cast: Cast) -> None:
    invitation, _path = make_invitation("ann@kaneland.example", cast.kaneland, role=Role.BUYER, by=cast.host)
    now = timezone.now()
    Membership.objects.filter(person=cast.host).update(until=timezone.localdate(now) - timedelta(days=1))
    with pytest.raises(Refused, match="has no right to do so any more"):
        accept(invitation, at=now)
    assert not User.objects.filter(email="ann@kaneland.example").exists()


def test_looking_at_the_link_changes_nothing(cast: Cast, client: Client) -> None:
    _invitation, path = make_invitation("ann@kaneland.example", cast.kaneland)
    page = client.get(path)
    assert page.status_code == 200
    assert "Kaneland CUSD 302" in page.content.decode()
    assert not signed_in(client)
    assert not User.objects.filter(email="ann@kaneland.example").exists()
    assert Invitation.objects.get().accepted_at is None


def test_accepting_makes_the_account_the_membership_and_the_session(cast: Cast, client: Client) -> None:
    _invitation, path = make_invitation("ann@kaneland.example", cast.kaneland, by=cast.host)
    response = client.post(path)
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert signed_in(client)
    ann = User.objects.get(email="ann@kaneland.example")
    assert ann.name == "Ann Lee"
    assert ann.standing.district_ids == {cast.kaneland.pk}
    assert not ann.standing.buyer_district_ids


def test_an_invitation_works_once(cast: Cast) -> None:
    _invitation, path = make_invitation("ann@kaneland.example", cast.kaneland)
    Client().post(path)
    second = Client()
    response = second.post(path)
    assert response.status_code == 410
    assert "already used" in response.content.decode()
    assert not signed_in(second)
    assert Membership.objects.filter(person__email="ann@kaneland.example").count() == 1


@pytest.mark.parametrize(("days", "status"), [(13, 302), (15, 410)])
def test_an_invitation_is_valid_for_fourteen_days(cast: Cast, client: Client, days: int, status: int) -> None:
    sent_at = timezone.now() - timedelta(days=days)
    _invitation, path = make_invitation("ann@kaneland.example", cast.kaneland, at=sent_at)
    assert client.post(path).status_code == status


@pytest.mark.parametrize(("microseconds", "is_open"), [(-1, True), (0, False), (1, False)])
def test_an_invitation_is_closed_at_the_last_instant_of_its_fourteen_days(
    cast: Cast, microseconds: int, is_open: bool
) -> None:
    invitation, _path = make_invitation("ann@kaneland.example", cast.kaneland)
    at = invitation.created_at + timedelta(days=14, microseconds=microseconds)
    with nullcontext() if is_open else pytest.raises(Refused, match="too old"):
        accept(invitation, at=at)


def test_somebody_else_who_is_signed_in_cannot_take_it(cast: Cast, client: Client) -> None:
    _invitation, path = make_invitation("ann@kaneland.example", None, role=Role.OFFICER)
    response = sign_in(client, cast.stranger).post(path)
    assert response.status_code == 403
    assert "ann@kaneland.example" in response.content.decode()
    assert not cast.stranger.memberships.exists()


def test_a_forwarded_link_never_opens_an_account_in_use(cast: Cast, client: Client) -> None:
    User.objects.filter(pk=cast.member.pk).update(last_login=timezone.now())
    _invitation, path = make_invitation(cast.member.email, cast.kaneland, role=Role.BUYER)
    response = client.post(path)
    assert response.headers["Location"].startswith("/accounts/login/?next=/invitations/")
    assert not signed_in(client)
    assert sign_in(client, cast.member).post(path).status_code == 302
    assert User.objects.get(pk=cast.member.pk).standing.buyer_district_ids == {cast.kaneland.pk}


def test_a_closed_account_stays_closed(cast: Cast, client: Client) -> None:
    User.objects.filter(pk=cast.stranger.pk).update(is_active=False)
    _invitation, path = make_invitation(cast.stranger.email, cast.kaneland)
    assert client.post(path).status_code == 410
    assert not cast.stranger.memberships.exists()


def test_a_newer_invitation_replaces_the_older(cast: Cast, client: Client) -> None:
    _old, old_path = make_invitation("ann@kaneland.example", cast.kaneland)
    _new, new_path = make_invitation("ANN@kaneland.example", cast.kaneland)
    assert client.post(old_path).status_code == 410
    assert client.post(new_path).status_code == 302


def test_an_unknown_secret_is_404(cast: Cast, client: Client) -> None:
    assert client.get("/invitations/" + "x" * 32 + "/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_twenty_who_press_at_once_make_one_account_and_one_membership() -> None:
    cast = make_cast()
    invitation, _path = make_invitation("ann@kaneland.example", cast.kaneland)
    outcomes: list[str] = []

    def press() -> None:
        try:
            accept(invitation, at=timezone.now())
            outcomes.append("accepted")
        except Refused:
            outcomes.append("closed")
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["accepted"] + ["closed"] * 19
    assert Membership.objects.filter(person__email="ann@kaneland.example").count() == 1


@pytest.mark.django_db(transaction=True)
def test_hosts_who_invite_the_same_person_at_the_same_moment_send_links_of_which_the_last_works() -> None:
    cast = make_cast()
    Chapter().save()
    hosts = [sign_in(Client(), cast.host) for _number in range(6)]
    sent = {"email": "ann@kaneland.example", "role": "member", "district": cast.kaneland.pk}
    answers: list[int] = []
    gun = threading.Barrier(len(hosts))

    def press(host: Client) -> None:
        try:
            connection.ensure_connection()
            gun.wait(timeout=60)
            answers.append(host.post("/people/invite/", sent).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[host]) for host in hosts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [302] * 3 + [429] * 3, "nobody gets more than three a day"
    assert Invitation.objects.count() == 3
    assert Invitation.objects.waiting().count() == 1


def test_the_mail_holds_the_link_and_what_to_do(
    cast: Cast, client: Client, django_capture_on_commit_callbacks: object
) -> None:
    sent = {"email": "Ann@Kaneland.example", "name": "Ann Lee", "role": "member", "district": cast.kaneland.pk}
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert sign_in(client, cast.host).post("/people/invite/", sent).status_code == 302
    [message] = [message for message in mail.outbox if message.to == ["ann@kaneland.example"]]
    assert "invitation" in message.subject.lower()
    link = next(line for line in str(message.body).splitlines() if "/invitations/" in line)
    assert Client().post(link.replace("http://testserver", "")).status_code == 302
