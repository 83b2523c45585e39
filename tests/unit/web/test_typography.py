"""French spacing of pages: what is read never parts from its sign, what is kept is not touched."""

from __future__ import annotations

import pytest

from galien.web.shell.typography import spaced_page


@pytest.mark.parametrize(
    ("loose", "fixed"),
    [
        ("<p>Et si ?</p>", "<p>Et si\u202f?</p>"),
        ("<b>Total</b> : 3 ; 4", "<b>Total</b>\u00a0: 3\u202f; 4"),
        ("<p>« Afficher »</p>", "<p>«\u00a0Afficher\u00a0»</p>"),
        ("<p>à 12:30, http://a.b/?c</p>", "<p>à 12:30, http://a.b/?c</p>"),
        (
            '<textarea title="x ; y"> a : b</textarea> : c',
            '<textarea title="x ; y"> a : b</textarea>\u00a0: c',
        ),
        ('<input value="A : B ; C">', '<input value="A : B ; C">'),
        ("<option>A : B</option>", "<option>A : B</option>"),
        ("<code>galien ; ls</code> ; <i>", "<code>galien ; ls</code>\u202f; <i>"),
        ("", ""),
    ],
)
def test_the_space_of_a_sign_is_fixed_in_texts_alone(loose: str, fixed: str) -> None:
    assert spaced_page(loose) == fixed
    assert spaced_page(fixed) == fixed


def test_the_rows_of_a_long_table_are_left_as_they_are() -> None:
    rows = "<tbody>" + "<tr><td>Sirop : 12</td></tr>" * 10_000 + "</tbody>"
    page = spaced_page(f"<p>Vu ;</p><table>{rows}</table><p>Lu ;</p>")
    assert page == f"<p>Vu\u202f;</p><table>{rows}</table><p>Lu\u202f;</p>"
