"""What a feature offers to the layers below it, which never import the feature.

A feature registers in `AppConfig.ready()`; the order of registration does not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef
from django.dispatch import Signal

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from django.utils.functional import _StrPromise

T = TypeVar("T")


class Registry(Generic[T]):
    """Named things, each registered once."""

    def __init__(self, what: str, key: str = "key") -> None:
        """`key` names the attribute by which things are told apart."""
        self._what = what
        self._key = key
        self._things: dict[str, T] = {}

    def add(self, *things: T) -> None:
        """Register; `ValueError` when another thing already has the key."""
        for thing in things:
            key = getattr(thing, self._key)
            if self._things.get(key, thing) != thing:
                raise ValueError(f"A {self._what} named {key!r} is already registered.")
            self._things[key] = thing

    def __getitem__(self, key: str) -> T:
        return self._things[key]

    def __contains__(self, key: str) -> bool:
        return key in self._things

    def __iter__(self) -> Iterator[T]:
        return iter(self._things.values())

    def keys(self) -> list[str]:
        return list(self._things)


# --- search -----------------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class EntryData:
    """What search keeps of one object. Texts are plain, without markup; `audience` as `Standing.audience_keys`."""

    object_id: int
    title: str
    summary: str = ""
    body: str = ""
    tags: Sequence[str] = ()
    products: Sequence[str] = ()
    also: Sequence[str] = ()
    """Other names of its tags and products: found and filtered by, but not shown."""
    county_id: int | None = None
    district_id: int | None = None
    status: str = ""
    dated: date | None = None
    """The day the thing is about: posted, held, opened. Newer rises a little."""
    popularity: int = 0
    """How many stand behind it: districts that do it or are asked to buy it, answers. More rises a little."""
    audience: Iterable[str] = ()


@dataclass(frozen=True)
class SearchSource:
    """One kind of thing that search finds."""

    kind: str
    """Stable name in URLs and in the entry table: `practice`."""
    label: str | _StrPromise
    """Plural, as a tab: "Practices"."""
    singular: str | _StrPromise
    model: type[Model]
    rows: Callable[[], QuerySet[Any]]
    """The rows that should have an entry. Visibility is not decided here but by `EntryData.audience`."""
    entries: Callable[[Sequence[Any]], Iterable[EntryData]]
    """Entries of the given rows, in a constant number of queries."""
    urls: Callable[[Sequence[int]], dict[int, str]]
    """Where each object is shown; at most one query."""
    facts: Callable[[Sequence[int], Any, datetime], dict[int, str]] = field(default=lambda ids, user, now: {})
    """One fact line a hit for this reader ("In use in 6 districts, 3 like yours"); at most two queries."""
    order: int = 50
    weight: float = 1.0
    """How much a hit counts beside those of other kinds: a part counts less than the thing it is a part of."""
    statuses: Mapping[str, str | _StrPromise] = field(default_factory=dict)
    """Words for the values of `EntryData.status`."""
    sinking: Mapping[str, str | _StrPromise] = field(default_factory=dict)
    """Statuses of what is over: a hit sinks, and says so in these words."""
    is_offered: bool = False
    """Beside other things as related: somebody wrote it, and it has a page of its own."""
    is_offered_to_own_kind: bool = True
    is_named: bool = False
    """Where nothing is found, those called by one of the words are shown with their fact ("In 4 practices")."""
    ask: Callable[[str], str] | None = None
    """The address of the form that asks the members, with these words in it."""


search_sources: Registry[SearchSource] = Registry("search source", key="kind")

things_changed = Signal()
"""`kind` and `ids`: things of a source that is below search were written or deleted; in the transaction that did it."""


@dataclass(frozen=True)
class UseSource:
    """What districts use: those that use the same are closer to each other."""

    key: str
    load: Callable[[], Iterable[tuple[int, str]]]
    """(district id, name); only what every member may see. A few bounded queries."""


use_sources: Registry[UseSource] = Registry("source of uses")


# --- what /readyz tells -----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Lag:
    """How far some work outside of requests is behind."""

    key: str
    seconds: Callable[[datetime], int | None]
    """At this moment; None where it never ran. Reads only, little."""


lags: Registry[Lag] = Registry("lag")


# --- mail -------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class NoticeKind:
    """One reason to write to somebody. Its text is `notices/<key>.txt`; the first line is the subject."""

    key: str
    label: str | _StrPromise
    """As a row of the settings page: "An agreement is opened"."""
    can_be_switched_off: bool = True
    holds_secret: bool = False
    """Its text has a link that lets in whoever knows it: once sent, the kept text is without it."""
    is_urgent: bool = False
    """Somebody waits for it to come in: it goes before other mail."""


notice_kinds: Registry[NoticeKind] = Registry("notice kind")


@dataclass(frozen=True, slots=True)
class SummarySection:
    """A part of the Monday summary: a heading and its lines, each with the path of the page it is about."""

    heading: str
    lines: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class SummarySource:
    key: str
    load: Callable[[Any, datetime, datetime], SummarySection | None]
    """For a person, from an instant until another: only what that person may see; None for a quiet week."""
    order: int = 50


summary_sources: Registry[SummarySource] = Registry("summary source")


# --- panels -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class PanelContext:
    """For whom, when and about what a panel is shown."""

    user: Any
    now: datetime
    about: Any = None
    """The district, practice, meeting or page the panel stands on; None on the home page."""
    kept: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """What a feature's panels and needs on one page share, by keys of its own, so that it is read once."""


