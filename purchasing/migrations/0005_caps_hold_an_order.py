from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("purchasing", "0004_raise_caps_to_an_order")]

    operations = [
        migrations.AddConstraint(
            model_name="lineitem",
            constraint=models.CheckConstraint(
                condition=models.Q(cap__isnull=True)
                | models.Q(cap__gte=models.F("minimum_order")) & models.Q(cap__gte=models.F("case_size")),
                name="line_cap_holds_an_order",
            ),
        ),
        migrations.AlterField(
            model_name="buyingrule",
            name="open_days",
            field=models.PositiveSmallIntegerField(
                default=14, help_text="From opening to closing.", verbose_name="days open for commitments, at least"
            ),
        ),
        migrations.AlterField(
            model_name="commitmententry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("planned", "Planned"),
                    ("reported", "Entered by the regional office"),
                    ("committed", "Committed"),
                    ("changed", "Changed"),
                    ("withdrawn", "Withdrawn"),
                    ("restored", "Restored"),
                    ("released", "Released"),
                    ("interested", "Interested"),
                    ("declined", "Declined"),
                ],
                max_length=10,
            ),
        ),
    ]
