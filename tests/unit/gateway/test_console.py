"""The files of the console: which page shows a path, what is cached, what is compressed."""

from pathlib import Path

import pytest

from showfloor.gateway.console.encodings import chosen
from showfloor.gateway.console.files import Console
from showfloor.kernel.refusal import Refusal

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "accept-encoding": "gzip, deflate, br"}


@pytest.fixture
def console(tmp_path: Path) -> Console:
    """A build of two pages and one script, which is there in three forms."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text('<base href="./" />console')
    (tmp_path / "watch.html").write_text('<base href="./" />buyers')
    for end, text in (("", "plain"), (".br", "brotli"), (".gz", "gzip")):
        (tmp_path / "assets" / f"app-1a2b.js{end}").write_text(text)
    return Console(tmp_path)


def test_hashed_files_are_kept_and_pages_are_asked_for(console: Console) -> None:
    page = console.answer("/", {})
    assert page.headers["cache-control"] == "no-cache"
    assert console.answer("/", {"if-none-match": page.headers["etag"]}).status_code == 304
    assert "immutable" in console.answer("/assets/app-1a2b.js", {}).headers["cache-control"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/", '<base href="./" />console'),
        ("/live", '<base href="./" />console'),
        ("/live/", '<base href="../" />console'),
        ("/live/7/air", '<base href="../../" />console'),
        ("/watch", '<base href="./" />buyers'),
        ("/watch/7", '<base href="../" />buyers'),
        ("/watching", '<base href="./" />console'),
    ],
)
def test_every_path_has_a_page_that_knows_its_base(console: Console, path: str, body: str) -> None:
    assert bytes(console.answer(path, BROWSER).body).decode() == body


def test_an_encoded_slash_makes_no_folder(console: Console) -> None:
    assert b'href="../"' in console.answer("/live/a/b", BROWSER, 1).body


@pytest.mark.parametrize("path", ["/../secrets", "/assets/", "/assets/gone.js", "/assets/gone", "/robots.txt", "/.env"])
def test_an_unknown_file_is_no_page(console: Console, path: str) -> None:
    with pytest.raises(Refusal) as refused:
        console.answer(path, BROWSER)
    assert refused.value.reason == "NO_SUCH_PAGE"


def test_only_who_takes_html_gets_a_page(console: Console) -> None:
    for accept in ("", "*/*", "application/json"):
        with pytest.raises(Refusal):
            console.answer("/live", {"accept": accept})
    assert console.answer("/live", BROWSER).headers["vary"] == "Accept"


@pytest.mark.parametrize("path", ["/watch", "/watch/one"])
def test_who_looks_at_a_shared_link_may_take_anything(console: Console, path: str) -> None:
    for accept in ("", "*/*"):
        assert b"buyers" in console.answer(path, {"accept": accept}).body
    with pytest.raises(Refusal):
        console.answer(path, {"accept": "application/json"})


@pytest.mark.parametrize(
    ("accepted", "body", "encoding"),
    [("gzip, br", b"brotli", "br"), ("gzip", b"gzip", "gzip"), ("", b"plain", None), ("br;q=0, *;q=0", b"plain", None)],
)
def test_an_asset_goes_out_as_compressed_as_taken(
    console: Console, accepted: str, body: bytes, encoding: str | None
) -> None:
    answer = console.answer("/assets/app-1a2b.js", {"accept-encoding": accepted})
    assert (answer.body, answer.headers.get("content-encoding")) == (body, encoding)
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.media_type in ("text/javascript", "application/javascript")
    again = {"accept-encoding": accepted, "if-none-match": answer.headers["etag"]}
    assert console.answer("/assets/app-1a2b.js", again).status_code == 304


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("*", "br"), ("identity", ""), ("GZIP;q=0.5", "gzip"), ("br; q=0, gzip", "gzip"), ("br;q=x", ""), (",;,", "")],
)
def test_an_encoding_is_taken_when_it_is_accepted(accepted: str, encoding: str) -> None:
    assert chosen(accepted, ("br", "gzip", "")) == encoding


def test_without_a_build_the_page_says_what_to_do(tmp_path: Path) -> None:
    for path in ("/", "/live/7/air", "/watch"):
        assert b"make console" in Console(tmp_path / "absent").answer(path, BROWSER).body


def test_what_the_build_notes_for_itself_is_not_served(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<html>")
    (tmp_path / ".built").write_text("")
    (tmp_path / ".cache").mkdir()
    (tmp_path / ".cache" / "a.js").write_text("")
    console = Console(tmp_path)
    assert console.answer("/", {}).status_code == 200
    for path in ("/.built", "/.cache/a.js"):
        with pytest.raises(Refusal) as refused:
            console.answer(path, BROWSER)
        assert refused.value.reason == "NO_SUCH_PAGE"
