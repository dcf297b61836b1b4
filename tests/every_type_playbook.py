"""A playbook with a question of every type, including grids with and without a spread."""

from pathlib import Path

SAMPLER = (Path(__file__).parent / "terminal/sampler.toml").read_text(encoding="utf-8")

PLAIN_GRID = """
[[stage.question]]
id = "plain"
type = "grid"
rows = "paths"
columns = "order"
min = 0
max = 10
ask = "And how sure are you of each?"

[[stage]]
id = "people"
"""
EVERY_TYPE = SAMPLER.replace('\n[[stage]]\nid = "people"\n', PLAIN_GRID)
