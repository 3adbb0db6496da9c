from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as portal_settings

SAFE = {
    "SECRET_KEY": "s" * 50,
    "ALLOWED_HOSTS": "portal.example.org",
    "PORTAL_URL": "https://portal.example.org",
    "EMAIL_URL": "smtp+tls://user:password@mail.example.org:587",
}


def start(
    tmp_path: Path, environment: dict[str, str], command: tuple[str, ...] = ("manage.py", "check")
) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(  # noqa: S603
        [sys.executable, *command],
        cwd=portal_settings.BASE_DIR,
        env=kept | {"DJANGO_SETTINGS_MODULE": "portal.settings.base", "VAR_DIR": str(tmp_path)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_with_safe_settings(tmp_path: Path) -> None:
    assert start(tmp_path, SAFE).returncode == 0


def test_a_portal_that_sends_no_mail_says_so_on_purpose(tmp_path: Path) -> None:
    assert start(tmp_path, SAFE | {"EMAIL_URL": "dummymail://"}).returncode == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("ALLOWED_HOSTS", ""),
        ("ALLOWED_HOSTS", "*"),
        ("PORTAL_URL", "http://portal.example.org"),
        ("EMAIL_URL", ""),
        ("EMAIL_URL", "consolemail://"),
    ],
)
def test_production_refuses_to_start_and_says_what_to_set(tmp_path: Path, name: str, value: str) -> None:
    refused = start(tmp_path, SAFE | {name: value})
    assert refused.returncode != 0
    assert name in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    "command", [("manage.py", "migrate"), ("-m", "gunicorn", "portal.wsgi", "-c", "portal/gunicorn.py")]
)
@pytest.mark.parametrize("unset", [{}, {"SECRET_KEY": ""}])
def test_without_a_key_all_that_is_missing_is_listed_and_nothing_else(
    tmp_path: Path, command: tuple[str, ...], unset: dict[str, str]
) -> None:
    refused = start(tmp_path, {"PORT": "0", "WEB_CONCURRENCY": "1"} | unset, command)
    assert refused.returncode == (3 if "gunicorn" in command else 1)
    ours = [line for line in refused.stderr.splitlines() if not line.startswith("{")]
    assert ours == [
        "This portal is not safe to start. Set",
        "  SECRET_KEY: a random text of at least 50 characters.",
        "  ALLOWED_HOSTS: the portal's host names.",
        "  PORTAL_URL: its address, starting with https://.",
        "  EMAIL_URL: the mail server, smtp+tls://user:password@host:587, or dummymail:// to send no mail.",
    ]
    for line in refused.stderr.splitlines():
        if line.startswith("{"):
            assert json.loads(line)["level"] in {"info", "error"}, "gunicorn's lines are like the portal's"
