"""Who asks, where only those who signed in get through; and who else signed in in the same browser before."""

from __future__ import annotations

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse

from portal.districts.models import User


class SignedIn(HttpRequest):
    """A request that the sign-in middleware let through."""

    user: User  # type: ignore[assignment]


SALT = "portal.districts.here"
MOST_HERE = 12
HERE_SECONDS = 400 * 24 * 3600
"""As long as browsers keep a cookie at most."""


def others_here(request: HttpRequest) -> frozenset[int]:
    """The accounts, other than the one at work, that signed in in this browser or confirmed their address there."""
    return frozenset(_here(request)) - {request.user.pk}


def note_here(request: HttpRequest, response: HttpResponse, person: User) -> None:
    """Keep in the browser that this person was there: signing out, or in as somebody else, empties a session."""
    before = _here(request)
    if person.pk in before:
        return
    kept = [person.pk, *before][:MOST_HERE]
    response.set_signed_cookie(
        settings.HERE_COOKIE_NAME,
        ".".join(map(str, kept)),
        salt=SALT,
        max_age=HERE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _here(request: HttpRequest) -> list[int]:
    """Newest first; nobody where the cookie is missing or not ours."""
    try:
        kept = request.get_signed_cookie(settings.HERE_COOKIE_NAME, "", salt=SALT) or ""
    except BadSignature:
        return []
    return [int(pk) for pk in kept.split(".") if pk]
