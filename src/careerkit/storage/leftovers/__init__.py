"""What a journal's folder contains besides the journal: files that are not read, and what is left of removed entries."""
