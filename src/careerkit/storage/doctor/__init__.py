"""Check a journal for damage, and fix what can be fixed without deleting anything."""
