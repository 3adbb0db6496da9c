from django.db import migrations

import portal.prose


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0002_extra_where_one_was_canceled'),
    ]

    operations = [
        migrations.AddField(
            model_name='agendaitem',
            name='body_html',
            field=portal.prose.KeptHTML(blank=True, default='', editable=False, serialize=False),
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='notes_html',
            field=portal.prose.KeptHTML(blank=True, default='', editable=False, serialize=False),
        ),
    ]
