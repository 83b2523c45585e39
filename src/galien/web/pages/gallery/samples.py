"""What the gallery shows: components with invented figures, in the states they can be in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from galien.web.components.calendars import Calendar, CalendarRow, DayState
from galien.web.components.models import (
    Action,
    Badge,
    Better,
    CellKind,
    Change,
    Chip,
    Column,
    ColumnForm,
    Definition,
    Empty,
    Field,
    FilterBar,
    FilterField,
    Headline,
    LawUse,
    Link,
    Masked,
    Notice,
    Option,
    PageHead,
    Pages,
    PeriodForm,
    Progress,
    Row,
    RowAction,
    TableModel,
    Toggle,
    Tone,
)
from galien.web.pages.gallery.pictures import cards
from galien.web.shell.frame import Frame, Freshness, MenuItem, menu

UNIVERSES = (
    ("Prescription médicale obligatoire", 266896, -0.0721, 4829958, -0.0052, 730468, 0.1545),
    ("Santé familiale", 222694, -0.0936, 1053725, -0.0475, 348868, 0.3569),
    ("Non renseigné", 7048, -0.1895, 849830, 0.7081, 69883, 0.0844),
    ("Diététique", 25154, -0.0436, 417024, -0.0251, 105810, 0.2681),
    ("Orthopédie", 24921, -0.0766, 384402, -0.0575, 105262, 0.3077),
    ("Beauté", 21354, 0.0543, 264404, 0.0927, 57524, 0.2588),
    ("Vaccin", 3067, -0.0629, 126561, -0.0939, 8734, 0.0704),
    ("Bébé et maman", 10190, 0.0129, 102847, 0.0262, 17857, 0.1939),
    ("Hygiène bucco-dentaire", 14953, 0.0324, 85108, 0.0582, 23106, 0.3111),
    ("Hygiène", 7092, 0.0795, 65720, 0.1207, 13355, 0.2431),
    ("Vétérinaire", 1308, 0.2169, 25750, 0.4161, 5481, 0.2535),
    ("Voyage et environnement", 1819, None, 10582, None, 1791, 0.1939),
)
SALES = sum(row[3] for row in UNIVERSES)
MARGIN = Definition(
    label="Marge ajustée",
    text="Ce que laissent les ventes une fois payés les produits vendus, honoraires compris.",
    formula="CA HT + honoraires HT − coût d’achat net des produits vendus",
    unit="€ HT",
    source="Galien, glossaire",
    law=(
        LawUse(
            "Honoraire par boîte", "1,02\u202f€ TTC", "1er janvier 2020", "arrêté du 12/12/2019"
        ),
    ),
    href="#",
)
SALES_INCL = Definition(
    label="CA TTC",
    text="Ventes toutes taxes comprises, remises déduites, retours déduits.",
    formula="Σ montant net TTC des lignes de vente",
    unit="€ TTC",
    source="Fichiers des ventes",
)
MENU = (
    ("Accueil", ("Accueil",)),
    ("Achats", ("Par canal", "Par fournisseur", "Par laboratoire", "Par produit", "Remises")),
    ("Ventes", ("Par univers", "Par laboratoire", "Par produit", "Par pharmacie", "Par heure")),
    ("Stock", ("ABC", "Rotation", "Commandes", "Ruptures")),
    ("Prix", ("Politique", "Propositions", "Observatoire")),
    ("Gestion", ("Soldes (SIG)", "Indicateurs", "Classement", "Valorisation")),
    ("Campagnes", ("En cours", "Bilan")),
    ("Données", ("Fichiers", "Quarantaine", "Catalogue", "Calendrier")),
    ("Administration", ("Personnes", "Autorisations", "Journal")),
)


def samples() -> dict[str, Any]:
    """Return the context of the gallery's template."""
    return {
        "frame": _frame(),
        "head": _head(),
        "bar": _bar(),
        "figures": _headlines(),
        "universes": _table(),
        "cards": cards(),
        "notices": _notices(),
        "empties": _empties(),
        "under_way": _progress(),
        "badges": tuple(Badge(tone.value.capitalize(), tone) for tone in Tone),
        "october": _calendar(),
        "pairs": (
            ("FINESS", "630\u202f001\u202f234"),
            ("Typologie", "Centre-ville"),
            ("Logiciel", "LGO A"),
        ),
        "fields": _fields(),
        "sections": (
            Link("Aperçu", "#", current=True),
            Link("Lignes", "#"),
            Link("Historique", "#"),
        ),
        "pages": Pages(2, 12, "#", "#", "#", "1\u202f001 à 2\u202f000 sur 11\u202f842"),
    }


