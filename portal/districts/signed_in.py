"""Who asks, where only those who signed in get through."""

from __future__ import annotations

from django.http import HttpRequest

from portal.districts.models import User


class SignedIn(HttpRequest):
    """A request that the sign-in middleware let through."""

    user: User  # type: ignore[assignment]
