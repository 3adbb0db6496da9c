"""A promoted answer, as an officer chooses it in the Wagtail admin."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from portal import boxes
from portal.registry import search_sources
from portal.search.asking.finding import find
from portal.search.asking.links import resolve
from portal.search.text.synonyms import split

OFFERED = 10
SHOWN_DAYS = 90
"""How long a promoted answer is shown where the officer names no other day."""


class PromotedForm(WagtailAdminModelForm):  # type: ignore[misc]
    """Which thing is the answer: one of those that search finds for the words, or for other words given here."""

    find = boxes.CharField(
        label=gettext_lazy("Look for"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Where the answer is not in the list below: words of its title. Save to see what fits."),
    )
    thing = boxes.ChoiceField(label=gettext_lazy("The answer"), widget=forms.RadioSelect, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("until", timezone.localdate() + timedelta(days=SHOWN_DAYS))
        self.fields["thing"].choices = self._choices()  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial["thing"] = f"{self.instance.kind}:{self.instance.object_id}"

    def _choices(self) -> list[tuple[str, str]]:
        """What is chosen already, and the best results for the words."""
        chosen = {(self.instance.kind, self.instance.object_id)} if self.instance.pk else set()
        kind, _colon, number = str(self.data.get("thing", "")).partition(":")
        if kind in search_sources and number.isascii() and number.isdigit() and len(number) < 19:
            chosen.add((kind, int(number)))
        offered = [
            (f"{kind}:{pk}", f"{link.label}: {link.title}")
            for (kind, pk), link in resolve(chosen, self.for_user).items()
        ]
        phrases = str(self.data.get("phrases", "")) or self.instance.phrases
        words = str(self.data.get("find", "")) or next(iter(split(phrases)), "")
        if words:
            hits = find(words, user=self.for_user, per_page=OFFERED).hits
            offered += [(f"{hit.kind}:{hit.object_id}", f"{hit.label}: {hit.title}") for hit in hits]
        return list(dict(offered).items())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if "thing" not in self.errors:
            kind, _colon, number = cleaned.get("thing", "").partition(":")
            if kind:
                self.instance.kind, self.instance.object_id = kind, int(number)
            else:
                self.add_error("thing", _("Choose the answer. Where it is not in the list, look for other words."))
        return cleaned
