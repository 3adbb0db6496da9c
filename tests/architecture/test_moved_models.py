"""A model that moves to another app leaves its rows where they are, and takes what points at it along, both ways."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from portal.curation.models import LoggedSearch, LogSalt, PromotedAnswer
from portal.districts.deeds.officers_group import GROUP
from portal.saved.deeds.save import save_search
from portal.saved.models import FoundThing, SavedSearch, SearchFeedSecret
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)
MOVED = {
    "curation": (LogSalt, LoggedSearch, PromotedAnswer),
    "saved": (FoundThing, SavedSearch, SearchFeedSecret),
}
MODELS = {model._meta.model_name: app for app, models in MOVED.items() for model in models}
TABLES = sorted(f"search_{name}" for name in MODELS)


def rows() -> dict[str, list[Any]]:
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table} ORDER BY id")
            found[table] = cursor.fetchall()
    return found


def types() -> dict[tuple[str, str], int]:
    """By app and model; asked anew."""
    found = ContentType.objects.filter(model__in=MODELS)
    return {(one.app_label, one.model): one.pk for one in found}


def migrate(*where: str) -> None:
    call_command("migrate", *where, verbosity=0)
    ContentType.objects.clear_cache()


def test_rows_rights_and_the_log_survive_the_way_back_and_forth(cast: Cast) -> None:
    day = timezone.localdate()
    LogSalt.of(day)
    LoggedSearch.objects.create(day=day, text="wifi", total=3, milliseconds=5)
    answer = PromotedAnswer.objects.create(phrases="wifi", kind="district", object_id=cast.geneva.pk, until=day)
    saved = save_search(cast.member, "q=wifi", "wifi", at=timezone.now())
    saved.found.create(kind="district", object_id=cast.geneva.pk)
    token = SearchFeedSecret.renew(cast.member, timezone.now())
    log(instance=answer, action="wagtail.create", user=cast.officer)
    officers = Group.objects.get(name=GROUP)
    of_theirs = Permission.objects.filter(content_type__model__in=MODELS).order_by("pk")
    before = rows(), types(), list(of_theirs.values_list("pk", "codename"))
    granted = set(officers.permissions.values_list("pk", flat=True))
    assert all(before[0].values())
    assert set(types()) == {(app, name) for name, app in MODELS.items()}

    migrate("search", "0015")
    assert rows() == before[0]
    assert types() == {("search", name): pk for (_app, name), pk in before[1].items()}
    for model in (PromotedAnswer, SavedSearch):  # as Wagtail does for its snippets at the end of any migrate
        Permission.objects.create(content_type=ContentType.objects.get_for_model(model), codename="publish", name="x")

    migrate()
    assert (rows(), types(), list(of_theirs.values_list("pk", "codename"))) == before
    assert set(officers.permissions.values_list("pk", flat=True)) == granted
    entry = ModelLogEntry.objects.get(object_id=str(answer.pk), content_type=before[1]["curation", "promotedanswer"])
    assert entry.content_type.model_class() is PromotedAnswer
    assert cast.officer.has_perm("curation.view_loggedsearch")
    assert SearchFeedSecret.person_of(token) == cast.member
    cast.member.delete()
    assert not FoundThing.objects.exists()
