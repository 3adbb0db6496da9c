"""Search has entries of meetings' dates. The release before knows no such kind: on the way back they go."""

from django.db import migrations


def forget_dates(apps, schema_editor):
    for name in ("Entry", "FreshEntry"):
        apps.get_model("search", name).objects.filter(kind="meeting-date").delete()


class Migration(migrations.Migration):
    dependencies = [("events", "0006_texts_without_the_address"), ("search", "0015_remember_who_could_see")]

    operations = [migrations.RunPython(migrations.RunPython.noop, forget_dates)]
