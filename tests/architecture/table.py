"""All rows of the permission table, gathered from `tests/<app>/routes.py` and `root_routes.py`."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from tests.architecture import root_routes
from tests.architecture.routes import Route

HERE = Path(__file__).parent.parent


def all_routes() -> list[Route]:
    found = list(root_routes.ROUTES)
    for path in sorted(HERE.glob("*/routes.py")):
        if path.parent.name != "architecture":
            found += import_module(f"tests.{path.parent.name}.routes").ROUTES
    return found
