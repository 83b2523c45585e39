"""A version of the API from its subjects: keys or sessions, limits, errors in French, OpenAPI."""

from __future__ import annotations

from types import ModuleType

from ninja import NinjaAPI

from galien.api import rate, v1
from galien.api.access import ACCESS
from galien.api.errors import speak
from galien.api.guide import Guide
from galien.api.registry import discover

ABOUT = (
    "Les mêmes chiffres, noms et droits que le site et la ligne de commande, pour les programmes."
)
RULES = (
    (
        "Accès",
        "`Authorization: Bearer gal_…`, avec une clé créée depuis votre compte ; elle n’ouvre que ce que "
        "vous avez coché, et expire. La session du navigateur ouvre aussi l’API ; elle demande alors "
        "`X-CSRFToken` pour écrire.",
    ),
    ("Droits", "Ce qui est hors de vos droits répond 404, comme ce qui n’existe pas."),
    ("Erreurs", "Un statut, un `code`, et un `message` qui dit quoi faire."),
    ("Pages", "`limit` et `offset` ; `count` dit combien de lignes il y a en tout."),
    (
        "Fraîcheur",
        "Chaque lecture porte un `ETag` ; renvoyez-le dans `If-None-Match`, et ce qui n’a pas changé répond "
        "304, sans corps.",
    ),
    ("Cadence", f"{rate.MOST} demandes par minute et par clé ; au-delà, 429 et `Retry-After`."),
    (
        "Montants",
        "En euros ; taux et parts sont des rapports (`0.30` pour 30 %) ; ce qui n’est pas su est `null`.",
    ),
    (
        "Tâches",
        "Ce qui est long répond 202 et une tâche à suivre (`Location`), dont `answer` dit où lire.",
    ),
    ("Journal", "Les chiffres lus par l’API sont notés au journal des accès, comme un export."),
)


def build(version: str, package: ModuleType) -> NinjaAPI:
    """Return the API of a version, made of every subject that its package declares."""
    subjects = discover(package)
    chapters = {each.chapter: each.about for each in subjects if each.about}
    api = NinjaAPI(
        title="Galien",
        version=version,
        description="\n\n".join([ABOUT, *(f"**{title}** : {text}" for title, text in RULES)]),
        docs=Guide(RULES),
        auth=ACCESS,
        throttle=[rate.LIMIT],
        urls_namespace=f"api-v{version}",
        openapi_extra={
            "tags": [{"name": name, "description": about} for name, about in chapters.items()]
        },
    )
    for each in subjects:
        api.add_router(each.path, each.router, tags=[each.chapter])
    speak(api)
    return api


VERSION_1 = build("1", v1)
