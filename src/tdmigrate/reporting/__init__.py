"""Results → what a person or a program reads. Nothing here changes a result or looks at a file."""
