"""A mail server that keeps what it is given, and can be told to misbehave."""

from __future__ import annotations

import email.message
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Sink(socketserver.ThreadingTCPServer):
    """Listens on a free loopback port; `letters` are what arrived, in order."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.letters: list[email.message.EmailMessage] = []
        self.refused: set[str] = set()  # addresses that this server does not know
        self.put_off: set[str] = set()  # addresses that it may know later
        self.closed_to_us = False  # it passes nothing on for this house
        self.hang_up_after_taking = 0  # so many letters are taken without a word, and the line goes dead

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    @property
    def ids(self) -> list[str]:
        return [str(letter["Message-ID"]) for letter in self.letters]


class Conversation(socketserver.StreamRequestHandler):
    server: Sink

    def handle(self) -> None:
        """A sender that dies in the middle is no trouble of ours."""
        with suppress(ConnectionError):
            self.converse()

    def converse(self) -> None:
        self.say("220 sink")
        while line := self.rfile.readline().decode().strip():
            word = line[:4].upper()
            if word == "DATA":
                if not self.take():
                    return
            elif word == "RCPT" and self.server.closed_to_us:
                self.say("550 5.7.1 relaying denied")
            elif word == "RCPT" and any(address in line for address in self.server.refused):
                self.say("550 no such person here")
            elif word == "RCPT" and any(address in line for address in self.server.put_off):
                self.say("451 come again")
            else:
                self.say("221 bye" if word == "QUIT" else "250 ok")
            if word == "QUIT":
                return

    def take(self) -> bool:
        """Keep one letter; False when the line is to go dead instead of a receipt."""
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        if line == b"":
            return False  # cut off in the middle: no letter
        self.server.letters.append(email.message_from_bytes(b"".join(lines), policy=email.policy.default))
        if self.server.hang_up_after_taking:
            self.server.hang_up_after_taking -= 1
            return False
        self.say("250 taken")
        return True

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def sink() -> Iterator[Sink]:
    with Sink() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server
        server.shutdown()
