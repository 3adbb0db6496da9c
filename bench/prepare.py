"""Run in a process of its own for each database.

python -m bench.prepare fill SIZE     migrate an empty database and fill it
python -m bench.prepare copy          fill Elasticsearch from the database, where that is not done yet
python -m bench.prepare pages         print the measured pages as JSON: addresses, queries, and the reader's cookie
python -m bench.prepare profile URL   print where the time of one page goes, on the database of DATABASE_URL
"""

from __future__ import annotations

import cProfile
import json
import logging
import pstats
import re
import sys
import time

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import bench.ready  # noqa: F401
from bench import filling
from bench.serving import RESERVE
from knowledge.models import Practice
from portal.districts.models import User
from portal.search.mirror import changes
from portal.search.models import Copy
from purchasing.models import Agreement

BASELINE = 3
"""Queries of every signed-in page: session, person, memberships."""
_LINKS = re.compile(r'href="(/(?:practices|questions|agreements|meetings|districts|products|tags)/[^"#?]+)')


def fill(size: int) -> None:
    started = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - started:6.0f} s  {what}", file=sys.stderr, flush=True)

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    changes.forget_all()  # the database may be a copy of one that Elasticsearch has
    filling.fill(size, say)
    say("filled")


def copy() -> None:
    """A whole copy that answers; what earlier runs left under this name is dropped."""
    from portal.search.mirror import filling, indices

    if filling.trouble_with(Copy.objects.filter(is_live=True).first()):
        started = time.monotonic()
        count = filling.fill()
        print(f"{count:,} entries in Elasticsearch after {time.monotonic() - started:.0f} s", file=sys.stderr)
    for name in indices.named(f"{settings.ELASTICSEARCH_INDEX}-*"):
        if not Copy.objects.filter(name=name).exists():
            indices.drop(name)


def pages() -> dict[str, object]:
    """The addresses of each page and of its twin, their queries beyond the baseline, and who reads them."""
    call_command("collectstatic", interactive=False, verbosity=0)
    practice = Practice.objects.get(title=filling.SHOWN).get_absolute_url()
    agreement = Agreement.objects.get().get_absolute_url()
    addresses = {
        "empty": "/empty/",
        "practices": "/practices/",
        "practice": practice,
        "agreement": agreement,
        "search, rare word": f"/search/?q={filling.RARE}",
        "search, middling word": f"/search/?q={filling.MIDDLING}",
        "search, word in 40 %": f"/search/?q={filling.FREQUENT}",
        "search, common word": f"/search/?q={filling.COMMON}",
        "suggestions, few titles": "/search/suggest/?q=passk",
        "suggestions, many titles": "/search/suggest/?q=chrom",
        "suggestions, no title": f"/search/suggest/?q={filling.MIDDLING[:5]}",
    }
    client = Client()
    client.force_login(User.objects.get(email=filling.READER), backend="django.contrib.auth.backends.ModelBackend")
    found = {}
    for name, url in addresses.items():
        queries, links = _visit(client, url)
        twins_queries, twins_links = _visit(client, f"/bench{url}")
        if links != twins_links:
            sys.exit(f"{url} and its twin lead elsewhere: {sorted(links ^ twins_links)}")
        found[name] = {"url": url, "queries": queries, "twins_queries": twins_queries}
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    return {"cookie": cookie, "pages": found}


def _visit(client: Client, url: str) -> tuple[int, set[str]]:
    """Queries beyond the baseline, and where the links of the page's main part lead: twins must show the same.

    The fewest of three visits: what is kept in the process for some seconds is asked for now and then.
    """
    fewest = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(url)
        if response.status_code != 200:
            sys.exit(f"{url} answers {response.status_code}")
        if RESERVE in response.content:
            sys.exit(f"{url}: Elasticsearch does not answer")
        fewest.append(len(queries))
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return min(fewest) - BASELINE, set(_LINKS.findall(main))


def profile(url: str) -> None:
    client = Client()
    client.force_login(User.objects.get(email=filling.READER), backend="django.contrib.auth.backends.ModelBackend")
    client.get(url)
    profiler = cProfile.Profile(time.process_time)  # CPU, as in the table
    for _ in range(50):
        profiler.runcall(client.get, url)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    logging.disable(logging.INFO)
    if sys.argv[1] == "fill":
        fill(int(sys.argv[2]))
    elif sys.argv[1] == "copy":
        copy()
    elif sys.argv[1] == "profile":
        profile(sys.argv[2])
    else:
        print(json.dumps(pages()))
