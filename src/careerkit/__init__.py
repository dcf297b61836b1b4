"""careerkit: a coach in the terminal for hard things at work."""
