"""Where things lie on this system, and what time it is."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timezone

import pytest

from careerkit.core.errors import Refused
from careerkit.storage import platform
from careerkit.storage.platform import SystemClock, find_folders

HOME = {"HOME": "/home/ana"}


def test_without_a_word_from_the_person_all_lies_where_xdg_says():
    found = find_folders(HOME, platform="linux")

    assert found.journal == "/home/ana/.local/share/careerkit/journal"
    assert (found.data, found.config) == ("/home/ana/.local/share/careerkit", "/home/ana/.config/careerkit")
    assert (found.cache, found.state) == ("/home/ana/.cache/careerkit", "/home/ana/.local/state/careerkit")
    assert found.settings == "/home/ana/.config/careerkit/settings.toml"
    assert found.playbooks == "/home/ana/.config/careerkit/playbooks"


def test_xdg_variables_are_followed_and_relative_ones_ignored():
    found = find_folders(HOME | {"XDG_DATA_HOME": "/d", "XDG_CONFIG_HOME": "c", "XDG_STATE_HOME": ""}, platform="linux")

    assert (found.data, found.journal) == ("/d/careerkit", "/d/careerkit/journal")
    assert found.config == "/home/ana/.config/careerkit"
    assert found.state == "/home/ana/.local/state/careerkit"


@pytest.mark.parametrize(
    "environ", [HOME, HOME | {"XDG_DATA_HOME": "/d", "XDG_CACHE_HOME": "/c", "XDG_STATE_HOME": "/s"}]
)
def test_platformdirs_says_the_same(environ):
    program = "from platformdirs import PlatformDirs as P; d = P('careerkit', appauthor=False); print(d.user_data_dir, d.user_config_dir, d.user_cache_dir, d.user_state_dir)"
    theirs = environ | {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    said = subprocess.run(
        [sys.executable, "-c", program], env=theirs, capture_output=True, text=True, check=True
    ).stdout

    ours = find_folders(environ, platform="linux")

    assert said.split() == [ours.data, ours.config, ours.cache, ours.state]


def test_the_journal_lies_where_the_person_says(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    environ = HOME | {"CAREERKIT_JOURNAL": "~/notes/journal"}

    assert find_folders(environ, platform="linux").journal == "/home/ana/notes/journal"
    assert find_folders(environ, journal="here", platform="linux").journal == str(tmp_path / "here")
    assert find_folders(HOME | {"CAREERKIT_JOURNAL": ""}, platform="linux").journal.endswith("share/careerkit/journal")
    assert find_folders(HOME | {"CAREERKIT_JOURNAL": "~"}, platform="linux").journal == "/home/ana"
    assert find_folders(HOME | {"CAREERKIT_JOURNAL": "~root/j"}, platform="linux").journal == os.path.expanduser(
        "~root/j"
    )


def test_without_a_home_it_is_refused_and_with_all_folders_named_it_needs_none(monkeypatch):
    monkeypatch.setattr(platform.os.path, "expanduser", lambda path: path)

    with pytest.raises(Refused, match="no-home"):
        find_folders({}, platform="linux")
    named = {f"XDG_{name}_HOME": "/x" for name in ("DATA", "CONFIG", "CACHE", "STATE")}
    assert find_folders(named, platform="linux").journal == "/x/careerkit/journal"


def test_on_a_mac_platformdirs_is_asked():
    found = find_folders({"CAREERKIT_JOURNAL": "/j"}, platform="darwin")

    assert found.journal == "/j"
    assert all(path.endswith("careerkit") for path in (found.data, found.config, found.cache, found.state))


def test_the_clock_gives_the_present_with_a_fixed_offset():
    before = datetime.now(UTC)
    now = SystemClock().now()

    assert before <= now <= datetime.now(UTC)
    assert isinstance(now.tzinfo, timezone)


def test_the_clock_follows_the_zone_of_the_process():
    program = "from careerkit.storage.platform import SystemClock as C; c = C(); print(c.now().utcoffset(), c.zone())"
    environ = {"TZ": "Asia/Kolkata", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}

    said = subprocess.run(
        [sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=True
    ).stdout

    assert said == "5:30:00 Asia/Kolkata\n"


@pytest.mark.parametrize(
    ("named", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (":Europe/Berlin", "Europe/Berlin"),
        ("/usr/share/zoneinfo/Europe/Berlin", "Europe/Berlin"),
        ("UTC", "UTC"),
        ("", "UTC"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", ""),
        ("Nowhere/Land", ""),
        ("../../etc/passwd", ""),
        ("/etc/passwd", ""),
    ],
)
def test_the_variable_tz_names_the_zone_where_it_names_one(named, zone):
    assert SystemClock({"TZ": named}).zone() == zone


@pytest.mark.parametrize(
    ("target", "zone"),
    [
        ("/usr/share/zoneinfo/Europe/Berlin", "Europe/Berlin"),
        ("/usr/share/zoneinfo/posix/Asia/Kolkata", "Asia/Kolkata"),
        ("/nowhere/zoneinfo/Europe/Berlin", "Europe/Berlin"),
        ("/usr/share/zoneinfo/No/Zone", ""),
        ("/etc/passwd", ""),
        (None, ""),
    ],
)
def test_the_system_s_link_names_the_zone(tmp_path, target, zone):
    link = tmp_path / "localtime"
    if target:
        link.symlink_to(target)

    assert SystemClock({}, localtime=str(link)).zone() == zone


def test_a_copy_in_place_of_the_link_tells_no_name(tmp_path):
    (tmp_path / "localtime").write_bytes(b"TZif2")

    assert SystemClock({}, localtime=str(tmp_path / "localtime")).zone() == ""
