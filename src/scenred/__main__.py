"""Run the command line: as `scenred`, and as `python -m scenred`."""

import sys

from scenred.io.files.interrupt import end_at_signals


def main() -> None:
    """Run the command line and leave with its exit code."""
    end_at_signals()  # until here an interrupt is a traceback of Python
    from scenred.cli.app import run  # only now: it takes time, in which an interrupt may come
    from scenred.cli.process import leave, postpone_collection

    postpone_collection()
    leave(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
