"""The permission table's form. Each app's `tests/<app>/routes.py` holds the rows of its URLs in a list `ROUTES`.

`test_permissions.py` crosses every row with the cast and compares the rows with the URLconf: a route without a row, or
a row without a route, fails the build.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from tests.people import Cast

PEOPLE = ("visitor", "stranger", "outsider", "member", "buyer", "neighbor", "host", "officer")

SIGN_IN = 302
"""A visitor is led to the sign-in page."""
TEXT_SHOWN = 403
"""A visitor who typed more than a few words is shown them, to be copied before signing in."""


def everybody(status: int, **exceptions: int) -> dict[str, int]:
    """The same status for each of the cast but the named exceptions."""
    return dict.fromkeys(PEOPLE, status) | exceptions


def members(status: int, *, visitor: int = SIGN_IN, stranger: int = 404, **exceptions: int) -> dict[str, int]:
    """The same status for all members; visitors sign in first, an account without a membership sees nothing."""
    return everybody(status, visitor=visitor, stranger=stranger) | exceptions


@dataclass(frozen=True)
class Route:
    """One named URL: what GET and POST answer to each of the cast.

    `make` gets the cast, makes what the URL needs and returns its keyword arguments. `post` is sent as the form.
    A verb that is None answers 405 to everybody who gets that far (and is tested as such for the officer).
    """

    name: str
    get: Mapping[str, int] | None
    post: Mapping[str, int] | None = None
    make: Callable[[Cast], dict[str, Any]] = field(default=lambda cast: {})
    form: Callable[[Cast], dict[str, Any]] = field(default=lambda cast: {})
    htmx: bool = False
    query: str = ""

    def url(self, cast: Cast) -> str:
        """The address, with what it needs made for it."""
        query = self.query.lstrip("?")
        return reverse(self.name, kwargs=self.make(cast)) + (f"?{query}" if query else "")
