"""Findings as lines of text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scenred.errors import one_line
from scenred.io.records.findings import LISTED


def to_text(findings: Mapping[str, Any]) -> str:
    """Return findings as text: one fact a line."""
    lines = []
    if "refused" in findings:  # why is on stderr
        lines.append("refused as given" + ("; read so with the flags below" if "flags" in findings else ""))
    if "proposal" in findings:
        lines.append(f"proposed, as it then is regular: {findings['proposal']}; check that it is what is meant")
    for file in findings.get("files", ()):
        lines.append(f"{file['name']}: {file['rows']} rows")
        if "delimiter" in file:
            header = "no header" if file["header"] is None else f"header on line {file['header'][-1]}"
            lines.append(
                f"  {file['encoding']}, delimiter {file['delimiter']}, decimal {file['decimal']}, {header}, "
                f"{len(file['lines_not_read'])} lines below it not read"
            )
    if "time" in findings:
        lines += _time_lines(findings)
    elif "scenarios" in findings:
        lines.append(f"scenario table: {findings['scenarios']} scenarios of {findings['steps']} steps")
        lines += [f"  {column['name']}: {column['kind']}" for column in findings["columns"]]
    lines += [f"note: {note}" for note in findings.get("notes", ())]
    if "flags" in findings:
        lines += [f"flags: {findings['flags']}", f"command: {findings['command']}"]
    if "not_reproduced" in findings:
        lines.append(
            f"flags: none that read the input in this way: with those that were found, {findings['not_reproduced']}"
        )
    return "".join(f"{one_line(line)}\n" for line in lines)


def _time_lines(findings: Mapping[str, Any]) -> list[str]:
    time, gaps, periods = findings["time"], findings["gaps"], findings["periods"]
    zone = time["zone"] or "none, the clock of the file"
    stamps = f"{time['columns']}, form {time['form']}, stamps at the {time['stamp']} of"
    if time["columns"] is None:
        stamps = "none, rows follow each other at"
    elif time["stamp"] is None:
        stamps = f"{time['columns']}, form {time['form']},"
    lines = [
        f"time: {stamps} a step of {time['step']}, zone {zone}",
        f"span: {time['first']} to {time['last']}, {time['rows']} rows; {gaps['count']} gaps of {gaps['steps']} steps"
        + (f", and {gaps['at_ends']} steps without values before and after" if gaps["at_ends"] else ""),
    ]
    lines += [
        f"  {gap['steps']} step{'s' if gap['steps'] > 1 else ''} between {gap['after']} and {gap['before']}"
        for gap in gaps["first"]
    ]
    if findings["clock_changes"]:
        shown = findings["clock_changes"][:LISTED]
        lines.append(f"clock changes: {len(findings['clock_changes'])} ({', '.join(shown)})")
    width = max(len(column["name"]) for column in findings["columns"])
    lines += [_column_line(column, width) for column in findings["columns"]]
    at_ends = periods["in_span"] - periods["usable"] - periods["dropped"]
    before, after = periods["rows_dropped_before"], periods["rows_dropped_after"]
    lines.append(
        f"periods of {periods['steps']} steps: {periods['usable']} usable of {periods['in_span']}; "
        f"{periods['dropped']} dropped inside, {at_ends} not whole at the ends ({before} rows with values before and "
        f"{after} after)"
    )
    lines += [f"changed: {count} {what}" for what, count in findings["changes"].items()]
    return lines


def _column_line(column: Mapping[str, Any], width: int) -> str:
    night = "" if column["zero_at_night"] is None else f", {100 * column['zero_at_night']:.3g} % zero at night"
    unit = f" {column['unit']}" if column["unit"] else ""
    return (
        f"  {column['name']:<{width}}  {column['kind']}, {column['least']:g} to {column['most']:g}{unit}, scale "
        f"{column['scale']:g}, {100 * column['missing']:.3g} % missing, "
        f"{100 * column['negative']:.3g} % negative{night}"
    )
