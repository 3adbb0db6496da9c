"""What a page costs, in queries."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

SIGNED_IN = 3
"""Of every page of somebody signed in: session, person, memberships."""


def cost(client: Client, url: str) -> tuple[int, set[str]]:
    """The page's queries and templates.

    The fewest of three visits: the chapter and the menu are kept in the process for some seconds and then read anew.
    """
    fewest: list[int] = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(url)
        assert response.status_code == 200, (url, response.status_code)
        fewest.append(len(queries))
    return min(fewest), {template.name for template in response.templates if template.name}
