from __future__ import annotations

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
}


def start(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=portal_settings.BASE_DIR,
        env=kept | {"DJANGO_SETTINGS_MODULE": "portal.settings.base", "VAR_DIR": str(tmp_path)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_with_safe_settings(tmp_path: Path) -> None:
    assert start(tmp_path, **SAFE).returncode == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("ALLOWED_HOSTS", ""),
        ("ALLOWED_HOSTS", "*"),
        ("PORTAL_URL", "http://portal.example.org"),
    ],
)
def test_production_refuses_to_start_and_says_what_to_set(tmp_path: Path, name: str, value: str) -> None:
    refused = start(tmp_path, **SAFE | {name: value})
    assert refused.returncode != 0
    assert name in refused.stderr
