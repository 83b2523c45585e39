"""The documentation page of the API: every address, what it takes, an example, in the look of the site."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from markupsafe import Markup, escape
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

JSON = "application/json"
TEMPLATE = "shell/api.html"
# What an example is asked with, where the value itself matters little.
EXAMPLES = {
    "pharmacy": "139900005", "cost": "28", "client": "12345", "supplier": "R1", "key": "12",
    "subject": "sales", "quantities": {"3400930000014": 6},
}  # fmt: skip
PARTS = {
    "subject": "purchases, sales, stock ou traffic.", "receipt": "Numéro du récépissé.",
    "job": "La tâche, telle qu’elle a été donnée.", "key": "Numéro donné par la liste.",
    "run": "Le passage, tel que la liste le nomme.",
}  # fmt: skip
EITHER = {"/margin": "price=40"}
TYPES = {
    "integer": "entier", "number": "nombre", "string": "texte", "boolean": "true ou false",
    "array": "liste", "object": "objet",
}  # fmt: skip
TEXTS = {"text/csv": "prix.csv", "application/yaml": "politique.yaml"}
Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """What an address takes: its name, its kind in French, its usual value, what it is."""

    name: str
    kind: str
    usual: str
    required: bool
    about: Markup


@dataclass(frozen=True)
class Address:
    """An address: method and path, what it takes, the keys of its answer, an example that works."""

    method: str
    path: str
    title: str
    about: tuple[Markup, ...]
    fields: tuple[Field, ...]
    body: Markup
    answer: tuple[Field, ...]
    example: str

    @property
    def anchor(self) -> str:
        """Return the part of the page that is about it."""
        return re.sub(r"[^a-z]+", "-", f"{self.method} {self.path}".lower()).strip("-")


@dataclass(frozen=True)
class Chapter:
    """Addresses that go together, and what they are about."""

    title: str
    about: str
    addresses: tuple[Address, ...]


class Guide(DocsBase):
    """The page that documents an API, drawn from its OpenAPI description."""

    def __init__(self, rules: Sequence[tuple[str, str]]) -> None:
        self._rules = rules

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        """Draw the page: rules first, then each chapter."""
        context = {
            "rules": [(title, marked(text)) for title, text in self._rules],
            "chapters": chapters(api.get_openapi_schema(), request.build_absolute_uri("/")[:-1]),
            "openapi": self.get_openapi_url(api, kwargs),
        }
        return render(request, TEMPLATE, context, using="jinja2")


def chapters(schema: Schema, root: str) -> tuple[Chapter, ...]:
    """Return the chapters of an OpenAPI description; `root` is where examples are asked."""
    found: dict[str, list[Address]] = {each["name"]: [] for each in schema["tags"]}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            found[operation["tags"][0]].append(_address(method, path, operation, schema, root))
    return tuple(
        Chapter(each["name"], each["description"], tuple(found[each["name"]]))
        for each in schema["tags"]
    )


def marked(text: str) -> Markup:
    """Return a text where what stands between backquotes is code.

    >>> marked("Le `digest` & co")
    Markup('Le <code>digest</code> &amp; co')
    """
    parts = text.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if rank % 2 else escape(part)
        for rank, part in enumerate(parts)
    )


def _address(method: str, path: str, operation: Schema, schema: Schema, root: str) -> Address:
    parameters = operation.get("parameters", ())
    sent: Schema = operation.get("requestBody", {})
    kind = next(iter(sent.get("content", {})), "")
    body = _resolved(sent["content"][kind]["schema"], schema) if kind else {}
    fields = [
        _field(each["name"], each["schema"], required=each["required"], schema=schema)
        for each in parameters
    ]
    fields += [
        _field(name, each, required=name in body.get("required", ()), schema=schema)
        for name, each in body.get("properties", {}).items()
    ]
    return Address(
        method.upper(),
        path,
        operation["summary"],
        tuple(marked(part) for part in operation["description"].split("\n\n")),
        tuple(fields),
        marked(sent.get("description", "")),
        _answer(operation["responses"], schema),
        _example(method, root + path, parameters, (kind, body)),
    )


def _answer(responses: Mapping[int, Schema], schema: Schema) -> tuple[Field, ...]:
    """Return the keys of the answer when all goes well."""
    told = next((each for status, each in responses.items() if status < 300), {})
    content = told.get("content", {}).get(JSON, {}).get("schema", {})
    shape = _resolved(content, schema).get("properties", {})
    return tuple(_field(name, each, required=True, schema=schema) for name, each in shape.items())


def _field(name: str, told: Schema, *, required: bool, schema: Schema) -> Field:
    kinds = [_resolved(each, schema) for each in told.get("anyOf", told.get("allOf", [told]))]
    named = [TYPES[each["type"]] for each in kinds if each.get("type") in TYPES]
    day = any(each.get("format") == "date" for each in kinds)
    usual = told.get("default")
    return Field(
        name,
        "jour" if day else "nombre" if "nombre" in named else (named or ["texte"])[0],
        "" if usual in {None, ""} or usual == [] else str(usual),
        required,
        marked(told.get("description", PARTS.get(name, ""))),
    )


def _resolved(told: Schema, schema: Schema) -> Schema:
    """Return what a reference names."""
    if "$ref" not in told:
        return told
    found: Schema = schema["components"]["schemas"][told["$ref"].rpartition("/")[2]]
    return found


def _example(
    method: str, address: str, parameters: Sequence[Schema], body: tuple[str, Schema]
) -> str:
    """Return a command that asks an address with what it cannot do without."""
    required = [each for each in parameters if each["required"]]
    for each in required:
        if each["in"] == "path":
            value = str(EXAMPLES.get(each["name"], each["name"].upper()))
            address = address.replace(f"{{{each['name']}}}", value)
    query = [
        f"{each['name']}={EXAMPLES.get(each['name'], each['name'].upper())}"
        for each in required
        if each["in"] == "query"
    ]
    query += [text for end, text in EITHER.items() if address.endswith(end)]
    told = ["curl", '-H "Authorization: Bearer $CLE"']
    if method != "get":
        told.append(f"-X {method.upper()}")
    kind, content = body
    if kind in TEXTS:
        told.append(f'-H "Content-Type: {kind}" --data-binary @{TEXTS[kind]}')
    elif kind:
        given = {name: EXAMPLES.get(name, name.upper()) for name in content.get("required", ())}
        told.append(f"-H \"Content-Type: {kind}\" -d '{json.dumps(given)}'")
    return " ".join([*told, f'"{address}{"?" if query else ""}{"&".join(query)}"'])
