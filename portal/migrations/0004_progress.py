from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0003_how_far_work_came'),
    ]

    operations = [
        migrations.RenameModel('Reached', 'Progress'),
    ]
