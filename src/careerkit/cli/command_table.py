"""The table of commands: every command of careerkit with its handler, arguments, options and help.

The fast path parses command lines with it, and Typer's commands are built from it, so nothing is described twice.
Handlers are named as text, "module:function" below `careerkit.cli`, and only the one that runs is imported.
"""

from __future__ import annotations

from careerkit.cli.options import ArgumentSpec, OptionSpec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from careerkit.cli.options import GlobalOptions


EXPORT_FORMATS = ("markdown", "obsidian", "html", "ics", "vdir", "todotxt", "taskwarrior", "csv", "json")
"""The names of the formats in careerkit.export.formats."""
SYNC_FORMATS = ("obsidian", "ics", "vdir", "todotxt", "taskwarrior")
ITEM_TYPES = ("events", "todos")
AUDIENCES = ("others", "witness")


class CommandSpec:
    """A command. Its handler is called with the shared options and, by keyword, a value for every parameter.

    `help` begins with a sentence that lists show and ends with an example. Of the options named in `exclusive` only
    one may be given. `presets` are values that the command line can't change.
    """

    __slots__ = ("arguments", "exclusive", "handler", "help", "name", "options", "presets", "summary")

    def __init__(
        self,
        name: str,
        handler: str,
        help: str,  # noqa: A002 - Typer's word for it
        *,
        arguments: tuple[ArgumentSpec, ...] = (),
        options: tuple[OptionSpec, ...] = (),
        exclusive: tuple[str, ...] = (),
        presets: tuple[tuple[str, object], ...] = (),
        summary: str = "",
    ) -> None:
        self.name, self.handler, self.help, self.summary = name, handler, help, summary
        self.arguments, self.options, self.exclusive, self.presets = arguments, options, exclusive, presets

    def defaults(self) -> dict[str, object]:
        """The default of every parameter, by name."""
        values = {each.name: each.default for each in self.arguments}
        values |= {each.name: each.default for each in self.options}
        return {**values, **dict(self.presets)}

    def find_conflict(self, options: GlobalOptions, values: Mapping[str, object]) -> str:
        """What is wrong with options that are valid but exclude each other, as a sentence; "" if nothing is."""
        if sum(bool(values[name]) for name in self.exclusive) > 1:
            flags = [each.flag for each in self.options if each.name in self.exclusive]
            return f"Use only one of {', '.join(flags[:-1])} and {flags[-1]}."
        if options.passphrase_fd == 0 and "-" in (values.get("answers"), values.get("file"), values.get("onto")):
            return "Standard input can't be both the passphrase and the file. Use --passphrase-fd 3 3< FILE."
        return ""

    def run(self, options: GlobalOptions, values: Mapping[str, object]) -> int:
        """Import the handler, call it, and return its exit code."""
        module, _, function = self.handler.partition(":")
        # Not importlib.import_module: importing importlib takes longer than parsing the command line.
        handler = getattr(__import__(f"careerkit.cli.{module}", fromlist=(function,)), function)
        from careerkit.coaching.signals import handle_signals

        handle_signals()
        code: int | None = handler(options, **values)
        return code or 0


class GroupSpec:
    """Commands that share a first word."""

    __slots__ = ("commands", "help", "name", "summary")

    def __init__(self, name: str, help: str, commands: tuple[CommandSpec, ...], *, summary: str) -> None:  # noqa: A002
        self.name, self.help, self.commands, self.summary = name, help, commands, summary

    def find(self, name: str) -> CommandSpec | None:
        """The command of that name, or None."""
        return next((each for each in self.commands if each.name == name), None)


def summarize(entry: CommandSpec | GroupSpec) -> str:
    """The one-line description in a list of commands."""
    return entry.summary or entry.help.partition("\n")[0].partition(". ")[0].removesuffix(".") + "."


def playbook_command(playbook_id: str, summary: str, minutes: int | None) -> CommandSpec:
    """The command `careerkit GROUP NAME` of a playbook."""
    length = f"Takes about {minutes} minutes. " if minutes else ""
    call = f"careerkit {playbook_id.replace('/', ' ')}"
    return CommandSpec(
        playbook_id.partition("/")[2],
        "commands.playbook:run",
        f"{summary.removesuffix('.')}.\n\n{length}You can stop at any time; every answer is saved.\n\nExample: {call}",
        options=_RUN_OPTIONS,
        presets=(("playbook", playbook_id),),
        summary=summary,
    )


