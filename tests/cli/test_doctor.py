"""`careerkit doctor` on the command line."""

import os

import pytest
from test_backup_and_export import STUCK

from careerkit.storage.index import refresh


@pytest.fixture
def filled(home):
    home.add_playbook("me/stuck", STUCK)
    assert home.run("me", "stuck", "--answers", home.write("a.toml", 'stuck = "rows"')).code == 0
    return home


def test_an_undamaged_journal_has_no_problems(filled):
    done = filled.run("doctor")

    assert (done.code, done.out) == (0, "Checked 1 entry, 0 events and 1 playbook copy. No problems.\n")
    assert filled.run("doctor", "--json").json == {"problems": [], "fixed": []}


def test_problems_are_reported_with_their_path_and_fixed_on_request(filled):
    path = filled.entries[0]
    path.write_bytes(path.read_bytes()[:-30])

    checked = filled.run("doctor")
    assert checked.code == 1
    assert checked.out.startswith(f"{path}\n  This entry's last line is missing")
    assert [each["code"] for each in filled.run("doctor", "--json").json["problems"]] == ["entry-cut-short"]

    mended = filled.run("doctor", "--fix", "--json")
    assert (mended.code, mended.json["problems"]) == (0, [])
    assert mended.json["fixed"][0]["to"].endswith(f"/quarantine/20261122T090500Z/entries/2026-11/{path.name}")
    assert filled.run("doctor").code == 0


def test_a_stale_index_is_reported_and_rebuilt(filled, monkeypatch):
    monkeypatch.setattr(refresh, "TIME_GRANULARITY_NS", 0)  # otherwise recently changed files are read again
    assert filled.run("journal", "search", "rows").code == 0
    old = filled.entries[0].parent.parent / "2019-01" / filled.entries[0].name.replace("20261122", "20190122")
    old.parent.mkdir(mode=0o700)
    for month in ("2026-08", "2026-09", "2026-10"):
        (old.parent.parent / month).mkdir(mode=0o700)
    text = filled.entries[0].read_bytes().replace(b"20261122T", b"20190122T").replace(b"2026-11-22", b"2019-01-22")
    old.write_bytes(text)
    old.chmod(0o600)
    for path in (old, old.parent):
        os.utime(path, (1_600_000_000, 1_600_000_000))
    assert filled.run("journal", "list").code == 0
    assert [each["code"] for each in filled.run("doctor", "--json").json["problems"]] == ["entry-changed"]
    old.write_bytes(text.replace(b"rows", b"rats"))

    assert [each["code"] for each in filled.run("doctor", "--json").json["problems"]] == [
        "entry-changed",
        "index-stale",
    ]
    fixed = filled.run("doctor", "--fix", "--json").json
    assert [each["code"] for each in fixed["fixed"]] == ["index-stale"]
    assert [each["code"] for each in fixed["problems"]] == ["entry-changed"]
