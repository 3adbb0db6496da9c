"""Search as bare as it can be where the database answers: one statement for hits, total and facets."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import chain
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import mark_safe

from bench.twins import count_of, fetch, like_mine, marks
from portal.search.asking.alike import districts_like

_POPULAR = "0.01 * CASE WHEN e.popularity < 20 THEN e.popularity ELSE 20 END"
_SINKS = (
    "CASE WHEN e.status = 'stopped' THEN 0.6 ELSE 1.0 END * CASE e.kind WHEN 'question' THEN 0.9"
    " WHEN 'product' THEN 0.8 WHEN 'line-item' THEN 0.7 WHEN 'person' THEN 0.8 ELSE 1.0 END"
)
_COUNTED = "e.kind, e.county_id, e.district_id, e.tags, e.products, e.status, e.dated"
MINE = "SELECT audience_id FROM search_audiencekey WHERE key IN ({keys})"
_HITS = {
    # The newest by their rowid, ranked while they are found.
    "sqlite": (
        f"SELECT e.id, {_COUNTED}, -bm25(search_words, 5.0, 3.0, 2.0, 1.0, 2.0, 0.0) * (1.0 + 0.2 * max(0.0,"
        f" min(1.0, 1.0 - (julianday(date('now', 'localtime')) - julianday(e.dated)) / 1095)) + {_POPULAR})"
        f" * {_SINKS} * {{like}} AS score"
        " FROM search_words w CROSS JOIN search_entry e ON e.id = w.rowid WHERE w.search_words MATCH %s"
        f" AND e.audience_id IN ({MINE}) ORDER BY w.rowid DESC LIMIT 4000"
    ),
    # The newest by their id alone, ranked afterwards: else every vector goes through the sort.
    "postgresql": (
        f"SELECT e.id, {_COUNTED},"
        " (1 - 0.5 / (ts_rank('{{0.25, 0.4, 0.6, 0.7}}', e.vector, to_tsquery('portal_words', %s))"
        " / (0.35 + length(e.vector) / 250.0) + 0.5)"
        " + CASE WHEN e.vector @@ to_tsquery('portal_words', %s) THEN 0.2 ELSE 0.0 END)"
        f" * (1.0 + 0.2 * greatest(0.0, least(1.0, 1.0 - (current_date - e.dated) / 1095.0)) + {_POPULAR})"
        f" * {_SINKS} * {{like}} AS score"
        " FROM (SELECT e.id FROM search_entry e"
        f" WHERE e.vector @@ to_tsquery('portal_words', %s) AND COALESCE(e.audience_id = ANY (ARRAY({MINE})), false)"
        " ORDER BY e.id DESC LIMIT 4000) newest JOIN search_entry e ON e.id = newest.id"
    ),
}
_LABELS = {"practice": "Practice", "question": "Question", "agreement": "Agreement", "district": "District"}


_VALUES = (  # counted among the first thousand, as on our page
    "SELECT v.value, count(*), '' FROM (SELECT * FROM hits LIMIT 1000) AS hits, {each}(hits.values) v"
    " GROUP BY v.value ORDER BY 2 DESC LIMIT 12"
)
_FACETS = {
    "kind": "SELECT kind, count(*), '' FROM hits GROUP BY kind",
    "status": "SELECT status, count(*), '' FROM hits GROUP BY status",
    "tag": _VALUES.replace("values", "tags"),
    "product": _VALUES.replace("values", "products"),
    "county": (
        "SELECT CAST(c.id AS text), n, c.name FROM (SELECT county_id, count(*) AS n FROM hits GROUP BY county_id) AS g"
        " JOIN districts_county c ON c.id = county_id"
    ),
    "size": (
        "SELECT CASE WHEN d.enrollment < 500 THEN 'under 500' WHEN d.enrollment < 1000 THEN '500 to 999'"
        " WHEN d.enrollment < 2500 THEN '1,000 to 2,499' WHEN d.enrollment < 5000 THEN '2,500 to 4,999'"
        " WHEN d.enrollment < 10000 THEN '5,000 to 9,999' ELSE '10,000 and more' END, CAST(sum(n) AS bigint), ''"
        " FROM (SELECT district_id, count(*) AS n FROM hits GROUP BY district_id) AS g"
        " JOIN districts_district d ON d.id = district_id WHERE d.enrollment IS NOT NULL GROUP BY 1"
    ),
    "fresh": (
        "SELECT days, n, '' FROM (SELECT '31' AS days, sum(CASE WHEN dated >= %s THEN 1 ELSE 0 END) AS n FROM hits"
        " UNION ALL SELECT '366', sum(CASE WHEN dated >= %s THEN 1 ELSE 0 END) FROM hits"
        " UNION ALL SELECT '1096', sum(CASE WHEN dated >= %s THEN 1 ELSE 0 END) FROM hits) AS g"
    ),
}
_NONE = ", ".join(["NULL"] * 8)


def search_page(request: HttpRequest) -> HttpResponse:
    """One word: the newest 4,000 entries that match and may be seen, the best twenty of them, total and facets.

    What has only a synonym of it stands behind all that, and is left out.
    """
    mine = request.user.standing.district
    word = request.GET["q"]
    keys = sorted(request.user.standing.audience_keys())
    # What is kept of the districts for a minute is kept for both.
    steps = districts_like(request.user.standing).by_weight
    hits = _HITS[connection.vendor].format(keys=marks(keys), like=_rise(steps))
    each = "json_each" if connection.vendor == "sqlite" else "jsonb_array_elements_text"
    facets = "".join(
        f" UNION ALL SELECT '{name}', g.*, {_NONE} FROM ({sql.format(each=each)}) AS g" for name, sql in _FACETS.items()
    )
    like, like_params = like_mine(mine)
    found = fetch(
        f"WITH hits AS MATERIALIZED ({hits}),"
        " page AS (SELECT id, score FROM hits ORDER BY score DESC, id DESC LIMIT 20)"
        " SELECT * FROM (SELECT 'hit' AS what, e.kind, e.object_id, e.title, e.summary, substr(e.body, 1, 6000) AS b,"
        " d.short_name, d.enrollment, p.in_use_count, p.piloting_count, p.stopped_count, (SELECT count(*) FROM"
        " knowledge_adoption a JOIN districts_district o ON o.id = a.district_id WHERE e.kind = 'practice'"
        f" AND a.practice_id = e.object_id AND a.status = 'in_use' AND {like}) AS alike"
        " FROM page JOIN search_entry e ON e.id = page.id LEFT JOIN districts_district d ON d.id = e.district_id"
        " LEFT JOIN knowledge_practice p ON e.kind = 'practice' AND p.id = e.object_id"
        " ORDER BY score DESC, page.id DESC) AS shown"
        f" UNION ALL SELECT 'total', NULL, count(*), NULL, {_NONE} FROM hits{facets}",
        [
            *_params(word, keys, list(steps.values())),
            *like_params,
            *(str(timezone.localdate() - timedelta(days=n)) for n in (31, 366, 1096)),
        ],
    )
    parts: dict[str, list[tuple[Any, ...]]] = {name: [] for name in ("hit", "total", *_FACETS)}
    for row in found:
        parts[row[0]].append(row)
    pattern = re.compile(re.escape(word), re.IGNORECASE)
    context = {
        "q": word,
        "total": min(parts["total"][0][2], 1000),
        "kinds": [(row[1], min(row[2], 1000)) for row in parts["kind"]],
        "facets": [
            (name, [(row[1], row[3] or row[1], min(row[2], 1000)) for row in parts[name] if row[1] and row[2]])
            for name in _FACETS
            if name != "kind"
        ],
        "hits": [hit_of(row, pattern) for row in parts["hit"]],
        "more": parts["total"][0][2] > 20,
    }
    return render(request, "bench/search.html", context)


def one_query(request: HttpRequest) -> HttpResponse:
    """The least that a view can do which asks the database something: the eight newest titles that the reader sees."""
    keys = sorted(request.user.standing.audience_keys())
    titles = fetch(
        f"SELECT e.title FROM search_entry e WHERE e.audience_id IN ({MINE.format(keys=marks(keys))})"
        " ORDER BY e.dated DESC, e.id DESC LIMIT 8",
        keys,
    )
    return HttpResponse("".join(f"<li>{escape(title)}</li>" for (title,) in titles))


def _rise(steps: Mapping[float, Sequence[int]]) -> str:
    is_sqlite = connection.vendor == "sqlite"
    when = [f"e.district_id {f'IN ({marks(ids)})' if is_sqlite else '= ANY (%s)'}" for ids in steps.values()]
    cases = " ".join(f"WHEN {one} THEN {weight}" for one, weight in zip(when, steps, strict=True))
    return f"CASE {cases} ELSE 1.0 END"


def _params(word: str, keys: list[str], similar: list[Sequence[int]]) -> list[Any]:
    if connection.vendor == "sqlite":
        return [*chain(*similar), f'"{word}"', *keys]
    return [f"'{word}'", f"'{word}':A", *map(list, similar), f"'{word}'", *keys]


def hit_of(row: tuple[Any, ...], pattern: re.Pattern[str]) -> tuple[Any, ...]:
    _, kind, pk, title, summary, body, district, size, in_use, piloting, stopped, alike = row
    fact = count_of(in_use, piloting, stopped, alike) if kind == "practice" else ""
    text = summary
    found = pattern.search(summary)
    if not found and (found := pattern.search(body)):
        text = body
    at = max(found.start() - 60, 0) if found else 0
    return (
        f"/{kind}s/{pk}/",
        _marked(title, pattern),
        _LABELS.get(kind, kind),
        district,
        f"{size:,}" if size else "",
        _marked(text[at : at + 220], pattern),
        fact,
    )


def _marked(text: str, pattern: re.Pattern[str]) -> str:
    return mark_safe(pattern.sub(r"<mark>\g<0></mark>", escape(text)))
