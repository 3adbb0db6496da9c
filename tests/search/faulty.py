"""Something that answers where Elasticsearch should, and badly."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SAYS = {
    "429": (429, b'{"error":{"type":"circuit_breaking_exception","reason":"too much"},"status":429}'),
    "503": (503, b'{"error":{"type":"cluster_block_exception","reason":"no master"},"status":503}'),
    "stale key": (401, b'{"error":{"type":"security_exception","reason":"api key has expired"},"status":401}'),
    "not elasticsearch": (200, b"<html>Welcome to the proxy</html>"),
    "half an answer": (200, b'{"took":3,"timed_out":true,"_shards":{"total":1,"successful":0,"failed":1},"hits":'),
    "failed shards": (200, b'{"timed_out":false,"_shards":{"total":2,"failed":1},"hits":{"hits":[]},"responses":[]}'),
    "another product": (200, b'{"hits":{}}'),
}
HANGS = "hangs"
"""It says nothing until the test is over: whoever is answered before has not waited for it."""


class Faulty(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, fault: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.fault = fault
        self.asked = 0
        self.is_over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Faulty

    def _answer(self) -> None:
        self.server.asked += 1
        if self.server.fault == HANGS:
            self.server.is_over.wait()
            return
        status, body = SAYS[self.server.fault]
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if self.server.fault != "not elasticsearch":
            self.send_header("Content-Type", "application/vnd.elasticsearch+json;compatible-with=8")
        if self.server.fault not in ("not elasticsearch", "another product"):
            self.send_header("X-Elastic-Product", "Elasticsearch")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = _answer  # noqa: N815 - the names that http.server calls

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def faulty(fault: str) -> Iterator[Faulty]:
    server = Faulty(fault)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.is_over.set()
        server.shutdown()
        server.server_close()
