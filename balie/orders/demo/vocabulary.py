"""What products of the demo shop are made of: categories, brands, models, sizes, colours, seasons."""

from __future__ import annotations

from typing import Final

SIZES: Final[dict[str, tuple[str, ...]]] = {
    "one": (),
    "clothing": ("XS", "S", "M", "L", "XL", "XXL"),
    "gloves": ("S", "M", "L", "XL"),
    "helmet": ("S", "M", "L"),
    "kids": ("104", "116", "128", "140", "152"),
    "shoes": ("36", "37", "38", "39", "40", "41", "42", "43", "44", "45", "46"),
    "frame": ("49 cm", "53 cm", "57 cm", "61 cm"),
    "kids_frame": ("20 inch", "24 inch"),
    "bag": ("regular", "long"),
    "tyre": ("28 inch", "29 inch"),
}

COLOURS: Final[dict[str, tuple[str, str]]] = {
    "black": ("zwart", "black"),
    "white": ("wit", "white"),
    "grey": ("grijs", "grey"),
    "dark_blue": ("donkerblauw", "dark blue"),
    "sky_blue": ("lichtblauw", "light blue"),
    "petrol": ("petrol", "petrol"),
    "moss": ("mosgroen", "moss green"),
    "green": ("groen", "green"),
    "red": ("rood", "red"),
    "orange": ("oranje", "orange"),
    "yellow": ("geel", "yellow"),
    "ochre": ("oker", "ochre"),
    "sand": ("zand", "sand"),
    "brown": ("bruin", "brown"),
    "pink": ("roze", "pink"),
    "purple": ("paars", "purple"),
}

PALETTES: Final[dict[str, tuple[str, ...]]] = {
    "none": (),
    "muted": ("black", "grey", "dark_blue", "moss", "petrol", "sand"),
    "bright": ("red", "orange", "yellow", "sky_blue", "green", "pink", "purple"),
    "mixed": ("black", "dark_blue", "petrol", "red", "ochre", "moss", "sky_blue"),
    "frame": ("black", "grey", "dark_blue", "moss", "white", "red"),
    "earth": ("sand", "moss", "ochre", "brown", "green"),
}

# Share of a year's sales per month, January first; 1.0 is an average month.
SEASONS: Final[dict[str, tuple[float, ...]]] = {
    "all": (0.9, 0.8, 0.9, 1.0, 1.1, 1.1, 1.0, 0.9, 0.9, 0.9, 1.2, 1.4),
    "bike": (0.5, 0.6, 1.3, 1.8, 1.7, 1.4, 1.0, 0.9, 0.9, 0.7, 0.6, 0.6),
    "camping": (0.2, 0.3, 0.6, 1.2, 1.9, 2.4, 2.6, 1.3, 0.5, 0.3, 0.3, 0.4),
    "hiking": (0.6, 0.6, 0.9, 1.2, 1.3, 1.2, 1.1, 1.0, 1.3, 1.2, 0.9, 0.7),
    "rain": (1.0, 0.9, 1.0, 0.8, 0.7, 0.6, 0.6, 0.8, 1.3, 1.8, 1.6, 1.0),
    "running": (1.6, 1.2, 1.4, 1.2, 1.0, 0.8, 0.7, 0.9, 1.2, 0.9, 0.6, 0.5),
    "summer": (0.3, 0.3, 0.5, 0.8, 1.6, 2.5, 2.6, 1.8, 0.6, 0.3, 0.3, 0.4),
    "winter": (2.2, 1.3, 0.5, 0.1, 0.1, 0.1, 0.1, 0.2, 0.6, 1.3, 2.4, 3.1),
    "dark": (1.4, 1.0, 0.7, 0.4, 0.3, 0.3, 0.3, 0.5, 1.1, 2.0, 2.2, 1.8),
    "january": (2.4, 1.5, 1.1, 0.9, 0.8, 0.6, 0.6, 0.7, 1.1, 0.8, 0.7, 0.8),
}

