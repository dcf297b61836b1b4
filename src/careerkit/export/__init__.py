"""Export formats: JSON and Markdown."""
