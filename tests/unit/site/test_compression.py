"""Pages are compressed for browsers that take it, and their sizes tell nothing."""

from __future__ import annotations

import gzip

import pytest
from django.http import HttpRequest, HttpResponse

from galien.site.compression import LightGzip, compressed

PAGE = "<tr><td>1 234,56 €</td></tr>" * 500


def _answered(accepts: str, content: str = PAGE, **headers: str) -> HttpResponse:
    request = HttpRequest()
    request.META["HTTP_ACCEPT_ENCODING"] = accepts
    response = HttpResponse(content, headers=headers)
    answer = LightGzip(lambda _: response)(request)
    assert isinstance(answer, HttpResponse)
    return answer


def test_a_page_is_compressed_and_read_back_whole() -> None:
    answer = _answered("br, gzip")
    assert gzip.decompress(answer.content).decode() == PAGE
    assert (answer["Content-Encoding"], answer["Vary"]) == ("gzip", "Accept-Encoding")
    assert answer["Content-Length"] == str(len(answer.content))
    assert len(answer.content) < len(PAGE) / 5


@pytest.mark.parametrize(
    ("accepts", "content", "headers"),
    [
        ("br", PAGE, {}),
        ("gzip", "court", {}),
        ("gzip", PAGE, {"Content-Encoding": "br"}),
    ],
)
def test_what_need_not_be_compressed_is_sent_as_it_is(
    accepts: str, content: str, headers: dict[str, str]
) -> None:
    assert _answered(accepts, content, **headers).content.decode() == content


def test_the_same_page_comes_in_several_sizes() -> None:
    assert len({len(compressed(PAGE.encode())) for _ in range(40)}) > 1
