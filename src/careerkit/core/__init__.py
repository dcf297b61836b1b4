"""The pure core: no files, no clock, no terminal, and randomness only from a seed."""
