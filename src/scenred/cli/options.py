"""Flags that several commands share, each with its one spelling and its one help, and what their texts mean."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from scenred.errors import UsageError

MetricName = Literal["duration", "pointwise", "wasserstein", "sliced", "precomputed"]
AlignName = Literal["midnight", "start"]
MethodName = Literal["kmedoids", "exact", "forward", "backward", "alternating", "random"]

Source = Annotated[
    str,
    typer.Argument(
        metavar="INPUT",
        help="CSV file of a regular time series, or a scenario table; - is standard input.",
        show_default=False,
    ),
]
Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT",
        help="File of a regular time series (CSV, Excel, Parquet, NetCDF), a folder of them, or a scenario "
        "table; several are joined on time; - is standard input.",
        show_default=False,
    ),
]
Time = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Time column, or several: Date,Hour; found unless told."),
]
ColumnNames = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME", help="Use this column; repeat for more; all numeric ones unless told."),
]
Wind = Annotated[
    list[str] | None, typer.Option(metavar="NAME", help="Use this column, of kind wind; repeat for more.")
]
Pv = Annotated[
    list[str] | None, typer.Option(metavar="NAME", help="Use this column, of kind PV; repeat for more.")
]
Capacity = Annotated[
    list[str] | None,
    typer.Option(
        metavar="[NAME=]MW",
        help="Installed capacity of one column, or of all, in the unit of the values; repeat for more; or a CSV "
        "of plants. "
        "The metric divides by it; unless told, by the column's maximum.",
    ),
]
Period = Annotated[
    str | None,
    typer.Option(
        metavar="LENGTH", help="Length of a scenario, a multiple of the step: 6h, 24h, 7D. [default: 24h]"
    ),
]
AlignAt = Annotated[
    AlignName, typer.Option(help="Where the first period begins: at midnight or at the first row.")
]
GroundMetric = Annotated[
    MetricName,
    typer.Option(
        help="Ground metric: duration curves, values hour by hour, exact transport in time and value, its "
        "cheaper sliced version, or a matrix of your own."
    ),
]
Order = Annotated[
    float,
    typer.Option(metavar="R", help="Order r of the Wasserstein distance, at least 1; 1 and 2 are fast."),
]
ShiftCost = Annotated[
    float | None,
    typer.Option(
        metavar="KAPPA",
        help="For wasserstein and sliced: what moving all columns by one hour costs, in capacity. "
        "[default: 0.05]",
    ),
]
Directions = Annotated[
    int | None, typer.Option(metavar="M", help="For sliced: directions to project on. [default: 32]")
]
MatrixFile = Annotated[
    str | None,
    typer.Option(
        metavar="FILE.npy", help="For precomputed: square matrix of distances; rows are served by columns."
    ),
]
Weight = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=X", help="Weight of a column in the metric, 1 unless told; repeat for more."),
]
Size = Annotated[
    list[str] | None,
    typer.Option(
        "-k",
        "--scenarios",
        metavar="[GROUP=]N",
        help="How many scenarios to keep, extremes and dates included; with --group-by also group by group, "
        "repeated. [default: 10]",
    ),
]
Keep = Annotated[
    list[str] | None,
    typer.Option(
        metavar="STAT:COLUMNS",
        help="Keep the period of an extreme: min:wind+pv, max:load, max:residual, min:pv:day, max-ramp:wind, "
        "'longest-lull:wind+pv<0.1', each with @SITE for one site; repeat for more.",
    ),
]
ExtremeWeightName = Literal["cluster", "single"]
ExtremeWeight = Annotated[
    ExtremeWeightName,
    typer.Option(help="What a kept extreme represents: its cluster, or itself alone."),
]
Installed = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=MW",
        help="For residual in --keep: installed capacity of wind, pv or a column whose values are capacity "
        "factors; repeat for more.",
    ),
]
Include = Annotated[
    list[str] | None,
    typer.Option(
        metavar="DATE", help="Keep the period of this date, or of all dates in @FILE; repeat for more."
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(
        metavar="DATE",
        help="Never keep the period of this date, or of those in @FILE; it is represented all the same; repeat for "
        "more.",
    ),
]
Preserve = Annotated[
    list[str] | None,
    typer.Option(
        metavar="mean[:COLUMN,...]",
        help="Set the probabilities so that the means of all columns, or of these, are those of the input; "
        "scenarios that cannot hold them, or only dearly, are exchanged.",
    ),
]
EqualProbabilities = Annotated[
    bool, typer.Option("--equal-probabilities", help="Give all scenarios the same probability.")
]
MinProbability = Annotated[
    float, typer.Option(metavar="P", help="Give every scenario at least this probability.")
]
MaxProbability = Annotated[
    float, typer.Option(metavar="P", help="Give every scenario at most this probability.")
]
GroupBy = Annotated[
    str | None,
    typer.Option(
        metavar="GROUPS",
        help="Reduce groups each by itself: season, month, weekday, year, group (of a scenario table), or a column "
        "that is constant within every period.",
    ),
]
ShareName = Literal["mass", "cost"]
ShareBy = Annotated[
    ShareName, typer.Option(help="With --group-by: what shares k out, periods or what a group costs.")
]
Separate = Annotated[
    bool,
    typer.Option(
        "--separate",
        help="Reduce the columns of each site by themselves, into a file for each site beside -o.",
    ),
]
SearchMethod = Annotated[
    MethodName,
    typer.Option(help="How to choose: k-medoids by swaps, proven optimum, or one of the field's baselines."),
]
Gap = Annotated[
    float, typer.Option(metavar="SHARE", help="Stop when the cost is proven this near to the optimum.")
]
Bound = Annotated[bool, typer.Option("--no-bound", help="Prove no lower bound of the cost.")]
TimeLimit = Annotated[
    float | None,
    typer.Option(
        metavar="SECONDS", help="Stop then with the best found and its bound; reading does not count."
    ),
]
Starts = Annotated[int, typer.Option(metavar="N", help="Seeded starts of the search; the best is kept.")]
Seed = Annotated[int, typer.Option(metavar="N", help="Seed of the starts.")]
Threads = Annotated[
    int | None,
    typer.Option(metavar="N", help="Threads; one per processor unless told. The result is the same."),
]
Verbose = Annotated[
    bool, typer.Option("-v", "--verbose", help="Print the summary also where stderr is no terminal.")
]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Print nothing but errors.")]


def reading(
    time: str | None,
    column: list[str] | None,
    wind: list[str] | None,
    pv: list[str] | None,
    capacity: list[str] | None,
    period: str | None,
    align: str,
    flags: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Give the options of reading as `api.read_input` takes them."""
    from scenred.cli.reading import options_of

    return {
        "reading": options_of(flags) if flags is not None else {},
        "time": time,
        "columns": column or [],
        "wind": wind or [],
        "pv": pv or [],
        "capacity": capacities(capacity or []),
        "period": period,
        "align": align,
    }


