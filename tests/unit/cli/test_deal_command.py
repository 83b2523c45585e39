"""`galien discounts deal`: what cannot be a price is the user's mistake, never ours."""

from __future__ import annotations

import pytest

from galien.site.main import main


@pytest.mark.parametrize("price", ["1e400", "nan", "inf", "huit"])
def test_a_price_that_is_none_is_the_users_mistake(
    capsys: pytest.CaptureFixture[str], price: str
) -> None:
    line = ["discounts", "deal", "--list-price", price, "--paid", "10", "--free", "2"]
    try:
        code: object = main(line)
    except SystemExit as stopped:
        code = stopped.code
    printed = capsys.readouterr()
    assert code == 2
    assert printed.out == ""
    assert "n’est pas un nombre" in printed.err
