"""Calendar texts written so far name the portal's address of their day; from now on it is put in when they are read."""

from django.conf import settings
from django.db import migrations
from icalendar import Event

HERE = "\x1a"


def forget_the_address(apps, schema_editor):
    rewrite(apps, HERE)


def remember_the_address(apps, schema_editor):
    rewrite(apps, settings.PORTAL_URL)


def rewrite(apps, address):
    """In URL and description of each text for members. The public text has neither."""
    meetings = apps.get_model("events", "Meeting").objects
    for meeting in meetings.only("vevent").iterator(chunk_size=500):
        path, event = f"/meetings/{meeting.pk}/", Event.from_ical(meeting.vevent)
        was = str(event["url"]).removesuffix(path)
        for name in ("url", "description"):
            event.add(name, str(event.pop(name)).replace(was + path, address + path))
        meeting.vevent = event.to_ical().decode()
        meeting.save(update_fields=["vevent"])


class Migration(migrations.Migration):
    dependencies = [("events", "0005_answers_get_their_date")]

    operations = [migrations.RunPython(forget_the_address, remember_the_address)]
