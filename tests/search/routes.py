from __future__ import annotations

from tests.architecture.routes import Route, everybody, members
from tests.knowledge.makers import make_practice

ROUTES = [
    Route("search:search", get=everybody(200), query="q=wifi"),
    Route("search:suggest", get=everybody(200), query="q=wif"),
    Route(
        "search:related",
        get=members(200, visitor=404),
        make=lambda cast: {"kind": "practice", "pk": make_practice(cast.geneva, tags=("repair",)).pk},
    ),
]
