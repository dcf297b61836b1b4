"""Archives from elsewhere, read within limits."""
