"""``python -m tdmigrate``."""

from __future__ import annotations

from tdmigrate.cli import main

if __name__ == "__main__":
    main()
