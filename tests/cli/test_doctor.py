"""`careerkit doctor`, as a person runs it."""

import pytest
from test_backup_and_export import STUCK


@pytest.fixture
def filled(home):
    home.add_playbook("me/stuck", STUCK)
    assert home.run("me", "stuck", "--answers", home.write("a.toml", 'stuck = "rows"')).code == 0
    return home


def test_a_whole_journal_is_said_to_be_whole(filled):
    done = filled.run("doctor")

    assert (done.code, done.out) == (0, "Looked at 1 entry, 0 events and 1 copy of playbooks. The journal is whole.\n")
    assert filled.run("doctor", "--json").json == {"problems": [], "fixed": []}


def test_what_is_wrong_is_told_with_its_place_and_put_out_of_the_way_on_request(filled):
    path = filled.entries[0]
    path.write_bytes(path.read_bytes()[:-30])

    told = filled.run("doctor")
    assert told.code == 1
    assert told.out.startswith(f"{path}: entry-cut-short\n  This entry's last line is missing")
    assert [each["code"] for each in filled.run("doctor", "--json").json["problems"]] == ["entry-cut-short"]

    mended = filled.run("doctor", "--fix", "--json")
    assert (mended.code, mended.json["problems"]) == (0, [])
    assert mended.json["fixed"][0]["to"].endswith(f"/quarantine/20261122T090500Z/entries/2026-11/{path.name}")
    assert filled.run("doctor").code == 0
