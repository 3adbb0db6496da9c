from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0004_progress'),
    ]

    operations = [
        migrations.CreateModel(
            name='Spent',
            fields=[
                ('key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('times', models.JSONField(default=list)),
                ('changed_at', models.DateTimeField(db_index=True)),
            ],
        ),
    ]
