"""The leak matrix: something of every kind, hidden at every level, and each of the cast looking for it everywhere.

Who does not see the thing itself sees no trace of it: what search shows them is the same before it was made and after.
Who sees it finds it, and it counts. Whatever engine answers.

Things that the same people see are hidden together, each by another deed; `script/drill leaks` hides them one by one.
"""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from itertools import count
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import QueryDict
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone

from portal.districts.models import User
from portal.districts.models.standing import standing_of
from portal.kept import Kept
from portal.registry import search_sources
from portal.saved.deeds import alert
from portal.saved.models import Often, SavedSearch
from portal.saved.screens import feeds
from portal.search.asking.address import SearchAddress
from portal.search.asking.finding import Results
from portal.search.asking.finding import find as search_for
from portal.search.asking.links import resolve
from portal.search.asking.related import related
from portal.search.asking.suggesting import suggest
from portal.search.facets import FACETS
from portal.search.models import AudienceWord, FreshEntry
from tests.conftest import sign_in
from tests.knowledge.makers import make_practice
from tests.people import Cast
from tests.search.things import MISTYPED, SCENES, TITLE, WORD, Hidden, Scene

LOOKING = ("visitor", "stranger", "outsider", "member", "buyer", "neighbor", "host", "officer", "superuser")
_CHANGING = re.compile(r'nonce="[^"]*"|name="(?:csrfmiddlewaretoken|form_key)" value="[^"]*"|"X-CSRFToken": *"[^"]*"')


def shown(results: Results) -> object:
    hits = [(hit.kind, hit.object_id, hit.title, hit.snippet, hit.fact, hit.like) for hit in results.hits]
    return (results.total, hits, results.facets, results.corrected, results.meant, results.relaxed)


def page(address: str, user: Any) -> str:
    """What is on the page, without what differs from one request to the next."""
    answer = sign_in(Client(), user).get(address)
    return f"{answer.status_code} {_CHANGING.sub('', answer.content.decode())}"


Surface = Callable[[Any, int, list[str]], object]
"""What a person is shown there; they know of an anchor, and of the kinds of what is hidden."""


def words(text: str, **more: Any) -> Surface:
    """What is found and counted, under every facet that can be counted."""
    return lambda user, anchor, kinds: shown(search_for(text, user=user, counted=tuple(FACETS), **more))


def typed(text: str) -> Surface:
    return lambda user, anchor, kinds: suggest(text, user=user)


def at(name: str, query: str) -> Surface:
    return lambda user, anchor, kinds: page(f"{reverse(name)}?{query}", user)


def _address(query: str) -> SearchAddress:
    return SearchAddress.read(QueryDict(query))


SURFACES: dict[str, Surface] = {
    "its word": words(WORD),
    "its words": words(TITLE),
    "words it shares": words("repair benches"),
    "words it shares, of one tag": words("repair", facets={"tag": ["benches"]}),
    "words it shares, of its county": words("repair district:geneva"),
    "everything": words(""),
    "everything of its kind": lambda user, anchor, kinds: [
        shown(search_for("", user=user, facets={"kind": [kind]})) for kind in kinds
    ],
    "its tag": words(f"tag:{WORD}"),
    "its word left out": words(f"repair -{WORD}"),
    "its tag left out": lambda user, anchor, kinds: (
        shown(found := search_for(f"repair -tag:{WORD}", user=user, counted=tuple(FACETS))),
        found.filters.complaints,
    ),
    "its word mistyped": words(MISTYPED),
    "a question with its word": words(f"who has a {WORD} zzzz"),
    "its first letters": typed(WORD[:6]),
    "first letters of words it shares": typed("repair ben"),
    "its first letters mistyped": typed(MISTYPED[:-1]),
    "related": lambda user, anchor, kinds: related("practice", anchor, user),
    "the feed": at("saved:feed", f"q={WORD}"),
    "their own feed": lambda user, anchor, kinds: feeds.atom(_address(f"q={WORD}"), user, "https://own/"),
    "their own feed of all that is new": lambda user, anchor, kinds: feeds.atom(_address(""), user, "https://own/"),
    "the page": at("search:search", "q=repair+benches"),
    "the page without words": at("search:search", ""),
    "the page for its word": at("search:search", f"q={WORD}"),
    "the page for its word mistyped": at("search:search", f"q={MISTYPED}"),
    "the page for its tag": at("search:search", f"q=zzzz&tag={WORD}"),
    "the list under the box": at("search:suggest", f"q={WORD[:7]}"),
}
CASES = len(SCENES) * len(LOOKING) * len(SURFACES)
ONE_BY_ONE = "LEAKS_ONE_BY_ONE" in os.environ
TOGETHER = len(SCENES) if ONE_BY_ONE else 18


def people(cast: Cast) -> dict[str, User | AnonymousUser]:
    return cast.everyone() | {"superuser": User.objects.create_superuser("root@example.org", name="Root")}


