from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pages', '0003_document_words'),
    ]

    operations = [
        migrations.AddField(
            model_name='rendition',
            name='sha256',
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
    ]
