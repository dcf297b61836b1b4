"""The front end for a full terminal: each question is a small form that is drawn again after every key."""
