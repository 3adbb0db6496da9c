"""manage.py search_ship: brings changes to Elasticsearch until it is stopped."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.loops import Loop
from portal.search.mirror import changes

IDLE_SECONDS = 60.0


class Command(BaseCommand):
    help = "Bring changed search entries to Elasticsearch, and fill it where it has none. Runs until it is stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="ship what waits and end")

    def handle(self, *args: Any, **options: Any) -> None:
        if not changes.is_wanted():
            self.stdout.write("ELASTICSEARCH_URL is not set: the database answers every search.")
            if not options["once"]:
                Loop("shipping", every=IDLE_SECONDS).run(lambda: False)  # one that ends would be started again
            return
        from portal.search.mirror import filling, shipping  # costs 0.8 s

        if options["once"]:
            filling.Watch()()
            self.stdout.write(f"{shipping.ship_all():,} entries shipped")
            return
        shipping.loop().run(partial(shipping.step, filling.Watch()))
