from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from portal.districts import chapter
from tests.people import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def _clean_process(db: None) -> Iterator[None]:
    """Nothing kept in the process or the cache leaks from one test into the next."""
    chapter._kept = None
    yield
    cache.clear()


def sign_in(client: Client, person: object) -> Client:
    """`client` as this person; a visitor stays signed out."""
    if getattr(person, "is_authenticated", False):
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[arg-type]
    return client
