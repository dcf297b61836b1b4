"""Encryption of a journal with the age format: keys, the file codec, and conversion in place."""
