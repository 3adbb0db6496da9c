"""One row of every kind that search finds, at every level of who may see it, with who does by its own rule.

A scene is prepared, then hides something: one row (and what comes with it) that says `WORD` in its texts and tags.
`prepare(cast)` returns that deed; it answers each entry the row gives, with the question who sees the thing itself,
asked of the model and not of search.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from knowledge.deeds import ask
from knowledge.models import Audience as PracticeAudience
from knowledge.models import Practice, Product, Question
from portal.districts.models import District, Membership, RegionalOffice, Role, User
from portal.districts.models.standing import standing_of
from portal.events.deeds.agenda import propose_item
from portal.events.deeds.circulate import circulate
from portal.events.deeds.write_minutes import add_action, record_decision, write_notes
from portal.events.models import ActionItem, Meeting, MeetingSeries
from portal.pages.models import Audience, Document, PortalPage
from purchasing.deeds.announce import announce_agreement
from tests.events.makers import host_of, make_item, make_meeting, make_series
from tests.knowledge.makers import make_practice, make_question
from tests.pages.makers import home, make_document, make_news, make_page, make_toolkit
from tests.pages.papers import pdf
from tests.people import Cast, join, make_district, make_user
from tests.purchasing.makers import make_agreement, make_draft, make_line

WORD = "wobblequark"
"""Nobody else says it."""
MISTYPED = "wobblequrak"
TITLE = f"Repair benches {WORD}"
"""Shares two words with the title of a thing that everybody sees."""

Sees = Callable[[Any], bool]
Hidden = dict[tuple[str, int], Sees]
"""By kind and object id: who sees the thing."""
Prepare = Callable[..., Callable[[], Hidden]]


@dataclass(frozen=True)
class Scene:
    kind: str
    level: str
    """Who sees it, in a word."""
    prepare: Callable[[Cast], Callable[[], Hidden]]

    def __str__(self) -> str:
        return f"{self.kind}, {self.level}"


SCENES: list[Scene] = []


def scene(kind: str, *levels: str) -> Callable[[Prepare], Prepare]:
    """Enter a preparation for each level; it gets the cast and the level."""

    def enter(prepare: Prepare) -> Prepare:
        SCENES.extend(Scene(kind, level, partial(prepare, level=level)) for level in levels)
        return prepare

    return enter


def nobody(user: Any) -> bool:
    return False


def everybody(user: Any) -> bool:
    return True


def by_rule(model: Any, pk: int) -> Sees:
    """Who sees a row, by its model's `visible_to`."""
    return lambda user: model.objects.visible_to(user).filter(pk=pk).exists()


# --- knowledge --------------------------------------------------------------------------------------------------------
@scene("practice", *PracticeAudience.values, "withdrawn")
def practice(cast: Cast, level: str) -> Callable[[], Hidden]:
    Product.objects.create(name="Jamf")

    def hide() -> Hidden:
        audience = PracticeAudience.MEMBERS if level == "withdrawn" else level
        said = f"We {WORD} them."
        tags = ("benches", WORD)
        row = make_practice(cast.geneva, title=TITLE, what_we_do=said, tags=tags, products=("Jamf",), audience=audience)
        if level == "withdrawn":
            row.unpublish()
        return {("practice", row.pk): by_rule(Practice, row.pk)}

    return hide


@scene("practice", "district of another county", "county of another county")
def far_practice(cast: Cast, level: str) -> Callable[[], Hidden]:
    """One product in common would bring Kaneland and its district closer, by a step: of two results that are alike for
    Kaneland the older would come first."""
    make_practice(cast.kaneland, title="Carts", products=("Jamf",))
    cast.sycamore.enrollment = 5500
    cast.sycamore.save()
    other = make_district("Genoa-Kingston CUSD 424", "1716300", cast.dekalb, cast.roe16, 5500)
    for district in (cast.sycamore, other):
        make_practice(district, title="Repair benches", audience="public")

    def hide() -> Hidden:
        row = make_practice(cast.sycamore, title=TITLE, products=("Jamf",), audience=level.split()[0])
        return {("practice", row.pk): by_rule(Practice, row.pk)}

    return hide


@scene("question", "members", *(f"under a practice for {audience}" for audience in PracticeAudience.values))
def question(cast: Cast, level: str) -> Callable[[], Hidden]:
    audience = level.split()[-1]
    about = make_practice(cast.geneva, audience=audience) if level.startswith("under") else None

    def hide() -> Hidden:
        row = make_question(title=TITLE, practice=about, district=cast.geneva, tags=("benches", WORD))
        return {("question", row.pk): by_rule(Question, row.pk)}

    return hide


