"""A mail server for tests, on this machine: it takes mail and keeps it, or takes calls and says nothing."""

from __future__ import annotations

import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import ClassVar


@dataclass
class Sink:
    """What came, and over how many connections."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    """`time.monotonic()` of each."""
    connections: int = 0
    most_mails: int | None = None
    """After so many over one connection it answers 421 and hangs up."""
    is_silent: bool = False
    may_go_on: threading.Event = field(default_factory=threading.Event)
    """Set from the start; cleared, no second mail is taken until it is set again."""
    drops_after_taking: bool = False
    """It takes a mail and hangs up without a word, as one that crashes."""

    def __post_init__(self) -> None:
        self.may_go_on.set()

    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mails]

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


class Handler(socketserver.StreamRequestHandler):
    sink: ClassVar[Sink]

    def handle(self) -> None:
        self.sink.connections += 1
        if self.sink.is_silent:
            self.rfile.read()  # until the other side hangs up
            return
        taken = 0
        self._say("220 ready")
        for line in self.rfile:
            verb = line[:4].upper().strip()
            if verb == b"MAIL" and taken == self.sink.most_mails:
                self._say("421 enough")
                return
            if verb == b"DATA":
                self._say("354 go on")
                self._keep()
                taken += 1
                if self.sink.drops_after_taking:
                    return
            self._say("221 bye" if verb == b"QUIT" else "250 ok")
            if verb == b"QUIT":
                return

    def _keep(self) -> None:
        lines = iter(self.rfile.readline, b".\r\n")
        if self.sink.mails:
            self.sink.may_go_on.wait()
        self.sink.mails.append(message_from_bytes(b"".join(lines), policy=policy.default))  # type: ignore[arg-type]
        self.sink.at.append(time.monotonic())

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False


@contextmanager
def mail_server() -> Iterator[Sink]:
    sink = Sink()
    with Server(("127.0.0.1", 0), type("Mine", (Handler,), {"sink": sink})) as server:
        sink.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield sink
        server.shutdown()
