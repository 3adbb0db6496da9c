"""What the demo is made of: TOML files written by hand, one a topic. Dates in them count from the day it is built."""

import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def read(name: str) -> dict[str, Any]:
    """One file, by its name without the ending."""
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


def read_practices() -> list[dict[str, Any]]:
    """The practices of every file, oldest first."""
    files = sorted((HERE / "practices").glob("*.toml"))
    practices = [row for path in files for row in tomllib.loads(path.read_text(encoding="utf-8"))["practice"]]
    return sorted(practices, key=lambda row: (-row["days_ago"], row["key"]))
