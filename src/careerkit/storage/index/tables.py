"""What the index holds.

    month    each month folder: its stamp, what its files sum up to while it is one of the newest, and whether a file in
             it has a name that must be said something about
    entry    each entry's file. `n` puts entries in the order of their minutes, and is the rowid of its words
    tally    how many entries there are of each `hidden`, so that a list need not count them; triggers keep it
    tag      the tags of each entry
    event    each event's file, and the entry that it is about
    words    the words of each entry, folded and parted by careerkit itself, so that SQLite has nothing to decide

Of what is encrypted there are ids, days and states only. `odd`: the file must be looked at each time, because something
is to be said with it or because its words may not be kept.
"""

from __future__ import annotations

MINUTE = 1 << 23
"""So many numbers has each minute. Each change of an entry takes the next one, so that words of before find nothing."""

MAKE = 2
"""Changes when the tables do while careerkit's version does not."""

TABLES = """
create table meta (key text primary key, value text) without rowid;
create table month (
    shelf text, name text, stamp text, files text, odd integer, primary key (shelf, name)
) without rowid;
create table entry (
    n integer primary key, id text unique, handle text, month text, stamp text, print text, odd integer, hidden integer,
    playbook text, state text, day text
);
create index entry_month on entry (month);
create index entry_handle on entry (handle);
create index entry_hidden on entry (hidden);
create index entry_odd on entry (odd) where odd;
create table tally (hidden integer primary key, entries integer);
insert into tally values (0, 0), (1, 0), (2, 0);
create trigger entry_comes after insert on entry begin
    update tally set entries = entries + 1 where hidden = new.hidden;
end;
create trigger entry_goes after delete on entry begin
    update tally set entries = entries - 1 where hidden = old.hidden;
end;
create table tag (tag text, n integer, primary key (tag, n)) without rowid;
create table event (
    id text primary key, month text, stamp text, print text, entry text, odd integer, plain integer
) without rowid;
create index event_month on event (month);
create index event_entry on event (entry);
create index event_odd on event (odd) where odd;
create index event_plain on event (plain) where plain;
create virtual table words using fts5 (text, content='', columnsize=0, tokenize='ascii');
"""


def minute_of(entry_id: str) -> int:
    """The first number of the minute in which an entry began."""
    return int(entry_id[:8] + entry_id[9:13]) * MINUTE


def shown(*, removed: bool, gone: bool) -> int:
    """How `hidden` says whether an entry may be shown: 0 in lists, 1 among what was removed, 2 nowhere."""
    return 2 if gone else int(removed)
