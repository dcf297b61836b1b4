"""The handlers of the commands. `cli/command_table.py` lists them, and only the one that runs is imported."""
