"""What nobody means to type in plain mode: it is named in few words, and the question asked again."""

import pytest
from line_conversation import HERE

LONG = "9" * 5000
BAD = {
    "digits": LONG,
    "a range": f"1-{LONG}",
    "an offset": f"+{LONG}d",
    "a year": f"{LONG}-12-01",
    "many figures": "1 " * 30_000,
    "a command": ":" + "x" * 100_000,
    "signs that steer": "a\x1b]0;title\x07b\x9bc\u202ed\x00e\x7f",
    "digits of another script": "\u0663" * 5000,
    "no number": "NaN",
    "out of range": "1e999999",
    "a little more than a megabyte": "x" * 1_100_000,
}
ANSWERS = {
    "what": ["I overlooked an offer"],
    "story": ["two", "lines", "."],
    "facts": ["one", "two", ""],
    "growing": ["1"],
    "tell_all": ["y"],
    "signs": ["1"],
    "harm": ["4"],
    "cost": ["120"],
    "when_known": ["friday"],
    "order": ["1 2 3"],
    "swing": ["40 30 30"],
    "paths": ["1 2"],
    "scores": ["5"] * 6,
    "who": ["Ann", "3", ":skip", "n"],
    "proof": ["calm", "y", "pay", "y"],
}
TAKE_ANY_TEXT = ("what", "story", "facts", "who", "proof")


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_line_that_is_no_answer_is_named_in_few_words_and_nothing_is_lost(home, bad):
    lines = []
    for question, answer in ANSWERS.items():
        lines += [*([] if question in TAKE_ANY_TEXT else [bad]), *answer]

    ended = home.run("run", HERE / "sampler.toml", "--plain", stdin="\n".join(lines) + "\n")

    assert ended.code == 0, ended.err[-2000:]
    assert [answer.question for answer in home.entry.answers] == list(ANSWERS)
    assert max(map(len, ended.err.split("\n"))) < 200
    assert not any(sign in ended.err for sign in "\x1b\x07\x9b\u202e\x00\x7f")
