"""Find Keras 0.x/1.x code, rewrite it for Keras 3, and prove that the numbers are the same."""

from __future__ import annotations

__version__ = "0.1.0"
