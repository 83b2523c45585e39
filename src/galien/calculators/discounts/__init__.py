"""Discounts: the price really paid, deals worth taking, and the labs to sign with."""
