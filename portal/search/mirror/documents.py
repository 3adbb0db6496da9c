"""Entries as documents of Elasticsearch: their shape, and the search over them. The one module that imports the DSL.

Documents hold words made by `portal.search.text.words`, so that "Wi-Fi" means the same on every engine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import elasticsearch_dsl as dsl
from elasticsearch_dsl import query as q

from portal.districts.models import District
from portal.search.engines import base
from portal.search.engines.base import UNDATED, Ask, weighed
from portal.search.entries.tables import Entry
from portal.search.facets import FACETS, FRESH, facet_words, of_size, oldest, since
from portal.search.text.query import Term
from portal.search.text.words import parts

REPEATED = {"title": 5, "labels": 3, "extra": 2, "summary": 2, "body": 1}
"""How often each text stands in a document's words: what a word in it weighs."""
RANKED = 500
"""So many of the best by their words are ranked by freshness, popularity and likeness too. The same for every page, so
that pages do not overlap."""
NEWEST = 100_000
"""What more than `COUNT_LIMIT` match, of about so many of the newest entries and of those that have no day, is looked
for among these alone. So a frequent word costs the same however many entries there are."""
POPULAR = 20


# --- the index --------------------------------------------------------------------------------------------------------
_SHAPED = "words_of_shape"
_words = dsl.analyzer(
    _SHAPED,
    # Only words arrive, parted by spaces. The stemmer is the one of PostgreSQL's `english`.
    tokenizer=dsl.tokenizer("between_spaces", "char_group", tokenize_on_chars=["whitespace"]),
    filter=["asciifolding", dsl.token_filter("portal_stem", "stemmer", language="porter2")],
)


class EntryDocument(dsl.Document):
    """What Elasticsearch is told of an entry."""

    entry = dsl.Long()
    version = dsl.Long()
    kind = dsl.Keyword()
    number = dsl.Long()
    audience = dsl.Keyword()
    marks = dsl.Keyword()
    county = dsl.Keyword()
    district = dsl.Keyword()
    status = dsl.Keyword()
    tags = dsl.Keyword()
    products = dsl.Keyword()
    dated = dsl.Date()
    popularity = dsl.Byte()
    words = dsl.Text(analyzer=_words)
    names = dsl.Text(analyzer=_words, norms=False, index_prefixes={"min_chars": 1, "max_chars": 5})
    """Title, labels and their other spellings, where a word that somebody begins to type is looked for."""

    class Meta:
        dynamic = dsl.MetaField("strict")


def _shaped() -> tuple[dict[str, Any], str]:
    """Mappings and settings, and the analyzer's name, which follows from both.

    Every search names the analyzer; so an index of another shape, of words that weigh otherwise, or one that something
    else made, refuses to answer instead of answering wrongly.
    """
    body = EntryDocument._index.to_dict()
    body["mappings"]["_source"] = {"excludes": ["words", "names"]}
    # The newest first: "everything" is read from the front, and of equals the newer comes first.
    body["settings"] |= {"sort.field": ["dated", "entry"], "sort.order": ["desc", "desc"], "gc_deletes": "1h"}
    text = json.dumps(body, sort_keys=True)
    name = f"words_{hashlib.blake2b(f'{text}{REPEATED}'.encode(), digest_size=5).hexdigest()}"
    return json.loads(text.replace(_SHAPED, name)), name


BODY, WORDS = _shaped()


def document_of(entry: Entry) -> dict[str, Any]:
    texts = [" ".join(parts(getattr(entry, name))) for name in REPEATED]
    return {
        "entry": entry.pk,
        "version": entry.version,
        "kind": entry.kind,
        "number": entry.object_id,
        "audience": entry.audience.keys,
        "marks": entry.marks.split(),
        "county": entry.county_id,
        "district": entry.district_id,
        "status": entry.status or None,
        "tags": list(dict.fromkeys(entry.tags)),
        "products": list(dict.fromkeys(entry.products)),
        "dated": entry.dated.isoformat(),
        "popularity": min(entry.popularity, POPULAR),
        "words": [text for text, times in zip(texts, REPEATED.values(), strict=True) for _ in range(times) if text],
        "names": texts[:3],
    }


# --- the query --------------------------------------------------------------------------------------------------------
def _form(words: Sequence[str], *, prefix: bool) -> q.Query:
    text = " ".join(words)
    asked = {"query": text, "analyzer": WORDS}
    if len(words) > 1:
        return q.MatchPhrasePrefix(names=asked) if prefix else q.MatchPhrase(words=asked)
    return q.Bool(should=[q.Match(names=asked), q.Prefix(names=text)]) if prefix else q.Match(words=asked)


