import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """`starts_at` is put right by the next migration, which moves data alone."""

    dependencies = [
        ("districts", "0002_seen_before"),
        ("events", "0003_keep_html"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="meeting",
            name="is_reinstated",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="rsvp",
            name="starts_at",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="for the date"),
            preserve_default=False,
        ),
        migrations.RemoveConstraint(model_name="rsvp", name="rsvp_once_a_person"),
        migrations.RemoveConstraint(model_name="rsvp", name="rsvp_by_phone_once_a_district"),
        migrations.AddConstraint(
            model_name="rsvp",
            constraint=models.UniqueConstraint(
                condition=models.Q(("person__isnull", False)),
                fields=("meeting", "person", "starts_at"),
                name="rsvp_once_a_person_and_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="rsvp",
            constraint=models.UniqueConstraint(
                condition=models.Q(("person__isnull", True)),
                fields=("meeting", "district", "starts_at"),
                name="rsvp_by_phone_once_a_district_and_date",
            ),
        ),
    ]
