from __future__ import annotations

import os
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from portal.districts.deeds.import_directory import Report, import_directory
from portal.districts.forms.directory_file import COLUMNS, read_files
from portal.districts.models import Chapter, County, District, RegionalOffice
from portal.districts.models.official_name import OfficialName
from portal.districts.signals import districts_changed
from portal.tables import UnreadableFileError
from tests.people import make_district

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
            parts[[*COLUMNS].index(column)] = value
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
        ({"name": "K\x00neland"}, "cannot be shown: U+0000"),
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


def district(nces_id: str = "1724480") -> District:
    return District.objects.select_related("county", "regional_office").get(nces_id=nces_id)


@pytest.mark.parametrize(
    "cells",
    [
        {"regional_office": "99"},
        {"regional_office": ""},
        {"county": ""},
        {"county": "Nowhere", "regional_office": ""},
        {"website": "", "enrollment": "", "lowest_grade": "N", "city": "", "rcdts": "", "type": ""},
    ],
    ids=["unknown office", "no office", "no county", "unknown county", "nothing else"],
)
def test_what_a_file_does_not_say_takes_nothing_away(file_with: Change, cells: dict[str, str]) -> None:
    imported()
    before = District.objects.values().get(nces_id="1724480")
    said = {("state_code" if column == "rcdts" else column): value for column, value in cells.items()}
    report = imported(file_with("Kaneland", **said))
    assert District.objects.values().get(nces_id="1724480") == before
    assert any(note.startswith("line 2, Kaneland CUSD 302: nothing usable is said of ") for note in report.notes)
    assert report.changes == 0


def test_a_column_that_is_missing_says_nothing(tmp_path: Path) -> None:
    imported()
    before = District.objects.values().get(nces_id="1724480")
    path = tmp_path / "short.csv"
    path.write_text("Enrollment,NCES ID,Name\n3800,1724480,Kaneland CUSD 302\n")
    report = import_directory(*read_files(path))
    assert District.objects.values().get(nces_id="1724480") == before | {"enrollment": 3800}
    assert report.notes == []


@pytest.mark.parametrize("move", [False, True])
def test_a_district_moves_to_another_office_only_where_that_was_asked_for(file_with: Change, move: bool) -> None:
    imported()
    path = file_with("Kaneland", county="DeKalb", regional_office="16", enrollment="3800")
    report = import_directory(*read_files(path, DATA / "offices.csv"), move=move)
    kaneland = district()
    assert kaneland.enrollment == 3800
    assert str(kaneland.regional_office) == ("ROE 16: DeKalb" if move else "ROE 31: Kane")
    assert str(kaneland.county) == ("DeKalb County" if move else "Kane County")
    assert report.moves == [
        "line 2, Kaneland CUSD 302: from Kane County to DeKalb County",
        "line 2, Kaneland CUSD 302: from ROE 31: Kane to ROE 16: DeKalb",
    ]


@pytest.mark.parametrize("move", [False, True])
def test_a_district_leaves_the_list_only_where_that_was_asked_for(file_with: Change, move: bool) -> None:
    imported()
    import_directory(*read_files(file_with("Kaneland", type="Service agency"), DATA / "offices.csv"), move=move)
    assert district().is_district is not move


@pytest.mark.parametrize("move", [False, True])
def test_an_office_loses_a_county_only_where_that_was_asked_for(tmp_path: Path, move: bool) -> None:
    imported()
    offices = tmp_path / "offices.csv"
    offices.write_text("Code;Contact;Counties\n24;815-555-0124;Kendall\n")
    report = import_directory(*read_files(DATA / "directory.csv", offices), move=move)
    office = RegionalOffice.objects.get(code="24")
    assert {county.name for county in office.counties.all()} == ({"Kendall"} if move else {"Grundy", "Kendall"})
    assert office.contact == "815-555-0124"
    assert report.moves == ["ROE 24: Grundy, Kendall would no longer have Grundy"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Kane", "KANE"), ("St. Clair", "St Clair"), ("DeKalb", "De Kalb County"), ("St. Clair", "Saint Clair")],
)
def test_a_county_is_one_however_it_is_written(tmp_path: Path, one: str, other: str) -> None:
    path = tmp_path / "counties.csv"
    path.write_text(f"name,nces_id,county\nA,1700001,{one}\nB,1700002,{other}\nC,1700003,{one}\n")
    report = import_directory(*read_files(path))
    assert (report.count("created"), [county.name for county in County.objects.all()]) == (3, [one])
    path.write_text(f"name,nces_id,county\nD,1700004,{other}\n")
    import_directory(*read_files(path))
    assert County.objects.get().districts.count() == 4


