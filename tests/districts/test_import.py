from __future__ import annotations

import os
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from portal.districts.deeds.import_directory import Report, import_directory
from portal.districts.forms.directory_file import COLUMNS, read_files
from portal.districts.models import County, District, RegionalOffice
from portal.districts.models.official_name import OfficialName
from portal.districts.signals import districts_changed
from portal.tables import UnreadableFileError

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parent / "data"
Change = Callable[..., Path]


def imported(path: Path = DATA / "directory.csv", dry_run: bool = False, strict: bool = False) -> Report:
    return import_directory(*read_files(path, DATA / "offices.csv"), dry_run=dry_run, strict=strict)


@pytest.fixture
def file_with(tmp_path: Path) -> Change:
    """The 20 rows with some cells of one row (by name) changed."""

    def change(name: str, /, **cells: str) -> Path:
        lines = (DATA / "directory.csv").read_text().splitlines()
        number = next(i for i, line in enumerate(lines) if line.startswith(name))
        parts = lines[number].split(",")
        for column, value in cells.items():
            parts[COLUMNS.index(column)] = value
        lines[number] = ",".join(parts)
        path = tmp_path / "changed.csv"
        path.write_bytes("\n".join(lines).encode("utf-8", errors="surrogateescape"))
        return path

    return change


def test_every_row_becomes_a_district() -> None:
    report = imported()
    assert (report.count("created"), report.count("refused")) == (20, 0)
    assert (District.objects.count(), RegionalOffice.objects.count(), County.objects.count()) == (20, 7, 7)
    kaneland = District.objects.get(nces_id="1724480")
    assert kaneland.fact_sentence == "3,736 students, grades PK-12, Kane County"
    assert str(kaneland.regional_office) == "ROE 31: Kane"


def test_agencies_are_kept_but_not_counted_as_districts() -> None:
    assert imported().listed == 17
    assert not District.objects.in_directory().filter(name__in=["A E R O Spec Educ Coop", "Peoria ROE"]).exists()


def test_a_second_run_changes_nothing() -> None:
    imported()
    again = imported()
    assert again.changes == 0
    assert again.count("unchanged") == 20


def test_the_district_row_decides_its_office_where_a_county_has_several() -> None:
    imported()
    assert {d.regional_office.code for d in District.objects.filter(county__name="Cook") if d.regional_office} == {
        "06",
        "07",
        "15",
    }


def test_a_code_that_is_no_office_is_reported_and_not_guessed() -> None:
    report = imported()
    assert District.objects.get(nces_id="1700100").regional_office is None
    assert any("“65”" in note for note in report.notes)
    assert not RegionalOffice.objects.filter(code="65").exists()


def test_a_mistyped_website_is_left_out_with_a_note() -> None:
    report = imported()
    assert District.objects.get(nces_id="1719060").website == ""
    assert any("hiawatha426..org" in note for note in report.notes)


def test_a_change_names_its_fields(file_with: Change) -> None:
    imported()
    report = imported(file_with("Kaneland", enrollment="3800", city="Kaneville"))
    [fate] = [fate for fate in report.fates if fate.verb == "changed"]
    assert (fate.line, fate.name, fate.detail) == (2, "Kaneland CUSD 302", "city, enrollment")
    assert "kaneville" in District.objects.get(nces_id="1724480").find_text


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"name": ""}, "name is missing"),
        ({"nces_id": "17"}, "seven digits"),
        ({"nces_id": "1716380"}, "already stands on line 3"),
        ({"enrollment": "many"}, "enrollment must be a whole number"),
        ({"enrollment": "-5"}, "enrollment must be a whole number"),
        ({"low_income_pct": "100.1"}, "low_income_pct must be from 0 to 100"),
        ({"el_pct": "NaN"}, "el_pct must be from 0 to 100"),
        ({"lowest_grade": "13"}, "lowest_grade must be a grade"),
        ({"city": "Gen\udce9ve"}, "not UTF-8"),
        ({"name": "K\x00neland"}, "not UTF-8"),
        ({"city": "x" * 61}, "longer than 60"),
        ({"iep_pct": "1,2"}, "more cells than columns"),
    ],
)
def test_a_bad_row_is_named_by_its_line_and_the_rest_is_taken(
    file_with: Change, cells: dict[str, str], reason: str
) -> None:
    report = imported(file_with("Oswego", **cells))
    [fate] = [fate for fate in report.fates if fate.verb == "refused"]
    assert fate.line == 11
    assert reason in fate.detail
    assert District.objects.count() == 19


