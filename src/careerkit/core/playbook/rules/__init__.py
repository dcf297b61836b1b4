"""The rules of `careerkit playbook check`, as data: what each one means, with examples."""
