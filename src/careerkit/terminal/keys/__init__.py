"""The front end for a full terminal: every question is a small picture that keys change."""
