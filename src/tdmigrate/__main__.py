"""The program: ``tdmigrate``, or ``python -m tdmigrate``."""

from __future__ import annotations

import os
import sys

if __name__ == "__main__" and not getattr(sys.flags, "safe_path", False) and sys.path[0] in ("", os.getcwd()):
    del sys.path[0]  # python -m puts the current folder first: a `click.py` in it must not run

import gc


def main() -> None:
    """Run the command line, after seeing to it that imports are not interrupted for garbage there is none of."""
    gc.set_threshold(200_000)  # trees of sources are many objects and hardly any garbage either
    from tdmigrate.cli import main as run

    run()


if __name__ == "__main__":
    main()
