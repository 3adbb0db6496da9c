"""Entries follow their objects: one by one, in bulk, and back when a transaction fails."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal import markup
from portal.districts.models import District
from portal.districts.signals import districts_changed
from portal.progress import Progress
from portal.registry import SearchSource, search_sources
from portal.search.asking.finding import find
from portal.search.entries import indexing, rebuilding
from portal.search.models import Audience, AudienceWord, Entry
from portal.triggers import missing
from tests.people import Cast, make_district
from tests.search.contract import check_source
from tests.search.makers import make_entry


def names(text: str) -> list[str]:
    return [hit.title for hit in find(text, user=None, kinds=["district"]).hits]


def test_a_saved_district_is_found_at_once(cast: Cast) -> None:
    assert names("kaneland") == ["Kaneland CUSD 302"]
    (hit,) = find("kaneland", user=None).hits
    assert hit.url == cast.kaneland.get_absolute_url()
    assert hit.fact == cast.kaneland.fact_sentence
    check_source("district")


def test_a_renamed_district_is_found_by_its_new_name_only(cast: Cast) -> None:
    cast.geneva.name = "Fox River CUSD 304"
    cast.geneva.save()
    assert names("fox river") == ["Fox River CUSD 304"]
    check_source("district")


def test_bulk_writes_are_indexed_when_told(cast: Cast) -> None:
    District.objects.filter(pk=cast.batavia.pk).update(name="Windmill USD 101")
    districts_changed.send(sender=District, ids=[cast.batavia.pk])
    assert names("windmill") == ["Windmill USD 101"]
    check_source("district")


def test_what_is_gone_or_unlisted_is_not_found(cast: Cast) -> None:
    District.objects.filter(pk=cast.batavia.pk).update(is_district=False)
    indexing.index("district", [cast.batavia.pk, 987654])
    assert names("batavia") == []
    check_source("district")


def test_entries_go_back_with_the_transaction(cast: Cast) -> None:
    cast.geneva.name = "Never"
    with transaction.atomic():
        cast.geneva.save()
        assert names("never") == ["Never"]
        transaction.set_rollback(True)
    assert names("never") == []
    assert Entry.objects.filter(kind="district", title__startswith="Geneva").count() == 1


def test_indexing_costs_the_same_for_one_and_for_fifty(cast: Cast) -> None:
    for number in range(50):
        make_district(f"Prairie {number} SD", f"99{number:05}", cast.kane, cast.roe31, 100)
    ids = list(District.objects.values_list("pk", flat=True))
    with CaptureQueriesContext(connection) as one:
        indexing.index("district", ids[:1])
    with CaptureQueriesContext(connection) as fifty:
        indexing.index("district", ids)
    assert len(one) == len(fifty) <= 5


def test_an_unchanged_entry_is_not_written_again(cast: Cast) -> None:
    before = Entry.objects.get(kind="district", object_id=cast.geneva.pk).version
    indexing.index("district", [cast.geneva.pk])
    assert Entry.objects.get(kind="district", object_id=cast.geneva.pk).version == before
    cast.geneva.city = "Elsewhere"
    cast.geneva.save()
    assert Entry.objects.get(kind="district", object_id=cast.geneva.pk).version == before + 1


def test_text_no_database_takes_is_cleaned(cast: Cast) -> None:
    make_entry(1, "nul\x00 lone\ud800 title", body="\x00", tags=("a\x00b",))
    assert Entry.objects.get(kind="note").title == "nul  lone title"


def test_drift_is_seen_told_and_repaired(cast: Cast) -> None:
    District.objects.filter(pk=cast.batavia.pk).update(name="Changed behind our back")
    Entry.objects.filter(object_id=cast.geneva.pk, kind="district").delete()
    make_entry(987654, "Left over", kind="district")
    drift = rebuilding.drift_of(search_sources["district"])
    assert (drift.missing, drift.differing, drift.left_over) == (1, 1, 1)
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) as exit_code:
        call_command("search_status", stdout=out, stderr=err)
    assert exit_code.value.code == 1
    assert "3 entries are not as they should be" in err.getvalue()
    out = StringIO()
    call_command("search_rebuild", stdout=out)
    assert "entries in" in out.getvalue()
    call_command("search_status", stdout=out)
    check_source("district")


def test_migrate_tells_that_another_release_wrote_the_entries_until_they_are_written_anew(cast: Cast) -> None:
    def told() -> str:
        out = StringIO()
        rebuilding.tell(stdout=out)
        return out.getvalue()

    Progress.objects.update_or_create(name=rebuilding.ENTRIES, defaults={"at": timezone.now(), "after": 1})
    assert told() == f"{rebuilding.DUE}\n"
    call_command("search_rebuild", stdout=StringIO())
    assert told() == ""


def test_entries_are_found_to_be_as_this_release_writes_them(cast: Cast) -> None:
    Progress.objects.filter(name=rebuilding.ENTRIES).delete()
    assert rebuilding.is_due()
    with suppress(SystemExit):  # where there is a copy, it was not told of the cast
        call_command("search_status", stdout=StringIO(), stderr=StringIO())
    assert not rebuilding.is_due()


def test_entries_of_another_renderer_or_of_other_rules_for_text_are_another_release_s(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {"portal.markup", "portal.text", "portal.search.entries.indexing"} <= rebuilding.modules()
    rebuilding.note_written(timezone.now())
    monkeypatch.setattr(markup, "RENDERER", "1-99.0.0-99.0.0")
    rebuilding.version.cache_clear()
    assert rebuilding.is_due()
    rebuilding.version.cache_clear()


def test_a_portal_without_entries_has_none_of_another_release() -> None:
    Entry.objects.all().delete()
    Progress.objects.filter(name=rebuilding.ENTRIES).delete()
    rebuilding.tell(stdout=StringIO())
    make_entry(1, "Wiring closets")
    assert not rebuilding.is_due()


@pytest.mark.django_db(transaction=True)
def test_a_rebuild_that_was_stopped_goes_on_from_there(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "BATCH", 2)
    districts = list(District.objects.in_directory().order_by("pk").values_list("pk", flat=True))
    written: list[int] = []
    write = indexing.write

    def stopped(source: SearchSource, ids: Sequence[int], **rest: Any) -> int:
        if source.kind == "district" and written:
            raise KeyboardInterrupt
        written.extend(ids if source.kind == "district" else ())
        return write(source, ids, **rest)

    monkeypatch.setattr(indexing, "write", stopped)
    with pytest.raises(KeyboardInterrupt):
        call_command("search_rebuild", stdout=StringIO())
    assert written == districts[:2]
    words = set(AudienceWord.objects.values_list("word", flat=True))
    assert "geneva" in words, "spelling help goes on meanwhile"

    def watched(source: SearchSource, ids: Sequence[int], **rest: Any) -> int:
        written.extend(ids)
        return write(source, ids, **rest)

    monkeypatch.setattr(indexing, "write", watched)
    call_command("search_rebuild", "district", stdout=StringIO())
    assert written == districts
    written.clear()
    call_command("search_rebuild", "district", stdout=StringIO())
    assert written == districts, "what was finished begins anew"


@pytest.mark.django_db(transaction=True)
def test_a_rebuild_forgets_words_that_no_entry_has(cast: Cast) -> None:
    AudienceWord.objects.create(word="zzyzx", audience_id=1, entries=1)
    call_command("search_rebuild", "district", stdout=StringIO())
    assert AudienceWord.objects.filter(word="zzyzx").exists(), "other kinds may have it"
    call_command("search_rebuild", stdout=StringIO())
    words = set(AudienceWord.objects.values_list("word", flat=True))
    assert "geneva" in words
    assert "zzyzx" not in words


def test_a_rebuild_of_an_unknown_kind_says_what_is_known(db: None) -> None:
    with pytest.raises(CommandError, match=r"Known kinds: .*district"):
        call_command("search_rebuild", "nonsense")


def test_a_rebuild_forgets_audiences_nobody_has(cast: Cast) -> None:
    make_entry(1, "Short-lived", audience=("person:1",))
    Entry.objects.filter(kind="note").delete()
    rebuilding.tidy()
    kept = [audience.keys for audience in Audience.objects.all()]
    assert ["public"] in kept
    assert ["person:1"] not in kept


def test_the_database_has_every_trigger_and_table_of_search(db: None) -> None:
    assert [name for name in missing() if name.startswith("search")] == []


@pytest.mark.django_db(transaction=True)
def test_a_new_word_helps_with_spelling_after_the_commit() -> None:
    make_district("Hinckley-Big Rock CUSD 429", "1719110", None, None, 700)
    results = find("hinckly", user=None)
    assert results.corrected == "hinckley"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL sets new words aside")
@pytest.mark.django_db
def test_a_rebuild_leaves_no_words_aside_that_every_search_would_read_through() -> None:
    make_entry(1, "Chromebook carts")
    rebuilding.tidy()
    with connection.cursor() as cursor:
        for name in ("search_entry_vector", "search_entry_names"):
            cursor.execute("SELECT gin_clean_pending_list(%s)", [name])
            assert cursor.fetchone() == (0,)
