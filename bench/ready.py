"""Sets Django up for a program of its own: import it before anything that has models."""

import django

django.setup()
