"""The measured pages as bare as they can be: SQL by hand, rows as tuples, the smallest template that shows the same.

Same middleware, session, reader and base template as the portal's own pages; same rows, same fields, and the same
audience in each statement. Only for signed-in members of a district.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import mark_safe

from portal.districts.places import GRADES
from portal.markup import render as markdown

KINDS = {"how": "How we do it", "switched": "We switched", "support": "Hardware support"}
STATUSES = {"considering": "Considering", "piloting": "Piloting", "in_use": "In use", "stopped": "Stopped"}
SEEN = (
    "p.live AND (p.audience IN ('public', 'members') OR p.district_id = %s"
    " OR (p.audience = 'county' AND d.county_id = %s))"
)


def _rows(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _marks(values: Any) -> str:
    return ", ".join(["%s"] * len(values))


def _like(mine: Any) -> tuple[str, list[Any]]:
    """Districts `o` like mine: enrollment between half and double, overlapping grades."""
    low, high = GRADES.index(mine.lowest_grade), GRADES.index(mine.highest_grade)
    sql = (
        "o.enrollment BETWEEN %s AND %s AND o.id <> %s"
        f" AND o.lowest_grade IN ({_marks(GRADES[: high + 1])}) AND o.highest_grade IN ({_marks(GRADES[low:])})"
    )
    bounds = [(mine.enrollment + 1) // 2, 2 * mine.enrollment, mine.pk]
    return sql, [*bounds, *GRADES[: high + 1], *GRADES[low:]]


def _time(value: Any) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _count(in_use: int, piloting: int, stopped: int, alike: int) -> str:
    words = []
    if in_use:
        words.append(f"In use in {in_use} district{'s' if in_use > 1 else ''}")
    if piloting:
        words.append(f"{piloting} piloting" if words else f"{piloting} district{'s' if piloting > 1 else ''} piloting")
    if stopped:
        words.append(f"{stopped} stopped" if words else f"{stopped} district{'s' if stopped > 1 else ''} stopped")
    return ", ".join(words) + (f"; {alike} like yours" if words and alike else "")


# --- practices --------------------------------------------------------------------------------------------------------
def practice_list(request: HttpRequest) -> HttpResponse:
    mine = request.user.standing.district
    found = _rows(
        "SELECT p.id, p.title, p.kind, p.summary, p.posted_at, d.short_name, d.enrollment, p.in_use_count,"
        " p.piloting_count, p.stopped_count FROM knowledge_practice p JOIN districts_district d ON d.id = p.district_id"
        f" WHERE {SEEN} ORDER BY p.posted_at DESC, p.id DESC LIMIT 26",
        [mine.pk, mine.county_id],
    )
    rows, more = found[:25], len(found) > 25
    ids = [row[0] for row in rows]
    tags: dict[int, list[tuple[str, str]]] = {}
    for pk, name, slug in _rows(
        "SELECT i.content_object_id, t.name, t.slug FROM knowledge_taggedpractice i JOIN knowledge_tag t"
        f" ON t.id = i.tag_id WHERE i.content_object_id IN ({_marks(ids)}) ORDER BY t.name",
        ids,
    ):
        tags.setdefault(pk, []).append((name, slug))
    like, like_params = _like(mine)
    alike = dict(
        _rows(
            "SELECT a.practice_id, count(*) FROM knowledge_adoption a JOIN districts_district o ON o.id = a.district_id"
            f" WHERE a.status = 'in_use' AND a.practice_id IN ({_marks(ids)}) AND {like} GROUP BY a.practice_id",
            [*ids, *like_params],
        )
    )
    counties = _rows("SELECT slug, name FROM districts_county ORDER BY name", [])
    shown = [
        (
            pk,
            title,
            KINDS[kind],
            summary,
            f"{_time(at):%b %Y}",
            name,
            f"{size:,}",
            _count(in_use, piloting, stopped, alike.get(pk, 0)),
            tags.get(pk, ()),
        )
        for pk, title, kind, summary, at, name, size, in_use, piloting, stopped in rows
    ]
    after = f"{rows[-1][4]},{rows[-1][0]}" if more else ""
    context = {
        "rows": shown,
        "counties": counties,
        "after": after,
        "kinds": KINDS.items(),
        "statuses": STATUSES.items(),
    }
    return render(request, "bench/practice_list.html", context)


def practice_detail(request: HttpRequest, pk: int) -> HttpResponse:
    mine = request.user.standing.district
    (practice,) = _rows(
        "SELECT p.id, p.kind, p.title, p.summary, p.problem, p.what_we_do, p.replaced, p.do_differently, p.cost,"
        " p.cost_per, p.devices, p.posted_at, p.last_confirmed_at, p.in_use_count, p.piloting_count, p.stopped_count,"
        " p.district_id, d.name, d.slug, d.enrollment, c.name FROM knowledge_practice p"
        " JOIN districts_district d ON d.id = p.district_id JOIN districts_county c ON c.id = d.county_id"
        f" WHERE p.id = %s AND {SEEN}",
        [pk, mine.pk, mine.county_id],
    )
    labels = _rows(
        "SELECT 'tags', t.name, t.slug FROM knowledge_taggedpractice i JOIN knowledge_tag t ON t.id = i.tag_id"
        " WHERE i.content_object_id = %s UNION ALL SELECT 'products', q.name, q.slug FROM knowledge_practice_products u"
        " JOIN knowledge_product q ON q.id = u.product_id WHERE u.practice_id = %s ORDER BY 1, 2",
        [pk, pk],
    )
    said = _rows(
        "SELECT d.id, d.name, d.short_name, d.slug, d.enrollment, d.lowest_grade, d.highest_grade, d.county_id,"
        " a.status, a.since, a.scale, a.again, a.note, a.contact FROM districts_district d LEFT JOIN"
        " knowledge_adoption a ON a.district_id = d.id AND a.practice_id = %s"
        " WHERE (d.county_id = %s AND d.is_district) OR a.id IS NOT NULL ORDER BY d.name",
        [pk, mine.county_id],
    )
    questions = _rows(
        "SELECT q.id, q.title, d.short_name, q.asked_at, q.answer_count, q.accepted_id FROM knowledge_question q"
        " LEFT JOIN districts_district d ON d.id = q.district_id WHERE q.practice_id = %s"
        " ORDER BY q.asked_at DESC, q.id DESC",
        [pk],
    )
    doers = sorted((_doer(row, mine) for row in said if row[8]), key=lambda doer: doer[0])
    alike = sum(doer[2] != "" and doer[4] == "In use" for doer in doers)
    cells = [
        (row[2], "posted this" if row[0] == practice[16] else STATUSES.get(row[8], "has not said"))
        for row in said
        if row[7] == mine.county_id
    ]
    context = {
        "p": practice,
        "kind": KINDS[practice[1]],
        "posted": f"{_time(practice[11]):%b %d, %Y}",
        "confirmed": f"{_time(practice[12]):%b %Y}" if practice[12] else "",
        "counts": _count(*practice[13:16], alike),
        "texts": [markdown(text) for text in practice[4:8]],
        "tags": [row for row in labels if row[0] == "tags"],
        "products": [row for row in labels if row[0] == "products"],
        "doers": doers,
        "cells": cells,
        "questions": [(*row[:3], f"{_time(row[3]):%b %d, %Y}", *row[4:]) for row in questions],
    }
    return render(request, "bench/practice_detail.html", context)


def _doer(row: tuple[Any, ...], mine: Any) -> tuple[Any, ...]:
    size = row[4]
    near = row[0] != mine.pk and mine.enrollment <= 2 * size and size <= 2 * mine.enrollment
    low, high = GRADES.index(row[5]), GRADES.index(row[6])
    own_low, own_high = GRADES.index(mine.lowest_grade), GRADES.index(mine.highest_grade)
    reason = ""
    if near and low <= own_high and own_low <= high:
        grades = "same" if (low, high) == (own_low, own_high) else "overlapping"
        reason = f"{size:,} students to your {mine.enrollment:,}, {grades} grades"
    order = (row[0] != mine.pk, not reason, ["in_use", "piloting", "stopped", "considering"].index(row[8]), row[1])
    since = f"{row[9]:%b %Y}" if row[9] else ""
    return (
        order,
        (row[1], row[3], f"{size:,}"),
        reason,
        since,
        STATUSES[row[8]],
        row[10],
        row[11],
        markdown(row[12]),
        row[13],
    )


# --- agreements -------------------------------------------------------------------------------------------------------
def agreement_detail(request: HttpRequest, pk: int) -> HttpResponse:
    mine = request.user.standing.district
    (agreement,) = _rows(
        "SELECT a.id, a.title, a.number, a.summary, a.body, a.closes_at, a.category, a.fiscal_year, r.label"
        " FROM purchasing_agreement a JOIN districts_regionaloffice r ON r.id = a.lead_office_id"
        " WHERE a.id = %s AND a.state <> 'draft' AND EXISTS (SELECT 1 FROM purchasing_participation p"
        " WHERE p.agreement_id = a.id AND p.district_id = %s)",
        [pk, mine.pk],
    )
    lines = _rows(
        "SELECT l.id, l.name, l.unit, l.description, l.baseline_price, l.baseline_source, b.minimum, b.price"
        " FROM purchasing_lineitem l JOIN purchasing_pricebreak b ON b.line_id = l.id WHERE l.agreement_id = %s"
        " ORDER BY l.position, b.minimum",
        [pk],
    )
    answers = _rows(
        "SELECT p.district_id, d.name, d.short_name, p.state, c.line_id, c.planned, c.committed"
        " FROM purchasing_participation p JOIN districts_district d ON d.id = p.district_id"
        " LEFT JOIN purchasing_commitment c ON c.participation_id = p.id AND c.released_at IS NULL"
        " WHERE p.agreement_id = %s ORDER BY d.name",
        [pk],
    )
    changes = _rows(
        "SELECT s.at, s.verb, s.to_state, s.reason, u.name FROM purchasing_statuschange s"
        " LEFT JOIN districts_user u ON u.id = s.by_id WHERE s.agreement_id = %s ORDER BY s.at, s.id",
        [pk],
    )
    items: dict[int, list[tuple[Any, ...]]] = {}
    for row in lines:
        items.setdefault(row[0], []).append(row)
    districts: dict[int, tuple[Any, ...]] = {}
    for row in answers:
        districts.setdefault(row[0], (row[1], row[2], row[3], {}))[3][row[4]] = (row[5], row[6])
    return render(
        request,
        "bench/agreement_detail.html",
        {
            "a": agreement,
            "terms": markdown(agreement[4]),
            "closes": f"{_time(agreement[5]):%a, %b %d, %Y, %I:%M %p}",
            "days": (_time(agreement[5]).date() - datetime.now().date()).days,  # noqa: DTZ005
            "items": [_item(steps, districts) for steps in items.values()],
            "districts": [(name, short, state) for name, short, state, _ in districts.values()],
            "own": districts[mine.pk],
            "waiting": [short for _, short, state, _ in districts.values() if state in {"invited", "interested"}],
            "table": [
                (name, [quantities.get(item, (0, 0)) for item in items])
                for name, _, _, quantities in districts.values()
                if None not in quantities
            ],
            "changes": [(f"{_time(row[0]):%b %d, %Y}", *row[1:]) for row in changes],
        },
    )


def _item(steps: list[tuple[Any, ...]], districts: dict[int, tuple[Any, ...]]) -> tuple[Any, ...]:
    """Name and texts, what is committed, the gap to the next step, the steps with what is missing to each."""
    pk, name, unit, description, baseline, source = steps[0][:6]
    committed = sum(quantities.get(pk, (0, 0))[1] or 0 for _, _, _, quantities in districts.values())
    most = max(round(steps[-1][6] * 1.25), committed)
    now = Decimal(0)
    gap = ""
    ladder = []
    for *_, minimum, price in steps:
        price = Decimal(str(price))
        if minimum <= committed:
            now = price
        elif not gap:
            saved = ((now - price) * minimum).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
            gap = f"{minimum - committed:,} more {unit}s take ${now - price:,.2f} off each: we save ${saved:,.2f}"
        to_go = "" if minimum <= committed else f"{minimum - committed:,}"
        ladder.append((f"{minimum:,}", f"${price:,.2f}", to_go, f"{100 * minimum / most:.2f}%"))
    width = f"{100 * committed / most:.2f}%"
    return pk, name, unit, description, f"${Decimal(str(baseline)):,.2f}", source, f"{committed:,}", gap, ladder, width


# --- search -----------------------------------------------------------------------------------------------------------
_POPULAR = "0.01 * CASE WHEN e.popularity < 20 THEN e.popularity ELSE 20 END"
_SINKS = (
    "CASE WHEN e.status = 'stopped' THEN 0.6 ELSE 1.0 END * CASE e.kind WHEN 'question' THEN 0.9"
    " WHEN 'product' THEN 0.8 WHEN 'line-item' THEN 0.7 WHEN 'person' THEN 0.8 ELSE 1.0 END"
)
_COUNTED = "e.kind, e.county_id, e.district_id, e.tags, e.products, e.status, e.dated"
_MINE = "SELECT audience_id FROM search_audiencekey WHERE key IN ({keys})"
_HITS = {
    # The newest by their rowid, ranked while they are found.
    "sqlite": (
        f"SELECT e.id, {_COUNTED}, -bm25(search_words, 10.0, 5.0, 3.0, 1.0, 4.0, 0.0) * (1.0 + 0.2 * max(0.0,"
        f" min(1.0, 1.0 - (julianday(date('now', 'localtime')) - julianday(e.dated)) / 1095)) + {_POPULAR})"
        f" * {_SINKS} * CASE WHEN e.district_id IN ({{like}}) THEN 1.25 ELSE 1.0 END AS score"
        " FROM search_words w CROSS JOIN search_entry e ON e.id = w.rowid WHERE w.search_words MATCH %s"
        f" AND e.audience_id IN ({_MINE}) ORDER BY w.rowid DESC LIMIT 4000"
    ),
    # The newest by their id alone, ranked afterwards: else every vector goes through the sort.
    "postgresql": (
        f"SELECT e.id, {_COUNTED}, ts_rank('{{{{0.1, 0.3, 0.45, 1.0}}}}', e.vector, to_tsquery('portal_words', %s), 1)"
        f" * (1.0 + 0.2 * greatest(0.0, least(1.0, 1.0 - (current_date - e.dated) / 1095.0)) + {_POPULAR})"
        f" * {_SINKS} * CASE WHEN e.district_id = ANY (%s) THEN 1.25 ELSE 1.0 END AS score"
        " FROM (SELECT e.id FROM search_entry e"
        f" WHERE e.vector @@ to_tsquery('portal_words', %s) AND COALESCE(e.audience_id = ANY (ARRAY({_MINE})), false)"
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
_like_mine: dict[int, list[int]] = {}


def _alike(mine: Any) -> list[int]:
    """The districts like mine, asked once: so does our page for a minute."""
    if mine.pk not in _like_mine:
        sql, params = _like(mine)
        _like_mine[mine.pk] = [row[0] for row in _rows(f"SELECT o.id FROM districts_district o WHERE {sql}", params)]
    return _like_mine[mine.pk]


def search_page(request: HttpRequest) -> HttpResponse:
    """One word: the newest 4,000 entries that match and may be seen, the best twenty of them, total and facets."""
    mine = request.user.standing.district
    word = request.GET["q"]
    keys = sorted(request.user.standing.audience_keys())
    similar = _alike(mine)
    hits = _HITS[connection.vendor].format(keys=_marks(keys), like=_marks(similar))
    each = "json_each" if connection.vendor == "sqlite" else "jsonb_array_elements_text"
    facets = "".join(
        f" UNION ALL SELECT '{name}', g.*, {_NONE} FROM ({sql.format(each=each)}) AS g" for name, sql in _FACETS.items()
    )
    like, like_params = _like(mine)
    found = _rows(
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
            *_params(word, keys, similar),
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
        "hits": [_hit(row, pattern) for row in parts["hit"]],
        "more": parts["total"][0][2] > 20,
    }
    return render(request, "bench/search.html", context)


def one_query(request: HttpRequest) -> HttpResponse:
    """The least that a view can do which asks the database something: the eight newest titles that the reader sees."""
    keys = sorted(request.user.standing.audience_keys())
    titles = _rows(
        f"SELECT e.title FROM search_entry e WHERE e.audience_id IN ({_MINE.format(keys=_marks(keys))})"
        " ORDER BY e.dated DESC, e.id DESC LIMIT 8",
        keys,
    )
    return HttpResponse("".join(f"<li>{escape(title)}</li>" for (title,) in titles))


def _params(word: str, keys: list[str], similar: list[int]) -> list[Any]:
    return (
        [*similar, f'"{word}"', *keys] if connection.vendor == "sqlite" else [f"'{word}'", similar, f"'{word}'", *keys]
    )


def _hit(row: tuple[Any, ...], pattern: re.Pattern[str]) -> tuple[Any, ...]:
    _, kind, pk, title, summary, body, district, size, in_use, piloting, stopped, alike = row
    fact = _count(in_use, piloting, stopped, alike) if kind == "practice" else ""
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