def measuring(
    metric: str,
    order: float,
    shift_cost: float | None,
    directions: int | None,
    matrix: str | None,
    weight: list[str] | None,
) -> dict[str, Any]:
    """Give the options of the ground metric as `api.measure` takes them."""
    if (metric == "precomputed") != (matrix is not None):
        raise UsageError("--metric precomputed and --matrix FILE.npy go together; give both or neither")
    return {
        "metric": metric,
        "order": order,
        "shift_cost": shift_cost,
        "directions": directions,
        "column_weights": named_numbers(weight or [], "--weight"),
    }


def planned(
    keep: list[str] | None,
    include: list[str] | None,
    exclude: list[str] | None,
    extreme_weight: str,
    installed: list[str] | None,
    preserve: list[str] | None,
    equal_probabilities: bool,
    min_probability: float,
    max_probability: float,
    group_by: str | None,
    share: str,
) -> dict[str, Any]:
    """Give what a planner holds the reduction to as `api.generate` takes it; dates are still names of files here."""
    if extreme_weight != "cluster" and not keep:
        raise UsageError(f"--extreme-weight {extreme_weight} is for extremes; name some with --keep")
    if installed and not any("residual" in text for text in keep or []):
        raise UsageError("--installed is for a residual; ask for one, such as --keep max:residual")
    if share != "mass" and group_by is None:
        raise UsageError(f"--share {share} is for groups; add --group-by")
    return {
        "keep": keep or [],
        "include": include or [],
        "exclude": exclude or [],
        "extreme_weight": extreme_weight,
        "installed": named_numbers(installed or [], "--installed"),
        "preserve": preserve or [],
        "equal_probabilities": equal_probabilities,
        "min_probability": min_probability,
        "max_probability": max_probability,
        "group_by": group_by,
        "share": share,
    }


