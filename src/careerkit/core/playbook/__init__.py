"""The playbook: its format, everything that can be wrong with it, and the frozen model that the rest works with."""
