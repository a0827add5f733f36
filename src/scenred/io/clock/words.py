"""The time in the names of columns: its parts, its zone, and whether a stamp is the end of its step."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Names of columns that hold a part of the time, as `folded` gives them, with commas between them.
NAMES = {
    "year": "year,yr,yyyy,jahr,año,ano,année,annee,anno",
    "month": "month,mo,mm,monat,mes,mois",
    "day": "day,dy,dd,tag,día,dia,jour",
    "hour": "hour,hours,hr,hh,he,hb,hour ending,hourending,hour beginning,hour end,hr end,hrend,opr hr,hour number,"
    "stunde,std,hora,heure,godzina,godz,hodina,timme,timmar,timer,tunti,óra,ora,ore,uur,sat",
    "year month": "yyyymm,yearmonth,year month,ym,yrmo",
    "minute": "minute,min,mi",
    "second": "second,seconds,sec,ss",
    "clock": "time,hhmm,hrmn,hrmin,hourminute,time of day,local time,uhrzeit,zeit,heures",
    "day of year": "doy,day of year,dayofyear,yday,julian day,jday,day number",
    "period": "period,settlement period,settlementperiod,interval,trading period,tradingperiod,time period,"
    "quarter,quarter hour,viertelstunde,periodo,sp,pte,position,pos",
}
PARTS = {part: frozenset(names.split(",")) for part, names in NAMES.items()}
# Names that say that stamps are the end of their step, or its begin.
ENDS = re.compile(
    r"h(ou)?r[\s_-]*end(ing)?\b|\bhe\b|end of (the )?(hour|interval|period)|interval[\s_-]*end|period[\s_-]*end|"
    r"time[\s_-]*end(ing)?\b|(?<![a-z])ending(?![a-z])|^((date|time|datetime)[\s_-]*)?(to|until)\b|"
    r"^(datum |zeit |uhrzeit )?(bis|ende)\b|^end\b|^settlementdate$|date[\s_-]*end|end[\s_-]*(date|time)\b",
    re.IGNORECASE,
)
BEGINS = re.compile(
    r"h(ou)?r[\s_-]*(begin|start)(n?ing)?\b|\bhb\b|(begin|start)(n?ing)? of (the )?(hour|interval|period)|"
    r"(?<![a-z])(begin|start)(n?ing)?(?![a-z])|(interval|period|date|time)[\s_-]*(begin|start)|"
    r"(begin|start)[\s_-]*(date|time)|^((date|time|datetime)[\s_-]*)?from\b|"
    r"^(datum |zeit |uhrzeit )?(von|ab|anfang|beginn)\b",
    re.IGNORECASE,
)
# Names of times at which something was made known, next to the times that it is about.
ISSUED = re.compile(
    r"publi(sh|c)|\bissue|\bcreat|\bupdat|\bmodifi|\blast_?chang|\bchanged|\bretriev|\brelease|\breference|\bforecast|\binit\b|\brun\b",
    re.IGNORECASE,
)
UTC = re.compile(r"(?<![a-z])(utc|gmt)|(utc|gmt)(?![a-z])", re.IGNORECASE)
UTC_AND_MORE = re.compile(
    r"(utc|gmt)[ _]*(?P<sign>[+\-\u2212]|plus|minus)[ _]*(?P<hours>\d{1,2})(?::?(?P<minutes>[0-5]\d))?(?!\d)",
    re.IGNORECASE,
)
NOT_UTC = re.compile(r"\bnot\b|\blocal|offset", re.IGNORECASE)
# Parts that hold the time of a day; the first of them that is there counts.
WITHIN = ("hour", "period", "clock")


def folded(name: str) -> str:
    """Return a name in lower case without units, with spaces for marks.

    Examples
    --------
    >>> folded("SETTLEMENT_PERIOD"), folded("Hour Ending (local)")
    ('settlement period', 'hour ending')
    """
    return " ".join(re.sub(r"[_\-.]+", " ", re.sub(r"[(\[].*", "", name)).casefold().split())


def is_time_part(name: str) -> bool:
    """Return whether a column is named for a part of the time, such as year or hour."""
    return any(folded(name) in known for known in PARTS.values())


def named_offset(names: Sequence[str]) -> float | None:
    """Return the offset from UTC in seconds that the name of a time column holds, or None.

    Examples
    --------
    >>> [named_offset([name]) for name in ("MTU (UTC)", "Time (UTC-5)", "date_gmt_plus_1", "local, UTC offset", "Hour")]
    [0.0, -18000.0, 3600.0, None, None]
    """
    for name in names:
        if (found := UTC_AND_MORE.search(name)) is not None:
            seconds = int(found["hours"]) * 3600 + int(found["minutes"] or 0) * 60
            return float(seconds if found["sign"].casefold() in ("+", "plus") else -seconds)
    is_utc = any(UTC.search(name) and not NOT_UTC.search(name.replace("_", " ")) for name in names)
    return 0.0 if is_utc else None


def said_end(name: str) -> str | None:
    """Return that the name of a column makes its stamps the end of their step, where it does."""
    return f"the name of {name} says" if ENDS.search(name) else None


def said_begin(name: str) -> str | None:
    """Return that the name of a column makes its stamps the begin of their step, where it does.

    Examples
    --------
    >>> [name for name in ("Hour Beginning", "Date_Begin_GMT", "Datum von", "Hour") if said_begin(name)]
    ['Hour Beginning', 'Date_Begin_GMT', 'Datum von']
    """
    return f"the name of {name} says" if BEGINS.search(name) and not ENDS.search(name) else None


def tells_day(parts: dict[str, str]) -> bool:
    """Return whether columns named for parts of the time hold the date of a row."""
    has_year = "year" in parts and ({"month", "day"} <= set(parts) or "day of year" in parts)
    return has_year or {"year month", "day"} <= set(parts)


def parts_of(names: list[str]) -> dict[str, str]:
    """Find the columns that are named for a part of the time."""
    found: dict[str, str] = {}
    for part, known in PARTS.items():
        for name in names:
            if folded(name) in known:
                found.setdefault(part, name)
    given = next((part for part in WITHIN if part in found), "")
    return {part: name for part, name in found.items() if part == given or part not in WITHIN}
