"""French spacing of a page: the space before a high sign or inside quotes never ends a line."""

from __future__ import annotations

from itertools import pairwise

from galien.kernel.french import FIXED, NARROW

"""What stands for an ordinary space beside each sign."""
SIGNS = {
    " ;": f"{NARROW};",
    " ?": f"{NARROW}?",
    " !": f"{NARROW}!",
    " :": f"{FIXED}:",
    " »": f"{FIXED}»",
    "« ": f"«{FIXED}",
}
"""Elements whose text stays as it is written: what is typed, values, code, data."""
AS_WRITTEN = ("textarea", "option", "script", "style", "code", "pre")
"""Rows of a table longer than this, in characters, are names and figures: reading them again costs more."""
LONG = 200_000


def spaced_page(page: str) -> str:
    r"""Fix the spaces of French punctuation in the texts of an HTML page; attributes are left alone.

    >>> spaced_page('<p title="a ; b">Vu ; « lu » ?</p><textarea>a : b</textarea>')
    '<p title="a ; b">Vu\u202f; «\xa0lu\xa0»\u202f?</p><textarea>a : b</textarea>'
    """
    done: list[str] = []
    while page:
        before, opening, rest = page.partition("<tbody")
        rows, closing, page = rest.partition("</tbody>")
        long = len(rows) > LONG
        done += (_spaced(before), opening, rows if long else _spaced(rows), closing)
    return "".join(done)


def _spaced(page: str) -> str:
    for loose, fixed in SIGNS.items():
        if loose in page:
            page = _fixed(page, loose, fixed)
    return page


def _fixed(page: str, loose: str, fixed: str) -> str:
    parts = page.split(loose)
    done = [parts[0]]
    in_tag = as_written = False
    for before, after in pairwise(parts):
        opened, closed = before.rfind("<"), before.rfind(">")
        if opened >= 0:
            as_written = before.startswith(AS_WRITTEN, opened + 1)
        if opened != closed:
            in_tag = opened > closed
        done += (loose if in_tag or as_written else fixed, after)
    return "".join(done)