def size(texts: list[str] | None, default: int | None) -> int | dict[str, int] | None:
    """Read `-k`: one number, or GROUP=NUMBER for every group.

    Examples
    --------
    >>> size(["5"], 10), size(None, 10), size(["winter=5", "summer=3"], 10)
    (5, 10, {'winter': 5, 'summer': 3})
    """
    if not texts:
        return default
    plain = [text for text in texts if "=" not in text]
    if plain and len(texts) > 1:
        raise UsageError(f"-k {plain[0]} is for all; give it alone, or name every group: GROUP=N")
    counts: dict[str, int] = {}
    for text in texts:
        name, _, number = text.rpartition("=")
        if name in counts:
            raise UsageError(f"-k {text}: {name!r} is named twice; name it once")
        try:
            counts[name] = int(number)
        except ValueError as error:
            raise UsageError(
                f"-k {text}: {number!r} is no whole number; scenred needs one, such as 10"
            ) from error
    return counts[""] if plain else counts


def check_stdin(**sources: str | None) -> None:
    """Refuse two inputs that are standard input; the names are those that the help gives them."""
    names = [name for name, source in sources.items() if source == "-"]
    if len(names) > 1:
        raise UsageError(f"{' and '.join(names)} are both standard input; name a file for one of them")


def check_talk(*, verbose: bool, quiet: bool) -> None:
    """Refuse to be asked for talk and for silence."""
    if verbose and quiet:
        raise UsageError("--verbose and --quiet contradict each other; choose one")


def capacities(texts: list[str]) -> float | dict[str, float] | str | None:
    """Read `--capacity`: one number for all columns, NAME=MW for some, or a file of plants."""
    plain = [text for text in texts if "=" not in text]
    if not plain:
        return named_numbers(texts, "--capacity") or None
    if len(texts) > 1:
        raise UsageError(
            f"--capacity {plain[0]} is for all columns; give it alone, or name every one: NAME=MW"
        )
    is_file = not plain[0].lower().lstrip("+-").startswith(tuple("0123456789.")) or plain[0].lower().endswith(
        ".csv"
    )
    if is_file and plain[0].lower() not in ("nan", "inf", "-inf"):
        if "." not in plain[0] and "/" not in plain[0]:
            raise UsageError(
                f"--capacity {plain[0]}: is no number and no file; scenred needs MW, NAME=MW, or FILE.csv"
            )
        return plain[0]
    return _number(plain[0], "--capacity", plain[0])


def capacities_told(texts: list[str]) -> float | dict[str, float] | None:
    """Read `--capacity` where a file of plants has no meaning: its columns are pairs."""
    told = capacities(texts)
    if isinstance(told, str):
        raise UsageError(
            f"--capacity {told}: this command takes no file of plants; scenred needs MW, or NAME=MW for every one"
        )
    return told


def named_numbers(
    texts: list[str], flag: str, form: str = "NAME=NUMBER, such as wind=120"
) -> dict[str, float]:
    """Read flags of the form NAME=NUMBER, each name once; `form` is what a refusal says is needed."""
    numbers: dict[str, float] = {}
    for text in texts:
        name, mark, number = text.rpartition("=")
        if not mark or not name:
            raise UsageError(f"{flag} {text}: scenred needs {form}")
        if name in numbers:
            raise UsageError(f"{flag} {text}: {name!r} is named twice; name it once")
        numbers[name] = _number(number, flag, text)
    return numbers


def _number(number: str, flag: str, text: str) -> float:
    try:
        return float(number)
    except ValueError as error:
        raise UsageError(f"{flag} {text}: {number!r} is no number; scenred needs one, such as 120") from error
