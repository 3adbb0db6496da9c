"""The tables that search made: none of their rows is touched, nor what points at them by their content types."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def _content_types(apps, schema_editor, giver, taker):
    types = apps.get_model("contenttypes", "ContentType").objects.using(schema_editor.connection.alias)
    moving = types.filter(app_label=giver, model__in=["foundthing", "savedsearch", "searchfeedsecret"])
    # Going back, the newer code leaves some of the taker's, which nothing points at but their own permissions.
    types.filter(app_label=taker, model__in=list(moving.values_list("model", flat=True))).delete()
    moving.update(app_label=taker)


def take(apps, schema_editor):
    _content_types(apps, schema_editor, "search", "saved")


def give_back(apps, schema_editor):
    _content_types(apps, schema_editor, "saved", "search")


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0017_leave_the_saved_to_saved"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='SavedSearch',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=100, verbose_name='name')),
                        ('address', models.CharField(max_length=1000)),
                        ('often', models.CharField(choices=[('now', 'At once'), ('daily', 'Every morning'), ('weekly', 'On Mondays'), ('off', 'Never')], default='daily', help_text='When we write of new things.', max_length=10, verbose_name='mail')),
                        ('created_at', models.DateTimeField(verbose_name='saved')),
                        ('told_at', models.DateTimeField(blank=True, null=True, verbose_name='last mail')),
                        ('deleted_at', models.DateTimeField(blank=True, null=True)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_searches', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'saved search',
                        'verbose_name_plural': 'saved searches',
                        'db_table': 'search_savedsearch',
                    },
                ),
                migrations.CreateModel(
                    name='FoundThing',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=30)),
                        ('object_id', models.BigIntegerField()),
                        ('found_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('told_at', models.DateTimeField(blank=True, null=True)),
                        ('saved', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='found', to='saved.savedsearch')),
                    ],
                    options={
                        'db_table': 'search_foundthing',
                    },
                ),
                migrations.CreateModel(
                    name='SearchFeedSecret',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('secret_sha256', models.CharField(max_length=64)),
                        ('created_at', models.DateTimeField(verbose_name='made')),
                        ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='search_feed_secret', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'feed address',
                        'verbose_name_plural': 'feed addresses',
                        'db_table': 'search_searchfeedsecret',
                    },
                ),
                migrations.AddConstraint(
                    model_name='savedsearch',
                    constraint=models.UniqueConstraint(fields=('person', 'address'), name='saved_search_once'),
                ),
                migrations.AddIndex(
                    model_name='foundthing',
                    index=models.Index(condition=models.Q(('told_at', None)), fields=['saved'], name='found_untold'),
                ),
                migrations.AddConstraint(
                    model_name='foundthing',
                    constraint=models.UniqueConstraint(fields=('saved', 'kind', 'object_id'), name='found_once'),
                ),
            ]
        ),
        migrations.RunPython(take, give_back),
    ]
