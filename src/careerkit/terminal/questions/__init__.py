"""One module for each question type: its widget for keys, and how it is asked line by line."""
