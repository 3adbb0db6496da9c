from django.db import migrations

import portal.prose


class Migration(migrations.Migration):

    dependencies = [
        ('purchasing', '0002_fiscal_year_starts_by_rule'),
    ]

    operations = [
        migrations.AddField(
            model_name='agreement',
            name='body_html',
            field=portal.prose.KeptHTML(blank=True, default='', editable=False, serialize=False),
        ),
    ]
