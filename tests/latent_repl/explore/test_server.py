"""The explorer's server: this machine alone, a token, its own host's name, its own methods; a port that is in use."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from latent_repl.errors import UsageError
from latent_repl.explore.explorer import Explorer
from latent_repl.explore.server import ADDRESS, LONGEST, Server, serve


@pytest.fixture
def server(explorer: Explorer) -> Iterator[Server]:
    """A server that answers."""
    with Server(explorer, 0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def request(
    server: Server, method: str = "GET", path: str | None = None, body: str | None = None, **headers: str
) -> http.client.HTTPResponse:
    """The answer to a request; the path is the page's own if not given."""
    connection = http.client.HTTPConnection(ADDRESS, server.server_port, timeout=10)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, f"/{server.token}/" if path is None else path, body, named)
    response = connection.getresponse()
    response.text = response.read().decode()  # type: ignore[attr-defined]
    connection.close()
    return response


def ask(server: Server, message: Any, **headers: str) -> http.client.HTTPResponse:
    """The answer to a message."""
    given = {"Content_Type": "application/json", **headers}
    return request(server, "POST", f"/{server.token}/ask", json.dumps(message), **given)


def test_the_page_and_its_parts_are_served_to_who_knows_the_token(server: Server) -> None:
    for name, kind in (("", "text/html"), ("start.js", "text/javascript"), ("explorer.css", "text/css")):
        response = request(server, path=f"/{server.token}/{name}")
        assert (response.status, response.headers.get_content_type()) == (200, kind)
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert response.headers["Referrer-Policy"] == "no-referrer"
    assert server.url == f"http://127.0.0.1:{server.server_port}/{server.token}/"
    assert len(server.token) >= 32


def test_messages_are_answered(server: Server) -> None:
    response = ask(server, {"ask": "open"})
    assert json.loads(response.text)["problem"] == "a=71; a+? == 18"  # type: ignore[attr-defined]
    assert json.loads(ask(server, {"ask": "luck"}).text)["error"]  # type: ignore[attr-defined]


def test_it_listens_on_this_machine_alone(server: Server) -> None:
    assert server.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize("path", ["/", "/explorer.js", "/wrong/", "/wrong/ask", "//", "/%2e%2e/"])
def test_who_does_not_know_the_token_gets_nothing(path: str, server: Server) -> None:
    assert request(server, path=path).status == 403
    assert request(server, "POST", path, "{}", Content_Type="application/json").status == 403


@pytest.mark.parametrize("name", ["..", "../pyproject.toml", "ask", "page/explorer.js", "explorer.py"])
def test_there_are_no_other_files(name: str, server: Server) -> None:
    assert request(server, path=f"/{server.token}/{name}").status == 404


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "localhost:1", "127.0.0.1.evil.example:80"])
def test_another_hosts_name_is_refused(host: str, server: Server) -> None:
    assert request(server, Host=host).status == 403
    assert ask(server, {"ask": "open"}, Host=host).status == 403
    assert request(server, Host=f"localhost:{server.server_port}").status == 200


def test_another_sites_page_is_refused(server: Server) -> None:
    assert ask(server, {"ask": "open"}, Origin="http://evil.example").status == 403
    assert ask(server, {"ask": "open"}, Origin=f"http://127.0.0.1:{server.server_port}").status == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE"])
def test_other_methods_are_refused(method: str, server: Server) -> None:
    assert request(server, method).status == 405


def test_what_is_no_message_is_refused(server: Server) -> None:
    path = f"/{server.token}/ask"
    assert request(server, "POST", path, "{}", Content_Type="text/plain").status == 415
    for text in ("{", "[" * (LONGEST - 1)):
        assert request(server, "POST", path, text, Content_Type="application/json").status == 400
    assert request(server, "POST", path, " " * (LONGEST + 1), Content_Type="application/json").status == 413
    assert request(server, "POST", f"/{server.token}/", "{}", Content_Type="application/json").status == 404


def test_a_page_that_has_gone_is_no_fault(server: Server, capfd: pytest.CaptureFixture[str]) -> None:
    for error in (BrokenPipeError(), ConnectionResetError()):
        try:
            raise error
        except ConnectionError:
            server.handle_error(None, None)
    assert capfd.readouterr().err == ""
    try:
        raise ValueError("a fault")
    except ValueError:
        server.handle_error(None, None)
    assert "a fault" in capfd.readouterr().err


def test_a_port_in_use_is_an_error_in_words(explorer: Explorer) -> None:
    with socket.create_server((ADDRESS, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port} is in use"):
            Server(explorer, port)


def test_ctrl_c_ends_it_and_the_search_under_way(explorer: Explorer) -> None:
    told: list[str] = []

    def tell(url: str) -> None:
        told.append(url)
        explorer.answer({"ask": "search", "search": "random", "seed": 0})
        raise KeyboardInterrupt

    serve(explorer, 0, tell=tell, browser=False)
    assert told[0].startswith("http://127.0.0.1:")
    assert explorer.recording is not None
    explorer.recording.wait(30)
    assert explorer.recording.ended
