"""Run the command line as `python -m scenred`."""

from scenred.cli.app import main

if __name__ == "__main__":
    main()