def _entry(completion: str = "complete_entry", *, required: bool = False) -> ArgumentSpec:
    metavar = "ENTRY" if required else "[ENTRY]"
    return ArgumentSpec(
        "entry", metavar, "The start of the entry's id, or `last`.", required=required, completion=completion
    )


_RUN_OPTIONS = (
    OptionSpec(
        "--answers",
        "Take all answers from a TOML file (- for standard input) with lines such as known = true. "
        "`careerkit playbook show` lists the questions.",
        type="file",
        metavar="FILE",
    ),
    OptionSpec("--quick", "Ask only the quick questions. `careerkit resume` asks the rest later.", type="flag"),
    OptionSpec("--new", "Start a new entry, even if you have an unfinished one.", type="flag"),
    OptionSpec(
        "--from",
        "Start a new entry with answers carried over from an earlier one.",
        metavar="ENTRY",
        completion="complete_entry",
        name="from_entry",
    ),
    OptionSpec(
        "--at",
        "For authors: after the interview, try out the check-in that is due then, such as +1w or friday. Nothing is saved.",
        metavar="WHEN",
    ),
)
_PLAYBOOK = OptionSpec(
    "--playbook",
    "Only entries of this playbook, or of this group of playbooks.",
    metavar="ID",
    completion="complete_playbook",
)
_TAG = OptionSpec("--tag", "Only entries with this tag.", metavar="TAG", completion="complete_tag")
_SINCE = OptionSpec(
    "--since",
    "Only entries started on this day or later: 2026-12-01, monday, last week, 3 months ago.",
    metavar="DAY",
)
_UNTIL = OptionSpec("--until", "Only entries started on this day or earlier.", metavar="DAY")
_FILTERS = (
    OptionSpec("--limit", "Show at most N entries. The default is 20, or all with --json.", type="limit", metavar="N"),
    _PLAYBOOK,
    _TAG,
    OptionSpec("--state", "Only open or only finished entries.", metavar="open|finished", choices=("open", "finished")),
    _SINCE,
    _UNTIL,
    OptionSpec("--removed", "List removed entries instead.", type="flag"),
    OptionSpec("--no-index", "Read every file rather than using the index. The result is the same.", type="flag"),
)
_FORCE = OptionSpec("--force", "Overwrite the file.", type="flag")
_OUTPUT = OptionSpec("--output", "Write to this file.", type="file", metavar="FILE")
_ARCHIVE = ArgumentSpec("file", "FILE", "The archive, for example journal.tar.gz.", type="file")

