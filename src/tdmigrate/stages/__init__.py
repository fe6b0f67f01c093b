"""The stages of a run, which ``pipeline`` puts in order: files are looked at, rewritten, proved and written."""
