"""Search as bare as it can be where Elasticsearch answers: one request by hand, and one statement for what is shown.

The request asks for the hits and, apart from them, for facets of four thousand of what matches, as the page does.

It asks the portal's own index, which holds no texts: those of the twenty hits, and the names and sizes of the counties
and districts that were counted, come from the database together.
"""

from __future__ import annotations

import http.client
import json
import re
import threading
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bench.twins import fetch, like_mine
from bench.twins_search import hit_of
from portal.search.asking.alike import districts_like

_DAYS = ("31", "366", "1096")
_SIZES = {
    "under 500": 500,
    "500 to 999": 1000,
    "1,000 to 2,499": 2500,
    "2,500 to 4,999": 5000,
    "5,000 to 9,999": 10_000,
    "10,000 and more": 10_000_000,
}
_FIELDS = {"kind": "kind", "status": "status", "tag": "tags", "product": "products", "county": "county"}
_MOST = {"kind": 100, "status": 50, "tag": 12, "product": 12, "county": 200}
_KEPT = "filter_path=" + ",".join(
    f"responses.{name}"
    for name in ("status", "hits.total.value", "hits.hits._score", "hits.hits.fields", "aggregations.*.buckets")
)
_SHOWN = (
    "SELECT 'hit', e.id, e.kind, e.object_id, e.title, e.summary, substr(e.body, 1, 6000), d.short_name, d.enrollment,"
    " p.in_use_count, p.piloting_count, p.stopped_count, (SELECT count(*) FROM knowledge_adoption a"
    " JOIN districts_district o ON o.id = a.district_id WHERE e.kind = 'practice' AND a.practice_id = e.object_id"
    " AND a.status = 'in_use' AND {like}) FROM search_entry e LEFT JOIN districts_district d ON d.id = e.district_id"
    " LEFT JOIN knowledge_practice p ON e.kind = 'practice' AND p.id = e.object_id WHERE e.id = ANY (%s)"
    " UNION ALL SELECT 'county', id, NULL, NULL, name, {none} FROM districts_county WHERE id = ANY (%s)"
    " UNION ALL SELECT 'district', id, NULL, NULL, NULL, NULL, NULL, NULL, enrollment, NULL, NULL, NULL, NULL"
    " FROM districts_district WHERE id = ANY (%s)"
)
_kept = threading.local()


def search_page(request: HttpRequest) -> HttpResponse:
    """One word: total and facets of all that matches and may be seen, the best 500 by their words ranked again."""
    mine = request.user.standing.district
    word = request.GET["q"]
    steps = districts_like(request.user.standing).by_weight  # kept for a minute, for the page and for this
    said, counted = _ask(_bodies(word, sorted(request.user.standing.audience_keys()), steps))
    scores = {hit["fields"]["entry"][0]: hit["_score"] for hit in said["hits"]["hits"]}
    buckets = {name: found["buckets"] for name, found in counted["aggregations"].items()}
    counties, districts = ([int(b["key"]) for b in buckets[name]] for name in ("county", "district"))
    like, like_params = like_mine(mine)
    found = fetch(
        _SHOWN.format(like=like, none=", ".join(["NULL"] * 8)), [*like_params, list(scores), counties, districts]
    )
    hits = sorted((row for row in found if row[0] == "hit"), key=lambda row: (-scores[row[1]], -row[1]))
    names = {str(row[1]): row[4] for row in found if row[0] == "county"}
    sizes = {str(row[1]): row[8] for row in found if row[0] == "district"}
    facets = {name: [(b["key"], b["doc_count"]) for b in buckets[name]] for name in (*_FIELDS, "fresh")}
    facets["size"] = _by_size(buckets["district"], sizes)
    total = said["hits"]["total"]["value"]
    pattern = re.compile(re.escape(word), re.IGNORECASE)
    context = {
        "q": word,
        "total": min(total, 1000),
        "kinds": [(kind, min(count, 1000)) for kind, count in facets["kind"]],
        "facets": [
            (name, [(key, names.get(key, key) if name == "county" else key, min(n, 1000)) for key, n in counts if n])
            for name, counts in facets.items()
            if name != "kind"
        ],
        "hits": [hit_of((*row[:1], *row[2:]), pattern) for row in hits],
        "more": total > 20,
    }
    return render(request, "bench/search.html", context)


