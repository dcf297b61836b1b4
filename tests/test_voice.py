"""How the bundled playbooks speak, as far as a rule can tell; docs/voice.md says the rest."""

import re

import pytest
import textstat

from careerkit.core.expressions.ast import Binary, Call, Literal, Name, Unary, get_children
from careerkit.core.expressions.parser import parse
from careerkit.core.questions.choice import ChoiceSpec, ChoicesSpec
from careerkit.core.questions.grid import GridSpec
from careerkit.core.questions.number import ScaleSpec
from careerkit.core.questions.records import RecordsSpec
from careerkit.core.questions.text import NoteSpec, TextSpec
from careerkit.core.questions.weights import RankSpec, WeightsSpec
from playbook_cases import list_bundled_ids, load_bundled

LONGEST_ASK = 120
HIGHEST_GRADE = 9.0
WORDS_FOR_A_GRADE = 25

UNKIND = """
great job; well done; good job; good for you; congratulations; proud of you; excellent; bravo; amazing; awesome; fantastic
you should have; you ought to; you failed; it was your fault; this is your fault; shame on; how could you; you are wrong
obviously; of course; clearly you; everybody knows; as everyone knows; simply do; just do it; calm down; cheer up
narcissis; toxic; psychopath; sociopath; bipolar; paranoid; hysteric; neurotic; manipulative; gaslight; depressed; burnout; burn-out
lazy; stupid; incompetent; coward; weak-willed; selfish; pathetic; loser; crazy
""".replace("\n", ";").split(";")
UNKIND = [words.strip() for words in UNKIND if words.strip()]
PLEAS = (
    "forgive me",
    "beg your pardon",
    "please forgive",
    "forgiveness",
    "i hope you can forgive",
    "don't be angry with me",
)
OUR_OWN = ("rule of thumb", "careerkit's own", "our own")


def outcomes_of(playbook):
    """The playbook and its check-ins: all that hold findings, drafts and actions."""
    return (playbook, *playbook.checkins)


def questions_of(playbook):
    return [*playbook.questions, *(question for checkin in playbook.checkins for question in checkin.questions)]


def fields_of(question):
    return question.spec.fields if isinstance(question.spec, RecordsSpec) else ()


def whole(lines):
    return " ".join(line.text for line in lines)


def texts_of(playbook):
    """Every text that a person reads, with the place where it stands."""
    for stage in playbook.stages:
        yield f"stage {stage.id}", stage.title
        yield f"stage {stage.id}", stage.intro
    for question in questions_of(playbook):
        for each in (question, *fields_of(question)):
            for text in (each.ask, each.hint, each.why, each.check_text, *labels_of(each)):
                yield f"question {question.id}", text
        if isinstance(question.spec, NoteSpec):
            yield f"question {question.id}", whole(question.spec.text)
    for compute in playbook.computes:
        lines = (*(line.text for line in compute.tally), *(line.text for line in compute.text.lines))
        for text in (compute.label, *lines, *(band.label for band in compute.bands)):
            yield f"compute {compute.id}", text
    for headline in playbook.headlines:
        yield from (("a headline", line.text) for line in headline.text.lines)
    yield from told_texts_of(playbook)


def labels_of(question):
    form = question.spec
    match form:
        case ChoiceSpec(options=o) | ChoicesSpec(options=o) | RankSpec(options=o) | WeightsSpec(options=o):
            options = [o]
        case GridSpec(rows=rows, columns=columns):
            options = [rows, columns]
        case ScaleSpec(anchors=anchors):
            return list(anchors.values())
        case _:
            return []
    return [text for each in options for choice in each.choices for text in (choice.label, choice.hint)]


def told_texts_of(playbook):
    for part in outcomes_of(playbook):
        for finding in part.findings:
            yield from ((f"finding {finding.id}", line.text) for line in (*finding.title.lines, *finding.text))
        for draft in part.drafts:
            yield from ((f"draft {draft.id}", line.text) for line in (*draft.title.lines, *draft.text))
        for action in part.actions:
            wordings = (action.do, action.cue, action.evidence)
            yield from ((f"action {action.id}", line.text) for wording in wordings for line in wording.lines)


def plain(text):
    """The text as somebody would read it aloud, with a word for each insert, and an end to each line."""
    text = re.sub(r"\{[a-z0-9_]+\}", "that", text.replace("{{", " "))
    text = re.sub(r"^\s*(- |\d+[.:]\S*)\s*", "", text.strip())
    text = re.sub(r"[\[\]()\"]", "", text)
    return text if not text or text[-1] in ".?:;" else f"{text}."


def grade(*texts):
    return textstat.flesch_kincaid_grade(" ".join(plain(text) for text in texts if text.strip()))


@pytest.fixture(params=list_bundled_ids())
def playbook(request):
    return load_bundled(request.param)


def test_a_question_is_short_and_asks_once(playbook):
    for question in questions_of(playbook):
        for each in (question, *fields_of(question)):
            assert len(each.ask) < LONGEST_ASK, (question.id, len(each.ask), each.ask)
            assert each.ask.count("?") <= 1, (question.id, each.ask)


def test_the_question_for_the_hour_of_the_deadline_names_its_day(playbook):
    hour = next((each for each in playbook.questions if each.id == playbook.deadline_hour), None)

    assert hour is None or f"{{{playbook.deadline}}}" in hour.ask


