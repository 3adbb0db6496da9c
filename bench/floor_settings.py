"""Bare Django under the twins: sessions and users as it comes, and a small base template. What a page must cost."""

from bench.settings import *  # noqa: F403
from bench.settings import BASE_DIR, TEMPLATES

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # it insists
]
SESSION_ENGINE = "django.contrib.sessions.backends.db"
TEMPLATES = [
    TEMPLATES[0]
    | {
        "DIRS": [BASE_DIR / "bench" / "templates" / "floor", BASE_DIR / "bench" / "templates"],
        "OPTIONS": {"context_processors": ["django.contrib.auth.context_processors.auth"]},
    }
]
