"""Production's settings over plain HTTP on this machine, with the twins' routes beside the portal's."""

from portal.settings import env
from portal.settings.base import *  # noqa: F403
from portal.settings.base import BASE_DIR, DATABASES, TEMPLATES, VAR_DIR

RELAXED = True
SECRET_KEY = "for-the-bench-only-" + "x" * 40
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
PORTAL_URL = WAGTAILADMIN_BASE_URL = "http://127.0.0.1"
ROOT_URLCONF = "bench.urls"
TEMPLATES[0]["DIRS"].append(BASE_DIR / "bench" / "templates")
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SESSION_COOKIE_NAME = "sessionid"
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_NAME = "csrftoken"
CSRF_COOKIE_SECURE = False
STATIC_ROOT = VAR_DIR / "bench" / "static"
MAIL_TRANSPORT = "django.core.mail.backends.dummy.EmailBackend"
TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # A statement's helpers are processes of their own: without them all that it costs is its backend's.
    DATABASES["default"]["OPTIONS"]["options"] += " -c max_parallel_workers_per_gather=0"
    if env.flag("BENCH_FILLING", default=False):
        DATABASES["default"]["OPTIONS"]["options"] += " -c statement_timeout=0 -c synchronous_commit=off"
