"""What the simulation of one pharmacy is made from: what it may sell, when, to whom, at what prices."""

from __future__ import annotations

from dataclasses import dataclass

from galien.demo.campaigns import Campaign
from galien.demo.catalogue import Catalogue
from galien.demo.days import Calendar
from galien.demo.free_prices import FreePrices
from galien.demo.members import Member
from galien.demo.public import Floats
from galien.demo.taste import Taste


@dataclass(frozen=True)
class Trade:
    """One pharmacy's setting. `themes` shares products between reasons for a prescription."""

    catalogue: Catalogue
    calendar: Calendar
    member: Member
    taste: Taste
    themes: Floats
    campaigns: tuple[Campaign, ...]
    prices: FreePrices