@scene("question", "an answer for members", "an answer for district")
def answer(cast: Cast, level: str) -> Callable[[], Hidden]:
    """An answer is found in its question."""
    about = make_practice(cast.geneva, audience=level.split()[-1])
    row = make_question(practice=about, district=cast.geneva)

    def hide() -> Hidden:
        ask.answer(row, f"Only with a {WORD}.", district=cast.geneva, by=cast.neighbor, at=timezone.now())
        return {("question", row.pk): by_rule(Question, row.pk)}

    return hide


@scene("product", "members", "used in public")
def product(cast: Cast, level: str) -> Callable[[], Hidden]:
    """By the rule of its page: all members, and whoever sees a practice that uses it."""

    def hide() -> Hidden:
        row = Product.objects.create(name=TITLE, vendor=WORD)
        hidden: Hidden = {("product", row.pk): lambda user: sees_product(row, user)}
        if level == "used in public":
            used = make_practice(cast.geneva, products=(TITLE,), audience="public")
            hidden["practice", used.pk] = by_rule(Practice, used.pk)
        return hidden

    return hide


def sees_product(row: Product, user: Any) -> bool:
    return standing_of(user).is_member or Practice.objects.visible_to(user).filter(products=row).exists()


# --- meetings ---------------------------------------------------------------------------------------------------------
SERIES = ("county", "county with public dates", "office of one county", "office of two counties", "another county")


def series_for(cast: Cast, level: str) -> MeetingSeries:
    if level == "another county":
        return make_series(cast, office=cast.roe16, county=cast.dekalb, name="Seat")
    if level == "office of two counties":
        cast.roe31.set_counties([cast.kane, cast.dekalb])
    county = None if level.startswith("office") else cast.kane
    return make_series(cast, county=county, name="Seat", dates_public="public" in level)


@scene("meeting", *SERIES)
@scene("meeting-date", "county", "county with public dates")
def meeting(cast: Cast, level: str) -> Callable[[], Hidden]:
    series = series_for(cast, level)

    def hide() -> Hidden:
        row = make_meeting(cast, series=series, title=TITLE)
        dates = everybody if series.dates_public else nobody
        return {("meeting", row.pk): by_rule(Meeting, row.pk), ("meeting-date", row.pk): dates}

    return hide


@scene("agenda-item", *SERIES, "proposed")
def item(cast: Cast, level: str) -> Callable[[], Hidden]:
    row = make_meeting(cast, series=series_for(cast, level))

    def hide() -> Hidden:
        if level == "proposed":
            wish = propose_item(row, TITLE, by=cast.member, at=timezone.now(), body=WORD)
            return {("agenda-item", wish.pk): nobody}
        made = make_item(row, TITLE, body=f"Of {WORD}.")
        return {("agenda-item", made.pk): by_rule(Meeting, row.pk), ("meeting", row.pk): by_rule(Meeting, row.pk)}

    return hide


@scene("minutes", *SERIES, "draft")
def minutes(cast: Cast, level: str) -> Callable[[], Hidden]:
    row = make_meeting(cast, days=-5, series=series_for(cast, level))
    made = make_item(row, "Carts")

    def hide() -> Hidden:
        write_notes(made, f"Frank {WORD}.", version=0, by=host_of(row.series))
        record_decision(row, f"Buy a {WORD}", item=made, by=host_of(row.series))
        if level != "draft":
            circulate(row, by=host_of(row.series), at=row.ends_at, quiet=True)
        return {("minutes", row.pk): nobody if level == "draft" else by_rule(Meeting, row.pk)}

    return hide


@scene("action", *SERIES, "draft")
def action(cast: Cast, level: str) -> Callable[[], Hidden]:
    row = make_meeting(cast, days=-5, series=series_for(cast, level))
    if level != "draft":
        circulate(row, by=host_of(row.series), at=row.ends_at, quiet=True)

    def hide() -> Hidden:
        taken = add_action(row, TITLE, owner=cast.geneva, by=host_of(row.series))
        return {("action", taken.pk): nobody if level == "draft" else by_rule(ActionItem, taken.pk)}

    return hide


# --- buying together --------------------------------------------------------------------------------------------------
def bought(cast: Cast, level: str, **terms: Any) -> Callable[[], Any]:
    """The deed that makes an agreement; its host is there before."""
    if level == "another office":
        email = "host@roe16.example"
        host = User.objects.filter(email=email).first() or make_user(email, "Host of the other office")
        if not host.memberships.exists():
            join(host, Role.HOST, office=cast.roe16)
        return lambda: make_agreement(cast, host=host, office=cast.roe16, districts=[cast.sycamore], **terms)
    if level == "draft":
        return lambda: make_draft(cast, **terms)
    districts = [cast.geneva] if level == "one district" else [cast.kaneland, cast.geneva, cast.batavia]
    return lambda: make_agreement(cast, districts=districts, **terms)


AGREEMENTS = ("draft", "one district", "three districts", "another office")


