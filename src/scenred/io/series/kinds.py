# ruff: noqa: RUF001 - words in other alphabets
"""Kinds of columns, read from their names: wind, PV, load; weather, prices and angles are of no such kind."""

from __future__ import annotations

import re

from scenred.io.series.units import unit_of
from scenred.model import Kind

# Words of a kind in the languages of operators, tried in this order.
WORDS: tuple[tuple[Kind, str], ...] = (
    (
        "wind",
        r"(?<!re)wind(?!sor|ow|hoek|ham|ing|ward)|e[oó]lic|[eé]olien|\bvind|wiatr|tuuli|v[eě]trn|r[uü]zg[aâ]r|\beolian|"
        r"\bszél|ветр|\bвэс\b|αιολικ|風力|风力|风电|風電|풍력",
    ),
    (
        "pv",
        r"pv(?!gis|m\b)|solar|photovolt|fotovolt|solaire|słoneczn|slunečn|aurinko|\bsolkraft|\bsolenergi|\bsol\b|zonne|"
        r"güneş|солнечн|\bсэс\b|ηλιακ|φωτοβολτα|napelem|naperőmű|太陽光|太阳能|光伏|태양",
    ),
    (
        "load",
        r"(?<!down)(?<!work)load(?! ?factor)|demand|verbrauch|(?<![a-z])(netz|rest)?last(?![a-z])|consum|"
        r"consommation|\bcarico|fabbisogno|\bcarga\b|zapotrzebowani|obciążeni|förbrukning|forbru[gk]|kulutus|spotřeb|zatížení|tüketim|"
        r"потреблени|ζήτηση|需要|負荷|负荷|수요",
    ),
)
KINDS = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in WORDS)
# Words of quantities that are no power, whatever they are of.
OTHER = re.compile(
    # direction and position of the sun
    r"direction|(?<![a-z])(wind)?dir(?![a-z])|richtung|direcci|direção|direzione|(vind)?ri[kt]tning|retning|suunta|kierunek|směr|"
    r"yönü|направлен|风向|風向|풍향|zenit|azimut|elevation|elevación|altitude|declination|(?<![a-z])angle|winkel|"
    # speed
    r"speed|velocit|velocid|geschwindigkeit|vitesse|hastighe[dt]|nopeus|prędkość|rychlost|скорост|风速|風速|풍속|"
    r"(?<![a-z])gusts?(?![a-z])|windgust|böe|ráfaga|rafale|raffic|rajada|poryw|puuska|"
    # other weather
    r"temperatur|température|(?<![a-z])temp(?![a-z])|pressure|luftdruck|humidity|density|(?<![a-z])shear|"
    r"irradia|radiation|strahlung|radiaci[oó]n|rayonnement|radiação|radiazion|insolation|sunshine|日射|辐射|일사|"
    r"(?<![a-z])(ghi|dni|dhi|gti|poa)(?![a-z])|"
    # money
    r"price|preis|(?<![a-z])prix|precio|preço|prezzo|(?<![a-z])pris(?![a-z])|(?<![a-z])cen[ay](?![a-z])|hinta|fiyat|"
    r"(?<![a-z])цен[аы]|价格|価格|가격|(?<![a-z])costs?(?![a-z])|(?<![a-z])kosten|revenue|erlös|tariff|"
    # what is not fed in, and what is about a series
    r"curtail|abregel|(?<![a-z])errors?(?![a-z])|uncertaint|(?<![a-z])std(ev)?(?![a-z])|emission|(?<![a-z])co2(?![a-z])",
    re.IGNORECASE,
)


def kind_of_name(*names: str) -> Kind:
    """Return the kind that the first of some names says, 'other' if one is of a quantity that is no power.

    Examples
    --------
    >>> [kind_of_name(name) for name in ("Wind Onshore [MW]", "wind_direction", "Windsor PV", "Netzlast", "wind price")]
    ['wind', 'other', 'pv', 'load', 'other']
    """
    spread = [
        " ".join(re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", re.sub(r"[_\-.]+", " ", name)).split()) for name in names
    ]
    if any(map(OTHER.search, spread)):
        return "other"
    if any((unit := unit_of(name)) is not None and not unit.is_power for name in names):
        return "other"
    return next((kind for name in spread for kind, words in KINDS if words.search(name)), "other")
