"""Which word stands in what whom may see: exact after every write, so that spelling help never shows what is hidden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from knowledge.models import Practice
from portal.kept import Kept
from portal.progress import note
from portal.search.asking.finding import find
from portal.search.asking.suggesting import suggest
from portal.search.entries import vocabulary
from portal.search.models import AudienceWord, Entry
from tests.knowledge.makers import make_practice
from tests.people import Cast
from tests.search.makers import make_entry


def counted() -> dict[tuple[str, int], int]:
    found: Counter[tuple[str, int]] = Counter()
    for word, audience, entries in AudienceWord.objects.values_list("word", "audience_id", "entries"):
        found[word, audience] += entries
    return {pair: entries for pair, entries in found.items() if entries}


def there() -> dict[tuple[str, int], int]:
    entries = Entry.objects.values_list("words", "audience_id")
    return dict(Counter((word, audience) for words, audience in entries for word in words))


@pytest.mark.parametrize(
    "write",
    [
        lambda cast, one: Practice.objects.filter(pk=one.pk).update(title="Other carts", audience="district"),
        lambda cast, one: Practice.objects.filter(pk=one.pk).update(audience="district"),
        lambda cast, one: one.delete(),
        lambda cast, one: Practice.objects.all().delete(),
        lambda cast, one: Entry.objects.filter(kind="practice").delete(),
        lambda cast, one: Entry.objects.update(popularity=3),
        lambda cast, one: Entry.objects.filter(kind="practice").update(words=["carts", "zebra"]),
        lambda cast, one: make_practice(cast.geneva, title="Two carts of two", audience="county"),
        lambda cast, one: call_command("search_rebuild", "practice", stdout=StringIO()),
        lambda cast, one: vocabulary.count_anew(),
    ],
)
def test_words_are_counted_whatever_is_written(cast: Cast, write: Callable[[Cast, Practice], object]) -> None:
    practice = make_practice(cast.geneva, title="Carts for zebras", audience="public")
    make_practice(cast.batavia, title="More zebras in carts", audience="members")
    assert counted() == there()
    write(cast, practice)
    assert counted() == there() != {}


class Writes(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.integers(1, 3),
                st.lists(st.sampled_from(["cart", "carts", "zebra", "phone"]), max_size=3).map(" ".join),
                st.sampled_from(["public", "members", "officers", ""]),
            ),
            max_size=8,
        )
    )
    def test_any_writes_leave_exact_counts(self, writes: list[tuple[int, str, str]]) -> None:
        for number, title, audience in writes:
            if audience:
                make_entry(number, title, audience=(audience,))
            else:
                Entry.objects.filter(kind="note", object_id=number).delete()
        assert counted() == there()
        vocabulary.count_anew()
        assert counted() == there()


@pytest.mark.usefixtures("note")
def test_a_word_that_is_hidden_or_gone_is_offered_no_more(cast: Cast) -> None:
    for change in (
        lambda: make_entry(1, "Passkeys", audience=("officers",)),
        lambda: make_entry(1, "Another title"),
        lambda: Entry.objects.filter(kind="note").delete(),
    ):
        make_entry(1, "Passkeys")
        assert find("paskeys", user=None).corrected == "passkeys"
        assert suggest("paskeys", user=None).words == ["passkeys"]
        change()
        assert find("paskeys", user=None).corrected == ""
        assert suggest("paskeys", user=None).words == []


@pytest.mark.usefixtures("note")
def test_hidden_entries_change_nothing_of_which_word_is_meant(cast: Cast) -> None:
    make_entry(1, "Filters for printers")
    make_entry(2, "A pointer")
    asked = ("printr", "printrs", "filtres", "pointrr day")
    before = [(find(text, user=cast.member).corrected, suggest(text, user=cast.member).words) for text in asked]
    assert before[0][0] == "printers"
    for number in range(10, 30):
        make_entry(number, "Pointer printr printer printrs filtres pointrr printed day", audience=("officers",))
    assert [(find(text, user=cast.member).corrected, suggest(text, user=cast.member).words) for text in asked] == before


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps one row for a word and audience")
def test_rows_of_one_word_are_put_together_when_many_were_added(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    note(vocabulary.SETTLED, timezone.now(), AudienceWord.objects.latest("pk").pk)
    make_entry(1, "Carts")
    make_entry(2, "Carts")
    make_entry(2, "Labs")
    assert vocabulary.settle(timezone.now()) == 0, "few were added"
    monkeypatch.setattr(vocabulary, "MANY_ROWS", 1)
    assert vocabulary.settle(timezone.now()) > 1
    assert vocabulary.settle(timezone.now()) == 0
    assert counted() == there()
    assert AudienceWord.objects.filter(word__in=["carts", "labs"]).count() == 2


@pytest.mark.usefixtures("note")
def test_a_process_knows_a_new_word_at_once_and_reads_the_others_no_more(cast: Cast) -> None:
    make_entry(1, "Passkeys")
    words = vocabulary.fresh.get()
    assert {"passkeys", "geneva"} <= words.known
    make_entry(2, "Chromebooks")
    assert vocabulary.fresh.get() is words
    assert "chromebooks" in words.known
    size = len(words.all)
    make_entry(3, "Chromebooks")
    assert len(vocabulary.fresh.get().all) == size == len(words.known)
    with CaptureQueriesContext(connection) as queries:
        vocabulary.fresh.get()
    assert len(queries) == 0
    Kept.forget_all()
    assert vocabulary.fresh.get() is not words
