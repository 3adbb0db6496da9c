"""Words that mean the same: kept by officers, live at once, the same on every engine."""

from __future__ import annotations

import contextlib

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from portal.kept import Kept
from portal.search.asking.finding import find
from portal.search.text import synonyms
from portal.search.text.query import parse
from portal.search.text.synonyms import Lexicon, SynonymSet
from tests.conftest import sign_in
from tests.hostile import STRINGS
from tests.people import Cast
from tests.search.makers import make_entry

TITLES = {1: "Mobile device management for iPads", 2: "MDM bake-off", 3: "Jamf in three weeks", 4: "Mobile carts"}


@pytest.fixture
def only(db: None) -> None:
    """None of the seeds."""
    SynonymSet.objects.all().delete()


@pytest.fixture
def entries(note: object, only: None) -> None:
    for number, title in TITLES.items():
        make_entry(number, title)


def make_set(words: str, also: str = "") -> SynonymSet:
    made = SynonymSet(words=words, also=also)
    made.full_clean()
    made.save()
    return made


def found(text: str) -> list[int]:
    return sorted(hit.object_id for hit in find(text, user=None).hits)


def others(text: str, *sets: tuple[str, str]) -> list[tuple[str, tuple[tuple[str, ...], ...]]]:
    """What each word is found by beside itself."""
    return [(term.typed, term.others) for term in parse(text, Lexicon.of(sets).widen).terms]


@pytest.mark.parametrize(
    ("words", "also", "refused"),
    [
        (20, 0, ""),
        (21, 0, "Keep to 20 words"),
        (10, 10, ""),
        (10, 11, "Keep to 20 words"),
        (1, 1, ""),
        (1, 0, "at least two words"),
    ],
)
@pytest.mark.usefixtures("only")
def test_a_set_has_two_words_to_twenty(words: int, also: int, refused: str) -> None:
    names = [f"word{number}" for number in range(words + also)]
    with pytest.raises(ValidationError, match=refused) if refused else contextlib.nullcontext():
        make_set(", ".join(names[:words]), ", ".join(names[words:]))


@pytest.mark.usefixtures("entries")
def test_a_word_finds_its_phrase_and_the_phrase_its_word() -> None:
    assert found("mdm") == [2]
    assert 2 not in found("mobile device management")
    make_set("MDM, mobile device management")
    assert found("mdm") == [1, 2]
    assert {1, 2} <= set(found("mobile device management"))
    assert found('"mobile device management"') == [1], "what is quoted is taken as it stands"


@pytest.mark.usefixtures("entries")
def test_one_way_is_not_found_the_other_way_round() -> None:
    make_set("mdm", "jamf, intune, mosyle")
    assert found("mdm") == [2, 3]
    assert found("jamf") == [3]


@pytest.mark.usefixtures("entries")
def test_the_same_word_in_two_sets_finds_what_both_say() -> None:
    make_set("MDM, mobile device management")
    make_set("mdm", "jamf")
    assert found("mobile device management") == [1, 2, 3, 4], "and what has some of the words, as without any set"


@pytest.mark.usefixtures("entries")
def test_a_change_holds_for_the_next_search_and_its_end_too() -> None:
    made = make_set("carts, trolleys")
    assert found("trolleys") == [4]
    made.words = "carts, wagons"
    made.save()
    assert found("trolleys") == []
    assert found("wagons") == [4]
    SynonymSet.objects.all().delete()
    assert found("wagons") == []


@pytest.mark.usefixtures("entries")
def test_another_process_sees_a_change_within_its_second(monkeypatch: pytest.MonkeyPatch) -> None:
    make_set("carts, trolleys")
    assert found("trolleys") == [4]
    SynonymSet.objects.filter(words__contains="trolleys").delete()
    SynonymSet.objects.bulk_create([SynonymSet(words="carts, wagons")])  # no signal reaches this process
    clock = 0.0
    monkeypatch.setattr(Kept, "clock", lambda: clock)
    synonyms.lexicon._now = (clock, {}, Lexicon.of([("carts, trolleys", "")]))
    assert found("wagons") == []
    clock = 1.1
    assert found("wagons") == [4]
    clock = 2.2
    with CaptureQueriesContext(connection) as queries:
        synonyms.lexicon.get()
    assert len(queries) == 1, "unchanged sets are not read again"


@pytest.mark.usefixtures("entries")
def test_the_snippet_shows_the_synonym() -> None:
    make_set("carts, trolleys")
    (hit,) = find("trolleys", user=None).hits
    assert hit.marked_title == "Mobile <mark>carts</mark>"


@pytest.mark.usefixtures("entries")
def test_a_misspelled_word_is_put_right_before_its_synonyms_are_looked_up() -> None:
    make_set("carts, trolleys")
    make_entry(9, "Trolleys and carriages")
    results = find("trolleyz", user=None)
    assert results.corrected == "trolleys"
    assert sorted(hit.object_id for hit in results.hits) == [4, 9]


def test_words_with_stop_words_and_digits_are_phrases_too() -> None:
    one_to_one = ("1:1, one to one, 1 to 1", "")
    assert others("one to one", one_to_one) == [("one", (("1", "1"), ("1to1",), ("1", "to", "1")))]
    assert ("1to1",) in others("our 1 to 1 plan", one_to_one)[0][1]
    byod = (("byod",),)
    assert others("bring your own device", ("BYOD, bring your own device", "")) == [("bring", byod), ("device", byod)]


