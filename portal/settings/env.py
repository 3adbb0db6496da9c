"""How settings read the environment. docs/operations.md lists every variable."""

import os
from pathlib import Path
from typing import Any

import environ

CHECKOUT = Path(__file__).resolve().parent.parent.parent


def text(name: str, default: str = "") -> str:
    """The variable as typed, or `default` where it is unset or, as in a copied .env, left blank.

    django-environ would take one that begins with `$` for the name of another.
    """
    return os.environ.get(name, "") or default


def words(name: str) -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name).split(",") if word.strip()]


def integer(name: str, default: int) -> int:
    return int(text(name, str(default)))


def number(name: str, default: float) -> float:
    return float(text(name, str(default)))


def flag(name: str, *, default: bool) -> bool:
    return text(name, str(default)).lower() in environ.Env.BOOLEAN_TRUE_STRINGS


def path(name: str, default: Path) -> Path:
    return Path(text(name, str(default)))


WEB = "PORTAL_ANSWERS_REQUESTS"
"""Set by portal/wsgi.py: somebody waits for what this process does."""


def database(default: Path) -> dict[str, Any]:
    """`DATABASE_URL`, or else `POSTGRES_HOST` and its kin, as a Django database; by default the SQLite file `default`.

    A connection is kept for the next request: to open SQLite's file and read its schema costs 3 ms. SQLite runs in WAL
    with immediate transactions and waits 20 s for the one writer; PostgreSQL connects within 2 s, gives a statement
    10 s and a lock 5 s, and checks a kept connection before it is used again. Where requests are answered nobody waits
    for 3 s: SQLite waits 2.5 s, and PostgreSQL gives a statement 2.5 s and a lock 2 s.
    """
    is_web = flag(WEB, default=False)
    default.parent.mkdir(parents=True, exist_ok=True)
    config = _postgresql() or environ.Env.db_url_config(text("DATABASE_URL", f"sqlite:///{default}"))
    config["ATOMIC_REQUESTS"] = False
    config["CONN_MAX_AGE"] = integer("DATABASE_CONN_MAX_AGE", 60)
    if config["ENGINE"].endswith("sqlite3"):
        config["ENGINE"] = "portal.sqlite3"
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 2.5 if is_web else 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            " PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;",
        }
    else:
        config["CONN_HEALTH_CHECKS"] = True
        statement, lock = (2500, 2000) if is_web else (10_000, 5000)
        config["OPTIONS"] = {
            "connect_timeout": 2,
            "tcp_user_timeout": statement,  # a server that is gone without a word
            "options": f"-c statement_timeout={statement} -c lock_timeout={lock}",
        } | config.get("OPTIONS", {})
    return config


def _postgresql() -> dict[str, Any]:
    """From its parts, where a password may hold any character; empty where an address is given, or neither."""
    if text("DATABASE_URL") or not text("POSTGRES_HOST"):
        return {}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": text("POSTGRES_HOST"),
        "PORT": text("POSTGRES_PORT", "5432"),
        "NAME": text("POSTGRES_DB", "roundtable"),
        "USER": text("POSTGRES_USER", "roundtable"),
        "PASSWORD": text("POSTGRES_PASSWORD"),
    }


def cache() -> dict[str, Any]:
    """Redis where `REDIS_URL` is set, else a table of the database: limits are shared by all processes either way."""
    url = text("REDIS_URL")
    if url:
        return {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": url,
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        }
    return {"BACKEND": "portal.cache_table.CacheTable", "LOCATION": "cache"}


def mail() -> dict[str, Any]:
    """`EMAIL_URL` (smtp+tls://user:password@host:587) as Django's mail settings; the console where it is unset.

    Production does not start with that (`portal/safety.py`).
    """
    return dict(environ.Env.email_url_config(text("EMAIL_URL", "consolemail://")))
