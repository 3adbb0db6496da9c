"""Whether an answer was given before or after its meeting moved is not known: it is for the date that is planned now.

On the way back only those for that date stay: a person had one answer.
"""

from django.db import migrations
from django.db.models import F, OuterRef, Subquery


def date_the_answers(apps, schema_editor):
    rsvps, meetings = apps.get_model("events", "Rsvp").objects, apps.get_model("events", "Meeting").objects
    rsvps.update(starts_at=Subquery(meetings.filter(pk=OuterRef("meeting_id")).values("starts_at")[:1]))


def forget_other_dates(apps, schema_editor):
    apps.get_model("events", "Rsvp").objects.exclude(starts_at=F("meeting__starts_at")).delete()


class Migration(migrations.Migration):
    dependencies = [("events", "0004_answers_are_for_a_date")]

    operations = [migrations.RunPython(date_the_answers, forget_other_dates)]
