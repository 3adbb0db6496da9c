"""The engine for millions of entries, imported only where it is used, since the client takes long to import.

Elasticsearch finds, counts and ranks ids; what is shown of a hit is read from the entry table, where its audience is
asked once more. What it is told and asked is written in `documents.py`.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.utils import timezone
from elasticsearch import ApiError, Elasticsearch, SerializationError, TransportError

from portal.search.engines.base import COUNT_LIMIT, EVERYTHING, MOST_COUNTED, UNDATED, Answer, Ask, Count, as_one
from portal.search.engines.table import Places, places, rows_of
from portal.search.facets import FACETS, Label, Place
from portal.search.mirror.changes import LATE_SECONDS, live_and_pending
from portal.search.mirror.documents import WEEKS, EntrySearch, newest_of, query_of
from portal.search.mirror.reserve import EngineTrouble
from portal.search.text.query import Term

KEPT_SECONDS = 600.0
"""So long the newest entries are told by the same day."""
MOST_PENDING = 500
"""With more entries that wait to be shipped than these, the database answers."""
PATIENT_SECONDS = 30
TROUBLE = (ApiError, TransportError, SerializationError, KeyError, TypeError, ValueError)
"""What it may do instead of answering. The last three are answers of something else than Elasticsearch."""


class ElasticsearchEngine:
    """Raises `EngineTrouble` wherever it cannot answer fully; `reserve` then asks the database.

    `find` costs one request, two where the first finds little, a small one in ten minutes, and up to four small
    queries: what is pending, the page's entries, names for facets, and the districts of a size that was chosen.
    """

    def find(self, ask: Ask) -> Answer:
        name, pending = self._state()
        index, search = _Index(name), EntrySearch(ask, pending)
        with troubled():
            # What any of the words may have is found by the rarest, whose entries may be old.
            newest = _newest(index) if ask.terms and not ask.any_term else ""
            asked = search.hits(newest) if ask.terms else [search.till_today()]
            said = index.ask(*asked, *search.counts())
            legs, counted = said[: len(asked)], said[len(asked) :]
            if newest and any(_total(leg) <= COUNT_LIMIT for leg in legs):
                legs = index.ask(*search.hits())
            found = [one for leg in legs for one in _found(leg)]
            total = sum(map(_total, legs))
            if not ask.terms and total <= COUNT_LIMIT:
                (ahead,) = index.ask(search.ahead(max(ask.offset - total, 0), ask.limit - len(found)))
                found += _found(ahead)
                total += _total(ahead)
            groups = list(zip(search.groups, counted, strict=True))
            buckets = {facet: said["aggregations"][facet]["buckets"] for group, said in groups for facet in group}
            answer = Answer(
                total=min(total, COUNT_LIMIT + 1),
                first=_total(legs[0]) if ask.first else None,
                totals={group[0]: _total(said) for group, said in groups if group[0] in search.own},
            )
        if ask.first:
            found = found[ask.offset : ask.offset + ask.limit]
        answer.rows = rows_of(found, ask.keys, title_only=ask.prefix)
        answer.facets = facets_of(buckets)
        return answer

    def counts(self, terms: Sequence[Term], keys: frozenset[str], most: int = MOST_COUNTED) -> list[int]:
        if not terms:
            return []
        name, pending = self._state()
        bodies: list[dict[str, Any]] = []
        for term in terms:
            if term == EVERYTHING:
                bodies.append({"size": 0, "track_total_hits": True})
            else:
                having = query_of(Ask(keys=keys, today=UNDATED, terms=(term,)), pending)
                bodies.append({"query": having.to_dict(), "size": 0, "track_total_hits": most})
        with troubled():
            found = [_total(said) for said in _Index(name).ask(*bodies)]
        return [count if term == EVERYTHING else min(count, most) for count, term in zip(found, terms, strict=True)]

    def _state(self) -> tuple[str, list[str]]:
        live, pending, is_late = live_and_pending(MOST_PENDING + 1, timezone.now())
        if not live:
            raise EngineTrouble("no copy is filled yet", is_known=True)
        if len(pending) > MOST_PENDING:
            raise EngineTrouble(f"more than {MOST_PENDING} entries wait to be shipped", is_known=True)
        if is_late:
            raise EngineTrouble(f"an entry waits to be shipped for over {LATE_SECONDS:g} s", is_known=True)
        return live, pending


class _Index:
    """The live index, for the time that one question to the engine may take, however many requests it needs."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.until = time.monotonic() + settings.ELASTICSEARCH_TIMEOUT

    def ask(self, *bodies: dict[str, Any]) -> list[Any]:
        """The answers of one request, each whole."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise EngineTrouble(f"a search took over {settings.ELASTICSEARCH_TIMEOUT:g} s")
        client = _within(connected(), max(round(left, 2), 0.01))
        searches = [part for body in bodies for part in ({"allow_partial_search_results": False}, body)]
        responses = client.msearch(index=self.name, searches=searches)["responses"]
        return [whole(said) for _body, said in zip(bodies, responses, strict=True)]


_kept: dict[str, tuple[float, str]] = {}
"""By index when the day was read, and the day."""


def _newest(index: _Index) -> str:
    """The day from which on entries are among the newest of the index; "" where it is small.

    It is asked for again only after `KEPT_SECONDS` also where it could not be told: then all are searched.
    """
    now = time.monotonic()
    read_at, day = _kept.get(index.name, (-math.inf, ""))
    if now - read_at > KEPT_SECONDS:
        _kept[index.name] = now, day
        (said,) = index.ask(WEEKS)
        day = newest_of(said)
        _kept[index.name] = now, day
    return day


def _found(said: Any) -> list[int]:
    """The entries of one search, of equally good ones the newer first."""
    hits = [(hit.get("_score") or 0.0, hit["fields"]["entry"][0]) for hit in said["hits"]["hits"]]
    return [pk for _, pk in (sorted(hits, reverse=True) if said["hits"]["max_score"] is not None else hits)]


def _total(said: Any) -> int:
    total: int = said["hits"]["total"]["value"]
    return total


def whole(said: Any) -> Any:
    """The answer, where it is one of all shards and in time."""
    if said.get("timed_out") or said.get("error") or said["_shards"]["failed"]:
        raise ValueError(f"a part of an answer: {str(said.get('error', said))[:300]}")
    return said


@contextmanager
def troubled() -> Iterator[None]:
    """What goes wrong meanwhile is an `EngineTrouble`. Also around a function."""
    try:
        yield
    except TROUBLE as error:
        raise EngineTrouble(f"{type(error).__name__}: {error}"[:500]) from error


def facets_of(buckets: dict[str, list[dict[str, Any]]]) -> dict[str, list[Count]]:
    """Buckets with words for their values; those of a place that is gone are left out. No query where all are kept."""
    asked = {(facet, str(one["key"])) for facet in ("county", "district", "size") for one in buckets.get(facet, ())}
    if asked and not asked <= places.get().keys():
        places.forget()
    known = places.get() if asked else {}
    facets: dict[str, list[Count]] = {}
    for facet, found in buckets.items():
        counts: Counter[str] = Counter()
        for one in found:
            value = str(one["key"])
            counts[known.get((facet, value), "") if facet == "size" else value] += one["doc_count"]
        labels = {value: _label(facet, value, known) for value, count in counts.items() if value and count}
        if made := [Count(value, label, counts[value]) for value, label in labels.items() if label is not None]:
            facets[facet] = as_one(facet, made)
    return facets


def _label(facet: str, value: str, known: Places) -> str | None:
    if isinstance(FACETS[facet], Place):
        return known.get((facet, value))
    return value if isinstance(FACETS[facet], Label) else ""


# --- the server --------------------------------------------------------------------------------------------------
def connected() -> Elasticsearch:
    """The client of this process, for the settings of now."""
    hosts, timeout = tuple(settings.ELASTICSEARCH_HOSTS), settings.ELASTICSEARCH_TIMEOUT
    return _client(hosts, timeout, settings.ELASTICSEARCH_API_KEY, settings.ELASTICSEARCH_CA_CERTS)


@cache
def _client(hosts: tuple[Any, ...], timeout: float, api_key: str, ca_certs: str) -> Elasticsearch:
    """A host that refuses is passed over; one that is slow is waited for once."""
    trusted: Any = {"ca_certs": ca_certs} if ca_certs else {}
    return Elasticsearch(
        list(hosts),
        api_key=api_key or None,
        request_timeout=timeout,
        max_retries=len(hosts) - 1,
        retry_on_timeout=False,
        retry_on_status=(),
        **trusted,
    )


def patient() -> Elasticsearch:
    """For work that nobody waits for."""
    return _within(connected(), PATIENT_SECONDS)


@lru_cache(maxsize=100)
def _within(client: Elasticsearch, seconds: float) -> Elasticsearch:
    """The same connections; kept, since a client has a hundred parts that are made anew."""
    return client.options(request_timeout=seconds)
