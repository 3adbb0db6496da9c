"""A cap below the minimum order let districts commit what nobody would sell. It is raised, so that no promise shrinks."""

from django.db import migrations
from django.db.models.functions import Greatest


def raise_caps(apps, schema_editor):
    lines = apps.get_model("purchasing", "LineItem").objects.using(schema_editor.connection.alias)
    lines.filter(cap__isnull=False).update(cap=Greatest("cap", "minimum_order", "case_size"))


class Migration(migrations.Migration):
    dependencies = [("purchasing", "0003_keep_html")]

    operations = [migrations.RunPython(raise_caps, migrations.RunPython.noop)]
