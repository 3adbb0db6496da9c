"""Print the path of the Chromium that browser tests drive, or say how to get one."""

import os
import shutil
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The one named by ROUNDTABLE_CHROMIUM, else one on the PATH, else the one that Playwright installs."""
    chosen = os.environ.get("ROUNDTABLE_CHROMIUM")
    if chosen:
        return shutil.which(chosen)
    for name in NAMES:
        if path := shutil.which(name):
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        installed = playwright.chromium.executable_path
    return installed if Path(installed).exists() else None


if __name__ == "__main__":
    path = find()
    if path is None:
        sys.exit(
            "Browser tests need Chromium. Install it (Debian: apt install chromium), or let Playwright fetch one\n"
            "(.venv/bin/playwright install chromium), or set ROUNDTABLE_CHROMIUM to its path.\n"
            "To run everything else: script/test --no-browser"
        )
    print(path)
