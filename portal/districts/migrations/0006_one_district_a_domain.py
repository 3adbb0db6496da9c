"""The release before knows one district for a mail domain: on the way to it those that several share belong to none."""

from django.db import migrations

FORGET = (
    "DELETE FROM districts_maildomain WHERE domain IN"
    " (SELECT domain FROM districts_maildomain GROUP BY domain HAVING COUNT(*) > 1)"
)


class Migration(migrations.Migration):
    dependencies = [("districts", "0005_districts_found_by_zip_code")]

    operations = [migrations.RunSQL(migrations.RunSQL.noop, [FORGET])]
