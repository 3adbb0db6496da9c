"""Practices by the one writer, what other districts say about them, and questions."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from wagtail.models import Revision

from demo.building.ground import Ground
from demo.content import read, read_practices
from knowledge.deeds.adopt import AdoptionText, adopt
from knowledge.deeds.ask import accept, answer, ask
from knowledge.deeds.post import PracticeText, post
from knowledge.models import Practice, Question
from portal.districts.models import User

NETWORK = frozenset({"network", "wifi", "firewall", "cabling", "servers", "virtualization", "e-rate"})
"""Tags of practices that a network admin wrote, where the district has one."""


def build_practices(ground: Ground) -> str:
    for row in read_practices():
        ground.practices[row["key"]] = _post(ground, row)
    said = 0
    for at, key, row in sorted(_sayings(ground), key=lambda saying: (saying[0], saying[1], saying[2]["district"])):
        district = ground.districts[row["district"]]
        text = AdoptionText(
            status=row["status"],
            since=ground.day(-row["since_days_ago"]),
            scale=row["scale"],
            again=row["again"],
            note=row["note"].strip(),
        )
        adopt(ground.practices[key], district, text, by=ground.directors[row["district"]], at=at)
        said += 1
    return f"{len(ground.practices)} practices, {said} districts that do one too"


def _post(ground: Ground, row: dict[str, Any]) -> Practice:
    at = ground.spread(row["days_ago"], row["key"])
    text = PracticeText(
        kind=row["kind"],
        title=row["title"],
        summary=row["summary"],
        problem=row["problem"].strip(),
        what_we_do=row["what_we_do"].strip(),
        replaced=row["replaced"].strip(),
        do_differently=row["do_differently"].strip(),
        tags=tuple(row["tags"]),
        products=tuple(row["products"]),
        cost=Decimal(row["cost"]) if row["cost"] else None,
        cost_per=row["cost_per"],
        cost_note=row["cost_note"],
        devices=row["devices"] or None,
        staff_hours=Decimal(str(row["staff_hours"])) if row["staff_hours"] else None,
        audience=row["audience"],
    )
    practice = post(text, district=ground.districts[row["district"]], by=_author(ground, row), at=at)
    _date(practice, at)
    return practice


def _author(ground: Ground, row: dict[str, Any]) -> User:
    admin = ground.network_admins.get(row["district"])
    return admin if admin is not None and NETWORK & set(row["tags"]) else ground.directors[row["district"]]


def _date(practice: Practice, at: datetime) -> None:
    """Wagtail dates what it publishes by the clock; here it happened then. Nothing that search keeps is changed."""
    QuerySet(Practice).filter(pk=practice.pk).update(first_published_at=at, last_published_at=at)
    Revision.objects.filter(pk=practice.latest_revision_id).update(created_at=at)


def _sayings(ground: Ground) -> list[tuple[datetime, str, dict[str, Any]]]:
    """When each district said so: some day after the practice was posted, and after it began itself."""
    found = []
    for row in read_practices():
        for adoption in row.get("adoption", []):
            share = sum(f"{row['key']}{adoption['district']}".encode()) % 80 + 10
            days_ago = min(row["days_ago"] * share // 100, adoption["since_days_ago"])
            found.append((ground.spread(max(days_ago, 1), adoption["district"]), row["key"], adoption))
    return found


def build_questions(ground: Ground) -> str:
    alone = [(row, None) for row in read("questions")["question"]]
    under = [(row, practice["key"]) for practice in read_practices() for row in practice.get("question", [])]
    everything = sorted([*alone, *under], key=lambda pair: (-pair[0]["days_ago"], pair[0]["title"]))
    for row, key in everything:
        _ask(ground, row, ground.practices[key] if key else None)
    return f"{len(everything)} questions"


def _ask(ground: Ground, row: dict[str, Any], practice: Practice | None) -> Question:
    asked_at = ground.spread(row["days_ago"], row["title"])
    question = ask(
        row["title"],
        row["body"].strip(),
        district=ground.districts[row["district"]],
        by=ground.directors[row["district"]],
        at=asked_at,
        practice=practice,
        tags=row.get("tags", []),
    )
    at = asked_at
    for reply in sorted(row.get("answer", []), key=lambda reply: -reply["days_ago"]):
        at = max(ground.spread(reply["days_ago"], reply["district"]), at + timedelta(minutes=25))
        given = answer(
            question,
            reply["body"].strip(),
            district=ground.districts[reply["district"]],
            by=ground.directors[reply["district"]],
            at=min(at, ground.now),
        )
        if reply.get("accepted"):
            accept(question, given, by=question.author)
    return question
