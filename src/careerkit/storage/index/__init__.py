"""The index, which makes lists and searches fast in a large journal.

It is one SQLite file per journal, in the cache folder. It only narrows down which entries may match; whether they do, and
what is shown, is always read from the entries' own files. If it is missing, damaged, stale, locked, or of another version,
it is rebuilt or skipped silently. It contains no text from encrypted files.
"""
