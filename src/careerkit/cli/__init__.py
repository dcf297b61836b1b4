"""The command line: commands, options and exit codes. The only layer that builds concrete classes."""
