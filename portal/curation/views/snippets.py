"""Forms of the Wagtail admin that start filled."""

from __future__ import annotations

from typing import Any

from wagtail.snippets.views.snippets import CreateView


class PrefilledCreate(CreateView):  # type: ignore[misc]
    """A form with what its address names already in it: `?words=trolleys`."""

    prefilled: tuple[str, ...] = ()

    def get_initial_form_instance(self) -> Any:
        return self.model(**{name: self.request.GET.get(name, "")[:200] for name in self.prefilled})


class NewSynonyms(PrefilledCreate):
    prefilled = ("words", "also")


class NewPromoted(PrefilledCreate):
    prefilled = ("phrases",)
