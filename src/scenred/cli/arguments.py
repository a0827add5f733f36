"""Arguments rewritten before they are parsed: a flag with an optional value is two flags inside."""

from __future__ import annotations

PLANNING = ("evaluate", "compare")


def with_study(arguments: list[str]) -> list[str]:
    """Write `--plan FILE.toml` as `--plan --study FILE.toml`, for the commands that plan.

    Examples
    --------
    >>> with_study(["evaluate", "s.csv", "year.csv", "--plan", "study.toml", "--json"])
    ['evaluate', 's.csv', 'year.csv', '--plan', '--study', 'study.toml', '--json']
    >>> with_study(["evaluate", "--plan", "s.csv", "year.csv"])
    ['evaluate', '--plan', 's.csv', 'year.csv']
    """
    if not arguments or arguments[0] not in PLANNING:
        return arguments
    out: list[str] = []
    for number, argument in enumerate(arguments):
        if argument == "--":
            return out + arguments[number:]
        is_study = argument.endswith(".toml") and not argument.startswith("-")
        if is_study and out[-1] == "--plan":
            out.append("--study")
        out.append(argument)
    return out