BRANDS: Final[dict[str, tuple[str, ...]]] = {
    "bikes": ("Polderwerk", "Zilverspaak", "Rijwind", "Dijkgraaf"),
    "e_bikes": ("Stuwkracht", "Polderwerk", "Meewind"),
    "parts": ("Spaakwiel", "Rijwind", "Kettingkast"),
    "camp": ("Fjellvik", "Heidegroen", "Kampvuur", "Tramonde"),
    "clothes": ("Duinroos", "Fjellvik", "Kaapstorm", "Wadvogel"),
    "shoes": ("Zandpad", "Tramonde", "Lichtvoet"),
    "run": ("Lichtvoet", "Windvaan", "Tempovast"),
    "water": ("Golfslag", "Zoutspoor", "Branding & Co"),
    "climb": ("Rotsvast", "Steilwand"),
    "winter": ("Sneeuwhaas", "Noordwal", "Kaapstorm"),
    "gym": ("Tempovast", "Krachthuis"),
}

MODELS: Final = (
    "Torsa", "Vinde", "Halde", "Skarn", "Lomvi", "Orfje", "Brisk", "Kaldur", "Meander", "Zephyr", "Noria",
    "Sundal", "Terp", "Wierde", "Kwelder", "Stuif", "Gors", "Duinpan", "Slufter", "Kreek", "Geul", "Zwin",
    "Rondo", "Allegro", "Vivace", "Presto", "Lento", "Largo", "Marcato", "Legato", "Pico", "Alto", "Medio",
    "Lynx", "Otter", "Kievit", "Grutto", "Wulp", "Tureluur", "Scholekster", "Buizerd", "Torenvalk", "Lijster",
    "Kade", "Haven", "Baken", "Boei", "Steven", "Kiel", "Spant", "Fok", "Stag", "Lier", "Giek",
    "Berk", "Linde", "Els", "Esp", "Olm", "Taxus", "Varen", "Heide", "Gagel", "Brem", "Bies",
    "Nimbus", "Cirrus", "Stratus", "Cumulus", "Aurora", "Solstice", "Equinox", "Zenit", "Horizon",
)  # fmt: skip

# Code: names (nl, en), and further words customers use for it (nl, en).
CATEGORIES: Final[dict[str, tuple[str, str, str, str]]] = {
    "bikes": ("fietsen", "bikes", "fiets rijwiel tweewieler", "bike bicycle cycle pushbike"),
    "e_bikes": (
        "elektrische fietsen", "e-bikes",
        "fiets ebike elektrisch elektrische accu", "bike ebike electric battery",
    ),
    "helmets": ("fietshelmen", "bike helmets", "helm fietshelm", "helmet"),
    "bike_bags": ("fietstassen", "panniers", "tas fietstas bagage", "bag pannier luggage"),
    "bike_parts": ("fietsonderdelen", "bike parts", "onderdeel accessoire fiets", "part accessory bike"),
    "cycling_clothes": (
        "fietskleding", "cycling clothes", "wielrenkleding fietskleren", "clothing kit cycling",
    ),
    "tents": ("tenten", "tents", "tent kamperen camping", "tent camping"),
    "sleeping": ("slapen", "sleeping", "slaapspullen kamperen matras", "camping mattress"),
    "camp_kitchen": ("kampeerkeuken", "camp kitchen", "kamperen koken", "camping cooking"),
    "backpacks": ("rugzakken", "backpacks", "rugzak rugtas tas", "backpack rucksack bag"),
    "hiking_gear": ("wandeluitrusting", "hiking gear", "wandelen", "hiking walking"),
    "jackets": ("jassen", "jackets", "jas jack", "jacket coat"),
    "trousers": ("broeken", "trousers", "broek", "trousers pants"),
    "base_layers": ("basislagen", "base layers", "ondergoed trui shirt", "underwear jumper top"),
    "shoes": ("schoenen", "shoes", "schoen", "shoe boot footwear"),
    "running_clothes": ("hardloopkleding", "running clothes", "hardlopen", "running clothing"),
    "running_gear": ("hardloopuitrusting", "running gear", "hardlopen", "running"),
    "nutrition": ("sportvoeding", "sports nutrition", "voeding eten", "food snack"),
    "swimwear": ("zwemmen", "swimming", "zwemkleding zwemspullen", "swimwear swim"),
    "water_sports": ("watersport", "water sports", "water varen surfen", "water paddling surfing"),
    "climbing": ("klimmen", "climbing", "klimspullen", "climb"),
    "winter_sports": ("wintersport", "winter sports", "winter ski kou", "winter ski cold"),
    "fitness": ("fitness", "fitness", "sporten training thuis", "training gym home"),
}  # fmt: skip
