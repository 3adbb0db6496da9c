"""An officer's own answer to certain words."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.search.text.query import Query, parse
from portal.search.text.synonyms import split
from portal.search.text.words import singular

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
        db_table = "search_promotedanswer"
        verbose_name = gettext_lazy("promoted answer")
        verbose_name_plural = gettext_lazy("promoted answers")
        ordering = ["phrases"]
        constraints = [models.UniqueConstraint(fields=["phrases", "kind", "object_id"], name="promoted_once")]

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


def key_of(query: Query) -> Key:
    """The words asked for, in any order and number: "Chromebook repairs" is "repair chromebooks"."""
    words = {word for term in query.terms for word in term.forms[0]}
    return tuple(sorted({singular(word) for word in words}))
