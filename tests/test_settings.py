from __future__ import annotations

from pathlib import Path

import pytest

from portal.settings import env


@pytest.mark.parametrize("typed", [None, ""])
def test_a_variable_left_blank_is_one_that_was_not_set(monkeypatch: pytest.MonkeyPatch, typed: str | None) -> None:
    """`MAIL_FROM=` as the sender would refuse every mail, codes to sign in too."""
    monkeypatch.delenv("MAIL_FROM", raising=False)
    if typed is not None:
        monkeypatch.setenv("MAIL_FROM", typed)
    assert env.text("MAIL_FROM", "Roundtable <roundtable@localhost>") == "Roundtable <roundtable@localhost>"


@pytest.mark.parametrize("typed", ["a/b#c?d", "$HOME", "${SECRET_KEY}", "50%2F", "p@ss:word", " spaced ", "über'\"\\"])
def test_a_password_may_hold_any_character(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, typed: str) -> None:
    """In an address a slash ends the host, and django-environ takes a dollar for the name of a variable."""
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("POSTGRES_HOST", "database")
    monkeypatch.setenv("POSTGRES_PASSWORD", typed)
    config = env.database(tmp_path / "roundtable.sqlite3")
    assert {key: config[key] for key in ("ENGINE", "HOST", "PORT", "NAME", "USER", "PASSWORD")} == {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": "database",
        "PORT": "5432",
        "NAME": "roundtable",
        "USER": "roundtable",
        "PASSWORD": typed,
    }
    assert config["OPTIONS"]["connect_timeout"] == 2


def test_an_address_comes_before_its_parts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("POSTGRES_HOST", "database")
    monkeypatch.setenv("DATABASE_URL", "postgres://somebody:word@elsewhere/portal")
    assert env.database(tmp_path / "roundtable.sqlite3")["HOST"] == "elsewhere"


def test_without_either_it_is_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("POSTGRES_HOST", raising=False)
    config = env.database(tmp_path / "roundtable.sqlite3")
    assert (config["ENGINE"], config["NAME"]) == ("portal.sqlite3", str(tmp_path / "roundtable.sqlite3"))


def test_blank_numbers_switches_and_mail_are_those_that_were_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """As docker-compose.yml passes what .env does not name."""
    for name in ("A_NUMBER", "EMAIL_URL"):
        monkeypatch.setenv(name, "")
    assert env.integer("A_NUMBER", 60) == 60
    assert env.number("A_NUMBER", 0.8) == 0.8
    assert env.flag("A_NUMBER", default=True)
    assert env.words("A_NUMBER") == []
    assert env.mail()["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend"
