"""The WSGI entry point: `gunicorn portal.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

from portal.settings.env import WEB

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.base")
os.environ[WEB] = "true"  # before settings are read

application = get_wsgi_application()
