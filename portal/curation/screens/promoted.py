"""What officers promoted for some words, for readers who may see it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils import timezone

from portal.curation.models.promoted_answers import Key, PromotedAnswer, key_of
from portal.kept import Kept, rows_version
from portal.search.asking.links import Link, resolve
from portal.search.text.query import Query, parse
from portal.search.text.synonyms import split

MOST_SHOWN = 3


def _load() -> dict[Key, list[tuple[str, int, str, date]]]:
    answers: dict[Key, list[tuple[str, int, str, date]]] = defaultdict(list)
    for answer in PromotedAnswer.objects.order_by("pk"):
        for key in {key_of(parse(phrase)) for phrase in split(answer.phrases)}:
            answers[key].append((answer.kind, answer.object_id, answer.note, answer.until))
    return dict(answers)


promoted_answers = Kept(1.0, _load, rows_version(lambda: PromotedAnswer.objects))


def for_query(query: Query, user: Any) -> list[Link]:
    """What officers promoted for these words and this reader may see today.

    No query where nothing is promoted for the words; otherwise those of `links.resolve`.
    """
    if not query.terms or query.without:
        return []
    today = timezone.localdate()
    answers = [answer for answer in promoted_answers.get().get(key_of(query), ()) if answer[3] >= today]
    if not answers:
        return []
    links = resolve([(kind, object_id) for kind, object_id, _note, _until in answers], user)
    shown = [(links.get((kind, pk)), note) for kind, pk, note, _until in answers]
    return [replace(link, reason=note) for link, note in shown if link][:MOST_SHOWN]
