"""manage.py task_worker: does what takes long, such as reading uploaded files, until it is stopped."""

from functools import partial
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.crypto import get_random_string

from portal.loops import Loop
from portal.tasks import work


class Command(BaseCommand):
    help = "Do what takes long, such as reading uploaded files. Runs until it is stopped; several may run."

    def handle(self, *args: Any, **options: Any) -> None:
        Loop("worker").run(partial(work, get_random_string(32)))