@scene("agreement", *AGREEMENTS)
def agreement(cast: Cast, level: str) -> Callable[[], Hidden]:
    from purchasing.models import Agreement

    make = bought(cast, level, title=TITLE, summary=f"All {WORD}.", body=f"A {WORD} for each.", lines=[make_line()])

    def hide() -> Hidden:
        row = make()
        sees = by_rule(Agreement, row.pk)
        return {("agreement", row.pk): sees, ("line-item", row.lines.get().pk): sees}  # an item names its agreement

    return hide


@scene("line-item", *AGREEMENTS)
def line(cast: Cast, level: str) -> Callable[[], Hidden]:
    from purchasing.models import Agreement

    make = bought(cast, level, lines=[make_line(TITLE, description=WORD)])

    def hide() -> Hidden:
        row = make()
        sees = by_rule(Agreement, row.pk)
        return {("line-item", row.lines.get().pk): sees, ("agreement", row.pk): sees}  # and is named by it

    return hide


@scene("announcement", "everybody", "of a draft", "taken back")
def announcement(cast: Cast, level: str) -> Callable[[], Hidden]:
    from purchasing.models import Agreement

    def hide() -> Hidden:
        row = make_draft(cast, title=TITLE) if level == "of a draft" else make_agreement(cast, title=TITLE)
        announce_agreement(row, public=True, by=cast.officer, at=timezone.now())
        if level == "taken back":
            announce_agreement(row, public=False, by=cast.officer, at=timezone.now())
        sees = by_rule(Agreement, row.pk)
        announced = Agreement.objects.announced().filter(pk=row.pk).exists()
        return {
            ("announcement", row.pk): everybody if announced else nobody,
            ("agreement", row.pk): sees,
            ("line-item", row.lines.get().pk): sees,
        }

    return hide


# --- pages and files --------------------------------------------------------------------------------------------------
PAGES = (*Audience.values, "below a page for members", "below a page for officers", "withdrawn")


@scene("page", *PAGES)
def page(cast: Cast, level: str) -> Callable[[], Hidden]:
    parent = home()
    if level.startswith("below"):
        parent = make_page("Parent", audience=level.split()[-1])
    audience = level if level in Audience.values else Audience.PUBLIC

    def hide() -> Hidden:
        row = make_page(TITLE, parent=parent, audience=audience, summary=f"All {WORD}.")
        if level == "withdrawn":
            row.unpublish()
        return {("page", row.pk): by_rule(PortalPage, row.pk)}

    return hide


@scene("toolkit", *Audience.values)
def toolkit(cast: Cast, level: str) -> Callable[[], Hidden]:
    make_toolkit("Another")

    def hide() -> Hidden:
        row = make_toolkit(TITLE, tags=("benches", WORD), audience=level)
        return {("toolkit", row.pk): by_rule(PortalPage, row.pk)}

    return hide


@scene("news", *Audience.values)
def news(cast: Cast, level: str) -> Callable[[], Hidden]:
    make_news("Another")

    def hide() -> Hidden:
        row = make_news(TITLE, audience=level)
        return {("news", row.pk): by_rule(PortalPage, row.pk)}

    return hide


@scene("document", *Audience.values)
def document(cast: Cast, level: str) -> Callable[[], Hidden]:
    def hide() -> Hidden:
        row = make_document(level, "benches.pdf", pdf(f"{TITLE}, said nobody."))
        row.tags.add("benches", WORD)
        return {("document", row.pk): by_rule(Document, row.pk)}

    return hide


# --- the directory ----------------------------------------------------------------------------------------------------
@scene("district", "listed", "unlisted")
def district(cast: Cast, level: str) -> Callable[[], Hidden]:
    def hide() -> Hidden:
        row = make_district(TITLE, "1799999", cast.kane, cast.roe31, 900, is_district=level == "listed")
        return {("district", row.pk): everybody if level == "listed" else nobody}

    return hide


@scene("person", "member", "member of another office", "host", "officer", "member until yesterday", "closed account")
def person(cast: Cast, level: str) -> Callable[[], Hidden]:
    def hide() -> Hidden:
        row = make_user("somebody@example.org", TITLE)
        places: dict[str, tuple[Role, District | None, RegionalOffice | None]] = {
            "member of another office": (Role.MEMBER, cast.sycamore, None),
            "host": (Role.HOST, None, cast.roe31),
            "officer": (Role.OFFICER, None, None),
        }
        role, where, office = places.get(level, (Role.MEMBER, cast.geneva, None))
        yesterday = timezone.localdate() - timedelta(days=1)
        join(row, role, district=where, office=office, until=yesterday if "yesterday" in level else None)
        if "closed" in level:
            row.is_active = False
            row.save()
        return {("person", row.pk): lambda user: sees_person(row.pk, user)}

    return hide


def sees_person(pk: int, user: Any) -> bool:
    """By the rule of the people's screen, without closed accounts."""
    current = Membership.objects.current(timezone.localdate()).filter(person=pk, person__is_active=True)
    return current.within_reach_of(user).exists()
