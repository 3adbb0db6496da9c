"""The measured pages as bare as they can be: SQL by hand, rows as tuples, the smallest template that shows the same.

Same middleware, session, reader and base template as the portal's own pages; same rows, same fields, and the same
audience in each statement. Only for signed-in members of a district. Under `bench.floor_settings` they stand on bare
Django instead: the floor.
"""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe

from portal.districts.models.places import GRADES

KINDS = {"how": "How we do it", "switched": "We switched", "support": "Hardware support"}
STATUSES = {"considering": "Considering", "piloting": "Piloting", "in_use": "In use", "stopped": "Stopped"}
SEEN = (
    "p.live AND (p.audience IN ('public', 'members') OR p.district_id = %s"
    " OR (p.audience = 'county' AND d.county_id = %s))"
)


def fetch(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def marks(values: Any) -> str:
    return ", ".join(["%s"] * len(values))


def html(kept: str) -> SafeString:
    """Of a column that keeps Markdown's HTML behind a line of its own (`portal/prose.py`)."""
    return mark_safe(kept.partition("\n")[2])


def like_mine(mine: Any) -> tuple[str, list[Any]]:
    """Districts `o` like mine: enrollment between half and double, overlapping grades."""
    low, high = GRADES.index(mine.lowest_grade), GRADES.index(mine.highest_grade)
    sql = (
        "o.enrollment BETWEEN %s AND %s AND o.id <> %s"
        f" AND o.lowest_grade IN ({marks(GRADES[: high + 1])}) AND o.highest_grade IN ({marks(GRADES[low:])})"
    )
    bounds = [(mine.enrollment + 1) // 2, 2 * mine.enrollment, mine.pk]
    return sql, [*bounds, *GRADES[: high + 1], *GRADES[low:]]


def _time(value: Any) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def count_of(in_use: int, piloting: int, stopped: int, alike: int) -> str:
    words = []
    if in_use:
        words.append(f"In use in {in_use} district{'s' if in_use > 1 else ''}")
    if piloting:
        words.append(f"{piloting} piloting" if words else f"{piloting} district{'s' if piloting > 1 else ''} piloting")
    if stopped:
        words.append(f"{stopped} stopped" if words else f"{stopped} district{'s' if stopped > 1 else ''} stopped")
    return ", ".join(words) + (f"; {alike} like yours" if words and alike else "")


def empty(request: HttpRequest) -> HttpResponse:
    """The frame alone."""
    return render(request, "bench/empty.html")


# --- practices --------------------------------------------------------------------------------------------------------
def practice_list(request: HttpRequest) -> HttpResponse:
    mine = request.user.standing.district
    found = fetch(
        "SELECT p.id, p.title, p.kind, p.summary, p.posted_at, d.short_name, d.enrollment, p.in_use_count,"
        " p.piloting_count, p.stopped_count FROM knowledge_practice p JOIN districts_district d ON d.id = p.district_id"
        f" WHERE {SEEN} ORDER BY p.posted_at DESC, p.id DESC LIMIT 26",
        [mine.pk, mine.county_id],
    )
    rows, more = found[:25], len(found) > 25
    ids = [row[0] for row in rows]
    tags: dict[int, list[tuple[str, str]]] = {}
    for pk, name, slug in fetch(
        "SELECT i.content_object_id, t.name, t.slug FROM knowledge_taggedpractice i JOIN knowledge_tag t"
        f" ON t.id = i.tag_id WHERE i.content_object_id IN ({marks(ids)}) ORDER BY t.name",
        ids,
    ):
        tags.setdefault(pk, []).append((name, slug))
    like, like_params = like_mine(mine)
    alike = dict(
        fetch(
            "SELECT a.practice_id, count(*) FROM knowledge_adoption a JOIN districts_district o ON o.id = a.district_id"
            f" WHERE a.status = 'in_use' AND a.practice_id IN ({marks(ids)}) AND {like} GROUP BY a.practice_id",
            [*ids, *like_params],
        )
    )
    counties = fetch("SELECT slug, name FROM districts_county ORDER BY name", [])
    shown = [
        (
            pk,
            title,
            KINDS[kind],
            summary,
            f"{_time(at):%b %Y}",
            name,
            f"{size:,}",
            count_of(in_use, piloting, stopped, alike.get(pk, 0)),
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
    (practice,) = fetch(
        "SELECT p.id, p.kind, p.title, p.summary, p.problem_html, p.what_we_do_html, p.replaced_html,"
        " p.do_differently_html, p.cost,"
        " p.cost_per, p.devices, p.posted_at, p.last_confirmed_at, p.in_use_count, p.piloting_count, p.stopped_count,"
        " p.district_id, d.name, d.slug, d.enrollment, c.name FROM knowledge_practice p"
        " JOIN districts_district d ON d.id = p.district_id JOIN districts_county c ON c.id = d.county_id"
        f" WHERE p.id = %s AND {SEEN}",
        [pk, mine.pk, mine.county_id],
    )
    labels = fetch(
        "SELECT 'tags', t.name, t.slug FROM knowledge_taggedpractice i JOIN knowledge_tag t ON t.id = i.tag_id"
        " WHERE i.content_object_id = %s UNION ALL SELECT 'products', q.name, q.slug FROM knowledge_practice_products u"
        " JOIN knowledge_product q ON q.id = u.product_id WHERE u.practice_id = %s ORDER BY 1, 2",
        [pk, pk],
    )
    said = fetch(
        "SELECT d.id, d.name, d.short_name, d.slug, d.enrollment, d.lowest_grade, d.highest_grade, d.county_id,"
        " a.status, a.since, a.scale, a.again, a.note_html, a.contact FROM districts_district d LEFT JOIN"
        " knowledge_adoption a ON a.district_id = d.id AND a.practice_id = %s"
        " WHERE (d.county_id = %s AND d.is_district) OR a.id IS NOT NULL ORDER BY d.name",
        [pk, mine.county_id],
    )
    questions = fetch(
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
        "counts": count_of(*practice[13:16], alike),
        "texts": [html(kept) for kept in practice[4:8]],
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
        html(row[12]),
        row[13],
    )


# --- agreements -------------------------------------------------------------------------------------------------------
def agreement_detail(request: HttpRequest, pk: int) -> HttpResponse:
    mine = request.user.standing.district
    (agreement,) = fetch(
        "SELECT a.id, a.title, a.number, a.summary, a.body_html, a.closes_at, a.category, a.fiscal_year, r.label"
        " FROM purchasing_agreement a JOIN districts_regionaloffice r ON r.id = a.lead_office_id"
        " WHERE a.id = %s AND a.state <> 'draft' AND EXISTS (SELECT 1 FROM purchasing_participation p"
        " WHERE p.agreement_id = a.id AND p.district_id = %s)",
        [pk, mine.pk],
    )
    lines = fetch(
        "SELECT l.id, l.name, l.unit, l.description, l.baseline_price, l.baseline_source, b.minimum, b.price"
        " FROM purchasing_lineitem l JOIN purchasing_pricebreak b ON b.line_id = l.id WHERE l.agreement_id = %s"
        " ORDER BY l.position, b.minimum",
        [pk],
    )
    answers = fetch(
        "SELECT p.district_id, d.name, d.short_name, p.state, c.line_id, c.planned, c.committed"
        " FROM purchasing_participation p JOIN districts_district d ON d.id = p.district_id"
        " LEFT JOIN purchasing_commitment c ON c.participation_id = p.id AND c.released_at IS NULL"
        " WHERE p.agreement_id = %s ORDER BY d.name",
        [pk],
    )
    changes = fetch(
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
            "terms": html(agreement[4]),
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
