"""The explorer's page on this machine alone: http://127.0.0.1:PORT/TOKEN/

Who does not know the token gets nothing, nor who comes under another host's name, as a page of another site would.
"""

from __future__ import annotations

import errno
import json
import os
import secrets
import sys
import webbrowser
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from latent_repl.errors import UsageError
from latent_repl.explore import page
from latent_repl.explore.explorer import Explorer

ADDRESS = "127.0.0.1"
LONGEST = 1 << 16
"""Bytes of a message at most. Chosen."""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Server(ThreadingHTTPServer):
    """Serves one explorer. port: 0 for any that is free. Raises UsageError for one that cannot be had."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, explorer: Explorer, port: int) -> None:
        try:
            super().__init__((ADDRESS, port), _Handler)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            said = "in use" if error.errno == errno.EADDRINUSE else "not yours to take"
            raise UsageError(f"port {port} is {said}; write another one, or --port 0 for any that is free") from error
        self.explorer, self.token = explorer, secrets.token_urlsafe(24)
        self.hosts = {f"{name}:{self.server_port}" for name in (ADDRESS, "localhost")}
        self.files = {
            "": ("text/html", page.read("index.html")),
            "start.js": ("text/javascript", page.read("start.js")),
            "explorer.js": ("text/javascript", page.script()),
            "explorer.css": ("text/css", page.styles()),
        }

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing where a page has gone before its answer came: that is no fault."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    @property
    def url(self) -> str:
        """Where the page is, its token included."""
        return f"http://{ADDRESS}:{self.server_port}/{self.token}/"


def serve(explorer: Explorer, port: int, *, tell: Callable[[str], None], browser: bool) -> None:
    """Serve until Ctrl-C, which is its end and no error. tell: is given the page's address when it answers.

    Raises UsageError for a port that cannot be had.
    """
    with Server(explorer, port) as server:
        try:
            tell(server.url)
            if browser and _has_screen():
                webbrowser.open(server.url)
            server.serve_forever()
        except KeyboardInterrupt:
            explorer.close()


def _has_screen() -> bool:
    """Say whether a browser would have a window of its own; one for terminals would take ours."""
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


class _Handler(BaseHTTPRequestHandler):
    server: Server
    server_version, sys_version = "latent-repl", ""
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_GET(self) -> None:
        """Answer with a file of the page."""
        name = self._asked()
        if name is None:
            return
        if name not in self.server.files:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        kind, text = self.server.files[name]
        self._send(text, kind)

    def do_POST(self) -> None:
        """Answer a message of the page."""
        name = self._asked()
        if name is None:
            return
        length = self.headers.get("Content-Length", "")
        if name != "ask" or self.headers.get_content_type() != "application/json":
            self._refuse(HTTPStatus.NOT_FOUND if name != "ask" else HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        elif not length.isdecimal() or int(length) > LONGEST:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE if length else HTTPStatus.LENGTH_REQUIRED)
        else:
            try:
                message = json.loads(self.rfile.read(int(length)))
            except (ValueError, RecursionError):
                self._refuse(HTTPStatus.BAD_REQUEST)
                return
            self._send(json.dumps(self.server.explorer.answer(message), allow_nan=False), "application/json")

    def _method_refused(self) -> None:
        self._refuse(HTTPStatus.METHOD_NOT_ALLOWED)

    do_HEAD = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_TRACE = do_CONNECT = _method_refused

    def _asked(self) -> str | None:
        """Return the name of what is asked for, or None once a request that is not the page's own is refused."""
        if self.headers.get("Host") not in self.server.hosts:
            self._refuse(HTTPStatus.FORBIDDEN)
            return None
        if self.headers.get("Origin", f"http://{self.headers['Host']}") != f"http://{self.headers['Host']}":
            self._refuse(HTTPStatus.FORBIDDEN)
            return None
        token, _, name = self.path.removeprefix("/").partition("/")
        if not secrets.compare_digest(token.encode(), self.server.token.encode()):
            self._refuse(HTTPStatus.FORBIDDEN)
            return None
        return name

    def _refuse(self, status: HTTPStatus) -> None:
        self.close_connection = True  # a body may follow that nobody reads
        self.send_error(status)

    def _send(self, text: str, kind: str) -> None:
        body = text.encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        for header, value in HEADERS.items():
            self.send_header(header, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing: a terminal is no log."""
