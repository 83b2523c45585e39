"""Addresses of the API: version 1, its OpenAPI description and its documentation page."""

from __future__ import annotations

from django.urls import path

from galien.api.v1 import api

urlpatterns = [path("v1/", api.urls)]
