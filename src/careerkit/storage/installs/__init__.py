"""Playbooks that were installed from a file, a folder or a git repository."""