@pytest.mark.parametrize("county", ["---", "x" * 61])
def test_what_is_no_county_costs_its_row(tmp_path: Path, county: str) -> None:
    path = tmp_path / "counties.csv"
    path.write_text(f"name,nces_id,county\nA,1700001,{county}\nB,1700002,Kane\n")
    report = import_directory(*read_files(path))
    assert (report.count("created"), report.count("refused")) == (1, 1)


def test_marks_that_nobody_sees_are_no_part_of_a_name(tmp_path: Path) -> None:
    path = tmp_path / "marks.csv"
    path.write_text("name,nces_id,city\nKane\u00adland\u200b\u00a0CUSD 302,1724480,\ufeffMaple\u00a0Park\n")
    import_directory(*read_files(path))
    assert (district().name, district().city) == ("Kaneland CUSD 302", "Maple Park")


def test_a_spreadsheet_drops_the_zero_of_a_code(tmp_path: Path) -> None:
    imported()
    path = tmp_path / "codes.csv"
    path.write_text("name;nces_id;county;regional_office\nNew CUSD 1;1799999;Adams;1\n")
    import_directory(*read_files(path))
    assert str(district("1799999").regional_office) == "ROE 1: Adams, Brown"


def test_a_refused_file_is_named_without_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")
    for wrong in (path, tmp_path / "nowhere.csv"):
        with pytest.raises(CommandError) as error:
            call_command("import_districts", wrong)
        assert str(tmp_path) not in str(error.value)


def test_another_state_names_its_offices_its_own_way() -> None:
    Chapter(office_word="CESA").save()
    imported()
    assert str(district().regional_office) == "CESA 31: Kane"


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("60151", ["Kaneland CUSD 302"]),
        ("60151-1234", ["Kaneland CUSD 302"]),
        ("maple park", ["Kaneland CUSD 302"]),
        ("302", ["Kaneland CUSD 302"]),
        ("30", []),
        ("46", ["SD U-46"]),
        ("Pena", ["Peña CUSD 7"]),
        ("PEÑA", ["Peña CUSD 7"]),
        ("O'Fallon", ["O Fallon CCSD 90", "O\u2019Fallon Twp HSD 203"]),
        ("o fallon", ["O Fallon CCSD 90", "O\u2019Fallon Twp HSD 203"]),
    ],
)
def test_a_district_is_found_as_people_type_it(typed: str, names: list[str]) -> None:
    imported()
    for number, name in enumerate(["Peña CUSD 7", "O Fallon CCSD 90", "O\u2019Fallon Twp HSD 203"]):
        make_district(name, f"171000{number}", None, None, None, city="", zip_code="60302")
    found = District.objects.in_directory().named_like(typed)
    assert sorted(found.values_list("name", flat=True)) == names


@pytest.mark.parametrize(
    ("typed", "meant", "first"),
    [("knaeland", "kaneland", "Kaneland CUSD 302"), ("genva 304", "geneva 304", "Geneva CUSD 304"), ("999", "", "")],
)
def test_a_mistyped_name_is_understood(client: Client, typed: str, meant: str, first: str) -> None:
    imported()
    context = client.get("/districts/", {"q": typed}).context
    assert context["meant"] == meant
    assert [d.name for d in context["page"]][:1] == [first] * bool(first)


def test_a_mistyped_name_costs_one_query_more(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    imported()
    client.get("/districts/")  # the chapter itself is kept in the process
    with django_assert_num_queries(3):
        client.get("/districts/?q=kaneland")
    with django_assert_num_queries(4):
        client.get("/districts/?q=knaeland")


@pytest.mark.skipif("ROUNDTABLE_DIRECTORY" not in os.environ, reason="ROUNDTABLE_DIRECTORY names no file")
def test_the_state_directory_as_it_is() -> None:
    path = Path(os.environ["ROUNDTABLE_DIRECTORY"])
    report = import_directory(*read_files(path))
    assert (report.districts, report.offices, report.counties) == (1028, 39, 102)
    assert report.count("refused") == 0
    assert sum("“65”" in note for note in report.notes) == 2
    assert import_directory(*read_files(path)).changes == 0
