#!/usr/bin/env python
"""Run a Django management command, by default with the development settings."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:  # what an operator has to set is read without a traceback
        sys.exit(str(error))
