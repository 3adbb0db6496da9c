"""The WSGI entry point: `gunicorn portal.wsgi`."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from portal.settings.env import WEB

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.base")
os.environ[WEB] = "true"  # before settings are read

try:
    application = get_wsgi_application()
except ImproperlyConfigured as error:  # the list of what to set, without a traceback; 3 tells gunicorn not to try again
    sys.stderr.write(f"{error}\n")
    raise SystemExit(3) from None
