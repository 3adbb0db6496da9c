"""What `docker build` is sent: all that the Dockerfile uses, and nothing that is nobody else's business."""

from __future__ import annotations

import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.programs import CHECKOUT, environment

RULES = [line for line in (CHECKOUT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]


def is_sent(path: str) -> bool:
    """As Docker reads it: the last rule counts that names the path or a folder that it is in."""
    names = [path, *map(str, Path(path).parents)]
    sent = True
    for rule in RULES:
        pattern = rule.removeprefix("!").removeprefix("**/")
        parts = Path(path).parts if "**/" in rule else names
        if any(fnmatch(part, pattern) and (pattern != "*" or "/" not in part) for part in parts):
            sent = rule.startswith("!")
    return sent


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        ".env.example",
        ".env.production",
        "portal/.env",
        ".git/config",
        ".venv/pyvenv.cfg",
        "var/roundtable.sqlite3",
        "backup.sqlite3",
        "tests/conftest.py",
        "demo/urls.py",
        "deploy/nginx.conf",
        "docker-compose.yml",
        "portal/__pycache__/urls.cpython-311.pyc",
        "requirements/dev.txt",
        "something-new/key.pem",
    ],
)
def test_what_the_image_does_not_need_is_not_sent(path: str) -> None:
    assert not is_sent(path)


def test_the_image_needs_nothing_that_is_not_sent(tmp_path: Path) -> None:
    """In a folder with no more than that the Dockerfile's commands work."""
    folder = tmp_path / "image"
    for path in tracked():
        if is_sent(path):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(CHECKOUT / path, folder / path)
    assert (folder / "requirements/production.txt").exists()
    for command in (
        ["manage.py", "collectstatic", "--noinput", "--dry-run", "-v", "0"],
        ["-m", "gunicorn", "portal.wsgi", "--config", "portal/gunicorn.py", "--check-config"],
    ):
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, *command],
            cwd=folder,
            env=environment(tmp_path, PYTHONPATH=str(folder)),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=CHECKOUT, capture_output=True, text=True, check=True)  # noqa: S607
    return listed.stdout.splitlines()
