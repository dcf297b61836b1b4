"""The commands. The one place that builds concrete classes and picks exit codes."""
