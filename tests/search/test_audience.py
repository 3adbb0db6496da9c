"""Nobody finds, counts or guesses what is not theirs to see: the filter is part of the query."""

from __future__ import annotations

import pytest

from portal.districts.models import User
from portal.districts.models.standing import standing_of
from portal.search.asking.finding import find
from portal.search.asking.links import resolve
from tests.people import Cast
from tests.search.contract import check_hidden
from tests.search.makers import make_entry

pytestmark = pytest.mark.usefixtures("note")


def sets_of(cast: Cast) -> list[tuple[str, ...]]:
    return [
        ("public",),
        ("members", "officers"),
        (f"county:{cast.kane.pk}", "officers"),
        (f"county:{cast.dekalb.pk}", "officers"),
        (f"district:{cast.kaneland.pk}", "officers"),
        (f"district:{cast.geneva.pk}", f"office:{cast.roe31.pk}", "officers"),
        (f"district:{cast.sycamore.pk}", "officers"),
        (f"office:{cast.roe16.pk}",),
        (f"person:{cast.member.pk}",),
        ("officers",),
        (),
    ]


@pytest.fixture
def secrets(cast: Cast) -> Cast:
    for number, audience in enumerate(sets_of(cast)):
        make_entry(number, f"Secret plan {number}", body=f"codeword{'abcdefghijk'[number]}", audience=audience,
                   county_id=(cast.kane if number % 2 else cast.dekalb).pk)  # fmt: skip
    return cast


@pytest.mark.parametrize(
    "who", ["visitor", "stranger", "outsider", "member", "buyer", "neighbor", "host", "officer", "superuser"]
)
@pytest.mark.parametrize(
    "text", ["secret plan", "secret", "", "secrett", "plan of the secret that has many other words"]
)
def test_hits_counts_and_facets_are_of_what_the_reader_may_see(secrets: Cast, who: str, text: str) -> None:
    if who == "superuser":
        reader = User.objects.create_superuser("root@example.org", name="Root")
        keys = standing_of(secrets.officer).audience_keys()
    else:
        reader = getattr(secrets, who)
        keys = standing_of(reader).audience_keys()
    allowed = {n for n, audience in enumerate(sets_of(secrets)) if keys & set(audience)}
    results = find(text, user=reader, kinds=["note"])
    assert {hit.object_id for hit in results.hits} == allowed
    assert results.total == len(allowed)
    assert {choice.value: choice.count for choice in results.facets["kind"]}["note"] == len(allowed)
    assert sum(choice.count or 0 for choice in results.facets["county"]) == len(allowed)
    narrowed = find(text, user=reader, kinds=["note"], facets={"county": [secrets.kane.pk]})
    assert sum(choice.count or 0 for choice in narrowed.facets["county"]) == len(allowed)
    assert narrowed.total == len({n for n in allowed if n % 2})
    links = resolve([("note", n) for n in range(len(sets_of(secrets)))], reader)
    assert {object_id for _, object_id in links} == allowed


def test_a_word_of_hidden_entries_is_as_unknown_as_any_other(secrets: Cast) -> None:
    results = find("codewordbb", user=secrets.visitor)
    assert (results.total, results.corrected) == (1, "codeworda")  # two letters away, and public
    hidden = find("codewordjj", user=secrets.member)
    assert "codewordj" not in hidden.corrected
    assert find("codewordjj", user=secrets.officer).corrected == "codewordj"


def test_one_more_hidden_row_changes_nothing_for_outsiders(secrets: Cast) -> None:
    check_hidden(
        "note",
        "secret plan",
        [secrets.visitor, secrets.stranger, secrets.outsider, secrets.neighbor],
        lambda: make_entry(90, "Secret plan, zzzy", body="zzzy", audience=(f"person:{secrets.buyer.pk}",)),
    )


def test_a_changed_audience_counts_at_once(cast: Cast) -> None:
    make_entry(1, "Moving target", audience=("members",))
    assert find("moving", user=cast.member).total == 1
    make_entry(1, "Moving target", audience=("officers",))
    assert find("moving", user=cast.member).total == 0
    assert find("moving", user=cast.officer).total == 1