def fresh(person: Any) -> Any:
    """As on a request of its own: rights are read anew."""
    return User.objects.get(pk=person.pk) if person.is_authenticated else AnonymousUser()


def _saved(person: Any) -> SavedSearch:
    """A saved search for its word, of which its person hears at once."""
    return SavedSearch.objects.create(
        person=person, name=WORD, address=f"q={WORD}", often=Often.NOW, created_at=timezone.now()
    )


def committed() -> AbstractContextManager[object]:
    """On PostgreSQL spelling help learns a word after the commit."""
    return TestCase.captureOnCommitCallbacks(execute=True)


def test_every_kind_that_is_registered_is_in_the_matrix_and_it_does_not_shrink() -> None:
    assert {scene.kind for scene in SCENES} == set(search_sources.keys())
    sys.stdout.write(
        f"{len(SCENES)} things x {len(LOOKING)} people x {len(SURFACES)} places to look = {CASES:,} cases\n"
    )
    assert CASES >= 13_000


Together = tuple[tuple[str, ...], list[Scene]]
"""Who sees any of what these hide, and the scenes."""


def together(cast: Cast) -> list[Together]:
    """The scenes that the same people see, and each way to prepare one once."""
    if ONE_BY_ONE:
        return [((), [scene]) for scene in SCENES]
    if not _TOGETHER:
        found: dict[tuple[tuple[str, ...], int], list[Scene]] = {}
        for scene in SCENES:
            with transaction.atomic():
                own = deepcopy(cast)
                hidden = scene.prepare(own)()
                who = tuple(name for name, one in own.everyone().items() if any(s(one) for s in hidden.values()))
                transaction.set_rollback(True)
            place = next(n for n in count() if all(_way(scene) != _way(one) for one in found.get((who, n), ())))
            found.setdefault((who, place), []).append(scene)
        _TOGETHER.extend((who, scenes) for (who, _), scenes in found.items())
    return _TOGETHER


_TOGETHER: list[Together] = []


def _way(scene: Scene) -> object:
    return scene.prepare.func  # type: ignore[attr-defined]


def test_every_scene_is_hidden_once(cast: Cast) -> None:
    groups = together(cast)
    assert sorted(str(scene) for _, group in groups for scene in group) == sorted(map(str, SCENES))
    assert len(groups) == TOGETHER


@pytest.mark.timeout(900)
@pytest.mark.parametrize("number", range(TOGETHER))
def test_who_does_not_see_a_thing_sees_no_trace_of_it(cast: Cast, number: int) -> None:
    who_sees, scenes = together(cast)[number]
    kinds = sorted({scene.kind for scene in scenes})
    anchor = make_practice(cast.batavia, title="Repair benches for all", audience="public", tags=("benches",)).pk
    looking = people(cast)
    hides = [scene.prepare(cast) for scene in scenes]
    before = {
        (who, where): look(fresh(person), anchor, kinds)
        for who, person in looking.items()
        if who not in who_sees
        for where, look in SURFACES.items()
    }
    saved = {who: _saved(one) for who, one in looking.items() if one.is_authenticated}
    FreshEntry.objects.all().delete()
    hidden: Hidden = {}
    for hide in hides:
        with committed():
            hidden |= hide()
    Kept.forget_all()
    written = list(FreshEntry.objects.select_related("seen_by"))
    alert.run(timezone.now())
    assert set(kinds) <= {kind for kind, _ in hidden}
    for who, one in looking.items():
        person = fresh(one)
        seen = {thing for thing, sees in hidden.items() if sees(person)}
        found = search_for(WORD, user=person, counted=tuple(FACETS), per_page=100)
        assert {(hit.kind, hit.object_id) for hit in found.hits} == seen, who
        assert found.total == len(seen), who
        counted = {choice.value: choice.count for choice in found.facets.get("kind", []) if choice.count}
        assert counted == Counter(kind for kind, _ in seen), who
        assert set(resolve(hidden, person)) == seen, who
        if who in saved:
            told = set(saved[who].found.values_list("kind", "object_id"))
            keys = standing_of(person).audience_keys()
            new = {(one.kind, one.object_id) for one in written if one.is_news_to(keys)}
            assert told == (seen & new if standing_of(person).is_member else set()), who
        if not seen:
            for where, look in SURFACES.items():
                assert look(fresh(one), anchor, kinds) == before[who, where], (who, where)


def test_a_hidden_word_is_known_to_the_index_and_offered_to_nobody_else(cast: Cast) -> None:
    """Otherwise the matrix would prove nothing about spelling help."""
    with committed():
        make_practice(cast.geneva, title=TITLE, audience="district")
    assert AudienceWord.objects.filter(word=WORD).exists()
    assert search_for(MISTYPED, user=cast.neighbor).corrected == WORD
    assert not search_for(MISTYPED, user=cast.member).corrected
    assert suggest(WORD[:6], user=cast.neighbor).words == [WORD]
    assert not suggest(WORD[:6], user=cast.member).count
