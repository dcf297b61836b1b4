"""The HTML report: an entry as one page to read on a screen and to print."""
