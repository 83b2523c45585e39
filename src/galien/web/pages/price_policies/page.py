"""Politiques de prix: written by category, tried on a pharmacy's sales, applied, then measured."""

from __future__ import annotations

from galien.web.pages.price_policies import bringing, runs, views, writing
from galien.web.registry import Page, Route

PAGE = Page(
    slug="price-policies",
    title="Politiques de prix",
    section="Prix",
    path="prix/politiques",
    view=views.policies,
    order=282,
    right="sales",
    routes=(
        Route("prix/politiques/nouvelle", writing.new, "new"),
        Route("prix/politiques/importer", bringing.bring, "bring"),
        Route("prix/politiques/<int:key>", views.one, "one"),
        Route("prix/politiques/<int:key>/texte", bringing.text, "text"),
        Route("prix/politiques/<int:key>/yaml", bringing.download, "yaml"),
        Route("prix/politiques/<int:key>/modifier", writing.change, "change"),
        Route("prix/politiques/<int:key>/supprimer", writing.delete, "delete"),
        Route("prix/politiques/<int:key>/appliquer", runs.apply_policy, "apply"),
        Route("prix/politiques/passages/<slug:name>", runs.run, "run"),
        Route("prix/politiques/passages/<slug:name>/fichier", runs.file, "file"),
        Route("prix/politiques/passages/<slug:name>/etiquettes", runs.labels, "labels"),
    ),
    keywords="marge coefficient arrondi tranche élasticité étiquettes fichier de prix historique",
)
