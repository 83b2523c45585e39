"""What the search for people may leave aside holds nothing that it would find."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from galien.intake import privacy


@given(st.text("0123456789,:", max_size=9))
def test_short_figures_and_times_are_never_a_persons(text: str) -> None:
    place = privacy._python(privacy._PLACE)
    assert privacy.sure_find(text) == ""
    assert place.search(text) is None
