"""Units in the names of columns: of power and energy, of shares, and rates such as prices, which are none of these."""

from __future__ import annotations

import re
from typing import NamedTuple

# Words before a unit that say how many of it are meant.
MANY: tuple[tuple[str, float], ...] = (
    (r"百万|百萬|백만|10\^6|1[ ,.']?000[ ,.']?000|mio\.?|mill?i(?:on|ó|õ)\w*|mln\.?|milj\w*\.?|млн\.?", 1e6),
    (r"十億|十亿|10\^9|mrd\.?|mld\.?|billions?|bn|mia\.?|млрд\.?", 1e9),
    (r"億|亿|억", 1e8),
    (r"万|萬|만|10\^4|10[ ,.']?000", 1e4),
    (r"千|천|10\^3|1[ ,.']?000|tsd\.?|tys\.?|tis\.?|thousands?|тыс\.?", 1e3),
    (r"百", 1e2),
)
# Of power and energy, in Latin and Cyrillic letters.
WATTS = r"[kmgt]?w(?:h|p|e|el|th)?|[kmg]va(?:r|rh|h)?|[kmgt]j|[кмгт]вт(?:[·*. -]?ч)?"
NAMES = {
    **{name.casefold(): name for prefix in ("", "k", "M", "G", "T") for name in (f"{prefix}W", f"{prefix}Wh")},
    **{name.casefold(): name for prefix in ("k", "M", "G") for name in (f"{prefix}Wp", f"{prefix}VA")},
    **{f"{mark}вт": f"{prefix}W" for mark, prefix in zip("кмгт", "kMGT", strict=True)},
    **{
        f"{mark}вт{dot}ч": f"{prefix}Wh"
        for mark, prefix in zip("кмгт", "kMGT", strict=True)
        for dot in ("", "·", "*", "-")
    },
}
BRACKETS = re.compile(r"[\[(\uff08{]([^\])\uff09}]*)[\])\uff09}]")
# One thing per another: EUR/MWh, W/m2, kWh/15min, MW/h, eur_per_mwh.
SIDE = r"[^\s/_\[\](){},;:=]+"
SPAN = r"\d*\s?(?:h|hr|hours?|min|minutes?|mtu|days?|d|step|stunde|std|tag|jour|día)"
RATE = re.compile(rf"(?P<of>{SIDE})\s?/\s?(?P<per>{SPAN}(?![^\W_])|{SIDE})", re.IGNORECASE)
PER = re.compile(
    rf"(?:^|[\s_.-])(?P<of>[^\W\d_]+|[€$£¥])[\s_.-](?:per|pro|par|por)[\s_.-](?P<per>{WATTS}|{SPAN})(?![^\W_])",
    re.IGNORECASE,
)
MONEY = re.compile(
    r"(?:[€$£¥]|eur|usd|gbp|chf|aud|cad|nzd|sek|nok|dkk|pln|czk|jpy|cny|ct|cent|price|preis|prix)", re.IGNORECASE
)
SCALED = [
    (re.compile(rf"(?<![^\W_])(?P<many>{many})[\s_]?(?P<unit>{WATTS})(?![^\W_])", re.IGNORECASE), factor)
    for many, factor in MANY
]
PLAIN = re.compile(rf"(?<![^\W_])(?<!\d )(?P<unit>{WATTS})(?![^\W_])", re.IGNORECASE)
SUFFIX = re.compile(r"(?<=[a-z])(?:[kMGT]Wh?|KWH?)(?![^\W_])")
PERCENT = re.compile(r"%|(?<![^\W_])(?:percent|pct|prozent)(?![^\W_])", re.IGNORECASE)
SHARE = re.compile(r"(?<![^\W_])p\.?\s?u\.?(?![^\W_])|per[ _-]unit", re.IGNORECASE)
# Of the weather, in brackets or as the last word.
WEATHER = re.compile(
    r"m/?s|km/?h|mph|kn|knots?|°\s?[cfnk]?|deg(?:rees?)?|rad|[ck]|h?pa|mbar|mm|kg/m3|kg/m³", re.IGNORECASE
)


class Unit(NamedTuple):
    """A unit as it is shown, and whether values in it are power, energy or a share of capacity."""

    name: str
    is_power: bool


def unit_of(name: str) -> Unit | None:
    """Return the unit that the name of a column holds, or None.

    Examples
    --------
    >>> for name in ("wind_mw", "price [EUR/MWh]", "出力(万kW)", "load, Mio. kWh", "ghi (W/m2)", "BMW plant"):
    ...     print(unit_of(name))
    Unit(name='MW', is_power=True)
    Unit(name='EUR/MWh', is_power=False)
    Unit(name='万kW (10,000 kW)', is_power=True)
    Unit(name='Mio. kWh (1,000,000 kWh)', is_power=True)
    Unit(name='W/m2', is_power=False)
    None
    """
    for inner in reversed(BRACKETS.findall(name)):
        if (found := _found(inner.strip(), is_whole=True)) is not None:
            return found
    return _found(BRACKETS.sub(" ", name), is_whole=False)


def _found(text: str, *, is_whole: bool) -> Unit | None:
    """Find a unit in a text; `is_whole` says that it holds nothing else."""
    for found in (*RATE.finditer(text), *PER.finditer(text)):
        if (rate := _rate(found["of"], found["per"])) is not None:
            return rate
    for pattern, factor in SCALED:
        if (match := pattern.search(text)) is not None:
            return Unit(f"{match[0].strip()} ({factor:,.0f} {_called(match['unit'])})", is_power=True)
    if (match := PLAIN.search(text)) is not None and (is_whole or len(match["unit"]) > 1):
        before = text[: match.start()].rstrip(" _.-")
        if money := MONEY.search(before[-6:]):
            return Unit(f"{money[0].upper()}/{_called(match['unit'])}", is_power=False)
        return Unit(_called(match["unit"]), is_power=True)
    if (match := SUFFIX.search(text)) is not None:
        return Unit(_called(match[0]), is_power=True)
    if PERCENT.search(text):
        return Unit("percent", is_power=True)
    if SHARE.search(text):
        return Unit("p.u.", is_power=True)
    words = [text] if is_whole else re.split(r"[\s_]+", text.strip())[-1:]
    if is_whole and words[0] and WEATHER.fullmatch(words[0]):
        return Unit(words[0], is_power=False)
    return None


def _rate(of: str, per: str) -> Unit | None:
    """Return one thing per another, if either is a unit of power or energy, or both are of the weather."""
    whole = re.compile(rf"(?:{'|'.join(many for many, _ in MANY)})?\s?(?:{WATTS})", re.IGNORECASE)
    name = f"{of}/{per}"
    if whole.fullmatch(of):
        is_share = whole.fullmatch(per) is not None
        is_mean = re.fullmatch(SPAN, per, re.IGNORECASE) is not None  # MWh/h, and MW/h as some write it
        return Unit(name, is_power=is_share or is_mean)
    if whole.fullmatch(per) and len(per) > 1:
        return Unit(name, is_power=False)
    return Unit(name, is_power=False) if WEATHER.fullmatch(name) else None


def _called(unit: str) -> str:
    return NAMES.get(unit.casefold(), unit)
