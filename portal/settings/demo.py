"""The demo: production's code served over plain HTTP, and only on this machine.

It refuses to start on any address but the loopback one: `/demo/` signs anybody in.
"""

from portal.settings import env
from portal.settings.base import *
from portal.settings.base import INSTALLED_APPS, MIDDLEWARE, VAR_DIR

RELAXED = True
DEMO_PORT = env.integer("PORT", 8000)
SECRET_KEY = env.text("SECRET_KEY", "for-the-demo-only-" + "x" * 40)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
PORTAL_URL = WAGTAILADMIN_BASE_URL = f"http://127.0.0.1:{DEMO_PORT}"
INSTALLED_APPS = ["demo", *INSTALLED_APPS]
MIDDLEWARE = ["demo.middleware.LoopbackOnlyMiddleware", *MIDDLEWARE]
MIDDLEWARE.remove("portal.districts.middleware.HereMiddleware")  # one browser plays everybody here
ROOT_URLCONF = "demo.urls"
MAIL_TRANSPORT = "demo.outbox.EmailBackend"
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SESSION_COOKIE_NAME = "sessionid"
SESSION_COOKIE_SECURE = False
HERE_COOKIE_NAME = "here"
CSRF_COOKIE_NAME = "csrftoken"
CSRF_COOKIE_SECURE = False
STATIC_ROOT = VAR_DIR / "static"
