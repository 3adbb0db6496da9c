"""The permission table of the routes that belong to no app: `portal/urls.py` itself holds them."""

from __future__ import annotations

from tests.architecture.routes import SIGN_IN, Route, everybody

TO_THE_DOOR = everybody(404, visitor=302, officer=302)
"""Everything under `/admin/` is nowhere for a member who is no officer."""

OFFICERS = everybody(404, visitor=SIGN_IN, officer=200)

ROUTES: list[Route] = [
    Route("healthz", everybody(200)),
    Route("readyz", everybody(200)),
    Route("metrics", everybody(404)),  # no token is set
    # Wagtail's own front doors lead to the one of the portal.
    Route("admin-login", TO_THE_DOOR, TO_THE_DOOR),
    Route("admin-password-reset", TO_THE_DOOR, TO_THE_DOOR),
    Route("admin-account", OFFICERS, OFFICERS),
    Route("admin-failwhale", everybody(404, visitor=SIGN_IN), everybody(404, visitor=SIGN_IN)),
]
