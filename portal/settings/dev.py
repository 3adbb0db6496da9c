"""A developer's own machine: plain HTTP, the console for mail, work done at once."""

from portal.settings import env
from portal.settings.base import *

RELAXED = True
DEBUG = env.flag("DEBUG", default=True)
SECRET_KEY = env.text("SECRET_KEY", "for-development-only-" + "x" * 40)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
PORTAL_URL = WAGTAILADMIN_BASE_URL = env.text("PORTAL_URL", "http://127.0.0.1:8000")
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SESSION_COOKIE_NAME = "sessionid"
SESSION_COOKIE_SECURE = False
HERE_COOKIE_NAME = "here"
CSRF_COOKIE_NAME = "csrftoken"
CSRF_COOKIE_SECURE = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
MAIL_AT_ONCE = True