def _frame() -> Frame:
    return Frame(
        menu=menu(
            (
                group,
                tuple(
                    MenuItem(name, "#", (group, name) == ("Ventes", "Par univers"))
                    for name in names
                ),
            )
            for group, names in MENU
        ),
        scope="Groupement de démonstration",
        scope_note="36 pharmacies",
        scope_links=(
            Link("Tout le groupement", "#", current=True, hint="36 pharmacies"),
            Link("Puy-de-Dôme", "#", hint="14 pharmacies"),
        ),
        freshness=Freshness("Données au 31/10/2026, 35 pharmacies sur 36", "partial", "#"),
        user="Sophie Rivière",
        role="Responsable de réseau",
        account=(
            Link("Mon compte", "#", icon="user"),
            Link("Mes vues enregistrées", "#", icon="save"),
        ),
        logout_href="#",
        search_href="#",
    )


def _head() -> PageHead:
    exports = (
        Link("CSV pour Excel", "#", icon="file", download=True),
        Link("Classeur XLSX", "#", icon="file", download=True),
        Link("Parquet", "#", icon="database", download=True),
        Link("PDF", "#", icon="print", download=True),
    )
    return PageHead(
        title="Ventes par univers",
        when="Octobre 2026, comparé à octobre 2025",
        note="27 jours ouvrés contre 27",
        crumbs=(Link("Ventes", "#"), Link("Par univers", "")),
        actions=(
            Action("Enregistrer la vue", "#", icon="save"),
            Action("Copier le lien", does="copy-link", icon="share"),
            Action("Exporter", items=exports, primary=True, icon="download"),
        ),
    )


def _bar() -> FilterBar:
    status = ("Princeps", "Générique", "Non concerné", "Non renseigné")
    return FilterBar(
        periods=(
            Link("Mois dernier", "#", current=True, hint="Octobre 2026"),
            Link("12 derniers mois", "#"),
            Link("Année en cours", "#"),
        ),
        period_form=PeriodForm("#", dt.date(2026, 10, 1), dt.date(2026, 10, 31)),
        comparisons=(
            Link("Année précédente", "#", current=True, hint="Octobre 2025"),
            Link("Mêmes jours de semaine", "#"),
            Link("Période précédente", "#", hint="Septembre 2026"),
            Link("Sans comparaison", "#"),
        ),
        toggles=(Toggle("Périmètre constant", "#", on=True),),
        fields=(
            FilterField(
                "Statut générique", tuple(Option(f"g={s}", s, s == "Générique") for s in status)
            ),
            FilterField(
                "Département", (Option("d=63", "63 Puy-de-Dôme"), Option("d=03", "03 Allier"))
            ),
            FilterField("Laboratoire", search_href="#"),
            FilterField(
                "Taux de TVA", (Option("t=0.021", "2,1\u202f%"), Option("t=0.055", "5,5\u202f%"))
            ),
        ),
        action="#",
        chips=(
            Chip("Remboursable", "non", "#"),
            Chip("Département", "63, 03", "#"),
            Chip("Laboratoire", "Biogaran", "#", exclude=True),
        ),
        clear_href="#",
        links=(Link("En faire un marché", "#"),),
    )


def _headlines() -> tuple[Headline, ...]:
    return (
        Headline(
            "CA TTC", "8,22\u202fM€", "8\u202f215\u202f911\u202f€ TTC", Change(0.033), "contre oct. 2025",
            (7.6, 7.9, 7.7, 8.2, 8.6, 8.1, 7.8, 7.4, 7.9, 8.0, 8.1, 8.2), SALES_INCL, "#",
        ),
        Headline(
            "Marge ajustée", "1,49\u202fM€", "1\u202f488\u202f139\u202f€", Change(0.012), "contre oct. 2025",
            (1.41, 1.44, 1.42, 1.47, 1.5, 1.46, 1.43, 1.39, 1.42, 1.45, 1.47, 1.49), MARGIN,
            target="1,55\u202fM€",
        ),
        Headline(
            "Taux de marge", "18,9\u202f%", "", Change(-0.004, points=True), "groupe 19,4\u202f%",
            (19.1, 19.0, 19.2, 19.1, 18.9, 19.0, 19.1, 19.2, 18.9, 19.0, 18.9, 18.9), MARGIN,
        ),
        Headline(
            "Ruptures", "142", "", Change(0.084, better=Better.DOWN), "contre oct. 2025",
            (120, 118, None, 131, 126, 135, 142), partial="1 pharmacie en retard",
        ),
        Headline("Panier moyen", "31,40\u202f€", "", Change(None), "pas de données en oct. 2025"),
    )  # fmt: skip


def _columns() -> tuple[Column, ...]:
    return (
        Column("universe", "Univers", CellKind.TEXT, sort_href="#"),
        Column("quantity", "Quantité", unit="u", sort_href="#"),
        Column("quantity_change", "Évol.", CellKind.CHANGE, hint="Évolution de la quantité"),
        Column(
            "sales", "CA", unit="€ TTC", definition=SALES_INCL, sort_href="#", sorted="descending"
        ),
        Column("sales_change", "Évol.", CellKind.CHANGE, hint="Évolution du CA TTC"),
        Column("weight", "Poids", CellKind.WEIGHT, "%", 1, sort_href="#"),
        Column("margin", "Marge ajustée", unit="€ HT", definition=MARGIN, sort_href="#"),
        Column("rate", "Taux", CellKind.RATIO, "%", 1, sort_href="#"),
    )


