"""Run by test_build under the demo's settings: visit /demo/ and the outbox, print what was seen as JSON."""

import json
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.mail import EmailMessage, get_connection  # noqa: E402
from django.test import Client, override_settings  # noqa: E402

from demo.models import OutboxMail  # noqa: E402
from demo.people import FIVE  # noqa: E402

PLAIN = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


def client() -> Client:
    return Client(HTTP_HOST="127.0.0.1")


def main() -> dict[str, object]:
    page = client().get("/demo/")
    signed_in = {}
    for person in FIVE:
        visitor = client()
        pressed = visitor.post("/demo/sign-in/", {"email": person.email})
        signed_in[person.email] = [pressed.status_code, visitor.get("/notices/").status_code]
    mail = EmailMessage("Moved: Kane", "Hello\nworld", to=["a@b.example"])
    mail.attach("meeting.ics", "BEGIN:VCALENDAR", "text/calendar; method=REQUEST")
    get_connection(settings.MAIL_TRANSPORT).send_messages([mail])
    kept = OutboxMail.objects.latest("pk")
    file = client().get(f"/demo/outbox/{kept.pk}/0/")
    return {
        "demo": page.status_code,
        "elsewhere": client().get("/demo/", REMOTE_ADDR="10.0.0.7").status_code,
        "buttons": page.content.decode().count('name="email"'),
        "stranger": client().post("/demo/sign-in/", {"email": "network@kaneland.example"}).status_code,
        "signed_in": signed_in,
        "outbox": client().get("/demo/outbox/").status_code,
        "kept": kept.text,
        "shown": client().get(f"/demo/outbox/{kept.pk}/").status_code,
        "attachment": [file.content.decode().strip(), file.headers["Content-Disposition"]],
        "no_attachment": client().get(f"/demo/outbox/{kept.pk}/7/").status_code,
    }


if __name__ == "__main__":
    with override_settings(STORAGES=settings.STORAGES | PLAIN):  # nothing was collected here
        sys.stdout.write(json.dumps(main()))
