"""Everything on disk: journals, playbooks, settings, and this machine's state."""
