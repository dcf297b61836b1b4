"""`careerkit config`: settings are read strictly and written durably; and the effect of `offer_names`."""

import stat

import pytest

PEOPLE = """
format = 1
title = "People"
summary = "Who"
[[stage]]
id = "s"
title = "Start"
[[stage.question]]
id = "who"
type = "records"
ask = "Who is in it?"
fields = [
  { id = "person", type = "text", ask = "Name?", private = true },
  { id = "power", type = "scale", ask = "Power?" },
  { id = "impact", type = "scale", ask = "Impact?" },
]
"""


@pytest.fixture
def settings(home):
    return home.folder / ".config/careerkit/settings.toml"


UNSET = {
    "offer_names": False,
    "passphrase_in_keyring": False,
    "editor_when_encrypted": False,
    "ascii": False,
    "plain": False,
    "alarm_time": "08:00",
}


@pytest.fixture
def people(home):
    home.add_playbook("my/people", PEOPLE)
    file = home.write("a.toml", 'who = [{ person = "Anna Brandt", power = 5, impact = 1 }]')
    assert home.run("my", "people", "--answers", file).code == 0
    return home


def test_defaults_and_path_are_shown_without_a_settings_file(home, settings):
    assert home.run("config", "show").out.startswith("offer_names = false")
    assert home.run("config", "show", "--json").json == {"settings": UNSET}
    assert home.run("config", "path").out == f"{settings}\n"
    assert home.run("config", "path", "--json").json == {"path": str(settings)}
    assert not settings.exists()


def test_a_setting_is_written_for_the_owner_only_and_the_rest_of_the_file_stays(home, settings):
    assert home.run("config", "set", "offer_names", "true", "--json").json == {
        "settings": {**UNSET, "offer_names": True}
    }
    assert settings.read_text() == "offer_names = true\n"
    assert stat.S_IMODE(settings.stat().st_mode) == 0o600
    settings.write_text("# mine\noffer_names = true # why\n# end\n")
    assert home.run("config", "set", "offer_names", "false").out.startswith("offer_names = false")
    assert settings.read_text() == "# mine\noffer_names = false # why\n# end\n"


def test_a_time_is_written_as_a_text_and_can_be_changed_again(home, settings):
    home.run("config", "set", "alarm_time", "07:30")
    settings.write_text(f"{settings.read_text()}plain = true\n")

    assert 'alarm_time = "06:15"' in home.run("config", "set", "alarm_time", "06:15").out
    assert settings.read_text() == 'alarm_time = "06:15"\nplain = true\n'


@pytest.mark.parametrize(
    ("arguments", "code", "hint"),
    [
        (("offer_name", "true"), "unknown-setting", "Did you mean offer_names?"),
        (("offer_names", "ture"), "bad-setting", "Did you mean true?"),
        (("offer_names", "1"), "bad-setting", "Write true or false."),
        (("alarm_time", "24:00"), "bad-setting", "Write it like 08:00."),
        (("alarm_time", "true"), "bad-setting", "Write it like 08:00."),
    ],
)
def test_an_unknown_name_or_value_is_refused_with_a_near_one(home, settings, arguments, code, hint):
    ended = home.run("config", "set", *arguments, "--json")
    assert (ended.code, [(each["code"], each["hint"]) for each in ended.problems]) == (1, [(code, hint)])
    assert not settings.exists()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("offer_name = true\noffer_names = 'ture'\n", ["unknown-setting", "bad-setting"]),
        ("offer_names = 1\n", ["bad-setting"]),
        ("offer_names =\n", ["bad-toml"]),
        (f"offer_names = {'9' * 5000}\n", ["bad-toml"]),
        ("\udcff", ["not-utf8"]),
    ],
)
def test_every_problem_of_a_settings_file_is_reported_and_the_file_is_not_written(home, settings, text, codes):
    settings.parent.mkdir(parents=True)
    settings.write_text(text, errors="surrogateescape")
    before = settings.read_bytes()
    for command in (("show",), ("set", "offer_names", "true")):
        ended = home.run("config", *command, "--json")
        assert (ended.code, [each["code"] for each in ended.problems]) == (1, codes)
    assert settings.read_bytes() == before


def test_suggested_names_can_be_chosen_by_number_or_typed(people):
    people.run("config", "set", "offer_names", "true")
    ended = people.run("my", "people", "--plain", "--json", stdin="1\n3\n3\ny\nBen 2\n2\n2\nn\n")
    assert ended.err.count("1. Anna Brandt.") == 2
    assert [each["person"] for each in ended.json["entry"]["answers"]["who"]] == ["Anna Brandt", "Ben 2"]


def test_a_number_without_a_suggestion_is_what_was_typed(people):
    people.run("config", "set", "offer_names", "true")
    ended = people.run("my", "people", "--plain", "--json", stdin="2\n3\n3\nn\n")
    assert ended.json["entry"]["answers"]["who"][0]["person"] == "2"


def test_no_name_is_suggested_by_default(people):
    ended = people.run("my", "people", "--plain", "--json", stdin="1\n3\n3\nn\n")
    assert "Anna" not in ended.err
    assert ended.json["entry"]["answers"]["who"][0]["person"] == "1"


def test_bad_settings_are_reported_and_do_not_stop_a_session(people, settings):
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text("offer_name = true\n")
    ended = people.run("my", "people", "--plain", stdin="Ben\n3\n3\nn\n")
    assert ended.code == 0
    assert "Did you mean offer_names?" in ended.err
    assert "Anna" not in ended.err


def test_the_map_of_people_is_in_the_outcome_and_the_export_and_not_in_a_shared_one(people):
    assert "- Anna Brandt: power 5 of 5, impact 1 of 5." in people.run("journal", "show", "last").out
    assert "5 | AB" in people.run("plan", "export", "last").out
    shared = people.run("plan", "export", "last", "--shared")
    assert shared.code == 0
    assert "AB" not in shared.out
    assert "Anna" not in shared.out


def test_the_help_shows_examples(home):
    for command in ("", "show", "set", "path"):
        _, _, example = home.run("config", *command.split(), "--help").out.partition("Example: ")
        assert "careerkit config" in example
