"""Gestion, rémunération: the structure of pay on medicines."""

from __future__ import annotations

from galien.web.pages.pay.views import pay
from galien.web.registry import Page

PAGE = Page(
    slug="pay",
    title="Rémunération",
    section="Gestion",
    path="gestion/remuneration",
    view=pay,
    order=360,
    keywords="marge réglementée honoraires de dispensation remises génériques part",
)
