"""The demo built as `script/demo` builds it, in processes of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from demo.content import read_practices
from tests.database import copies

CHECKOUT = Path(__file__).resolve().parent.parent.parent
VISIT = Path(__file__).with_name("visit.py")


def run(home: Path, *command: str, seed: int = 0) -> subprocess.Popen[str]:
    """`manage.py` or a script under the demo's settings, with its database in `home` and another order of hashes."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "ELASTICSEARCH_URL", "REDIS_URL", "EMAIL_URL"}
    }
    environment = kept | {
        "DJANGO_SETTINGS_MODULE": "portal.settings.demo",
        "VAR_DIR": str(home),
        "PYTHONHASHSEED": str(seed),
        "PYTHONPATH": str(CHECKOUT),
    }
    return subprocess.Popen(  # noqa: S603 - our own commands
        [sys.executable, *command], cwd=CHECKOUT, env=environment, text=True, stdout=subprocess.PIPE
    )


def done(process: subprocess.Popen[str]) -> str:
    output, _errors = process.communicate()
    assert process.returncode == 0, output
    return output


def test_two_builds_are_alike_and_one_press_signs_in(tmp_path: Path, db: None) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the demo's own database is SQLite")
    homes = [tmp_path / "one", tmp_path / "two"]
    for home in homes:
        home.mkdir()
    shutil.copy(str(copies("main").original), homes[0] / "roundtable.sqlite3")
    done(run(homes[0], "manage.py", "migrate", "--verbosity", "0"))  # the demo's own, and what follows a migration
    shutil.copy(homes[0] / "roundtable.sqlite3", homes[1] / "roundtable.sqlite3")
    builds = [
        run(home, "manage.py", "build_demo", "--today", "2026-12-01", seed=seed)
        for seed, home in enumerate(homes, start=1)
    ]
    told = [done(build) for build in builds]
    assert all(f"practices: {len(read_practices())} practices" in text for text in told)
    one, two = (done(run(home, "manage.py", "demo_digest")).splitlines() for home in homes)
    assert one == two
    done(run(homes[0], "manage.py", "search_status"))
    done(run(homes[0], "manage.py", "makemigrations", "--check", "--dry-run"))
    seen = json.loads(done(run(homes[0], str(VISIT))))
    assert seen["demo"] == 200
    assert seen["elsewhere"] == 403
    assert seen["buttons"] == 5
    assert seen["stranger"] == 404
    assert seen["signed_in"] == {mail: [302, 200] for mail in seen["signed_in"]}
    assert len(seen["signed_in"]) == 5
    assert seen["outbox"] == 200
    assert seen["shown"] == 200
    assert seen["kept"].strip() == "Hello\nworld"
    assert seen["attachment"] == ["BEGIN:VCALENDAR", 'attachment; filename="meeting.ics"']
    assert seen["no_attachment"] == 404
