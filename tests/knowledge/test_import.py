from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from knowledge.deeds.import_practices import import_practices
from knowledge.models import Practice
from portal.search.asking.finding import find
from tests.people import Cast

HEADER = "title,body,tags,district,audience,date\n"


def run(path: Path, *options: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("import_practices", str(path), *options, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_good_rows_are_posted_and_found_and_bad_ones_named_by_their_line(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "practices.csv"
    path.write_bytes(
        (
            HEADER
            + '"Zebra carts","Two lines\nof text","Carts, 1-to-1",1716380,members,2026-03-01\n'
            + "No district,Text,,9999999,members,2026-03-01\n"
            + ",Text,,1716380,members,2026-03-01\n"
            + "No such audience,Text,,1716380,friends,2026-03-01\n"
            + "No date,Text,,1716380,members,March\n"
        ).encode()
        + b"Broken \xff bytes,Text,,1716380,members,2026-03-01\n"
        + b"Zebra defaults,Text,,1716380,,\n"
    )
    out, err = run(path)
    assert [line.split(":")[0] for line in err.splitlines()] == [f"line {n}" for n in (4, 5, 6, 7, 8)]
    assert "2 created, 0 already there, 5 refused" in out
    assert {hit.title for hit in find("zebra", user=cast.member).hits} == {"Zebra carts", "Zebra defaults"}
    practice = Practice.objects.get(title="Zebra carts")
    assert practice.district == cast.geneva
    assert practice.posted_at.date() == date(2026, 3, 1)
    assert sorted(tag.slug for tag in practice.tags.all()) == ["1-to-1", "carts"]
    assert practice.latest_revision is None
    assert find("carts", user=cast.visitor).total == 0


def test_a_row_that_swallows_others_or_loses_its_end_is_named(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "practices.csv"
    path.write_text(
        "title,district,body\n"
        "Carts,1716380,Wide, with a lock\n"
        f"Huge,1716380,{'x' * 1_000_001}\n"
        "Kept,1716380,Text,,\n"
        'Open,1716380,"Text\n'
        "Swallowed,1716380,Text\n"
    )
    out, err = run(path)
    assert "1 created, 0 already there, 3 refused" in out
    assert err.splitlines() == [
        "line 2: refused: There are more cells than columns. Put text with a comma in quotes: “1,234.50”.",
        "line 3: refused: The row cannot be read: field larger than field limit (1000000).",
        "line 5: refused: A quote is opened here and never closed; nothing after it was read.",
    ]


def test_a_second_run_changes_nothing(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "practices.csv"
    path.write_text(HEADER + "A,Text,,1716380,members,2026-03-01\nA,Text,,1716380,members,2026-03-01\n")
    assert "1 created, 1 already there" in run(path)[0]
    assert "0 created, 2 already there" in run(path)[0]
    assert Practice.objects.count() == 1


MORNING = datetime(2026, 3, 2, 13, tzinfo=UTC)  # 7 AM in Chicago


def test_a_row_without_a_date_is_posted_now_and_taken_once_on_whatever_day(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "practices.csv"
    path.write_text(HEADER + "A,Text,,1716380,members,\na,Text,,1716380,members,\nB,Text,,1716380,members,2026-03-02\n")
    report = import_practices(path, now=MORNING)
    assert (report.created, report.unchanged) == (2, 1)
    assert set(Practice.objects.values_list("posted_at", flat=True)) == {MORNING}, "nothing is posted in the future"
    for days in (1, 40):
        report = import_practices(path, now=MORNING + timedelta(days=days))
        assert (report.created, report.unchanged) == (0, 3)


def test_one_title_on_two_days_is_two_practices(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "practices.csv"
    path.write_text(HEADER + "A,Text,,1716380,,2026-01-05\nA,Text,,1716380,,2026-02-05\nA,Text,,1716380,,\n")
    report = import_practices(path, now=MORNING)
    assert (report.created, report.unchanged) == (2, 1)


@pytest.mark.parametrize(
    ("row", "refused"),
    [
        ({"title": "t" * 120}, ""),
        ({"title": "t" * 121}, "The title is longer than 120 characters."),
        ({"body": "b" * 20_000}, ""),
        ({"body": "b" * 20_001}, "The body is longer than 20000 characters."),
        ({"date": "2026-03-02"}, ""),
        ({"date": "2026-03-03"}, "2026-03-03 is in the future."),
    ],
    ids=str,
)
def test_a_row_is_taken_up_to_the_longest_text_and_to_today(
    cast: Cast, tmp_path: Path, row: dict[str, str], refused: str
) -> None:
    path = tmp_path / "practices.json"
    path.write_text(json.dumps([{"title": "A", "body": "Text", "district": "1716380"} | row]))
    reasons: list[str] = []
    report = import_practices(path, now=MORNING, refuse=lambda report, line, why, cells: reasons.append(why))
    assert reasons == [refused] * bool(refused)
    assert report.refused == len(reasons)
    assert report.created == (not refused)


def test_a_dry_run_writes_nothing(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "practices.json"
    path.write_text(json.dumps([{"title": "A", "body": "Text", "tags": ["x", "y"], "district": "1716380"}, 7]))
    out, err = run(path, "--dry-run")
    assert "1 created" in out
    assert "Dry run" in out
    assert err.startswith("line 2: refused")
    assert not Practice.objects.exists()
    run(path)
    assert sorted(tag.slug for tag in Practice.objects.get().tags.all()) == ["x", "y"]


def test_refused_rows_come_back_as_a_file_that_can_be_mended_and_taken_in(cast: Cast, tmp_path: Path) -> None:
    path, refused = tmp_path / "practices.csv", tmp_path / "refused.csv"
    path.write_text("Title;Body;District\n\nGood;Text;1716380\n;Text;1716380\n;;\n")
    out, _err = run(path, "--refused", str(refused))
    assert "1 created, 0 already there, 1 refused" in out
    written = refused.read_text(encoding="utf-8-sig")
    assert written == "line,reason,title,body,district\n4,The title is missing.,,Text,1716380\n"
    refused.write_text(written.replace(",,Text", ",Mended,Text"))
    assert "1 created, 0 already there, 0 refused" in run(refused, "--refused", str(refused))[0]


def test_a_refused_row_in_another_encoding_is_written_as_it_came(cast: Cast, tmp_path: Path) -> None:
    path, refused = tmp_path / "practices.csv", tmp_path / "refused.csv"
    path.write_bytes("title,body,district\nPeña,Text,1716380\n".encode("cp1252"))
    run(path, "--refused", str(refused))
    assert refused.read_bytes().endswith("Peña,Text,1716380\r\n".encode("cp1252"))


def test_a_file_from_older_excel_is_read_in_its_encoding(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "practices.csv"
    path.write_bytes("title,body,district\nPeña,Text,1716380\n".encode("cp1252"))
    assert "In Windows-1252 it reads “Peña”" in run(path)[1]
    assert "1 created" in run(path, "--encoding", "cp1252")[0]
    assert Practice.objects.get().title == "Peña"


def test_a_json_file_is_read_object_by_object(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "practices.json"
    objects = [json.dumps({"title": f"P{n}", "body": "x" * 9000, "district": "1716380"}) for n in range(20)]
    path.write_text(f"[{', '.join(objects)}, {{'wrong': 1}}]")
    out, err = run(path)
    assert "20 created, 0 already there, 1 refused" in out
    assert err == "line 21: refused: This is not JSON; nothing after it was read.\n"
    path.write_text(f"[\n{objects[0]}\n]\n")
    assert import_practices(path, now=MORNING).unchanged == 1


@pytest.mark.parametrize(
    "content",
    ["", "name,text\na,b\n", HEADER.replace("audience", '"audience') + "A,Text,,1716380,,\n" * 60_000],
    ids=["empty", "others", "a quote opened in the first line"],
)
def test_a_file_without_the_columns_is_refused(cast: Cast, tmp_path: Path, content: str) -> None:
    path = tmp_path / "practices.csv"
    path.write_text(content)
    with pytest.raises(CommandError):
        run(path)


def test_a_row_whose_tags_cannot_all_be_kept_is_named(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "practices.csv"
    nine = ",".join(f"tag{n}" for n in range(9))
    path.write_text(f'title,district,body,tags\nA,1716380,Text,"wifi,!!!"\nB,1716380,Text,"{nine}"\n')
    out, err = run(path)
    assert "0 created, 0 already there, 2 refused" in out
    assert err.splitlines() == [
        "line 2: refused: “!!!” cannot be a tag.",
        "line 3: refused: There are more than 8 tags.",
    ]
