"""What a district is found by, anew: with its ZIP code, and without accents and the marks of O\u2019Fallon."""

from django.db import migrations

from portal.districts.models.places import find_text_of


def fill(apps, schema_editor):
    District = apps.get_model("districts", "District")
    rows = list(District.objects.only("name", "short_name", "aliases", "city", "zip_code", "nces_id"))
    for row in rows:
        row.find_text = find_text_of(row.name, row.short_name, *row.aliases, row.city, row.zip_code, row.nces_id)
    District.objects.bulk_update(rows, ["find_text"], batch_size=200)


class Migration(migrations.Migration):
    dependencies = [("districts", "0004_confirmed_mail_domains")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
