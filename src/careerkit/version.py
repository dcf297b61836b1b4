"""The version of careerkit."""

__version__ = "0.1.0"
