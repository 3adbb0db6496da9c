"""manage.py start_chapter --name --state --zone --officer-email --officer-name [--office-word]"""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.urls import reverse
from django.utils import timezone

from portal.districts.deeds.start_chapter import start_chapter
from portal.districts.models.chapter import validate_zone

QUESTIONS = {
    "name": "The chapter's name (as in a title)",
    "state": "The state (as in a sentence)",
    "zone": "Its time zone (such as America/Chicago)",
    "office_word": "What the state calls a regional office, for short (ROE, CESA, ESC; empty: ROE)",
    "officer_email": "The first officer's email address",
    "officer_name": "The first officer's name",
}


OPTIONAL = {"office_word"}


class Command(BaseCommand):
    help = "Start a chapter: its name, and a sign-in link for its first officer. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        for name, question in QUESTIONS.items():
            parser.add_argument(f"--{name.replace('_', '-')}", help=question)

    def handle(self, *args: Any, **options: Any) -> None:
        answers = {name: (options[name] or self._ask(question)).strip() for name, question in QUESTIONS.items()}
        missing = [f"--{name.replace('_', '-')}" for name in QUESTIONS.keys() - OPTIONAL if not answers[name]]
        if missing:
            raise CommandError(f"Missing: {', '.join(missing)}.")
        try:
            validate_email(answers["officer_email"])
            validate_zone(answers["zone"])
            path = start_chapter(**answers, at=timezone.now())
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{answers['name']} is started.")
        if path:
            self.stdout.write(
                f"{answers['officer_name']} comes in here (once, within 14 days): {settings.PORTAL_URL}{path}"
            )
        else:
            sign_in = settings.PORTAL_URL + reverse("account_login")
            self.stdout.write(f"{answers['officer_email']} is an officer already and signs in at {sign_in}")
        self.stdout.write(f"Then go on at {settings.PORTAL_URL}{reverse('districts:set-up')}")

    def _ask(self, question: str) -> str:
        """What is typed, at a terminal; "" elsewhere."""
        return input(f"{question}: ") if sys.stdin is not None and sys.stdin.isatty() else ""