@dataclass(frozen=True)
class Panel:
    """A part of somebody else's page.

    Slots: `home.visitor`, `home.member`, `home.aside`, `district`, `practice`, `meeting`, `agreement`, `toolkit`; and
    `search.head`, `search.above` and `search.beside`, which are about a `portal.search.asking.page.Searched`.
    """

    key: str
    slot: str
    template: str
    load: Callable[[PanelContext], dict[str, Any] | None]
    """The template's variables, or None where there is nothing to show."""
    order: int = 50
    behind: Callable[[Any], models.QuerySet[Any]] | None = None
    """The rows about the page's thing, given its id, without which there is nothing to show. See `with_panels`."""

    @property
    def is_there(self) -> str:
        """The annotation that says whether there are such rows."""
        return f"has_{self.key.replace('.', '_').replace('-', '_')}"


panels: Registry[Panel] = Registry("panel")


@dataclass(frozen=True, slots=True)
class Need:
    """One row of *Needs Kaneland*: a sentence and the deed that answers it."""

    text: str
    url: str
    deed: str
    """The button: "See our price"."""
    by: datetime | None = None
    """When it closes; the nearest come first."""
    about: str = ""
    """What it is about, to be read first: `text` begins with it."""

    @property
    def rest(self) -> str:
        return self.text.removeprefix(self.about)


@dataclass(frozen=True)
class NeedSource:
    key: str
    load: Callable[[PanelContext], list[Need]]


need_sources: Registry[NeedSource] = Registry("source of needs")


# --- agendas ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class AgendaSuggestion:
    """Something the next county meeting could talk about. `kind` and `object_id` as in search."""

    title: str
    reason: str
    kind: str
    object_id: int
    url: str


@dataclass(frozen=True)
class AgendaSource:
    key: str
    label: str | _StrPromise
    suggest: Callable[[Sequence[int], Any, datetime], list[AgendaSuggestion]]
    """For the county ids of the series, the person asking, and now; at most three, in at most two queries."""


agenda_sources: Registry[AgendaSource] = Registry("agenda source")


# --- set up -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class SetUpStep:
    """One step of a new chapter's *Set up* page."""

    key: str
    title: str | _StrPromise
    text: str | _StrPromise
    deed: str | _StrPromise
    """The link's words: "Plan the first meeting"."""
    url: Callable[[], str]
    is_done: Callable[[], bool]
    """One query at most."""
    order: int = 50


set_up_steps: Registry[SetUpStep] = Registry("set-up step")


def with_panels(slot: str, things: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """The page's thing read together with whether each panel has anything: an empty one costs no query of its own."""
    asked = [(one.is_there, one.behind) for one in panels if one.slot == slot and one.behind]
    found: models.QuerySet[Any] = things.annotate(**{name: Exists(rows(OuterRef("pk"))) for name, rows in asked})
    return found


def shown_panels(slot: str, context: PanelContext) -> list[dict[str, Any]]:
    """The slot's panels in order, each `{"template": …, "key": …, **its variables}`; empty ones are left out."""
    shown = []
    for panel in sorted((p for p in panels if p.slot == slot), key=lambda p: (p.order, p.key)):
        variables = panel.load(context) if getattr(context.about, panel.is_there, True) else None
        if variables is not None:
            shown.append({"template": panel.template, "key": panel.key, **variables})
    return shown


def needs(context: PanelContext, limit: int = 3) -> list[Need]:
    """The most pressing needs of the person's district, those with a closing time first."""
    found = [need for source in need_sources for need in source.load(context)]
    return sorted(found, key=lambda need: (need.by is None, need.by or context.now))[:limit]
