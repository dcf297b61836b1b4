"""The index: what makes lists and searches quick in a large journal.

One SQLite file a journal, in the cache folder. It says which entries may fit; what is shown and whether it fits is always
found out from the entries' own files. Deleted, damaged, stale, of another version or locked, it is made anew or passed
over without a word. It holds no text of anything that is encrypted.
"""
