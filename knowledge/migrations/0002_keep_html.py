from django.db import migrations

import portal.prose


class Migration(migrations.Migration):

    dependencies = [
        ('knowledge', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='adoption',
            name='note_html',
            field=portal.prose.KeptHTML(blank=True, default='', editable=False, serialize=False),
        ),
        migrations.AddField(
            model_name='answer',
            name='body_html',
            field=portal.prose.KeptHTML(blank=True, default='', editable=False, serialize=False),
        ),
        migrations.AddField(
            model_name='practice',
            name='do_differently_html',
            field=portal.prose.KeptHTML(blank=True, default='', editable=False, serialize=False),
        ),
        migrations.AddField(
            model_name='practice',
            name='problem_html',
            field=portal.prose.KeptHTML(blank=True, default='', editable=False, serialize=False),
        ),
        migrations.AddField(
            model_name='practice',
            name='replaced_html',
            field=portal.prose.KeptHTML(blank=True, default='', editable=False, serialize=False),
        ),
        migrations.AddField(
            model_name='practice',
            name='what_we_do_html',
            field=portal.prose.KeptHTML(blank=True, default='', editable=False, serialize=False),
        ),
        migrations.AddField(
            model_name='question',
            name='body_html',
            field=portal.prose.KeptHTML(blank=True, default='', editable=False, serialize=False),
        ),
    ]