def _bodies(word: str, keys: list[str], steps: Mapping[float, Sequence[int]]) -> list[dict[str, Any]]:
    today = timezone.localdate()
    newer = {"linear": {"dated": {"origin": str(today), "scale": f"{1095 * 12}h", "decay": 0.5}}, "weight": 0.2}
    rises = [
        {"weight": 1.0},
        newer | {"filter": {"range": {"dated": {"lt": str(today)}}}},
        {"weight": 0.2, "filter": {"range": {"dated": {"gte": str(today)}}}},
        {"field_value_factor": {"field": "popularity", "factor": 0.01, "missing": 0}},
    ]
    kinds = {"question": 0.9, "product": 0.8, "line-item": 0.7, "person": 0.8}
    sinks: list[dict[str, Any]] = [{"weight": weight, "filter": {"term": {"kind": k}}} for k, weight in kinds.items()]
    sinks.append({"weight": 0.6, "filter": {"term": {"status": "stopped"}}})
    sinks += [
        {"weight": weight, "filter": {"terms": {"district": list(map(str, ids))}}} for weight, ids in steps.items()
    ]
    rank = {"query": {"match_all": {}}, "functions": rises, "score_mode": "sum", "boost_mode": "replace"}
    again = {"query": {"function_score": rank}, "functions": sinks, "score_mode": "multiply", "boost_mode": "multiply"}
    counted: dict[str, Any] = {
        name: {"terms": {"field": field, "size": _MOST[name]}} for name, field in _FIELDS.items()
    } | {"district": {"terms": {"field": "district", "size": 5000}}}
    ranges = [{"key": days, "from": str(today - timedelta(days=int(days)))} for days in _DAYS]
    counted["fresh"] = {"range": {"field": "dated", "ranges": ranges}}
    query = {"bool": {"must": [{"match": {"words": word}}], "filter": [{"terms": {"audience": keys}}]}}
    hits = {
        "query": query,
        "rescore": {
            "window_size": 500,
            "query": {"rescore_query": {"function_score": again}, "score_mode": "multiply"},
        },
        "size": 20,
        "track_total_hits": 1001,
        "stored_fields": "_none_",
        "docvalue_fields": ["entry"],
    }
    facets = {"query": {"bool": {"filter": [query]}}, "aggs": counted, "size": 0, "terminate_after": 4000}
    return [hits, facets]


def _by_size(districts: list[dict[str, Any]], sizes: dict[str, int]) -> list[tuple[str, int]]:
    bands = dict.fromkeys(_SIZES, 0)
    for bucket in districts:
        size = sizes[bucket["key"]]
        bands[next(band for band, below in _SIZES.items() if size < below)] += bucket["doc_count"]
    return list(bands.items())


def _ask(bodies: list[dict[str, Any]]) -> Any:
    """On a connection of this thread that is kept."""
    if not hasattr(_kept, "connection"):
        _kept.connection = http.client.HTTPConnection(urlsplit(settings.ELASTICSEARCH_HOSTS[0]).netloc, timeout=60)
    address = f"/{settings.ELASTICSEARCH_INDEX}/_msearch?{_KEPT}"
    lines = "".join(f"{{}}\n{json.dumps(body)}\n" for body in bodies)
    _kept.connection.request("POST", address, lines, {"Content-Type": "application/x-ndjson"})
    answer = _kept.connection.getresponse()
    text = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"Elasticsearch answers {answer.status}: {text[:500]!r}")
    answers = json.loads(text)["responses"]
    if any(one["status"] != 200 for one in answers):
        raise RuntimeError(f"Elasticsearch answers in part: {text[:500]!r}")
    return answers
