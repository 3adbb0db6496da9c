"""What members keep of search, and what officers see of it. Comes last: what was built before is no news to anybody."""

from __future__ import annotations

from datetime import timedelta

from demo.building.ground import Ground
from portal.curation.models import LoggedSearch, PromotedAnswer
from portal.pages.models import ToolkitPage
from portal.saved.deeds.save import save_search
from portal.saved.models import Often, SavedSearch
from portal.search.models import FreshEntry

SEARCHED = {
    "e-rate form 470": (14, 5),
    "chromebook repair": (23, 9),
    "starlink backup": (0, 4),
    "wifi 7": (3, 6),
    "esports scholarships": (0, 3),
    "hall pass app": (0, 2),
    "mfa for substitutes": (4, 3),
}
"""Words: how many results, and how often they were searched for in the last days."""


def build_searches(ground: Ground) -> str:
    FreshEntry.objects.all().delete()
    director, kane = ground.directors["kaneland-302"], ground.counties["Kane"]
    save_search(director, "q=wifi&kind=practice", "Wi-Fi, practices", at=ground.at(-20))
    questions = save_search(director, f"kind=question&county={kane.pk}", "New questions in Kane", at=ground.at(-9))
    SavedSearch.objects.filter(pk=questions.pk).update(often=Often.NOW)
    toolkit = ToolkitPage.objects.get(title__startswith="E-Rate")
    PromotedAnswer.objects.create(
        phrases="e-rate, e-rate deadlines, form 470, form 471",
        kind=ToolkitPage.search_kind,
        object_id=toolkit.pk,
        note="The dates of this year's windows, and who in the state answers the phone.",
        until=ground.day(120),
    )
    LoggedSearch.objects.bulk_create(
        LoggedSearch(
            day=ground.today - timedelta(days=2 * number),
            reader=f"{number % 4:016x}",
            text=words,
            total=total,
            milliseconds=9,
        )
        for words, (total, times) in SEARCHED.items()
        for number in range(times)
    )
    return f"{len(SEARCHED)} looked for, 2 saved, 1 promoted"
