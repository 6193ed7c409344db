"""A guest's browser, as little of it as filing needs: cookies, the form's token, one open connection."""

from __future__ import annotations

import asyncio
import re
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

BOUNDARY = "----hoiam-bench-9b1f2c"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: str
    ms: float

    @property
    def location(self) -> str:
        return next((value for name, value in self.headers if name == "location"), "")


@dataclass
class Visitor:
    port: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    @classmethod
    async def arrive(cls, port: int) -> Visitor:
        """Open the form: its cookie and its token are what a POST needs."""
        visitor = cls(port, *await asyncio.open_connection("127.0.0.1", port))
        page = await visitor.ask("GET", b"")
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.body)
        assert found, page.body[:500]
        visitor.token = found[1]
        return visitor

    async def file(self, fields: Mapping[str, str]) -> Answer:
        return await self.ask("POST", multipart({"csrfmiddlewaretoken": self.token, **fields}))

    async def ask(self, method: str, body: bytes) -> Answer:
        began = time.perf_counter()
        try:
            status, headers, said = await self._exchange(method, body)
        except (OSError, asyncio.IncompleteReadError):
            # A server may close a connection that was idle or has served long; a browser opens another.
            await self._reopen()
            status, headers, said = await self._exchange(method, body)
        if ("connection", "close") in headers:
            await self._reopen()
        for name, value in headers:
            if name == "set-cookie":
                self._keep(value)
        return Answer(status, headers, said, (time.perf_counter() - began) * 1000)

    async def _reopen(self) -> None:
        self.writer.close()
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)

    async def _exchange(self, method: str, body: bytes) -> tuple[int, list[tuple[str, str]], str]:
        self.writer.write(self._head(method, len(body)).encode() + body)
        await self.writer.drain()
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        pairs = [line.split(":", 1) for line in head[1:] if line]
        headers = [(name.lower(), value.strip()) for name, value in pairs]
        said = await self.reader.readexactly(int(dict(headers).get("content-length", "0")))
        return int(head[0].split()[1]), headers, said.decode()

    def _head(self, method: str, length: int) -> str:
        host = f"127.0.0.1:{self.port}"
        lines = [f"{method} /gui/ HTTP/1.1", f"Host: {host}", f"Origin: http://{host}"]
        # The receipt's own cookie belongs to another address and is not sent here.
        sent = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        lines += [f"Cookie: {sent}"] if sent else []
        if length:
            lines += [f"Content-Type: multipart/form-data; boundary={BOUNDARY}", f"Content-Length: {length}"]
        return "\r\n".join(lines) + "\r\n\r\n"

    def _keep(self, header: str) -> None:
        pair, _, rest = header.partition(";")
        name, _, value = pair.partition("=")
        if "path=/;" in rest.lower() + ";":
            self.cookies[name] = value

    def leave(self) -> None:
        self.writer.close()


def multipart(fields: Mapping[str, str]) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return ("".join(parts) + f"--{BOUNDARY}--\r\n").encode()


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])