def _term(term: Term, *, prefix: bool = False) -> q.Query:
    forms = [_form(form, prefix=prefix) for form in term.every_form]
    return forms[0] if len(forms) == 1 else q.Bool(should=forms, minimum_should_match=1)


def _has(facet: str, values: Sequence[str]) -> q.Query:
    return q.Terms(marks=facet_words(facet, values))


def query_of(ask: Ask, pending: Sequence[str]) -> q.Bool:
    """What matches and what the reader may see, as the copy shows it rightly. Filters by facet are not in it."""
    last = len(ask.terms) - 1
    terms = [_term(term, prefix=ask.prefix and number == last) for number, term in enumerate(ask.terms)]
    without = [_term(term) for term in ask.without]
    # Nothing at all, but it names the analyzer: see `_shaped`.
    without += [q.Match(words={"query": "", "analyzer": WORDS})] if not terms else []
    without += [q.Ids(values=pending)] if pending else []
    without += [_has(facet, values) for facet, values in ask.excluded.items()]
    visible: list[q.Query] = [q.Terms(audience=sorted(ask.keys))]
    if ask.after:
        visible.append(q.Range(dated={"gte": ask.after.isoformat()}))
    if ask.before:
        visible.append(q.Range(dated={"lt": ask.before.isoformat(), "gt": UNDATED.isoformat()}))
    if ask.any_term and terms:
        boosted = [(q.Bool(must=[_term(term)], boost=weight), finds) for term, weight, finds in weighed(ask)]
        found = q.Bool(should=[term for term, finds in boosted if finds], minimum_should_match=1)
        raised = [term for term, finds in boosted if not finds]
        return q.Bool(must=[found], should=raised, filter=visible, must_not=without)
    return q.Bool(must=terms, filter=visible, must_not=without)


def _rank(ask: Ask) -> dict[str, Any]:
    """By what a score by words is multiplied, as the database engines do it.

    Written out, since the DSL's classes would cost more than all the rest of a search here.
    """
    today = ask.today.isoformat()
    half = f"{base.RECENT_DAYS * 12}h"
    newer = {"linear": {"dated": {"origin": today, "scale": half, "decay": 0.5}}, "weight": 0.2}
    factors: list[dict[str, Any]] = [
        {"weight": 1.0},
        {**newer, "filter": {"range": {"dated": {"lt": today}}}},
        {"weight": 0.2, "filter": {"range": {"dated": {"gte": today}}}},
        {"field_value_factor": {"field": "popularity", "factor": 0.01, "missing": 0}},
    ]
    weights: list[dict[str, Any]] = [
        {"weight": weight, "filter": {"term": {"kind": kind}}} for kind, weight in ask.weights.items()
    ]
    for kind, statuses in ask.sinking.items():
        over = [{"terms": {"kind": [kind]}}, {"terms": {"status": list(statuses)}}]
        weights.append({"weight": base.SINK_WEIGHT, "filter": {"bool": {"filter": over}}})
    for weight, ids in ask.like.items():
        weights.append({"weight": weight, "filter": {"terms": {"district": list(ids)}}})
    summed = {"query": {"match_all": {}}, "functions": factors, "score_mode": "sum", "boost_mode": "replace"}
    product = {"functions": weights, "score_mode": "multiply", "boost_mode": "multiply"}
    return {"function_score": {"query": {"function_score": summed}, **product}}


# --- facets -----------------------------------------------------------------------------------------------------------
def _chosen(facet: str, values: Sequence[str], today: date) -> q.Query:
    """What has one of the values. One query for sizes: the database knows how large each district is."""
    if FACETS[facet].is_word:
        return _has(facet, values)
    if facet == "fresh":
        return q.Range(dated={"gte": first}) if (first := oldest(values, today)) else q.MatchAll()
    large = of_size(values)
    districts = District.objects.filter(large).values_list("pk", flat=True)
    return q.Terms(district=list(districts)) if large else q.MatchAll()


def _counted(facet: str, today: date) -> dsl.aggs.Agg[Any]:
    """What counts the values of a facet; for sizes it counts the districts."""
    if facet == "fresh":
        return dsl.A("range", field="dated", ranges=[{"key": days, "from": since(today, days)} for days in FRESH])
    most = 5000 if facet == "size" else base.MOST_VALUES if FACETS[facet].is_bounded else 200
    return dsl.A("terms", field=FACETS[facet].column.removesuffix("_id"), size=most)


