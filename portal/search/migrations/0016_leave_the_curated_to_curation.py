"""Promoted answers and logged searches are an app of their own; their tables stay as they are."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("search", "0015_remember_who_could_see")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(name) for name in ("LogSalt", "LoggedSearch", "PromotedAnswer")]
        )
    ]
