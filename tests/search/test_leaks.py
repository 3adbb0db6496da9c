"""The leak matrix: something of every kind, hidden at every level, and each of the cast looking for it everywhere.

Who does not see the thing itself sees no trace of it: what search shows them is the same before it was made and after.
Who sees it finds it, and it counts. Whatever engine answers.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import NoReverseMatch, reverse

from portal import search
from portal.districts.models import User
from portal.registry import search_sources
from portal.search.finding import Results, visible_words
from portal.search.links import resolve
from portal.search.models import NearWord
from portal.search.related import related
from tests.conftest import sign_in
from tests.knowledge.makers import make_practice
from tests.people import Cast
from tests.search.things import MISTYPED, SCENES, TITLE, WORD, Scene

LOOKING = ("visitor", "stranger", "outsider", "member", "buyer", "neighbor", "host", "officer", "superuser")
_CHANGING = re.compile(r'nonce="[^"]*"|name="(?:csrfmiddlewaretoken|form_key)" value="[^"]*"|"X-CSRFToken": *"[^"]*"')


def shown(results: Results) -> object:
    hits = [(hit.kind, hit.object_id, hit.title, hit.snippet, hit.fact) for hit in results.hits]
    return (results.total, hits, results.facets, results.corrected, results.relaxed)


def page(address: str, user: Any) -> str:
    """What is on the page, without what differs from one request to the next."""
    answer = sign_in(Client(), user).get(address)
    return f"{answer.status_code} {_CHANGING.sub('', answer.content.decode())}"


def address(name: str, query: str, *args: Any) -> str:
    """ "" where there is no such page yet."""
    try:
        return f"{reverse(name, args=args)}?{query}"
    except NoReverseMatch:
        return ""


Surface = Callable[[Any, int, Scene], object]
SURFACES: dict[str, Surface] = {
    "its word": lambda user, anchor, scene: shown(search.find(WORD, user=user)),
    "its words": lambda user, anchor, scene: shown(search.find(TITLE, user=user)),
    "words it shares": lambda user, anchor, scene: shown(search.find("repair benches", user=user)),
    "everything": lambda user, anchor, scene: shown(search.find("", user=user)),
    "everything of its kind": lambda user, anchor, scene: shown(search.find("", user=user, kinds=[scene.kind])),
    "its word among its kind": lambda user, anchor, scene: shown(search.find(WORD, user=user, kinds=[scene.kind])),
    "its word mistyped": lambda user, anchor, scene: shown(search.find(MISTYPED, user=user)),
    "a question with its word": lambda user, anchor, scene: shown(search.find(f"who has a {WORD} zzzz", user=user)),
    "did you mean": lambda user, anchor, scene: visible_words(MISTYPED, user),
    "related": lambda user, anchor, scene: related("practice", anchor, user),
    "the page": lambda user, anchor, scene: page(address("search:search", "q=repair+benches"), user),
    "the page for its word": lambda user, anchor, scene: page(address("search:search", f"q={WORD}"), user),
    "the page for its word mistyped": lambda user, anchor, scene: page(address("search:search", f"q={MISTYPED}"), user),
}
CASES = len(SCENES) * len(LOOKING) * len(SURFACES)


def people(cast: Cast) -> dict[str, User | AnonymousUser]:
    return cast.everyone() | {"superuser": User.objects.create_superuser("root@example.org", name="Root")}


def fresh(person: Any) -> Any:
    """As on a request of its own: rights are read anew."""
    return User.objects.get(pk=person.pk) if person.is_authenticated else AnonymousUser()


def test_every_kind_that_is_registered_is_in_the_matrix_and_it_does_not_shrink() -> None:
    assert {scene.kind for scene in SCENES} == set(search_sources.keys())
    sys.stdout.write(
        f"{len(SCENES)} things x {len(LOOKING)} people x {len(SURFACES)} places to look = {CASES:,} cases\n"
    )
    assert CASES >= 7000


@pytest.mark.parametrize("scene", SCENES, ids=str)
def test_who_does_not_see_a_thing_sees_no_trace_of_it(cast: Cast, scene: Scene) -> None:
    anchor = make_practice(cast.batavia, title="Repair benches for all", audience="public", tags=("benches",)).pk
    looking = people(cast)
    hide = scene.prepare(cast)
    before = {
        (who, where): look(fresh(person), anchor, scene)
        for who, person in looking.items()
        for where, look in SURFACES.items()
    }
    hidden = hide()
    assert any(kind == scene.kind for kind, _ in hidden)
    for who, one in looking.items():
        person = fresh(one)
        seen = {thing for thing, sees in hidden.items() if sees(person)}
        found = search.find(WORD, user=person)
        assert {(hit.kind, hit.object_id) for hit in found.hits} == seen, who
        assert found.total == len(seen), who
        kinds = {choice.value: choice.count for choice in found.facets.get("kind", []) if choice.count}
        assert kinds == Counter(kind for kind, _ in seen), who
        assert set(resolve(hidden, person)) == seen, who
        if not seen:
            for where, look in SURFACES.items():
                assert look(fresh(one), anchor, scene) == before[who, where], (who, where)


def test_a_hidden_word_is_known_to_the_index_and_offered_to_nobody_else(cast: Cast) -> None:
    """Otherwise the matrix would prove nothing about spelling help."""
    make_practice(cast.geneva, title=TITLE, audience="district")
    assert NearWord.objects.filter(word=WORD).exists()
    assert visible_words(MISTYPED, cast.neighbor) == [WORD]
    assert visible_words(MISTYPED, cast.member) == []
