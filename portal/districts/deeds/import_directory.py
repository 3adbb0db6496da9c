"""The state directory, taken in: new districts made, changed ones changed, nothing guessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal.districts import rules
from portal.districts.models.chapter import Chapter
from portal.districts.models.official_name import OfficialName
from portal.districts.models.people import User
from portal.districts.models.places import County, District, RegionalOffice
from portal.districts.signals import districts_changed

BATCH = 200


@dataclass(frozen=True, slots=True)
class DirectoryRow:
    """One row of the state's file. `line` is where it ends, from 1; `county` and `office_code` are as written."""

    line: int
    fields: dict[str, Any]
    county: str
    office_code: str
    note: str = ""
    """What was left out of the fields, and why."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that cannot be taken."""

    line: int
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """A regional office and the names of its counties."""

    code: str
    counties: list[str]


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
    notes: list[str] = field(default_factory=list)
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
    by: User | None = None,
) -> Report:
    """Take in the directory in one transaction; `Report.kept` says whether it was kept.

    Where `offices` is None, offices stay as they are. `by` None is a command of the operator. What it changed stands in
    the log: it decides to which county and office a district's people belong.
    """
    if by is not None and not rules.may_run_chapter(by):
        raise PermissionDenied
    report = Report()
    rows: list[DirectoryRow] = []
    for row in read:
        if isinstance(row, Refusal):
            report.fates.append(Fate(row.line, row.name, "refused", row.reason))
        else:
            rows.append(row)
            if row.note:
                report.notes.append(_("line %(line)s: %(note)s") % {"line": row.line, "note": row.note})
    with transaction.atomic():
        if offices is not None:
            _take_offices(list(offices), report)
        else:
            _take_counties({row.county for row in rows if row.county}, report)
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


def _take_counties(names: Iterable[str], report: Report) -> dict[str, County]:
    """Counties by name, those missing made."""
    known = set(County.objects.values_list("name", flat=True))
    new = [County(name=name, slug=slugify(name)) for name in sorted(set(names) - known)]
    County.objects.bulk_create(new)
    report.counties_created += len(new)
    return {county.name: county for county in County.objects.all()}


def _take_offices(rows: list[OfficeRow], report: Report) -> None:
    counties = _take_counties((name for row in rows for name in row.counties), report)
    offices = {office.code: office for office in RegionalOffice.objects.all()}
    for row in rows:
        wanted = [counties[name] for name in row.counties]
        office = offices.get(row.code)
        if office is None or office.county_ids != sorted(county.pk for county in wanted):
            office = office or RegionalOffice.objects.create(code=row.code)
            office.set_counties(wanted)
            report.offices_changed += 1


def _take_districts(rows: list[DirectoryRow], report: Report) -> list[int]:
    """The ids of districts created or changed. Eight queries and two per 200 rows."""
    known = {district.nces_id: district for district in District.objects.all()}
    counties = {county.name: county for county in County.objects.all()}
    offices = {office.code: office for office in RegionalOffice.objects.all()}
    shared = _shared_places(rows, known.values())
    created: list[District] = []
    changed: list[District] = []
    for row in rows:
        facts = row.fields | {
            "county_id": _pk(row.line, _("county"), row.county, counties, report),
            "regional_office_id": _pk(row.line, _("regional office"), row.office_code, offices, report),
        }
        district = known.get(row.fields["nces_id"])
        if district is None or not district.names_edited:
            official = OfficialName.read(facts["name"])
            facts["short_name"] = official.short(place_is_shared=official.place in shared)[:40]
            facts["aliases"] = [alias for alias in official.aliases() if alias != facts["short_name"]]
        if district is None:
            created.append(_prepared(District(**facts)))
            report.fates.append(Fate(row.line, facts["name"], "created"))
        elif different := [name for name, value in facts.items() if getattr(district, name) != value]:
            for name in different:
                setattr(district, name, facts[name])
            changed.append(_prepared(district))
            report.fates.append(Fate(row.line, facts["name"], "changed", ", ".join(different)))
        else:
            report.fates.append(Fate(row.line, facts["name"], "unchanged"))
    report.absent = len(known.keys() - {row.fields["nces_id"] for row in rows})
    District.objects.bulk_create(created, batch_size=BATCH)
    fields = [f.name for f in District._meta.concrete_fields if f.name not in {"id", "nces_id", "slug", "names_edited"}]
    District.objects.bulk_update(changed, fields, batch_size=BATCH)
    return [district.pk for district in [*created, *changed]]


def _prepared(district: District) -> District:
    district.prepare()
    return district


def _shared_places(rows: list[DirectoryRow], known: Iterable[District]) -> set[str]:
    """Places by which more than one listed district is called, in the file and the portal together."""
    names = {district.nces_id: district.name for district in known if district.is_district}
    names |= {row.fields["nces_id"]: row.fields["name"] for row in rows if row.fields["is_district"]}
    counted = Counter(OfficialName.read(name).place for name in names.values())
    return {place for place, times in counted.items() if times > 1}


def _pk(line: int, what: str, name: str, known: dict[str, Any], report: Report) -> int | None:
    """The id of what the row names. An unknown name is reported and left out, never guessed."""
    if not name:
        return None
    if name not in known:
        report.notes.append(
            _("line %(line)s: there is no %(what)s “%(name)s”; the district is kept without one")
            % {"line": line, "what": what, "name": name}
        )
        return None
    pk: int = known[name].pk
    return pk