class EntrySearch:
    """One question as bodies of searches: one for the hits, one for the facets that are not filtered by, and one for
    each facet that is, which is counted under the filters of the others.

    Apart, because the best hits of a frequent word are found without looking at all of them, and counts are bounded.
    """

    def __init__(self, ask: Ask, pending: Sequence[str]) -> None:
        self.ask = ask
        self._query = query_of(ask, pending)
        self._legs: list[q.Query] = [self._query]
        if ask.first:
            above = query_of(replace(ask, terms=ask.first, any_term=False), pending)
            self._legs = [above, self._query & ~q.Bool(must=[_term(term) for term in ask.first])]
        self._filters = {facet: _chosen(facet, values, ask.today) for facet, values in ask.filters.items() if values}
        self.own = [facet for facet in ask.counted if facet in self._filters]
        shared = [facet for facet in ask.counted if facet not in self._filters]
        self.groups = [*([shared] if shared else []), *([facet] for facet in self.own)]
        """The facets that each of `counts` counts."""

    def _found(self, *more: q.Query, but: str = "", leg: q.Query | None = None) -> q.Query:
        """What is asked for under all filters, that of the facet named `but` left out."""
        filters = [chosen for facet, chosen in self._filters.items() if facet != but]
        return (leg or self._query) & q.Bool(filter=[*filters, *more])

    def hits(self, newest: str = "") -> list[dict[str, Any]]:
        """The best by words and rank; if given, only of what is dated on the day `newest` or later, or on none. Of what
        stands above and of the others apart, where anything does, so many of each that the page may be all of one."""
        dated = [q.Range(dated={"gte": newest}), q.Terms(dated=[UNDATED.isoformat()])] if newest else []
        more = [q.Bool(should=dated, minimum_should_match=1)] if dated else []
        rescore = {"rescore_query": _rank(self.ask), "score_mode": "multiply"}
        window = {"window_size": base.HASTY_CANDIDATES if self.ask.hasty else RANKED, "query": rescore}
        pages = [self._page(self._found(*more, leg=leg), rescore=window) for leg in self._legs]
        if self.ask.first:
            pages = [page | {"from": 0, "size": self.ask.offset + self.ask.limit} for page in pages]
        return pages

    def till_today(self) -> dict[str, Any]:
        """Without any words the newest first: read from the front of the index, which is sorted so."""
        past = self._found(q.Range(dated={"lte": self.ask.today.isoformat()}))
        return self._page(past, sort=[{"dated": "desc"}, {"entry": "desc"}])

    def ahead(self, skipped: int, limit: int) -> dict[str, Any]:
        """What is dated in the days to come, the nearest first."""
        ahead = self._found(q.Range(dated={"gt": self.ask.today.isoformat()}))
        return self._page(ahead, sort=[{"dated": "asc"}, {"entry": "asc"}]) | {"from": skipped, "size": limit}

    def counts(self) -> list[dict[str, Any]]:
        """Of each of `groups`: among `CANDIDATES` of what is found, as in the databases, where it is more."""
        bounds = {"size": 0, "terminate_after": base.CANDIDATES, "track_total_hits": base.COUNT_LIMIT + 1}
        return [
            {
                "query": q.Bool(filter=[self._found(but=group[0])]).to_dict(),
                "aggs": {facet: _counted(facet, self.ask.today).to_dict() for facet in group},
                **bounds,
            }
            for group in self.groups
        ]

    def _page(self, query: q.Query, **more: Any) -> dict[str, Any]:
        page = {"from": self.ask.offset, "size": self.ask.limit, "track_total_hits": base.COUNT_LIMIT + 1}
        return {"query": query.to_dict(), "_source": False, "docvalue_fields": ["entry"], **page, **more}


WEEKS: dict[str, Any] = {
    "size": 0,
    "track_total_hits": True,
    "aggs": {"weeks": {"date_histogram": {"field": "dated", "fixed_interval": "7d", "min_doc_count": 1}}},
}
"""The body of a search: how many entries there are of each week."""


def newest_of(said: Any) -> str:
    """The first day of the weeks that hold the `NEWEST`; "" where there are not twice as many as these."""
    if said["hits"]["total"]["value"] < 2 * NEWEST:
        return ""
    count = 0
    for week in reversed(said["aggregations"]["weeks"]["buckets"]):
        count += week["doc_count"]
        if count >= NEWEST:
            break
    return str(week["key_as_string"])
