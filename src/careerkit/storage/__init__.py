"""Disk: where playbooks and journals live, and how a file becomes durable."""
