"""The memory that this process may still take: of the machine, of the container it runs in, and of its own limits."""

from __future__ import annotations

import os
from collections.abc import Iterator

# Share of a machine's or a container's memory that is taken; the rest is left to others, and to what is not counted.
SHARE = 0.9
# Files that hold a limit in bytes, in cgroups of version 2 and 1; `max`, or a number beyond all machines, is none.
LIMITS = ("memory.max", "memory.high", "memory.limit_in_bytes")
PROCESS, GROUPS = "/proc/self", "/sys/fs/cgroup"


def memory_left() -> int | None:
    """Return the bytes that this process may still take, or None if the system does not report it."""
    used, mapped = _taken()
    shared = [limit for limit in (physical_memory(), group_memory()) if limit is not None]
    left = [int(SHARE * min(shared)) - used] if shared else []
    return min([*left, *(limit - mapped for limit in _own_limits())], default=None)


def physical_memory() -> int | None:
    """Return the memory of this machine in bytes, or None if the system does not report it."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None


def group_memory(process: str = PROCESS, groups: str = GROUPS) -> int | None:
    """Return the least limit of the control groups that this process is in, or None if there is no limit.

    A group's parents limit it too. In a container the group's own path may not be there: its root is then the limit.

    Parameters
    ----------
    process, groups : str
        Folders of the process and of the control groups.
    """
    found = [int(text) for folder in _folders(process, groups) for text in _limits_in(folder) if text.isdecimal()]
    return min(found, default=None)


def _folders(process: str, groups: str) -> Iterator[str]:
    """Yield the folders of all groups and their parents, of version 2 (`0::/a/b`) and 1 (`4:memory:/a/b`)."""
    for line in _read(f"{process}/cgroup").splitlines():
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if controllers and "memory" not in controllers.split(","):
            continue
        roots = [f"{groups}/{controllers}", f"{groups}/memory"] if controllers else [groups, f"{groups}/unified"]
        parts = [part for part in path.split("/") if part not in ("", "..")]
        for root in roots:
            for depth in range(len(parts), -1, -1):
                yield "/".join([root, *parts[:depth]])


def _limits_in(folder: str) -> Iterator[str]:
    yield from (_read(f"{folder}/{name}").strip() for name in LIMITS)


def _read(path: str) -> str:
    """Return what the system reports in a file; nothing where there is none."""
    try:
        with open(path, encoding="ascii", errors="replace") as file:  # noqa: PTH123 - a report of the system, not a file
            return file.read(1 << 16)
    except OSError:
        return ""


def _taken() -> tuple[int, int]:
    """Return the memory that this process has, and the addresses that it has mapped, in bytes; 0 where not reported."""
    numbers = _read(f"{PROCESS}/statm").split()
    if len(numbers) < 2:
        return 0, 0
    page = os.sysconf("SC_PAGE_SIZE")
    return int(numbers[1]) * page, int(numbers[0]) * page


def _own_limits() -> list[int]:
    """Return the limits that were set for this process's addresses (`ulimit -v`)."""
    try:
        import resource
    except ImportError:  # not on this system
        return []
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return [] if limit == resource.RLIM_INFINITY else [limit]