_RUN = CommandSpec(
    "run",
    "commands.playbook:run",
    "Run a playbook, by its file or id.\n\nExample: careerkit run ./my-review.toml",
    arguments=(ArgumentSpec("playbook", "FILE|GROUP/NAME", "A file that ends in .toml, or a playbook's id."),),
    options=_RUN_OPTIONS,
)
_RESUME = CommandSpec(
    "resume",
    "commands.playbook:resume",
    "Continue where you stopped.\n\nWithout ENTRY, resumes the newest unfinished one.\n\n"
    "Example: careerkit resume k3f9",
    arguments=(_entry("complete_open_entry"),),
)
_JOURNAL = GroupSpec(
    "journal",
    "Your journal: everything you wrote.\n\nTo delete all of it from this machine: careerkit journal remove --all\n\n"
    "Example: careerkit journal list",
    (
        CommandSpec(
            "list",
            "commands.journal_list:list_entries",
            'List your entries, newest first.\n\nExample: careerkit journal list --since "last week" --tag boss',
            options=_FILTERS,
        ),
        CommandSpec(
            "search",
            "commands.journal_list:search",
            "Find words in what you wrote, newest first.\n\n"
            "Searches answers, notes, corrections, titles, findings, drafts and actions.\n\n"
            'Example: careerkit journal search "new client" "promis*" --since "last month"',
            arguments=(
                ArgumentSpec(
                    "words",
                    "[WORDS]",
                    "Words that the entry must contain. Put a phrase in quotes. promis* finds any word that starts "
                    'with "promis". Without WORDS you are asked for them, so they stay out of your shell\'s history.',
                    required=False,
                    repeated=True,
                ),
            ),
            options=_FILTERS,
        ),
        CommandSpec(
            "show",
            "commands.journal_show:show",
            "Show an entry.\n\nThat includes your answers, the result, and later notes and corrections.\n\n"
            "Example: careerkit journal show last",
            arguments=(_entry(),),
            options=(
                OptionSpec("--raw", "Print the entry's file as it is on disk.", type="flag"),
                OptionSpec("--no-pager", "Don't use a pager.", type="flag"),
            ),
        ),
        CommandSpec(
            "edit",
            "commands.journal_change:edit",
            "Correct answers in a finished entry. Your first answers are kept and shown next to the new ones.\n\n"
            "If the plan would be different now, you are shown how, and its open actions change if you say yes.\n\n"
            "Example: careerkit journal edit k3f9",
            arguments=(_entry("complete_finished_entry"),),
            options=(
                OptionSpec(
                    "--answers",
                    "Take the corrected answers from a TOML file (- for standard input).",
                    type="file",
                    metavar="FILE",
                ),
                OptionSpec(
                    "--update-plan", "Update the plan's open actions to the answers, without asking.", type="flag"
                ),
            ),
        ),
        CommandSpec(
            "note",
            "commands.journal_change:note",
            "Add a note to an entry, or remove one.\n\n"
            "Type the note when you are asked, or pass it in a file or on standard input. It is never an argument, so "
            "it stays out of your shell's history.\n\n"
            "Example: careerkit journal note last --file after-the-talk.txt",
            arguments=(_entry(),),
            options=(
                OptionSpec("--file", "Read the text from this file.", type="file", metavar="FILE"),
                OptionSpec("--remove", "Remove a note: its number in `journal show`, or `last`.", metavar="N"),
                OptionSpec("--restore", "Bring back the note that was removed last.", type="flag"),
            ),
            exclusive=("file", "remove", "restore"),
        ),
        CommandSpec(
            "tag",
            "commands.journal_change:tag",
            "Add tags to an entry.\n\nTo list the entries with a tag, use `careerkit journal list --tag TAG`.\n\n"
            "Example: careerkit journal tag last boss promotion",
            arguments=(
                _entry(required=True),
                ArgumentSpec("tags", "TAG...", "A short word, in any case.", repeated=True, completion="complete_tag"),
            ),
        ),
        CommandSpec(
            "untag",
            "commands.journal_change:untag",
            "Remove tags from an entry.\n\nExample: careerkit journal untag last boss",
            arguments=(
                _entry(required=True),
                ArgumentSpec(
                    "tags", "TAG...", "A tag of the entry.", repeated=True, completion="complete_tag_of_entry"
                ),
            ),
        ),
        CommandSpec(
            "remove",
            "commands.journal_change:remove",
            "Remove an entry from all lists.\n\n"
            "`careerkit journal restore` brings it back, unless you used --forever. With --all, the whole journal is deleted "
            "for good, after you have typed a word to confirm it.\n\n"
            "Example: careerkit journal remove k3f9",
            arguments=(_entry(),),
            options=(
                OptionSpec("--forever", "Delete it for good. Asks for the entry's id.", type="flag"),
                OptionSpec(
                    "--all",
                    "Delete the whole journal for good: every entry and change.",
                    type="flag",
                    name="everything",
                ),
                OptionSpec(
                    "--confirm", "The entry's id, or `all` with --all, to delete without being asked.", metavar="ID"
                ),
            ),
        ),
        CommandSpec(
            "restore",
            "commands.journal_change:restore",
            "Bring back a removed entry.\n\n"
            "Without ENTRY, restores the newest removed entry. To restore from a backup, use "
            "`careerkit journal restore-backup`.\n\nExample: careerkit journal restore k3f9",
            arguments=(_entry("complete_removed_entry"),),
        ),
        CommandSpec(
            "trend",
            "commands.journal_show:trend",
            "Show how a number has changed over time.\n\n"
            "Corrected answers count. Without NUMBER, lists the numbers to choose from, in one playbook or in all.\n\n"
            'Example: careerkit journal trend crisis/start severity --since "last year"',
            arguments=(
                ArgumentSpec(
                    "playbook", "[PLAYBOOK]", "The playbook's id.", required=False, completion="complete_playbook"
                ),
                ArgumentSpec(
                    "number",
                    "[NUMBER]",
                    "The id of a scale, a number or a computed value.",
                    required=False,
                    completion="complete_number",
                ),
            ),
            options=(
                OptionSpec(
                    "--limit",
                    "Show the newest N entries. The default is 40, or all with --json.",
                    type="limit",
                    metavar="N",
                ),
                _TAG,
                _SINCE,
                _UNTIL,
            ),
        ),
        CommandSpec(
            "where",
            "commands.journal_show:where",
            'Print the journal\'s folder.\n\nExample: ls "$(careerkit journal where)"',
        ),
        CommandSpec(
            "calibration",
            "commands.journal_show:calibration",
            "Show how well your predictions fit what happened.\n\n"
            "Some playbooks ask how likely something is, and a check-in asks later whether it happened. From ten answers on, "
            "this compares both.\n\nExample: careerkit journal calibration",
        ),
        CommandSpec(
            "reindex",
            "commands.journal_storage:reindex",
            "Read every file and rebuild the index.\n\nOnly needed after you have edited older files by hand.\n\n"
            "Example: careerkit journal reindex",
        ),
        CommandSpec(
            "backup",
            "commands.journal_storage:backup",
            "Write the whole journal to one archive, and verify it.\n\n"
            "Any tar program can open it. An encrypted journal stays encrypted in it; any other can be read by anyone."
            "\n\nExample: careerkit journal backup /media/stick/journal.tar.gz",
            arguments=(_ARCHIVE,),
            options=(_FORCE,),
        ),
        CommandSpec(
            "restore-backup",
            "commands.journal_storage:restore_backup",
            "Restore missing files from a backup. Existing files are left alone.\n\n"
            "The whole archive is verified before anything is written.\n\n"
            "Example: careerkit journal restore-backup /media/stick/journal.tar.gz",
            arguments=(_ARCHIVE,),
            options=(OptionSpec("--to", "Restore to a journal in this folder instead.", type="file", metavar="DIR"),),
        ),
        CommandSpec(
            "export",
            "commands.journal_storage:export_journal",
            "Write the whole journal as JSON lines.\n\n"
            "For other programs, and for `careerkit journal import`. The file is not encrypted and includes private "
            "answers.\n\nExample: careerkit journal export --output journal.jsonl",
            options=(_OUTPUT, _FORCE),
        ),
        CommandSpec(
            "import",
            "commands.journal_storage:import_journal",
            "Import an exported journal.\n\n"
            "Reads what `careerkit journal export` wrote, and adds what the journal doesn't have yet. Existing files are "
            "left alone. Every line is checked before anything is written.\n\nExample: careerkit journal import journal.jsonl",
            arguments=(ArgumentSpec("file", "FILE", "The exported file, or - for standard input."),),
        ),
        CommandSpec(
            "encrypt",
            "commands.journal_storage:encrypt",
            "Encrypt the journal and everything you write from now on.\n\n"
            "You choose a passphrase and write down a recovery key. From then on, reading asks for the passphrase; "
            "writing never does. If you lose both, the journal can never be read again. If this is interrupted, run "
            "it again to continue.\n\n"
            "Needs an extra package: pip install 'careerkit[encrypt]'\n\n"
            "Example: careerkit journal encrypt",
            options=(
                OptionSpec(
                    "--recovery-key",
                    "Write the recovery key to this new file instead of showing it, for example on a USB stick.",
                    type="file",
                    metavar="FILE",
                ),
            ),
        ),
        CommandSpec(
            "decrypt",
            "commands.journal_storage:decrypt",
            "Decrypt the journal.\n\n"
            "Every file becomes plain text again. If this is interrupted, run it again to continue.\n\n"
            "Example: careerkit journal decrypt",
        ),
        CommandSpec(
            "passphrase",
            "commands.journal_storage:passphrase",
            "Change the passphrase of an encrypted journal. The recovery key stays the same.\n\n"
            "If you forgot the passphrase, type the recovery key instead. With --passphrase-fd, the first line is the "
            "old passphrase and the second the new one.\n\nExample: careerkit journal passphrase",
        ),
    ),
    summary="Your entries: list, show, note, tag, remove, ...",
)
_ACTION = ArgumentSpec(
    "action",
    "[ACTION]",
    "The action's number in the newest plan, its id, or ENTRY/2.",
    required=False,
    completion="complete_action",
)
_COMMENT = OptionSpec(
    "--file", "Read the answer from this file, or from standard input if it is -.", type="file", metavar="FILE"
)
_PLAN = GroupSpec(
    "plan",
    "Your plans: what you are going to do.\n\nExample: careerkit plan show",
    (
        CommandSpec(
            "show",
            "commands.plan:show",
            "Show an entry's plan and the rest of its result.\n\nThe plan, the main findings and the first draft. "
            "With --all, everything. With --copy, it goes to the clipboard.\n\n"
            "Example: careerkit plan show last --draft opening --copy",
            arguments=(_entry(),),
            options=(
                OptionSpec("--draft", "Print only this draft, to copy it.", metavar="ID", completion="complete_draft"),
                OptionSpec("--all", "Show the whole result.", type="flag", name="everything"),
                OptionSpec("--copy", "Copy the plan, the draft or everything to the clipboard.", type="flag"),
                OptionSpec("--no-pager", "Don't use a pager.", type="flag"),
            ),
            exclusive=("draft", "everything"),
        ),
        CommandSpec(
            "done",
            "commands.plan_change:done",
            "Mark an action as done.\n\n"
            "Asks what shows that it is done, which you can leave out. Without ACTION, you choose from the open ones of the "
            "newest plan.\n\nExample: careerkit plan done 2",
            arguments=(_ACTION,),
            options=(_COMMENT,),
        ),
        CommandSpec(
            "drop",
            "commands.plan_change:drop",
            "Drop an action that you won't do.\n\n"
            "Asks for the reason, which you can leave out. `careerkit plan undo` brings the action back.\n\n"
            "Example: careerkit plan drop k3f9/2",
            arguments=(_ACTION,),
            options=(_COMMENT,),
        ),
        CommandSpec(
            "move",
            "commands.plan_change:move",
            "Move an action to another day.\n\n"
            "WHEN is a date in words: friday, tomorrow, in 3 days, 4 December, 2026-12-04. The weekday and the date are "
            "shown before you are asked for a reason.\n\nExample: careerkit plan move 2 friday",
            arguments=(
                ArgumentSpec(
                    "words",
                    "[ACTION] [WHEN]",
                    "The action's number or id, or ENTRY/2; then the new day.",
                    required=False,
                    repeated=True,
                    completion="complete_action",
                ),
            ),
            options=(_COMMENT,),
        ),
        CommandSpec(
            "add",
            "commands.plan_change:add",
            "Add an action of your own to the newest plan.\n\n"
            "Asks what you will do, on which cue, and by when.\n\nExample: careerkit plan add friday",
            arguments=(ArgumentSpec("when", "[WHEN]", "The day, in words.", required=False, repeated=True),),
            options=(
                OptionSpec(
                    "--file",
                    "Read the action from this file, or from standard input if it is -: what to do, and below it the cue.",
                    type="file",
                    metavar="FILE",
                ),
            ),
        ),
        CommandSpec(
            "undo",
            "commands.plan_change:undo",
            "Take back the last change of a plan.\n\n"
            "That is the last `done`, `drop`, `move` or `add`. Repeat it to take back the one before.\n\n"
            "Example: careerkit plan undo",
            arguments=(_entry(),),
        ),
        CommandSpec(
            "export",
            "commands.plan_export:export",
            "Write a plan for your calendar, task list or notes, or to print.\n\n"
            "To standard output, or to a file whose extension names the format: .md, .html, .ics, .txt (todo.txt), .csv, .json. "
            "Exporting again updates what is there already and never resets what you have ticked.\n\n"
            "Example: careerkit plan export last --output plan.ics",
            arguments=(_entry(),),
            options=(
                OptionSpec(
                    "--to", f"The format: {', '.join(EXPORT_FORMATS)}.", metavar="FORMAT", choices=EXPORT_FORMATS
                ),
                OptionSpec("--all-open", "Export everything that is open, of all entries.", type="flag"),
                OptionSpec(
                    "--as",
                    "For calendars: events, or tasks.",
                    metavar="events|todos",
                    choices=ITEM_TYPES,
                    name="item_type",
                ),
                _OUTPUT,
                OptionSpec("--into", "Add to this todo.txt or note, and update it.", type="file", metavar="FILE"),
                OptionSpec(
                    "--onto",
                    "For Taskwarrior: keep what this output of `task export` (- for standard input) says about the tasks.",
                    type="file",
                    metavar="FILE",
                ),
                OptionSpec("--profile", "A variant of the format: todoist for CSV.", metavar="NAME"),
                _FORCE,
                OptionSpec(
                    "--for",
                    "A copy for others, without private answers and names; for a witness, one page with what you will do.",
                    metavar="others|witness",
                    choices=AUDIENCES,
                    name="audience",
                ),
                OptionSpec(
                    "--with",
                    "In a copy for others, include the answers to these private questions: ID,ID.",
                    metavar="IDS",
                    name="with_questions",
                ),
                OptionSpec(
                    "--names",
                    "In a copy for others, replace these names too: a file with one on each line.",
                    type="file",
                    metavar="FILE",
                    name="names_file",
                ),
                OptionSpec("--shared", "The same as --for others.", type="flag"),
                OptionSpec("--yes", "Don't ask.", type="flag", name="is_confirmed"),
            ),
            exclusive=("output", "into"),
        ),
        CommandSpec(
            "feed",
            "commands.plan_export:feed",
            "Keep a calendar file of everything that is open.\n\n"
            "Subscribe to the file in your calendar, for example in Thunderbird. Run this again after a change: what was moved, "
            "dropped or added follows, and what you ticked in the calendar stays ticked.\n\n"
            "Example: careerkit plan feed ~/careerkit.ics",
            arguments=(ArgumentSpec("file", "FILE", "The calendar file, ending in .ics.", type="file"),),
            options=(
                OptionSpec(
                    "--as",
                    "Tasks (the default) or events.",
                    metavar="events|todos",
                    choices=ITEM_TYPES,
                    name="item_type",
                ),
            ),
        ),
        CommandSpec(
            "sync",
            "commands.plan_sync:sync",
            "Tick the actions that you ticked in another program.\n\n"
            "Reads what an export wrote and another program changed: a calendar file or folder, todo.txt with done.txt, the "
            "output of `task export`, or a note. Shows what it found and asks before it changes a plan. What is missing there "
            "stays as it is.\n\nExample: careerkit plan sync --from ~/todo.txt",
            options=(
                OptionSpec("--from", "The file or folder to read.", type="file", metavar="PATH", name="path"),
                OptionSpec(
                    "--to",
                    "Its format, if the name doesn't tell.",
                    metavar="FORMAT",
                    choices=SYNC_FORMATS,
                    name="format_name",
                ),
                OptionSpec("--yes", "Don't ask.", type="flag", name="is_confirmed"),
            ),
        ),
    ),
    summary="Your plans: show, done, move, drop, add, undo, export, feed, sync.",
)
_PLAYBOOK_FILE = ArgumentSpec("playbook", "FILE|ID", "A playbook's file or id.", completion="complete_playbook_or_file")
_PLAYBOOKS = GroupSpec(
    "playbook",
    "The playbooks, bundled and your own.\n\nExample: careerkit playbook list",
    (
        CommandSpec(
            "list",
            "commands.playbook:list_playbooks",
            "List all playbooks, bundled and your own.\n\nExample: careerkit playbook list",
        ),
        CommandSpec(
            "show",
            "commands.playbook:show",
            "Show a playbook: its stages, questions and outcomes.\n\nExample: careerkit playbook show crisis/start",
            arguments=(ArgumentSpec("playbook", "ID|FILE", "A playbook's id, or a file that ends in .toml."),),
        ),
        CommandSpec(
            "check",
            "commands.playbook:check",
            "Check playbooks and list every problem with its line.\n\n"
            "Each problem has a code; --explain CODE says what it means.\n\n"
            "Example: careerkit playbook check my-playbook.toml",
            arguments=(
                ArgumentSpec(
                    "files",
                    "[FILE|FOLDER|ID]...",
                    "Playbook files, folders of them, or ids of playbooks.",
                    type="file",
                    required=False,
                    repeated=True,
                ),
            ),
            options=(
                OptionSpec("--explain", "Explain a rule, with a bad and a good example.", metavar="CODE"),
                OptionSpec(
                    "--format",
                    "Print the problems for GitHub, or as SARIF.",
                    metavar="github|sarif",
                    choices=("github", "sarif"),
                    name="format_name",
                ),
            ),
        ),
        CommandSpec(
            "new",
            "commands.playbook_author:new",
            "Begin a playbook: a small one that runs, with comments.\n\n"
            "Also writes its stories, for `careerkit playbook test`, and the schema with which your editor completes keys "
            "and marks mistakes. Without FILE, the file is my-playbook.toml.\n\n"
            "Example: careerkit playbook new ask-for-help.toml",
            arguments=(ArgumentSpec("file", "[FILE]", "The new file.", type="file", required=False),),
            options=(OptionSpec("--force", "Overwrite the playbook and its stories.", type="flag"),),
        ),
        CommandSpec(
            "preview",
            "commands.playbook_install:preview",
            "Try out a playbook. Nothing is saved.\n\n"
            "When you save the file, the preview starts again with your answers, and says so. With --from, it starts at that "
            "question, with made-up answers to those before it.\n\n"
            "Example: careerkit playbook preview ask-for-help.toml --from who",
            arguments=(_PLAYBOOK_FILE,),
            options=(
                OptionSpec(
                    "--from",
                    "Start at this question.",
                    metavar="QUESTION",
                    completion="complete_question",
                    name="from_question",
                ),
            ),
        ),
        CommandSpec(
            "test",
            "commands.playbook_author:test",
            "Run a playbook's stories.\n\n"
            "A story says what someone answers, and what must come of it. The stories of NAME.toml are in NAME.stories.toml, "
            "or in a folder NAME.stories. Says what differs, and which "
            "questions, choices, findings and lines no story reaches. Without an argument, tests all playbooks below this "
            "folder.\n\nExample: careerkit playbook test ask-for-help.toml",
            arguments=(
                ArgumentSpec(
                    "playbook",
                    "[FILE|FOLDER|ID]",
                    "A playbook's file or id, or a folder of playbooks.",
                    required=False,
                    completion="complete_playbook_or_file",
                ),
            ),
            options=(
                OptionSpec("--record", "Write what comes out into stories that expect nothing yet.", type="flag"),
                OptionSpec("--update", "Rewrite what differs, and show the difference.", type="flag"),
            ),
        ),
        CommandSpec(
            "graph",
            "commands.playbook_author:graph",
            "Show the flow of a playbook, with its conditions in words.\n\n"
            "Its stages, questions and results: as a tree, as Mermaid source for a flowchart, or as an SVG image for a browser.\n\n"
            "Example: careerkit playbook graph crisis/start --format svg --output crisis.svg",
            arguments=(_PLAYBOOK_FILE,),
            options=(
                OptionSpec(
                    "--format",
                    "The format. The default is tree.",
                    metavar="tree|mermaid|svg",
                    choices=("tree", "mermaid", "svg"),
                ),
                _OUTPUT,
                _FORCE,
            ),
        ),
        CommandSpec(
            "sheet",
            "commands.playbook_author:sheet",
            "Print a playbook as one document to review.\n\n"
            "Every screen, condition and outcome, for a colleague to comment on: as Markdown or as a page of HTML.\n\n"
            "Example: careerkit playbook sheet crisis/start --format html --output crisis.html",
            arguments=(_PLAYBOOK_FILE,),
            options=(
                OptionSpec(
                    "--format",
                    "The format. The default is markdown.",
                    metavar="markdown|html",
                    choices=("markdown", "html"),
                ),
                _OUTPUT,
                _FORCE,
            ),
        ),
        CommandSpec(
            "install",
            "commands.playbook_install:install",
            "Install playbooks from a file, a folder or a git repository.\n\n"
            "Shows who wrote each playbook, what it asks and what of that is private, before anything is installed. With an "
            "address such as https://example.org/playbooks.git, git fetches the newest commit; nothing in it is run, and "
            "only `careerkit playbook update` fetches again. careerkit uses the network for nothing else.\n\n"
            "Example: careerkit playbook install ./ask-for-help.toml --as me/help",
            arguments=(
                ArgumentSpec(
                    "source",
                    "FILE|FOLDER|GIT-URL",
                    "A playbook's file, a folder of playbooks, or the address of a repository.",
                    completion="complete_playbook_or_file",
                ),
            ),
            options=(
                OptionSpec("--as", "The id that the playbook gets.", metavar="GROUP/NAME", name="as_id"),
                OptionSpec("--force", "Replace a playbook that has the same id.", type="flag"),
            ),
        ),
        CommandSpec(
            "update",
            "commands.playbook_install:update",
            "Update installed playbooks from where they came from.\n\n"
            "Shows each new version first, with the questions that are new. Without ID, updates all of them.\n\n"
            "Example: careerkit playbook update me/help",
            arguments=(
                ArgumentSpec(
                    "playbook", "[ID]", "An installed playbook.", required=False, completion="complete_installed"
                ),
            ),
            options=(OptionSpec("--force", "Replace playbooks that you have changed.", type="flag"),),
        ),
        CommandSpec(
            "remove",
            "commands.playbook_install:remove",
            "Remove an installed playbook.\n\nEntries that you made with it keep their copies.\n\n"
            "Example: careerkit playbook remove me/help",
            arguments=(ArgumentSpec("playbook", "ID", "An installed playbook.", completion="complete_installed"),),
            options=(OptionSpec("--force", "Remove it even if you have changed it.", type="flag"),),
        ),
        CommandSpec(
            "schema",
            "commands.playbook_author:schema",
            "Print the JSON Schema of playbooks, for editors.\n\n"
            "Taplo and VS Code use it to complete keys, explain them and mark mistakes. `careerkit playbook new` writes it "
            "next to the new playbook.\n\nExample: careerkit playbook schema --output careerkit-playbook.schema.json",
            options=(_OUTPUT, _FORCE),
        ),
        CommandSpec(
            "walk",
            "commands.playbook_author:walk",
            "Find out what can be reached in a playbook.\n\n"
            "Explores every branch. Names what no answers lead to, and why; says whether every run ends with a finding and "
            "an action, and how long runs are. It takes a few seconds, and saves nothing.\n\n"
            "Example: careerkit playbook walk my-playbook.toml --reach finding.which",
            arguments=(
                ArgumentSpec(
                    "playbook",
                    "ID|FILE",
                    "A playbook's id, or a file that ends in .toml.",
                    completion="complete_playbook",
                ),
            ),
            options=(
                OptionSpec(
                    "--reach",
                    "Print the answers of a run that leads to this part, as an answers file. `--json` lists all parts.",
                    metavar="PLACE",
                ),
            ),
        ),
    ),
    summary="The playbooks: list, show, check, new, test, walk, ...",
)
_AGENDA = CommandSpec(
    "agenda",
    "commands.agenda:agenda",
    "Show what is overdue, due today and due in the next seven days.\n\n"
    "Actions, check-ins, predictions and unfinished entries, over all entries.\n\nExample: careerkit agenda --days 14",
    options=(
        OptionSpec("--days", "The number of days to look ahead. The default is 7.", type="days", metavar="N"),
        OptionSpec("--all", "Show everything that has a date.", type="flag", name="everything"),
        OptionSpec(
            "--porcelain",
            "One line per item with tabs, for a prompt or a status bar. Never asks for a passphrase.",
            type="flag",
        ),
    ),
    exclusive=("days", "everything"),
    summary="What is overdue, due today and due soon.",
)
_CHECKIN = CommandSpec(
    "checkin",
    "commands.checkin:checkin",
    "Answer the check-in that is due.\n\n"
    "What became of each action, a few questions, and what surprised you. Without ENTRY, it is the check-in that has "
    "waited longest.\n\nExample: careerkit checkin",
    arguments=(_entry("complete_finished_entry"),),
    options=(OptionSpec("--early", "Do the next check-in now, although it isn't due yet.", type="flag"),),
    summary="Answer the check-in that is due.",
)
_DOCTOR = CommandSpec(
    "doctor",
    "commands.journal_storage:doctor",
    "Check every file of the journal and report problems.\n\n"
    "With --fix, damaged, leftover and misplaced files are moved to the folder `quarantine`, and files that other "
    "users can open are made private. Nothing is deleted or rewritten.\n\n"
    "Example: careerkit doctor --fix",
    options=(OptionSpec("--fix", "Move bad files to the quarantine, and make files private.", type="flag"),),
    summary="Check the journal for problems.",
)
_CONFIG = GroupSpec(
    "config",
    "Your settings.\n\nExample: careerkit config show",
    (
        CommandSpec(
            "show",
            "commands.config:show",
            "Show all settings, with the defaults.\n\nExample: careerkit config show",
        ),
        CommandSpec(
            "set",
            "commands.config:set_one",
            "Change a setting.\n\nExample: careerkit config set offer_names true",
            arguments=(
                ArgumentSpec("setting", "SETTING", "The setting's name, as `careerkit config show` lists it."),
                ArgumentSpec("value", "VALUE", "true or false."),
            ),
        ),
        CommandSpec(
            "path",
            "commands.config:path",
            "Print the path of the settings file. It may not exist yet.\n\nExample: careerkit config path",
        ),
    ),
    summary="Your settings: show, set, path.",
)
_HELP = CommandSpec(
    "help",
    "app:show_help",
    "Show the help of a command.\n\nExample: careerkit help journal list",
    arguments=(
        ArgumentSpec("words", "[COMMAND]", "The command, for example journal list.", required=False, repeated=True),
    ),
)

HOME = CommandSpec(
    "careerkit",
    "commands.playbook:open_home",
    "A coach in your terminal for hard moments at work.\n\n"
    "Own a mistake before it becomes a crisis, choose a career path, take over a difficult client. Every answer is "
    "saved on this machine as soon as you give it; nothing is sent anywhere.\n\n"
    "Example: careerkit crisis start",
)
"""`careerkit` without a command: the home screen at a terminal, else help."""


def _by_name(entries: Iterable[CommandSpec | GroupSpec]) -> dict[str, CommandSpec | GroupSpec]:
    return {each.name: each for each in entries}


COMMANDS = _by_name((_RUN, _RESUME, _JOURNAL, _PLAN, _AGENDA, _CHECKIN, _PLAYBOOKS, _DOCTOR, _CONFIG, _HELP))
"""The built-in commands by their first word, in the order of the help. No group of playbooks can have such a name."""
