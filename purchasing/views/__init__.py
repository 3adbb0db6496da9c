"""HTTP and nothing else: fetch with access, parse, act, redirect."""

from django.http import HttpRequest

from portal.districts.models import User


class SignedIn(HttpRequest):
    """A request that the sign-in middleware let through."""

    user: User  # type: ignore[assignment]
