from __future__ import annotations

from portal.notices.deeds.switch import off_url
from tests.architecture.routes import Route, everybody
from tests.people import Cast


def _token(cast: Cast) -> dict[str, str]:
    return {"token": off_url(cast.member, "weekly-summary").rstrip("/").rsplit("/", 1)[1]}


ROUTES = [
    Route("notices:settings", get=everybody(200, visitor=302)),
    Route(
        "notices:switch",
        get=None,
        post=everybody(302),
        form=lambda cast: {"kind": "weekly-summary", "on": "0"},
    ),
    Route("notices:switch-off", get=everybody(200), post=everybody(200), make=_token),
]
