"""The state directory, taken in: new districts made, changed ones changed, nothing guessed and nothing lost.

What a file does not say (no such column, an empty cell, a name that nobody knows) takes nothing away from what is
known. Rights follow a district's county and office: a file that would move a district, take a county from an office or
a district from the list is taken in without that, which is told line by line, unless the move itself is asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal.districts import rules
from portal.districts.models.chapter import Chapter
from portal.districts.models.official_name import OfficialName
from portal.districts.models.people import User
from portal.districts.models.places import County, District, RegionalOffice, county_key
from portal.districts.signals import districts_changed

BATCH = 200


@dataclass(frozen=True, slots=True)
class DirectoryRow:
    """One row of the state's file. `line` is where it starts, from 1; `county` and `office_code` are as written.

    Both are None, and `fields` lacks its key, where the file has no such column.
    """

    line: int
    fields: dict[str, Any]
    county: str | None = None
    office_code: str | None = None
    note: str = ""
    """What was left out of the fields, and why."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that cannot be taken, with the cells as they stand in the file and its columns."""

    line: int
    name: str
    reason: str
    columns: tuple[str, ...] = ()
    cells: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """A regional office and the names of its counties; its own name and public contact where the file says them."""

    code: str
    counties: list[str]
    name: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one row. `verb` is created, changed, unchanged or refused; `detail` says which fields, or why."""

    line: int
    name: str
    verb: str
    detail: str = ""


@dataclass
class Report:
    fates: list[Fate] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    moves: list[str] = field(default_factory=list)
    """What would take a place, and the rights that follow from it, away from somebody; done only where `moved`."""
    moved: bool = False
    offices_changed: int = 0
    counties_created: int = 0
    absent: int = 0
    """Districts of the portal that the file does not hold; they are kept."""
    districts: int = 0
    listed: int = 0
    offices: int = 0
    counties: int = 0
    """Totals after the import."""
    kept: bool = True
    """False after a dry run, or where `strict` met a bad row."""

    def count(self, verb: str) -> int:
        return sum(fate.verb == verb for fate in self.fates)

    @property
    def changes(self) -> int:
        return self.count("created") + self.count("changed") + self.offices_changed + self.counties_created


def import_directory(
    read: Iterable[DirectoryRow | Refusal],
    offices: Iterable[OfficeRow] | None = None,
    *,
    dry_run: bool = False,
    strict: bool = False,
    move: bool = False,
    by: User | None = None,
) -> Report:
    """Take in the directory in one transaction; `Report.kept` says whether it was kept.

    Where `offices` is None, offices stay as they are. With `move`, districts and counties change their places. `by`
    None is a command of the operator. What it changed stands in the log: it decides to which county and office a
    district's people belong.
    """
    if by is not None and not rules.may_run_chapter(by):
        raise PermissionDenied
    report = Report(moved=move)
    rows: list[DirectoryRow] = []
    for row in read:
        if isinstance(row, Refusal):
            report.refusals.append(row)
            report.fates.append(Fate(row.line, row.name, "refused", row.reason))
        else:
            rows.append(row)
            if row.note:
                _note(report, row, row.note)
    with transaction.atomic():
        if offices is not None:
            _take_offices(list(offices), report)
        else:
            _take_counties([row.county for row in rows if row.county], report)
        ids = _take_districts(rows, report)
        districts_changed.send(sender=District, ids=ids)
        report.fates.sort(key=lambda fate: fate.line)
        report.districts, report.listed = District.objects.count(), District.objects.in_directory().count()
        report.offices, report.counties = RegionalOffice.objects.count(), County.objects.count()
        if report.changes:
            _log(report, by)
        report.kept = not dry_run and not (strict and report.count("refused"))
        if not report.kept:
            transaction.set_rollback(True)
    return report


def _log(report: Report, by: User | None) -> None:
    verbs = ("created", "changed", "refused")
    counted = {verb: report.count(verb) for verb in verbs} | {"offices": report.offices_changed}
    log(instance=Chapter.current(), action="districts.import_directory", user=by, data=counted)


def _note(report: Report, row: DirectoryRow, note: str) -> None:
    said = {"line": row.line, "name": row.fields["name"], "note": note}
    report.notes.append(_("line %(line)s, %(name)s: %(note)s") % said)


def _take_counties(names: list[str], report: Report) -> dict[str, County]:
    """Counties by key, those missing made, as most rows write them: "KANE" and "Kane County" are Kane."""
    known = {county_key(county.name): county for county in County.objects.all()}
    for name, _times in Counter(names).most_common():
        key = county_key(name)
        if key not in known:
            known[key] = County(name=name)
            known[key].save()
            report.counties_created += 1
    return known


def _take_offices(rows: list[OfficeRow], report: Report) -> None:
    counties = _take_counties([name for row in rows for name in row.counties], report)
    offices = {office_key(office.code): office for office in RegionalOffice.objects.prefetch_related("counties")}
    for row in rows:
        office = offices.get(office_key(row.code)) or RegionalOffice.objects.create(code=row.code)
        had = {county.pk: county for county in office.counties.all()}
        wanted = {counties[county_key(name)].pk: counties[county_key(name)] for name in row.counties}
        if lost := [county for pk, county in had.items() if pk not in wanted]:
            said = {"office": office, "counties": ", ".join(county.name for county in lost)}
            report.moves.append(_("%(office)s would no longer have %(counties)s") % said)
            wanted |= {} if report.moved else had
        words = {name: said for name in ("name", "contact") if (said := getattr(row, name))}
        changed = [name for name, value in words.items() if getattr(office, name) != value]
        if wanted.keys() != had.keys() or changed:
            for name in changed:
                setattr(office, name, words[name])
            office.save()
            office.set_counties(list(wanted.values()))
            report.offices_changed += 1


def office_key(code: str) -> str:
    """By which an office is known: a spreadsheet drops the zero of "01"."""
    return code.strip().upper().lstrip("0")


def _take_districts(rows: list[DirectoryRow], report: Report) -> list[int]:
    """The ids of districts created or changed. Eight queries and two per 200 rows."""
    known = {d.nces_id: d for d in District.objects.select_related("county", "regional_office")}
    counties = {county_key(county.name): county for county in County.objects.all()}
    offices = {office_key(office.code): office for office in RegionalOffice.objects.all()}
    shared = _shared_places(rows, known.values())
    created: list[District] = []
    changed: list[District] = []
    for row in rows:
        facts = dict(row.fields)
        if row.county is not None:
            facts["county"] = _place(row, _("county"), row.county, counties.get(county_key(row.county)), report)
        if row.office_code is not None:
            office = offices.get(office_key(row.office_code))
            facts["regional_office"] = _place(row, _("regional office"), row.office_code, office, report)
        district = known.get(row.fields["nces_id"])
        if district is None or not district.names_edited:
            official = OfficialName.read(facts["name"])
            facts["short_name"] = official.short(place_is_shared=official.place in shared)[:40]
            facts["aliases"] = [alias for alias in official.aliases() if alias != facts["short_name"]]
        if district is None:
            created.append(_prepared(District(**facts)))
            report.fates.append(Fate(row.line, facts["name"], "created"))
            continue
        different = _different(district, facts, row, report)
        for name in different:
            setattr(district, name, facts[name])
        if different:
            changed.append(_prepared(district))
        report.fates.append(
            Fate(row.line, facts["name"], "changed" if different else "unchanged", ", ".join(different))
        )
    report.absent = len(known.keys() - {row.fields["nces_id"] for row in rows})
    District.objects.bulk_create(created, batch_size=BATCH)
    fields = [f.name for f in District._meta.concrete_fields if f.name not in {"id", "nces_id", "slug", "names_edited"}]
    District.objects.bulk_update(changed, fields, batch_size=BATCH)
    return [district.pk for district in [*created, *changed]]


def _different(district: District, facts: dict[str, Any], row: DirectoryRow, report: Report) -> list[str]:
    """The names of the facts to write. What the file leaves empty, or would move, is told and left as it is."""
    different = [name for name, value in facts.items() if getattr(district, name) != value]
    empty = [name for name in different if facts[name] in ("", None)]
    if empty:
        _note(
            report, row, _("nothing usable is said of %(facts)s; what was known is kept") % {"facts": ", ".join(empty)}
        )
    moves = [name for name in ("county", "regional_office", "is_district") if _moves(district, facts, name)]
    for name in moves:
        was, now = (_told_place(value) for value in (getattr(district, name), facts[name]))
        said = {"line": row.line, "district": district, "was": was, "now": now}
        report.moves.append(_("line %(line)s, %(district)s: from %(was)s to %(now)s") % said)
    left = {*empty, *(() if report.moved else moves)}
    return [name for name in different if name not in left]


def _moves(district: District, facts: dict[str, Any], name: str) -> bool:
    """Whether the fact takes the district from where it is: from a county, an office or the list."""
    was, now = getattr(district, name), facts.get(name)
    return bool(was) and now is not None and was != now


def _told_place(value: Any) -> str:
    if isinstance(value, bool):
        return _("listed") if value else _("not listed")
    return str(value)


def _place(row: DirectoryRow, what: str, name: str, found: Any, report: Report) -> Any:
    """What the row names. An unknown name is reported and left out, never guessed."""
    if name and found is None:
        _note(report, row, _("there is no %(what)s “%(name)s”; it is left out") % {"what": what, "name": name})
    return found


def _prepared(district: District) -> District:
    district.prepare()
    return district


def _shared_places(rows: list[DirectoryRow], known: Iterable[District]) -> set[str]:
    """Places by which more than one listed district is called, in the file and the portal together."""
    names = {district.nces_id: district.name for district in known if district.is_district}
    names |= {row.fields["nces_id"]: row.fields["name"] for row in rows if row.fields.get("is_district", True)}
    counted = Counter(OfficialName.read(name).place for name in names.values())
    return {place for place, times in counted.items() if times > 1}
