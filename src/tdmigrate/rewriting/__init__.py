"""Fixes to new text, by libcst: only what a fix names changes."""
