"""The front end for lines in and lines out: the plain mode, scripts, and screen readers."""
