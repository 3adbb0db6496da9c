"""manage.py mail_worker: sends what waits, until it is stopped."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.loops import Loop
from portal.notices.deeds.send import Mailer


class Command(BaseCommand):
    help = "Send the mail that waits, codes to sign in first. Runs until it is stopped; several may run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="send what waits and end")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        mailer = Mailer()
        if not once:
            Loop("mail").run(mailer.step)
        while once and mailer.step():
            pass
        mailer.hang_up()
