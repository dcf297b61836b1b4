"""The rules of coaching: no files, no clock, no terminal, no randomness but a seed passed in."""
