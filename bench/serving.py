"""gunicorn on one database, what its processes and the database's cost, and a simple client."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

from bench.databases import FOLDER, connect, environment

AT_ONCE = 4
TICKS = os.sysconf("SC_CLK_TCK")
QUIET_SECONDS = 5
RESERVE = b"Search is running on its reserve"
"""What a page says on which the database answered instead of Elasticsearch: then nothing was measured."""


@dataclass(frozen=True)
class Cost:
    """Of some requests: CPU milliseconds each, in the application, the database's own processes and Elasticsearch."""

    application: float
    database: float
    elasticsearch: float
    per_second: float
    p95: float
    """Milliseconds that 19 of 20 requests took at most, four at a time."""

    @property
    def total(self) -> float:
        return self.application + self.database + self.elasticsearch


class Node:
    """An Elasticsearch on this machine: its process, and what it costs while nobody asks it anything."""

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        connection = http.client.HTTPConnection(place.netloc, timeout=10)
        connection.request("GET", "/_nodes/_local/process")
        (node,) = json.loads(connection.getresponse().read())["nodes"].values()
        connection.close()
        self.pid: int = node["process"]["id"]
        before = self.seconds()
        time.sleep(QUIET_SECONDS)
        self.quiet = (self.seconds() - before) / QUIET_SECONDS

    def seconds(self) -> float:
        seconds = _seconds(self.pid)
        if seconds is None:
            raise SystemExit("Elasticsearch is gone, or not on this machine.")
        return seconds


class Server:
    """Two gunicorn workers as in production, on a free port of this machine; `is_floor`: with bare Django in them."""

    def __init__(self, url: str, cookie: str, elasticsearch: str = "", *, is_floor: bool = False) -> None:
        self.url = url
        self.cookie = cookie
        self.elasticsearch = elasticsearch
        self.is_floor = is_floor
        self.node = Node(elasticsearch) if elasticsearch else None
        self.port = _free_port()
        self.watch = connect(url) if url.startswith("postgres") else None

    def __enter__(self) -> Server:
        program = "bench.floor" if self.is_floor else "portal.wsgi"
        command = [
            *(sys.executable, "-m", "gunicorn", program, "--config", "portal/gunicorn.py", "--workers", "2"),
            *("--bind", f"127.0.0.1:{self.port}", "--max-requests", "0", "--keep-alive", "30"),
        ]
        with (FOLDER / f"server-{self.port}.log").open("w") as log:
            settings = "bench.floor_settings" if self.is_floor else "bench.settings"
            env = environment(self.url, elasticsearch=self.elasticsearch, settings=settings)
            self.master = subprocess.Popen(command, env=env, stdout=log, stderr=log)
        for _ in range(300):
            try:
                if self._get(self._connection(), "/healthz") == 200:
                    return self
            except OSError:
                time.sleep(0.2)
        raise SystemExit(f"gunicorn did not start: see var/bench/server-{self.port}.log")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.master.terminate()
        self.master.wait(30)
        if self.watch is not None:
            self.watch.close()
        (FOLDER / f"server-{self.port}.log").unlink()

    def cost(self, url: str, requests: int) -> Cost:
        """What `requests` requests cost, four at a time on kept connections."""
        application, database, node = self._workers(), self._backends(), self._node()
        started = time.perf_counter()
        with ThreadPoolExecutor(AT_ONCE) as threads:
            visits = threads.map(lambda _: self._visit(url, requests // AT_ONCE), range(AT_ONCE))
            took = sorted(seconds for visit in visits for seconds in visit)
        seconds = time.perf_counter() - started
        return Cost(
            1000 * _spent(application, self._workers()) / requests,
            1000 * _spent(database, self._backends()) / requests,
            1000 * max(self._node() - node - (self.node.quiet if self.node else 0.0) * seconds, 0.0) / requests,
            requests / seconds,
            1000 * took[int(0.95 * (len(took) - 1))],
        )

    def _visit(self, url: str, times: int) -> list[float]:
        """Seconds that each request took."""
        connection = self._connection()
        took = []
        for _ in range(times):
            started = time.perf_counter()
            status = self._get(connection, url)
            took.append(time.perf_counter() - started)
            if status != 200:
                raise SystemExit(f"{url} answers {status}")
        connection.close()
        return took

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def _get(self, connection: http.client.HTTPConnection, url: str) -> int:
        connection.request("GET", url, headers={"Cookie": self.cookie, "Accept-Encoding": "identity"})
        response = connection.getresponse()
        if RESERVE in response.read():
            raise SystemExit(f"{url}: Elasticsearch did not answer")
        return response.status

    def _node(self) -> float:
        return self.node.seconds() if self.node else 0.0

    def _workers(self) -> dict[int, float]:
        children = Path(f"/proc/{self.master.pid}/task/{self.master.pid}/children").read_text().split()
        return {int(pid): seconds for pid in children if (seconds := _seconds(int(pid))) is not None}

    def _backends(self) -> dict[int, float]:
        if self.watch is None:
            return {}
        with self.watch.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
                [urlsplit(self.url).path[1:]],
            )
            return {pid: seconds for (pid,) in cursor.fetchall() if (seconds := _seconds(pid)) is not None}


def _spent(before: dict[int, float], after: dict[int, float]) -> float:
    return sum(seconds - before.get(pid, 0) for pid, seconds in after.items())


def _seconds(pid: int) -> float | None:
    """CPU seconds of a process so far, its own and the system's for it; None when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / TICKS


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
