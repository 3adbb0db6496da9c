"""A task whose doing can be counted; the worker imports it by its name."""

import time

from django.utils import timezone
from django_tasks import task

from portal.progress import note


@task()
def take_a_moment(number: int) -> None:
    time.sleep(0.05)
    note(f"drill:{number}", timezone.now())
