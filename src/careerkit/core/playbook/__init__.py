"""The playbook format: decoding, validation, linting, and the frozen model that the rest of careerkit uses."""
