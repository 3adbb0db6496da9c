"""Kept beside a portal that runs, brought back into an empty place, proven there."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from portal.districts.models.people import User
from tests import database
from tests.programs import CHECKOUT, environment

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kept(settings: Any, tmp_path: Path) -> Path:
    """A backup with one person and one upload."""
    settings.MEDIA_ROOT = tmp_path / "media"
    (settings.MEDIA_ROOT / "documents").mkdir(parents=True)
    (settings.MEDIA_ROOT / "documents" / "rates.csv").write_text("item,price\nswitch,410\n")
    User.objects.create_user("ana@example.org")
    call_command("backup", tmp_path / "kept", stdout=sys.stderr)
    return tmp_path / "kept"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a portal that has nothing yet."""
    media = {"MEDIA_ROOT": str(tmp_path / "new-media")}
    if connection.vendor == "sqlite":
        yield environment(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/new.sqlite3", **media)
        return
    server, name = database.copies("main"), f"{connection.settings_dict['NAME']}_brought_back"
    assert isinstance(server, database.PostgreSQLCopies)
    server._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    server._run("CREATE DATABASE {}", name)
    usual = environment(tmp_path, **media)
    yield usual | {"DATABASE_URL": urlsplit(usual["DATABASE_URL"])._replace(path=f"/{name}").geturl()}
    server._run("DROP DATABASE {} WITH (FORCE)", name)


def manage(place: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "manage.py", *command], cwd=CHECKOUT, env=place, capture_output=True, text=True
    )


def test_what_was_kept_comes_back_whole_and_into_an_empty_place_alone(
    kept: Path, place: dict[str, str], tmp_path: Path
) -> None:
    done = manage(place, "restore", str(kept))
    assert done.returncode == 0, done.stderr
    assert "1 uploads are as they were kept" in done.stdout
    assert (tmp_path / "new-media" / "documents" / "rates.csv").read_text() == "item,price\nswitch,410\n"
    asked = (
        "from portal.districts.models.people import User; print(User.objects.filter(email='ana@example.org').count())"
    )
    assert manage(place, "shell", "--no-imports", "-c", asked).stdout.strip() == "1"
    again = manage(place, "restore", str(kept))
    assert again.returncode == 1
    assert "The database is not empty" in again.stderr
    forced = manage(place, "restore", str(kept), "--force")
    assert forced.returncode == 0, forced.stderr


@pytest.mark.parametrize("spoiled", ["database", "media/documents/rates.csv"])
def test_a_spoiled_backup_is_not_brought_back(kept: Path, spoiled: str) -> None:
    with (kept / spoiled).open("ab") as file:
        file.write(b"x")
    with pytest.raises(CommandError, match=f"{spoiled} was changed"):
        call_command("restore", kept, force=True)
    assert User.objects.filter(email="ana@example.org").exists()


def test_what_differs_from_the_counts_is_named(kept: Path, place: dict[str, str]) -> None:
    change(kept, lambda manifest: manifest["figures"]["purchasing_commitmententry"].update(committed_after="410"))
    done = manage(place, "restore", str(kept))
    assert done.returncode == 1
    assert "purchasing_commitmententry: committed_after is 0 and was 410." in done.stderr


def test_a_later_release_s_backup_is_refused(kept: Path) -> None:
    change(kept, lambda manifest: manifest["migrations"].append("portal.9999_later"))
    with pytest.raises(CommandError, match=r"does not know portal\.9999_later"):
        call_command("restore", kept, force=True)


def test_a_backup_that_was_stopped_is_none(kept: Path) -> None:
    (kept / "manifest.json").unlink()
    with pytest.raises(CommandError, match=r"no manifest\.json"):
        call_command("restore", kept, force=True)


def test_nothing_is_written_over_another_backup(kept: Path) -> None:
    with pytest.raises(CommandError, match="is not empty"):
        call_command("backup", kept)


def test_what_the_release_before_lacks_is_not_asked_for(tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE portal_spent")
        cursor.execute("ALTER TABLE purchasing_buyingrule RENAME COLUMN open_days TO days")
    call_command("backup", tmp_path / "kept", stdout=sys.stderr)
    figures = json.loads((tmp_path / "kept" / "manifest.json").read_text())["figures"]
    assert "portal_spent" not in figures
    assert list(figures["purchasing_buyingrule"]) == ["rows", "notice_days", "fiscal_year_month"]


def test_only_its_owner_may_look_into_it(kept: Path) -> None:
    assert kept.stat().st_mode & 0o077 == 0


def change(kept: Path, how: Any) -> None:
    manifest = json.loads((kept / "manifest.json").read_text())
    how(manifest)
    (kept / "manifest.json").write_text(json.dumps(manifest))