def test_strict_imports_nothing_when_a_row_is_bad(file_with: Change) -> None:
    errors = StringIO()
    path = file_with("Oswego", enrollment="many")
    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command(
            "import_districts", path, strict=True, offices=DATA / "offices.csv", stdout=StringIO(), stderr=errors
        )
    assert "line 11: refused: Oswego CUSD 308" in errors.getvalue()
    assert not District.objects.exists()
    assert not County.objects.exists()


def test_a_dry_run_tells_everything_and_changes_nothing() -> None:
    out = StringIO()
    call_command(
        "import_districts",
        DATA / "directory.csv",
        dry_run=True,
        offices=DATA / "offices.csv",
        stdout=out,
        stderr=StringIO(),
    )
    assert "20 created, 0 changed, 0 unchanged, 0 refused" in out.getvalue()
    assert not District.objects.exists()


def test_a_file_of_another_kind_is_refused_as_a_whole() -> None:
    with pytest.raises(UnreadableFileError, match="lacks the columns"):
        read_files(DATA / "offices.csv")


def test_an_officers_names_outlive_the_next_import(file_with: Change) -> None:
    imported()
    District.objects.filter(nces_id="1724480").update(short_name="Kaneland Knights", names_edited=True)
    imported(file_with("Kaneland", enrollment="3800"))
    kaneland = District.objects.get(nces_id="1724480")
    assert (kaneland.short_name, kaneland.enrollment) == ("Kaneland Knights", 3800)


def test_bulk_changes_are_announced_once_with_their_ids() -> None:
    heard: list[list[int]] = []

    def listener(ids: list[int], **kwargs: object) -> None:
        heard.append(ids)

    districts_changed.connect(listener)
    imported()
    districts_changed.disconnect(listener)
    assert [sorted(ids) for ids in heard] == [sorted(District.objects.values_list("pk", flat=True))]


def test_an_unchanged_import_costs_few_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    imported()
    with django_assert_max_num_queries(16):
        imported()


@pytest.mark.parametrize(
    ("name", "short", "aliases"),
    [
        ("Kaneland CUSD 302", "Kaneland", ["D302"]),
        ("Central CUSD 301", "Central 301", ["D301"]),
        ("Central CUSD 3", "Central 3", ["D3"]),
        ("SD U-46", "U-46", ["U46"]),
        ("St Charles CUSD 303", "St. Charles", ["D303", "Saint Charles"]),
        ("CUSD 300", "D300", []),
        ("Chicago Public Schools Dist 299", "Chicago Public Schools", ["D299"]),
        ("La Grange SD 105 South", "La Grange South", ["D105"]),
        ("Chicago Ridge SD 127-5", "Chicago Ridge", ["D127-5", "D1275"]),
        ("ACE Amandla Charter School", "ACE Amandla Charter School", []),
    ],
)
def test_neighbors_words_are_read_from_the_official_name(name: str, short: str, aliases: list[str]) -> None:
    imported()
    district = District.objects.get(name=name)
    assert (district.short_name, district.aliases) == (short, aliases)


def test_an_official_name_without_a_number_is_the_place() -> None:
    assert OfficialName.read("Bismarck Henning CUSD").number == ""


@pytest.mark.parametrize(
    ("typed", "nces_id"),
    [
        ("kaneland", "1724480"),
        ("u46", "1713710"),
        ("U-46", "1713710"),
        ("d303", "1737170"),
        ("saint charles", "1737170"),
    ],
)
def test_a_district_is_found_by_what_people_call_it(typed: str, nces_id: str) -> None:
    imported()
    assert [d.nces_id for d in District.objects.in_directory().named_like(typed)] == [nces_id]


@pytest.mark.skipif("ROUNDTABLE_DIRECTORY" not in os.environ, reason="ROUNDTABLE_DIRECTORY names no file")
def test_the_state_directory_as_it_is() -> None:
    path = Path(os.environ["ROUNDTABLE_DIRECTORY"])
    report = import_directory(*read_files(path))
    assert (report.districts, report.offices, report.counties) == (1028, 39, 102)
    assert report.count("refused") == 0
    assert sum("“65”" in note for note in report.notes) == 2
    assert import_directory(*read_files(path)).changes == 0
