"""The permission table's rows of the districts and of signing in."""

from __future__ import annotations

from typing import Any

from portal.districts.models import Role
from tests.architecture.routes import SIGN_IN, Route, everybody, members
from tests.districts.makers import make_invitation, make_join_request, make_waiting
from tests.people import Cast, make_user

OPEN = everybody(200)


def _kaneland(cast: Cast) -> dict[str, Any]:
    return {"slug": cast.kaneland.slug}


def _members_membership(cast: Cast) -> dict[str, Any]:
    return {"pk": cast.member.memberships.get().pk}


def _request(answer: str) -> Any:
    def make(cast: Cast) -> dict[str, Any]:
        asker = make_user("asker@kaneland.example", "Somebody who asks")
        return {"pk": make_join_request(asker, cast.kaneland).pk, "answer": answer}

    return make


def _invitation(cast: Cast) -> dict[str, Any]:
    return {"pk": make_invitation("ann@kaneland.example", cast.kaneland)[0].pk}


def _waiting(answer: str) -> Any:
    """A buyer from outside, whom the host proposed."""

    def make(cast: Cast) -> dict[str, Any]:
        waiting = make_waiting("ann@elsewhere.example", cast.kaneland, role=Role.BUYER, by=cast.host)
        return {"pk": waiting.pk, "answer": answer}

    return make


def _secret(cast: Cast) -> dict[str, Any]:
    return {"secret": make_invitation("ann@kaneland.example", cast.kaneland)[1].split("/")[2]}


def _proposal(answer: str) -> Any:
    return lambda cast: {"pk": cast.kaneland.pk, "answer": answer, "domain": "kaneland.org"}


HOSTS = members(403, host=200, officer=200)
"""Hosts and officers; other members know that the screen exists."""
DEEDS = members(403, host=302, officer=302)
OFFICERS = members(403, officer=200)

ROUTES = [
    Route("districts:district-list", OPEN),
    Route("districts:district-detail", OPEN, make=_kaneland),
    Route("districts:county-detail", OPEN, make=lambda cast: {"slug": cast.kane.slug}),
    Route(
        "districts:district-edit",
        everybody(403, visitor=SIGN_IN, officer=200),
        everybody(403, visitor=SIGN_IN, officer=302),
        make=_kaneland,
        form=lambda cast: {"short_name": "Kaneland", "other_names": "", "domains": ""},
    ),
    Route(
        "districts:join",
        everybody(403, visitor=200, stranger=200),
        everybody(403, visitor=422, stranger=302),
        make=_kaneland,
    ),
    Route("districts:join-confirm", everybody(302), everybody(302), make=_kaneland),
    Route("districts:join-sent", OPEN, make=_kaneland),
    Route("districts:invitation", everybody(403, visitor=200), everybody(403, visitor=302), make=_secret),
    Route("districts:people", HOSTS),
    Route("districts:invite", HOSTS, members(403, host=422, officer=422)),
    Route("districts:invite-county", HOSTS, members(403, host=422, officer=422)),
    Route("districts:membership-end", None, DEEDS, make=_members_membership),
    Route("districts:membership-restore", None, DEEDS, make=_members_membership),
    Route("districts:membership-role", None, DEEDS, make=_members_membership, form=lambda cast: {"role": "buyer"}),
    Route(
        "districts:membership-allow",
        members(403, officer=200),
        members(403, officer=302),
        make=lambda cast: {"pk": cast.buyer.memberships.get(role=Role.BUYER).pk},
        form=lambda cast: {"reason": "Nobody else."},
    ),
    *(
        Route(
            "districts:role-decide",
            None,
            everybody(404, visitor=SIGN_IN) | may,
            make=_waiting(answer),
        )
        for answer, may in (
            ("agree", {"buyer": 302, "host": 403, "officer": 302}),
            ("refuse", {"buyer": 302, "host": 403, "officer": 302}),
            ("take-back", {"buyer": 403, "host": 302, "officer": 403}),
        )
    ),
    Route("districts:invitation-again", None, DEEDS, make=_invitation),
    Route("districts:invitation-withdraw", None, DEEDS, make=_invitation),
    *(
        Route(
            "districts:request-decide",
            None,
            everybody(404, visitor=SIGN_IN, buyer=302, host=302, officer=302),
            make=_request(answer),
        )
        for answer in ("approve", "decline")
    ),
    Route("districts:set-up", OFFICERS),
    Route("districts:set-up-identity", OFFICERS, members(403, officer=422)),
    Route("districts:set-up-directory", OFFICERS, members(403, officer=422)),
    Route("districts:set-up-directory-file", OFFICERS, make=lambda cast: {"what": "districts"}),
    Route("districts:set-up-domains", OFFICERS, members(403, officer=409)),
    *(
        Route(
            "districts:set-up-domain",
            None,
            members(403, officer=302),
            make=_proposal(answer),
        )
        for answer in ("confirm", "refuse", "reopen")
    ),
    Route("districts:whom-to-ask", OPEN),
    Route("districts:reach", OFFICERS),
    # allauth's own: signed in already means there is nothing to do at the entrance.
    Route("account_login", everybody(302, visitor=200), everybody(302, visitor=200)),
    Route("account_request_login_code", everybody(302, visitor=200), everybody(302, visitor=200)),
    Route("account_confirm_login_code", everybody(302), everybody(302)),
    Route("account_logout", everybody(200, visitor=302), everybody(302)),
    Route("account_inactive", OPEN),
    Route("account_signup", everybody(302, visitor=200), everybody(302, visitor=200)),
    Route("account_reauthenticate", everybody(403, visitor=SIGN_IN), everybody(403, visitor=SIGN_IN)),  # no password
    Route("account_email", everybody(200, visitor=SIGN_IN), everybody(302)),
    Route("account_email_verification_sent", everybody(302), everybody(302)),
    Route("account_change_password", everybody(302), everybody(302)),
    Route("account_set_password", everybody(200, visitor=SIGN_IN), everybody(200, visitor=SIGN_IN)),
    Route("account_reset_password", OPEN, OPEN),
    Route("account_confirm_password_reset_code", everybody(302), everybody(302)),
    Route("account_complete_password_reset", everybody(302), everybody(302)),
    Route("account_password_reset_completed", OPEN),
]