def _row(values: tuple[Any, ...]) -> Row:
    name, quantity, quantity_change, sales, change, margin, rate = values
    unknown = name == "Non renseigné"
    cells = (name, quantity, quantity_change, sales, change, sales / SALES, margin, rate)
    if name == "Vaccin":
        cells = (*cells[:6], Masked(), Masked())
    return Row(cells, key=name, href="#", tone="unknown" if unknown else "")


def _table() -> TableModel:
    total = ("Total", 606496, -0.0734, SALES, 0.033, 1, 1488139, 0.189)
    return TableModel(
        caption="Ventes par univers",
        columns=_columns(),
        rows=tuple(_row(values) for values in UNIVERSES),
        total=Row(total),
        count="12 univers, 2 lignes vides masquées",
        hidden=Toggle("Afficher", "#"),
        choice=ColumnForm(
            "#", tuple(Option(c.name, c.label, True, c.unit) for c in _columns()[1:])
        ),
        actions=(
            RowAction("Filtrer sur", "#{key}"),
            RowAction("Exclure", "#{key}"),
            RowAction("Voir les produits", "#{key}"),
            RowAction("Voir les pharmacies", "#{key}"),
        ),
        meta="version 2026-11-02 · 21 ms",
    )


def _notices() -> tuple[Notice, ...]:
    return (
        Notice(
            "Données partielles", "Pharmacie des Arcades n’a pas envoyé ses ventes depuis le 27/10.",
            Tone.WARNING, (Link("Voir le calendrier", "#"), Link("L’exclure", "#")),
        ),
        Notice("Une version plus récente est publiée.", "", Tone.INFO, (Link("L’afficher", "#"),)),
        Notice("Fichier accepté", "18\u202f204 lignes reçues, 3 en quarantaine.", Tone.GOOD),
        Notice(
            "La demande a échoué de notre côté.", "Réessayez ; si cela se répète, donnez la référence.",
            Tone.ERROR, (), "a81f0c3b77de",
        ),
    )  # fmt: skip


def _empties() -> tuple[Empty, ...]:
    return (
        Empty(
            "Aucun résultat pour ces filtres",
            "Aucune vente de cette période n’est remboursable et du laboratoire choisi.",
            (Link("Retirer le laboratoire", "#"), Link("Tout effacer", "#")),
        ),
        Empty(
            "Pas de données reçues",
            "Aucun fichier de stock n’a été reçu pour octobre 2026.",
            (Link("Envoyer un fichier", "#"),),
            icon="empty",
        ),
    )


def _progress() -> tuple[Progress, ...]:
    return (
        Progress("Publication en cours", 23, 36, cancel_href="#", id="publish"),
        Progress("Lecture du fichier", text="calcul du nombre de lignes…", id="reading"),
    )


def _calendar() -> Calendar:
    days = tuple(dt.date(2026, 10, day) for day in range(1, 32))
    full = [DayState.CLOSED if date.weekday() == 6 else DayState.COMPLETE for date in days]
    late = [*full[:26], *(DayState.LATE for _ in days[26:])]
    holes = list(full)
    holes[7], holes[12], holes[20] = DayState.MISSING, DayState.PARTIAL, DayState.HELD
    return Calendar(
        "Ventes reçues en octobre 2026",
        days,
        (
            CalendarRow("Pharmacie du Marché", tuple(full), "#"),
            CalendarRow("Pharmacie des Arcades", tuple(late), "#", "5 jours"),
            CalendarRow("Pharmacie de la Gare", tuple(holes), "#"),
            CalendarRow("Pharmacie du Parc", (*full[:29], DayState.FUTURE, DayState.FUTURE), "#"),
        ),
    )


def _fields() -> tuple[Field, ...]:
    feeds = (Option("s", "Ventes"), Option("p", "Achats"))
    wrong = "L’adresse est incomplète : il manque le domaine."
    size = "CSV ou XLSX, 200 Mo au plus."
    return (
        Field("name", "Nom de la vue", value="Mes univers", required=True),
        Field("budget", "Objectif mensuel", "number", "1550000", help="Hors taxe.", suffix="€ HT"),
        Field("feed", "Flux", "select", options=feeds, required=True),
        Field("mail", "Adresse", "email", "sophie@", error=wrong, required=True),
        Field("files", "Fichiers", "file", help=size, accept=".csv,.xlsx", required=True),
        Field("share", "Partager avec mes collègues", "check", checked=True),
    )
