"""Groups of options become the flags of a command: a parameter of type `Reading` is all flags of reading."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Annotated, Any, get_args, get_origin

import typer
from typer.core import TyperCommand

from scenred.cli.flags import texts
from scenred.errors import UsageError
from scenred.options.declare import Option, options_of


@dataclass(frozen=True, slots=True)
class Use:
    """Which options of a group a command has, and what it says otherwise of some.

    Parameters
    ----------
    only, without : tuple of str
        Names of options; all by default.
    help : mapping of str to str
        Another sentence.
    kind : mapping of str to type
        Fewer choices.
    default : mapping of str to str
        As the help shows it, where the kind writes it otherwise.
    """

    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    help: Mapping[str, str] = field(default_factory=dict)
    kind: Mapping[str, Any] = field(default_factory=dict)
    default: Mapping[str, str] = field(default_factory=dict)

    def holds(self, one: Option) -> bool:
        """Return whether the command has an option."""
        return one.flag is not None and one.name not in self.without and (not self.only or one.name in self.only)


@dataclass(frozen=True, slots=True)
class _Flags:
    """The flags of one group on one command."""

    group: type[Any]
    use: Use
    options: tuple[Option, ...]

    def parameters(self) -> list[inspect.Parameter]:
        """Return what typer reads."""
        found = []
        for one in self.options:
            kind, default = texts.kind_of(one)
            kind, default = self.use.kind.get(one.name, kind), self.use.default.get(one.name, default)
            found.append(_parameter(one.name, kind, default, self._info(one)))
            if one.declared.preset is not None:
                flag, _, sentence = one.declared.preset
                info = typer.Option(flag, help=sentence, rich_help_panel=self.group.heading)
                found.append(_parameter(_preset(one), bool, False, info))
        return found

    def _info(self, one: Option) -> Any:
        sentence = self.use.help.get(one.name, one.declared.help)
        shown = f" [default: {one.declared.shown}]" if one.declared.shown else ""
        return typer.Option(
            *([one.declared.short] if one.declared.short else []),
            str(one.flag),
            metavar=one.declared.metavar,
            help=sentence + shown,
            show_default=not one.declared.shown and one.default is not None,
            rich_help_panel=self.group.heading,
        )

    def take(self, given: dict[str, Any]) -> Any:
        """Build the group from the flags that were given, and remove them."""
        values = {}
        for one in self.options:
            value = texts.read(one, given.pop(one.name))
            if one.declared.preset is not None and given.pop(_preset(one)):
                if value is not None:
                    raise UsageError(
                        f"{one.flag} and {one.declared.preset[0]} contradict each other", advice="choose one"
                    )
                value = one.declared.preset[1]
            values[one.name] = value
        return self.group(**values)


def attach(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command whose parameters that are groups of options are flags.

    A parameter's annotation is a group, or `Annotated[group, Use(...)]`.
    """
    signature = inspect.signature(command, eval_str=True)
    groups = {name: found for name, one in signature.parameters.items() if (found := _flags_of(one.annotation))}
    parameters: list[inspect.Parameter] = []
    for name, one in signature.parameters.items():
        parameters += (
            groups[name].parameters() if name in groups else [one.replace(kind=inspect.Parameter.KEYWORD_ONLY)]
        )

    @wraps(command)
    def run(**given: Any) -> None:
        command(**{name: flags.take(given) for name, flags in groups.items()}, **given)

    run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]  # what typer reads
    run.__annotations__ = {}
    return run


class GroupedCommand(TyperCommand):
    """A command whose help lists its flags under the headings of their groups."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write arguments, then the command's own flags, then those of the groups."""
        sections: dict[str, list[tuple[str, str]]] = {"Arguments": [], "Options": []}
        for one in self.get_params(ctx):
            record = one.get_help_record(ctx)
            if record is not None:
                heading = getattr(one, "rich_help_panel", None) or (
                    "Arguments" if one.param_type_name == "argument" else "Options"
                )
                sections.setdefault(heading, []).append(record)
        for heading, records in sections.items():
            if records:
                with formatter.section(heading):
                    formatter.write_dl(records)


def _flags_of(annotation: Any) -> _Flags | None:
    use = Use()
    if get_origin(annotation) is Annotated:
        annotation, use = (
            get_args(annotation)[0],
            next((extra for extra in get_args(annotation)[1:] if isinstance(extra, Use)), use),
        )
    if not hasattr(annotation, "heading"):
        return None
    return _Flags(annotation, use, tuple(one for one in options_of(annotation) if use.holds(one)))


def _preset(one: Option) -> str:
    return f"{one.name}_preset"


def _parameter(name: str, kind: Any, default: Any, info: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, info])
