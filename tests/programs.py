"""The portal's processes as an operator starts them: production's settings, and the test's database."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

CHECKOUT = Path(settings.BASE_DIR)


def environment(home: Path, **given: str) -> dict[str, str]:
    """`home` is where the process keeps what is no row."""
    name = str(connection.settings_dict["NAME"])
    server = os.environ.get("DATABASE_URL", "")
    url = f"sqlite:///{name}" if connection.vendor == "sqlite" else urlsplit(server)._replace(path=f"/{name}").geturl()
    safe = {
        "DJANGO_SETTINGS_MODULE": "portal.settings.base",
        "SECRET_KEY": settings.SECRET_KEY + "-of-a-program",
        "ALLOWED_HOSTS": "portal.example.org",
        "PORTAL_URL": "https://portal.example.org",
        "EMAIL_URL": "dummymail://",
        "DATABASE_URL": url,
        "ELASTICSEARCH_URL": "",
        "VAR_DIR": str(home),
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
    }
    return os.environ | safe | given


@contextmanager
def running(
    home: Path, *command: str, program: Sequence[str] = ("manage.py",), **given: str
) -> Iterator[subprocess.Popen[bytes]]:
    """`manage.py` with this command; killed at the end where it still runs. What it logs is in `home/log`."""
    with (home / "log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, *program, *command],
            cwd=CHECKOUT,
            env=environment(home, **given),
            stdout=log,
            stderr=log,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def until(what: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait for it; `AssertionError` where it does not come."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)
