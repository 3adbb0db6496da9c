"""The tables that search made: none of their rows is touched, nor what points at them by their content types."""

from django.db import migrations, models


def _content_types(apps, schema_editor, giver, taker):
    types = apps.get_model("contenttypes", "ContentType").objects.using(schema_editor.connection.alias)
    moving = types.filter(app_label=giver, model__in=["logsalt", "loggedsearch", "promotedanswer"])
    # Going back, the newer code leaves some of the taker's, which nothing points at but their own permissions.
    types.filter(app_label=taker, model__in=list(moving.values_list("model", flat=True))).delete()
    moving.update(app_label=taker)


def take(apps, schema_editor):
    _content_types(apps, schema_editor, "search", "curation")


def give_back(apps, schema_editor):
    _content_types(apps, schema_editor, "curation", "search")


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0016_leave_the_curated_to_curation"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='LogSalt',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('month', models.DateField(unique=True)),
                        ('salt', models.CharField(max_length=64)),
                    ],
                    options={
                        'db_table': 'search_logsalt',
                    },
                ),
                migrations.CreateModel(
                    name='LoggedSearch',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('day', models.DateField(verbose_name='day')),
                        ('reader', models.CharField(blank=True, max_length=16, verbose_name='reader')),
                        ('text', models.CharField(max_length=100, verbose_name='words')),
                        ('kind', models.CharField(blank=True, max_length=30, verbose_name='kind')),
                        ('total', models.PositiveIntegerField(verbose_name='results')),
                        ('milliseconds', models.PositiveIntegerField(verbose_name='milliseconds')),
                    ],
                    options={
                        'verbose_name': 'search',
                        'verbose_name_plural': 'searches',
                        'db_table': 'search_loggedsearch',
                        'indexes': [models.Index(fields=['day', 'text'], name='logged_search_day')],
                    },
                ),
                migrations.CreateModel(
                    name='PromotedAnswer',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('phrases', models.TextField(help_text='What people type, separated by commas: e-rate, erate deadline, form 471.', verbose_name='searches')),
                        ('kind', models.CharField(max_length=30, verbose_name='kind')),
                        ('object_id', models.BigIntegerField(verbose_name='number')),
                        ('note', models.CharField(blank=True, help_text='One sentence under the title: why this is the answer.', max_length=200, verbose_name='note')),
                        ('until', models.DateField(help_text='The last day on which it is shown; look at it again then.', verbose_name='until')),
                        ('changed_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                    ],
                    options={
                        'verbose_name': 'promoted answer',
                        'verbose_name_plural': 'promoted answers',
                        'db_table': 'search_promotedanswer',
                        'ordering': ['phrases'],
                        'constraints': [models.UniqueConstraint(fields=('phrases', 'kind', 'object_id'), name='promoted_once')],
                    },
                ),
            ]
        ),
        migrations.RunPython(take, give_back),
    ]
