"""An officer's own answer to certain words, shown above the results to readers who may see it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.kept import Kept, rows_version
from portal.registry import search_sources
from portal.search.query import Query, parse
from portal.search.synonyms import split
from portal.search.words import singular

MOST_SHOWN = 3
Key = tuple[str, ...]


class PromotedAnswer(models.Model):
    """One thing that search finds, put first for whoever types one of the phrases."""

    phrases = models.TextField(
        gettext_lazy("searches"),
        help_text=gettext_lazy("What people type, separated by commas: e-rate, erate deadline, form 471."),
    )
    kind = models.CharField(gettext_lazy("kind"), max_length=30)
    object_id = models.BigIntegerField(gettext_lazy("number"))
    note = models.CharField(
        gettext_lazy("note"),
        max_length=200,
        blank=True,
        help_text=gettext_lazy("One sentence under the title: why this is the answer."),
    )
    until = models.DateField(
        gettext_lazy("until"), help_text=gettext_lazy("The last day on which it is shown; look at it again then.")
    )
    changed_at = models.DateTimeField(gettext_lazy("changed"), auto_now=True)

    class Meta:
        verbose_name = gettext_lazy("promoted answer")
        verbose_name_plural = gettext_lazy("promoted answers")
        ordering = ["phrases"]
        constraints = [
            models.UniqueConstraint(fields=["phrases", "kind", "object_id"], name="promoted_once"),
        ]

    def __str__(self) -> str:
        return self.phrases

    def clean(self) -> None:
        phrases = split(self.phrases)
        empty = [phrase for phrase in phrases if not key_of(parse(phrase))]
        if empty:
            raise ValidationError({"phrases": _("“%(phrase)s” has no letters or digits.") % {"phrase": empty[0]}})
        if len(phrases) > 20:
            raise ValidationError({"phrases": _("Keep to 20 searches for one answer.")})
        self.phrases = ", ".join(phrases)


@dataclass(frozen=True, slots=True)
class Promoted:
    title: str
    url: str
    label: str
    """The kind in the singular."""
    note: str


def key_of(query: Query) -> Key:
    """The words asked for, in any order and number: "Chromebook repairs" is "repair chromebooks"."""
    words = {word for term in query.terms for word in term.forms[0]}
    return tuple(sorted({singular(word) for word in words}))


def _load() -> dict[Key, list[tuple[str, int, str, date]]]:
    answers: dict[Key, list[tuple[str, int, str, date]]] = defaultdict(list)
    for answer in PromotedAnswer.objects.order_by("pk"):
        for key in {key_of(parse(phrase)) for phrase in split(answer.phrases)}:
            answers[key].append((answer.kind, answer.object_id, answer.note, answer.until))
    return dict(answers)


kept = Kept(1.0, _load, rows_version(lambda: PromotedAnswer.objects))


def for_query(query: Query, user: Any) -> list[Promoted]:
    """What officers promoted for these words and this reader may see today.

    No query where nothing is promoted for the words; otherwise those of `links.resolve`.
    """
    from portal.search.links import resolve  # which needs the entries, and so these models

    if not query.terms or query.without:
        return []
    today = timezone.localdate()
    answers = [answer for answer in kept.get().get(key_of(query), ()) if answer[3] >= today]
    if not answers:
        return []
    links = resolve([(kind, object_id) for kind, object_id, _note, _until in answers], user)
    return [
        Promoted(links[kind, pk].title, links[kind, pk].url, str(search_sources[kind].singular), note)
        for kind, pk, note, _until in answers
        if (kind, pk) in links
    ][:MOST_SHOWN]
