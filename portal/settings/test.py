"""The test suite: a database of its own, mail kept in memory, work done at once, cheap password hashes."""

from portal.settings.dev import *
from portal.settings.dev import DATABASES, STATIC_ROOT, VAR_DIR

DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
PORTAL_URL = WAGTAILADMIN_BASE_URL = "http://testserver"
MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MEDIA_ROOT = VAR_DIR / "test-media"
# The test database is a file (tests/database.py): SQLite's in-memory one ignores the busy timeout.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    init_command = DATABASES["default"]["OPTIONS"]["init_command"]
    DATABASES["default"]["OPTIONS"]["init_command"] = init_command.replace("synchronous=FULL", "synchronous=OFF")
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns of a folder that is not there