def test_a_word_is_found_by_the_synonyms_of_every_phrase_that_it_is_in() -> None:
    sets = (("access point, WAP", ""), ("wireless access point, radio", ""))
    both = (("radio",), ("wap",))
    assert others("cheap wireless access point mounts", *sets) == [
        ("cheap", ()), ("wireless", (("radio",),)), ("access", both), ("point", both), ("mounts", ()),
    ]  # fmt: skip


def test_one_and_several_are_looked_up_alike() -> None:
    sets = (("security camera, CCTV", ""), ("batteries, cells", ""))
    assert others("security cameras", *sets) == [("security", (("cctv",),)), ("cameras", (("cctv",),))]
    assert others("battery class", *sets) == [("battery", (("cells",),)), ("class", ())]


def test_words_that_were_excluded_or_quoted_are_not_widened() -> None:
    lexicon = Lexicon.of([("mdm, jamf", "")])
    query = parse('"mdm" -mdm', lexicon.widen)
    assert [term.every_form for term in (*query.terms, *query.without)] == [(("mdm",),), (("mdm",),)]


def test_one_term_never_has_more_than_a_dozen_forms() -> None:
    words = ", ".join(f"word{n}x" for n in range(20))
    ((_typed, found_too),) = others("word3x", (words, ""))
    assert 1 + len(found_too) == 12


def test_widening_twice_changes_nothing() -> None:
    lexicon = Lexicon.of([("wifi, wi-fi, wireless", ""), ("mdm", "jamf")])
    once = lexicon.widen(list(parse("wifi mdm in school").terms))
    assert lexicon.widen(once) == once


def test_any_text_is_widened() -> None:
    lexicon = Lexicon.of([("one to one, 1:1", ""), ("a b, c", "")])
    for text in STRINGS:
        for term in parse(text, lexicon.widen).terms:
            assert all(word.isalnum() for form in term.every_form for word in form), text


@pytest.mark.parametrize(
    ("words", "also", "says"),
    [
        ("wifi", "", "at least two words"),
        ("wifi, Wi-Fi, wi fi", "", "same word"),
        ("wifi, WIFI", "", "same word"),
        ("MFA/2FA, two-factor", "", "cannot be part of a word"),
        ("wifi, -", "", "no letters or digits"),
        ("wifi, the", "", "would find everything"),
        ("wifi, one two three four five six seven", "", "too long"),
        ("wifi, <b>", "", "cannot be part of a word"),
        ("mdm", "jamf, jamf", "same word"),
        (", ".join(f"w{n}x" for n in range(25)), "", "Keep to 20"),
    ],
)
def test_what_would_not_work_is_refused_with_a_reason(only: None, words: str, also: str, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        make_set(words, also)


def test_a_set_that_is_there_already_is_refused(only: None) -> None:
    make_set("wifi, wireless")
    with pytest.raises(ValidationError, match="a set already"):
        make_set("Wireless,  WIFI")
    make_set("wifi, wireless", "radio")


def test_any_text_is_taken_or_refused_as_a_set(only: None) -> None:
    for text in STRINGS:
        made = SynonymSet(words=f"wifi, {text}")
        with contextlib.suppress(ValidationError):
            made.full_clean()
        assert Lexicon.of([(made.words, made.also)]).widen(list(parse("wifi").terms))


def test_the_seeds_keep_the_rules_they_are_made_for(db: None) -> None:
    sets = list(SynonymSet.objects.all())
    assert len(sets) >= 40
    for made in sets:
        made.full_clean()
        assert len(synonyms.split(made.words)) + len(synonyms.split(made.also)) >= 2
    for text in ("mfa", "e-rate", "1:1", "iep", "ups", "voip", "soppa", "roe"):
        assert parse(text, synonyms.widen).terms[0].others, text


def test_officers_keep_the_sets_and_each_change_is_logged(client: Client, cast: Cast, only: None) -> None:
    sign_in(client, cast.officer)
    names = "wagtailsnippets_search_synonymset"
    assert client.get(reverse(f"{names}:list")).status_code == 200
    prefilled = client.get(reverse(f"{names}:add"), {"words": "trolleys"})
    assert prefilled.status_code == 200
    assert "trolleys" in prefilled.content.decode()
    refused = client.post(reverse(f"{names}:add"), {"words": "carts", "also": ""})
    assert "at least two words" in refused.content.decode()
    assert client.post(reverse(f"{names}:add"), {"words": "carts,trolleys", "also": ""}).status_code == 302
    made = SynonymSet.objects.get()
    assert made.words == "carts, trolleys"
    form = {"words": "carts, wagons", "also": ""}
    assert client.post(reverse(f"{names}:edit", args=[made.pk]), form).status_code == 302
    assert client.post(reverse(f"{names}:delete", args=[made.pk])).status_code == 302
    logged = ModelLogEntry.objects.filter(user=cast.officer).order_by("pk").values_list("action", flat=True)
    assert list(logged) == ["wagtail.create", "wagtail.edit", "wagtail.delete"]


def test_members_find_no_such_page(client: Client, cast: Cast) -> None:
    for who in (cast.member, cast.host):
        assert sign_in(client, who).get("/admin/snippets/search/synonymset/").status_code == 404
