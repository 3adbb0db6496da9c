import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def columns(model):
    return [
        migrations.AddField(
            model_name=model,
            name="edited_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="edited"),
        ),
        migrations.AddField(
            model_name=model,
            name="removed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="taken back"),
        ),
        migrations.AddField(
            model_name=model,
            name="removed_because",
            field=models.TextField(blank=True, editable=False, max_length=1000, verbose_name="reason", default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name=model,
            name="removed_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("knowledge", "0002_keep_html"),
    ]

    operations = [*columns("question"), *columns("answer")]
