"""Lint rules: what the keys of a valid playbook mean together."""
