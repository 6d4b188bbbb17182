"""`python -m earnest` and the program `earnest`."""

from __future__ import annotations

from earnest.cli.program import program


def main() -> None:
    """Run the command line."""
    program(prog_name="earnest")


if __name__ == "__main__":
    main()
