"""The families of commands; a module here with a FAMILY is a command of `galien`."""

from __future__ import annotations
