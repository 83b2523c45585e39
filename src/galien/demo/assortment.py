"""The non-medicine range of the demonstration: invented products, brands and prices, said to be so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from galien.demo.public import Floats, Ints, Texts
from galien.kernel.codes import gs1_key

# No GS1 member organisation issues numbers that begin with 395: no real pack has these codes.
PREFIX = "395"
FLAT = (1.0,) * 12
SUMMER = (0.35, 0.4, 0.6, 0.9, 1.4, 2.0, 2.3, 1.8, 0.9, 0.5, 0.4, 0.45)
WINTER = (1.5, 1.35, 1.1, 0.9, 0.75, 0.65, 0.6, 0.65, 0.95, 1.15, 1.2, 1.2)
GIFTS = (0.85, 0.95, 0.9, 0.9, 1.05, 0.95, 0.85, 0.8, 0.9, 0.95, 1.1, 1.8)


@dataclass(frozen=True)
class Shelf:
    """One shelf: where it stands in the hierarchy, VAT (per mille), prices, weight in sales.

    `weight` is its share of counter boxes; `prescribed` its share of prescription boxes.
    `price` is the median in cents, VAT included; `cost` list price ÷ selling price excl. VAT.
    """

    universe: tuple[str, str]
    family: tuple[str, str]
    segments: tuple[str, ...]
    products: int
    vat: int
    price: int
    cost: float
    weight: float
    prescribed: float = 0.0
    months: tuple[float, ...] = FLAT
    kind: str = "Parapharmacie"


SHELVES = (
    Shelf(("Beauté", "Visage"), ("Soins du visage", "Hydratation et anti-âge"),
          ("Crème de jour", "Crème de nuit", "Sérum", "Contour des yeux", "Masque"),
          560, 200, 1990, 0.70, 0.070, months=GIFTS),
    Shelf(("Beauté", "Visage"), ("Soins du visage", "Nettoyage et démaquillage"),
          ("Eau micellaire", "Lait", "Gel nettoyant", "Lotion"), 300, 200, 1190, 0.70, 0.045),
    Shelf(("Beauté", "Corps et cheveux"), ("Corps", "Soins du corps"),
          ("Baume", "Huile", "Crème mains", "Gommage"), 340, 200, 1150, 0.70, 0.050, months=WINTER),
    Shelf(("Beauté", "Corps et cheveux"), ("Cheveux", "Soins capillaires"),
          ("Shampooing", "Après-shampooing", "Chute", "Coloration"), 320, 200, 1190, 0.69, 0.045),
    Shelf(("Beauté", "Solaire"), ("Solaire", "Protection solaire"),
          ("SPF 50", "SPF 30", "Après-soleil", "Enfant"), 220, 200, 1590, 0.68, 0.040, months=SUMMER),
    Shelf(("Hygiène", "Hygiène du corps"), ("Toilette", "Gels et savons"),
          ("Gel douche", "Pain", "Déodorant", "Intime"), 380, 200, 790, 0.70, 0.085),
    Shelf(("Hygiène", "Incontinence"), ("Protection", "Incontinence de l’adulte"),
          ("Légère", "Moyenne", "Forte"), 180, 200, 1390, 0.76, 0.030, kind="Dispositif médical"),
    Shelf(("Hygiène bucco-dentaire", "Dentifrices et brosses"), ("Dents", "Entretien quotidien"),
          ("Dentifrice", "Brosse", "Brossette", "Fil"), 380, 200, 590, 0.70, 0.110),
    Shelf(("Hygiène bucco-dentaire", "Bains de bouche et appareils"), ("Dents", "Soins et appareils"),
          ("Bain de bouche", "Fixatif", "Nettoyant"), 160, 200, 790, 0.70, 0.035),
    Shelf(("Diététique", "Compléments alimentaires"), ("Vitalité", "Compléments"),
          ("Sommeil", "Digestion", "Défenses", "Articulations", "Magnésium"),
          520, 55, 1390, 0.67, 0.080, months=WINTER),
    Shelf(("Diététique", "Nutrition"), ("Nutrition", "Nutrition clinique et minceur"),
          ("Boisson hyperprotéinée", "Crème", "Minceur"), 190, 55, 1690, 0.80, 0.010, 0.0060),
    Shelf(("Diététique", "Phytothérapie et aromathérapie"), ("Plantes", "Huiles essentielles"),
          ("Huile essentielle", "Gélules", "Tisane"), 330, 55, 790, 0.66, 0.045, months=WINTER),
    Shelf(("Bébé et maman", "Alimentation"), ("Laits infantiles", "Laits"),
          ("1er âge", "2e âge", "Croissance", "Spécial"), 170, 55, 1890, 0.86, 0.035),
    Shelf(("Bébé et maman", "Toilette et puériculture"), ("Puériculture", "Toilette du bébé"),
          ("Liniment", "Lingettes", "Biberon", "Sucette", "Crème change"), 300, 200, 850, 0.70, 0.060),
    Shelf(("Orthopédie", "Attelles et ceintures"), ("Orthopédie", "Contention des membres"),
          ("Genouillère", "Chevillère", "Poignet", "Ceinture"), 260, 200, 3290, 0.62, 0.008, 0.0040,
          kind="Dispositif médical"),
    Shelf(("Orthopédie", "Compression veineuse"), ("Orthopédie", "Bas et chaussettes"),
          ("Chaussettes", "Bas", "Collants"), 260, 200, 2690, 0.63, 0.004, 0.0060, SUMMER,
          "Dispositif médical"),
    Shelf(("Matériel et pansements", "Pansements"), ("Soins", "Pansements et compresses"),
          ("Compresses", "Pansement", "Bande", "Sparadrap"), 360, 200, 690, 0.66, 0.080, 0.0190,
          kind="Dispositif médical"),
    Shelf(("Matériel et pansements", "Autosurveillance"), ("Diabète", "Bandelettes et aiguilles"),
          ("Bandelettes", "Lancettes", "Aiguilles", "Capteur"), 140, 55, 1990, 0.80, 0.003, 0.0095,
          kind="Dispositif médical"),
    Shelf(("Matériel et pansements", "Petit matériel"), ("Matériel", "Petit matériel médical"),
          ("Thermomètre", "Tensiomètre", "Pilulier", "Inhalation"), 140, 200, 1290, 0.64, 0.025, 0.0020,
          kind="Dispositif médical"),
    Shelf(("Vétérinaire", "Antiparasitaires"), ("Animaux", "Antiparasitaires externes"),
          ("Chien", "Chat", "Collier"), 150, 200, 1890, 0.72, 0.030, months=SUMMER, kind="Vétérinaire"),
    Shelf(("Vétérinaire", "Soins"), ("Animaux", "Soins et vermifuges"),
          ("Vermifuge", "Oreilles", "Peau"), 80, 200, 990, 0.70, 0.010, kind="Vétérinaire"),
    Shelf(("Voyage et environnement", "Insectes"), ("Environnement", "Répulsifs et piqûres"),
          ("Répulsif", "Apaisant", "Diffuseur"), 120, 200, 990, 0.65, 0.030, months=SUMMER),
    Shelf(("Voyage et environnement", "Poux et acariens"), ("Environnement", "Poux et acariens"),
          ("Lotion", "Spray", "Peigne"), 80, 200, 1490, 0.62, 0.015, months=WINTER),
    Shelf(("Optique et audition", "Lentilles et yeux"), ("Yeux", "Entretien des lentilles"),
          ("Solution", "Larmes", "Lingettes"), 110, 200, 990, 0.66, 0.030),
    Shelf(("Optique et audition", "Lunettes et bouchons"), ("Yeux", "Lunettes et bouchons"),
          ("Loupe", "Solaire", "Bouchons"), 90, 200, 1190, 0.55, 0.010),
)  # fmt: skip
RENTALS = Shelf(
    ("Location et services", "Location de matériel"), ("Location", "Matériel médical loué"),
    ("Lit médicalisé", "Fauteuil roulant", "Aérosol", "Tire-lait", "Béquilles"),
    20, 200, 2900, 0.0, 0.0, kind="Location",
)  # fmt: skip
_SYLLABLES = (
    "al",
    "va",
    "ri",
    "so",
    "ly",
    "né",
    "or",
    "mi",
    "da",
    "cé",
    "lo",
    "fa",
    "bri",
    "tu",
    "xa",
)


@dataclass(frozen=True)
class Assortment:
    """The invented products, one entry each; prices in cents, VAT per mille."""

    code: Texts
    label: Texts
    brand: Texts
    range: Texts
    segment: Texts
    lab: Texts
    shelf: Ints
    price: Ints
    counter: Floats
    prescribed: Floats


def invent(
    rng: np.random.Generator, shelves: tuple[Shelf, ...] = (*SHELVES, RENTALS)
) -> Assortment:
    """Invent the range: eight brands a shelf, prices around its median, a few products that sell."""
    rows: list[tuple[str, str, str, str, str, str, int, int, float, float]] = []
    for rank, shelf in enumerate(shelves):
        brands = [_brand(rng) for _ in range(8)]
        appeal = rng.lognormal(0, 0.8, shelf.products)
        appeal /= appeal.sum()
        for number in range(shelf.products):
            brand = brands[min(int(rng.exponential(2.2)), 7)]
            segment = shelf.segments[number % len(shelf.segments)]
            line = (
                f"{brand} {['Essentiel', 'Confort', 'Expert', 'Nature', 'Actif'][number // 7 % 5]}"
            )
            body = f"{PREFIX}{rank:02d}{number:04d}{rank * 37 % 1000:03d}"
            cents = round(shelf.price * float(rng.lognormal(0, 0.38)) / 10) * 10 - 1
            rows.append(
                (body + gs1_key(body), f"{line} {segment.lower()} n° {number + 1} (fictif)",
                 f"{brand} (fictive)", f"{line} (fictive)", segment, f"Laboratoire {brand} (fictif)",
                 rank, max(cents, 149), shelf.weight * appeal[number], shelf.prescribed * appeal[number])
            )  # fmt: skip
    code, label, brands_of, lines, segments, labs, ranks, prices, bought, prescribed = zip(
        *rows, strict=True
    )
    return Assortment(
        code=_objects(code),
        label=_objects(label),
        brand=_objects(brands_of),
        range=_objects(lines),
        segment=_objects(segments),
        lab=_objects(labs),
        shelf=np.array(ranks, np.int64),
        price=np.array(prices, np.int64),
        counter=np.array(bought, np.float64),
        prescribed=np.array(prescribed, np.float64),
    )


def _brand(rng: np.random.Generator) -> str:
    return "".join(_SYLLABLES[i] for i in rng.integers(0, len(_SYLLABLES), 3)).capitalize()


def _objects(values: tuple[object, ...]) -> Texts:
    array = np.empty(len(values), object)
    array[:] = values
    return array
