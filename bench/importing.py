"""What a long file of practices takes: the memory of `import_practices` for few rows and for many.

`script/bench import` starts this, on SQLite, where the database works in the same process.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import databases
from demo.content import read_practices

MEGABYTES, GROWTH = 200, 1.2
"""At most so many for the most rows, and so many times what the fewest take."""


def main() -> None:
    asked = _arguments()
    original = databases.sqlite(databases.WRITTEN).removeprefix("sqlite:///")
    print("| rows | file, MB | at most, MB | rows/s |\n| --- | --- | --- | --- |")
    peaks = [_peak(rows, original) for rows in sorted(asked.rows)]
    growth = peaks[-1] / peaks[0]
    print(f"\nThe most rows take {growth:.2f} times what the fewest do (bar {GROWTH}); bar {MEGABYTES} MB.")
    sys.exit(growth > GROWTH or peaks[-1] > MEGABYTES)


def _peak(rows: int, original: str) -> float:
    """Megabytes that the command holds at most."""
    with TemporaryDirectory(dir=databases.FOLDER) as folder:
        file, database = Path(folder, "practices.csv"), Path(folder, "taken-in.sqlite3")
        _write(file, rows)
        shutil.copy(original, database)
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "manage.py", "import_practices", str(file)],
            cwd=databases.CHECKOUT,
            env=databases.environment(f"sqlite:///{database}"),
            stdout=subprocess.DEVNULL,
        )
        _pid, status, usage = os.wait4(process.pid, 0)
        if status:
            sys.exit("import_practices failed: see the message above.")
        peak, speed = usage.ru_maxrss / 1024, rows / (time.monotonic() - began)
        print(f"| {rows:,} | {file.stat().st_size / 1e6:.0f} | {peak:.0f} | {speed:.0f} |", flush=True)
        return peak


def _write(file: Path, rows: int) -> None:
    """Rows for the districts of a filled database, with the demo's words; no two titles are alike."""
    source, chance = read_practices(), random.Random(20261201)
    with file.open("w", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["title", "body", "tags", "district", "audience", "date"])
        for number in range(rows):
            a, b, c = (chance.choice(source) for _ in range(3))
            writer.writerow(
                [
                    f"{a['title'][:90]}, row {number}",
                    f"{b['problem'].strip()}\n\n{c['what_we_do'].strip()}\n\nInvoice {chance.randrange(10**9)}.",
                    ",".join(a["tags"]),
                    1700000 + 100 * chance.randrange(20) + chance.randrange(9),
                    chance.choice(["members", "county", "public", ""]),
                    f"2026-{chance.randrange(1, 10):02d}-{chance.randrange(1, 29):02d}",
                ]
            )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench import", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])
    return parser.parse_args()


if __name__ == "__main__":
    main()
