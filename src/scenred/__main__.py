"""Run the command line: as `scenred`, and as `python -m scenred`."""

import os
import sys

from scenred.io.files.interrupt import end_at_signals


def main() -> None:
    """Run the command line and leave with its exit code."""
    end_at_signals()  # until here an interrupt is a traceback of Python
    from scenred.cli.app import run  # only now: it takes time, in which an interrupt may come
    from scenred.cli.process import leave, postpone_collection

    postpone_collection()
    leave(run(sys.argv[1:]))


def forget_working_folder() -> None:
    """Import nothing that lies in the working folder, which `python -m` puts first; data from others may lie there."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - pathlib is not loaded
    if not sys.flags.safe_path and sys.path[0] in ("", os.getcwd()) and sys.path[0] != package:  # noqa: PTH109
        del sys.path[0]


if __name__ == "__main__":
    forget_working_folder()
    main()
