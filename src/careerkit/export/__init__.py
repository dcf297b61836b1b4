"""Paper: what leaves careerkit."""
