"""What an entry is, and the versions of its format."""
