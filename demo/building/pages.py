"""The chapter's own pages: home, toolkits, news, board, and a page made of action blocks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wagtail.models import Page, Revision

from demo.building.ground import CHAPTER_NAME, Ground
from demo.content import read
from portal.markup import render
from portal.pages.models import (
    BoardPage,
    HomePage,
    NewsIndexPage,
    NewsPage,
    PortalPage,
    StandardPage,
    ToolkitIndexPage,
    ToolkitPage,
)

OF_THE_DEMO = (
    "This is a demonstration. The districts, their sizes and their counties are public records; people, practices and"
    " the figures in them, meetings, offers and vendors are made up."
)
Block = tuple[str, Any]


def build_pages(ground: Ground) -> str:
    content = read("pages")
    home = HomePage.objects.get()
    _home(ground, home)
    pages = content["page"]
    toolkits = _add(ground, home, ToolkitIndexPage(title="Toolkits", slug="toolkits", show_in_menus=True), 380)
    news = _add(ground, home, NewsIndexPage(title="News", slug="news", show_in_menus=True), 380)
    _standard(ground, home, "about", pages["about"], [*_prose(pages["about"]["body"]), ("text", _html(OF_THE_DEMO))])
    _board(ground, home, pages["board"])
    _standard(ground, home, "join", pages["join"], [*_prose(pages["join"]["body"]), _actions(pages["join"]["actions"])])
    _standard(ground, home, "privacy", pages["privacy"], _prose(pages["privacy"]["body"]))
    _standard(ground, home, "thank-your-tech-coordinator-day", pages["thanks"], _thanks(ground, pages["thanks"]))
    for row in content["toolkit"]:
        _toolkit(ground, toolkits, row)
    for row in sorted(content["news"], key=lambda row: -row["days_ago"]):
        _news(ground, news, row)
    return f"{Page.objects.filter(depth__gt=1).count()} pages"


def _home(ground: Ground, home: HomePage) -> None:
    practice = ground.practices["students-repair-chromebooks"]
    agreement = ground.agreements["endpoint-protection"]
    home.title = CHAPTER_NAME
    home.summary = "The people who run technology in Illinois public schools, district by district."
    home.how_it_works = [
        (
            "step",
            {
                "title": "See what works",
                "text": "Geneva's high school students repair the district's Chromebooks for credit. Eight other"
                " districts say how it went with them, and one why it stopped.",
                "url": practice.get_absolute_url() if practice.audience == "public" else "/practices/",
            },
        ),
        (
            "step",
            {
                "title": "Meet monthly",
                "text": "Nine districts of Kane County sit at one table on the second Thursday. The agenda is made of"
                " what they bring.",
                "url": "/meetings/",
            },
        ),
        (
            "step",
            {
                "title": "Buy together",
                "text": f"{agreement.title}: nine districts of four counties pay one price, which fell as each of"
                " them joined.",
                "url": agreement.get_absolute_url(),
            },
        ),
    ]
    _publish(ground, home, ground.at(-380))


def _standard(ground: Ground, home: HomePage, slug: str, row: dict[str, Any], body: list[Block]) -> None:
    page = StandardPage(title=row["title"], slug=slug, summary=row["intro"][:300], body=body)
    _add(ground, home, page, 300)


def _board(ground: Ground, home: HomePage, row: dict[str, Any]) -> None:
    duties = "\n".join(f"- **{seat['seat']}.** {seat['does']}" for seat in row["seats"])
    page = BoardPage(
        title=row["title"],
        slug="board",
        summary=row["intro"],
        show_in_menus=True,
        seats=[("seat", {"role": seat["seat"], "who": seat["represents"], "term": ""}) for seat in row["seats"]],
        body=[*_prose(row["body"]), ("heading", "What each seat does"), *_prose(duties)],
    )
    _add(ground, home, page, 300)


def _thanks(ground: Ground, row: dict[str, Any]) -> list[Block]:
    said = row["testimonial"]
    return [
        _actions(row["actions"]),
        ("kit", {"heading": "Take and use", "intro": "", "texts": row["kit"], "documents": []}),
        ("testimonial", {"text": said["text"], "who": said["role"], "consent": bool(said["consent"])}),
        _stand(ground, row["stand"]),
    ]


def _toolkit(ground: Ground, parent: ToolkitIndexPage, row: dict[str, Any]) -> None:
    things = [f"practice:{ground.practices[key].pk}" for key in row["practices"]]
    page = ToolkitPage(
        title=row["title"],
        slug=row["key"],
        summary=row["summary"],
        body=[
            *_prose(row["intro"]),
            _actions(row["actions"]),
            ("things", {"heading": "What districts do", "things": things}),
            ("links", {"heading": "Links", "links": row["links"]}),
            _stand(ground, row["stand"]),
        ],
    )
    page.tags.add(*row["tags"])
    _add(ground, parent, page, row["stand"]["days_ago"])


def _news(ground: Ground, parent: NewsIndexPage, row: dict[str, Any]) -> None:
    page = NewsPage(
        title=row["title"], summary=row["intro"], date=ground.day(-row["days_ago"]), body=_prose(row["body"])
    )
    _add(ground, parent, page, row["days_ago"])


# --- blocks -----------------------------------------------------------------------------------------------------------
def _prose(markdown: str) -> list[Block]:
    return [("text", _html(markdown))]


def _html(markdown: str) -> str:
    """Rich text as the editor writes it: bold and italic by its own names, links without our `rel`."""
    html = str(render(markdown)).replace(' rel="noopener nofollow ugc"', "")
    for ours, theirs in (("strong>", "b>"), ("em>", "i>")):
        html = html.replace(ours, theirs)
    return html.strip()


def _actions(rows: list[dict[str, Any]]) -> Block:
    actions = [{"title": row["title"], "body": _html(row["body"])} for row in rows]
    return "actions", {"heading": "What to do", "actions": actions}


def _stand(ground: Ground, row: dict[str, Any]) -> Block:
    return "stand", {"as_of": ground.day(-row["days_ago"]), "text": _html(row["body"])}


# --- publishing -------------------------------------------------------------------------------------------------------
def _add(ground: Ground, parent: Any, page: Any, days_ago: int) -> Any:
    page.audience = "public"
    page.owner = ground.officers[0]
    parent.add_child(instance=page)
    _publish(ground, page, ground.spread(days_ago, page.slug))
    return page


def _publish(ground: Ground, page: Any, at: datetime) -> None:
    """By the chapter's officer, then."""
    page.save_revision(user=ground.officers[0]).publish(user=ground.officers[0], skip_permission_checks=True)
    page.refresh_from_db()
    PortalPage.objects.filter(pk=page.pk).update(
        first_published_at=at, last_published_at=at, latest_revision_created_at=at
    )
    Revision.objects.filter(pk=page.latest_revision_id).update(created_at=at)
