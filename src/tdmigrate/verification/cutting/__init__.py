"""Cutting the program that builds one model out of a source: a backward slice, with what data tells filled in."""