def test_every_question_has_a_hint_and_a_why(playbook):
    asked = [each for each in questions_of(playbook) if not isinstance(each.spec, NoteSpec) and not each.again]
    assert not [each.id for each in asked if not each.hint]
    assert not [each.id for each in asked if not each.why]


def test_what_is_asked_and_said_reads_at_ninth_grade_or_below(playbook):
    asked = [text for question in questions_of(playbook) for text in (question.ask, question.hint, question.why)]
    told = [text for _, text in told_texts_of(playbook)]
    assert grade(*asked) <= HIGHEST_GRADE
    assert grade(*told) <= HIGHEST_GRADE


def test_each_longer_question_reads_at_ninth_grade_or_below(playbook):
    hard = []
    for question in questions_of(playbook):
        if len(f"{question.ask} {question.hint}".split()) > WORDS_FOR_A_GRADE:
            reached = grade(question.ask, question.hint)
            hard += [f"{question.id}: {reached:.1f}"] if reached > HIGHEST_GRADE else []
    assert not hard


def test_nothing_scolds_praises_or_diagnoses(playbook):
    found = [
        f"{place}: {words!r} in {text!r}"
        for place, text in texts_of(playbook)
        for words in UNKIND
        if re.search(rf"\b{re.escape(words)}", text.lower())
    ]
    assert not found, "\n".join(found)


def test_nothing_is_shouted(playbook):
    found = [f"{place}: {text}" for place, text in texts_of(playbook) if "!" in text]
    found += [f"{place}: {text}" for place, text in texts_of(playbook) if re.search(r"\b(?!HR\b)[A-Z]{4,}\b", text)]
    assert not found, "\n".join(found)


def test_no_draft_pleads_for_forgiveness(playbook):
    for part in outcomes_of(playbook):
        for draft in part.drafts:
            said = re.sub(r"\([^)]*\)|\[[^\]]*\]", "", whole(draft.text).lower())
            assert not [words for words in PLEAS if words in said], draft.id


def rests_on_a_limit(finding, playbook):
    """Does it ask for a band, or compare a figure with a number of more than one? Counting one thing is no limit of ours.

    What must not hold is left out: there a limit of another finding is only stepped aside for. In its lines only
    limits that stand there themselves count; what a line says about a compute is said where that compute is told.
    """
    computes = {each.id: each for each in playbook.computes}
    return _has_limit(finding.when, computes) or any(_has_limit(line.when, {}) for line in finding.text)


def _has_limit(condition, computes):
    return bool(condition) and _node_has_limit(parse(condition), computes)


def _node_has_limit(node, computes):
    match node:
        case Unary(operator="not"):
            return False
        case Call(function="band"):
            return True
        case Binary(operator="<" | "<=" | ">" | ">=", left=left, right=Literal(value=number)) if number not in (0, 1):
            return _is_figure(left) or any(_node_has_limit(child, computes) for child in get_children(node))
        case Name(id=name) if name in computes and not computes[name].bands:
            return _has_limit(computes[name].value, computes)
    return any(_node_has_limit(child, computes) for child in get_children(node))


def _is_figure(node):
    return not (isinstance(node, Call) and node.function == "count")


def test_every_finding_with_a_limit_says_that_it_is_our_rule_of_thumb(playbook):
    silent = []
    for part in outcomes_of(playbook):
        for finding in part.findings:
            said = f"{whole(finding.title.lines)} {whole(finding.text)}".lower()
            if rests_on_a_limit(finding, playbook) and not any(words in said for words in OUR_OWN):
                silent.append(finding.id)
    assert not silent


def outside_quotes(text):
    return re.sub(r"'[^']*'(?!\w)|\"[^\"]*\"", "", re.sub(r"(?<=\w)'(?=\w)", "", text))


def test_an_action_speaks_in_the_first_person(playbook):
    for part in outcomes_of(playbook):
        for action in part.actions:
            for text in map(whole, (action.do.lines, action.cue.lines, action.evidence.lines)):
                assert not re.search(r"\byou(r|rs|rself)?\b", outside_quotes(text).lower()), (action.id, text)


def test_no_sentence_begins_with_what_the_person_wrote(playbook):
    """Nothing gives it a capital: `my manager hears you` is no beginning. `[slip: say what it was]` only points at it."""
    written = {question.id for question in questions_of(playbook) if isinstance(question.spec, TextSpec)}
    begins = [
        f"{place}: {text}"
        for place, text in told_texts_of(playbook)
        for begun in re.finditer(r"(?:^|[.?!] )['\"(\[]*\{(\w+)\}", text)
        if begun[1] in written and text != f"{{{begun[1]}}}" and not text.startswith(f"[{{{begun[1]}}}: ")
    ]
    assert not begins, "\n".join(begins)


def test_no_draft_calls_its_hearer_by_what_was_typed(playbook):
    """It may be `My manager, M.`; the name stands above the draft."""
    for part in outcomes_of(playbook):
        for draft in part.drafts:
            assert not re.search(r"\b(Dear|Hello|Hi) \{", whole(draft.text)), draft.id


def test_no_text_speaks_of_a_source_that_the_reader_has_not_seen(playbook):
    found = [f"{place}: {text}" for place, text in texts_of(playbook) if re.search(r"\bthe source\b", text.lower())]
    assert not found, "\n".join(found)
