"""Saved searches and feed addresses are an app of their own; their tables stay as they are."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("search", "0016_leave_the_curated_to_curation")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(name) for name in ("FoundThing", "SavedSearch", "SearchFeedSecret")]
        )
    ]
