"""How far work that comes round again has come, kept so that a later run, or an operator, can tell."""

from __future__ import annotations

from datetime import datetime

from django.db import models


class Progress(models.Model):
    """One line of recurring work and the instant up to which it is done."""

    name = models.CharField(max_length=60, primary_key=True)
    at = models.DateTimeField()
    after = models.BigIntegerField(default=0)
    """The id of the last thing that was worked on, where a run that was stopped goes on."""

    def __str__(self) -> str:
        return f"{self.name}: {self.at}"


def note(name: str, at: datetime, after: int = 0) -> None:
    """All of `name` is done up to `at`, and of this run up to the thing with the id `after`."""
    Progress.objects.update_or_create(name=name, defaults={"at": at, "after": after})


def done_until(name: str) -> datetime | None:
    """None where it was never done."""
    return Progress.objects.filter(name=name).values_list("at", flat=True).first()
