"""More than two hundred attempts to escape the language: each is refused when parsed, with a column, and quickly."""

from __future__ import annotations

from time import process_time

import pytest

from careerkit.core.expressions.type_check import check_expression

ATTRIBUTES = """
harm.real
harm.__class__
().__class__
(1).__class__
1 .real
1..real
''.__class__
''.join
'a'.upper()
'mistake'.__class__.__mro__
kind.upper()
kind . upper
people.power
people.0
today.year
today.today()
true.__class__
count.__globals__
answered.__globals__['__builtins__']
gate.append('x')
gate.__len__() > 0
().__class__.__base__.__subclasses__()
[].__class__.__base__
{}.__class__
harm.__class__.__init__.__globals__
kind == 'a'.b
at(points, 'patience').real
people?.power
people->power
people::power
""".strip().splitlines()
DUNDERS = """
__import__
__import__('os')
__import__('os').system('id')
__builtins__
__class__
__name__ == '__main__'
__file__
_
__
_harm
answered(__class__)
count(__builtins__)
done(__import__)
any(people, __class__)
each(people, __dict__)
highest(__a__, __b__)
band(__class__)
at(__globals__, 'os')
'__class__' in gate
kind == '__class__'
at(points, '__class__')
""".strip().splitlines()
CALLS = """
eval('1')
exec('1')
open('/etc/passwd')
print(harm)
getattr(harm, 'real')
setattr(harm, 'a', 1)
compile('1', 'a', 'eval')
globals()
locals()
vars()
dir()
type(harm)
input()
help()
exit()
quit()
breakpoint()
id(harm)
hash(harm)
len(gate)
abs(harm)
pow(2, 3)
int('3')
float('inf')
float('nan')
Decimal('1e9')
date(2026, 1, 1)
str(harm)
repr(harm)
chr(65)
ord('a')
range(10)
list(gate)
dict(a=1)
set(gate)
map(count, gate)
filter(count, gate)
sorted(gate)
zip(gate, gate)
iter(gate)
next(gate)
format(harm, '9999999999d')
bytes(9999999999)
bytearray(9999999999)
memoryview(harm)
object()
super()
system('id')
today()
today(1)
harm()
harm(1)
kind('mistake')
'kind'()
1()
(harm)()
(count)(gate)
count(gate)()
true()
not()
if()
count
count + 1
count(count)
each
any(all)
max
""".strip().splitlines()
LOOPS_AND_LAMBDAS = """
[x for x in gate]
(x for x in gate)
{x for x in gate}
{x: x for x in gate}
count(x for x in gate)
any(power for power in people)
sum([power for power in people])
lambda: 1
lambda x: x
(lambda: 1)()
count(people, lambda p: p)
for x in gate
while true
yield 1
await harm
async harm
harm := 3
(harm := 3)
any(people, x := power)
""".strip().splitlines()
TEXTS = """
f'{harm}'
f"{harm}"
f'{harm!r:>99999999}'
r'a' == kind
b'a' == kind
u'a' == kind
rb'a' == kind
'a' 'b' == kind
'a' + 'b'
'a' + 'b' == kind
kind + 'a' == 'mistakea'
'a' * 99
'a' * 999999999
99 * 'a'
'a' - 'b'
-'a'
not 'a'
'a' and 'b'
'a' < 'b'
'a' == 'a'
'a' in 'abc'
'a' in ['a']
kind in 'mistake'
client == 'Acme'
client in ['Acme']
client + client
client < 'b'
'{harm}' == kind
'{0.__class__}' == kind
'%s' % harm
'%(a)s' % kind
'{}'.format(harm)
$harm
${harm}
{harm}
{{harm}}
{% if harm %}
`id`
$(id)
'''a''' == kind
\"\"\"a\"\"\" == kind
""".strip().splitlines()
SUBSCRIPTS = """
people[0]
people[0]['power']
people['power']
gate[0]
gate[-1]
gate[:]
gate[::-1]
gate[0:1]
scores['deep']['pay']
points['patience']
'abc'[0]
[1, 2][0]
[1]
[]
{}
{'a': 1}
{1, 2}
()
(1,)
(1, 2)
1, 2
harm in (1, 2)
harm in {1, 2}
harm in []
harm in [[1]]
harm in [1, [2]]
harm in [1][0]
harm in [1] + [2]
harm in [*gate]
""".strip().splitlines()
POWERS = """
9**9
9**9**9
9 ** 9 ** 9
2**-1
harm ** harm
9^9
9 << 9
1 >> 1
harm // 2
harm % 2
harm @ harm
~harm
harm & 1
harm | 1
harm ^ 1
!own_slip
own_slip && formal
own_slip || formal
own_slip & formal
own_slip ? 1 : 2
harm <> 3
harm === 3
harm => 3
harm =< 3
harm = 3
harm += 1
harm++
++harm
+harm
harm <=> 3
harm is 3
harm is not 3
own_slip xor formal
own_slip AND formal
NOT own_slip
""".strip().splitlines()
NUMBERS = """
1e999999
1E5
1e+5
1e-5
1_000
1,000
0x10
0b11
0o17
1j
1L
1.5.2
1.
.5
1. + 1
Infinity
inf
NaN
nan
-inf
9.9.9
1'000
1 000
""".strip().splitlines()
ARGUMENTS = """
count(*gate)
count(**gate)
max(*people)
count(gate, *gate)
round(number=1)
round(harm, places=2)
round(harm, -9)
round(harm, 999999999)
round(harm, harm)
count(people, count(people, count(people)))
sum(people, sum(people, power))
any(people, any(people, knows))
max(people, max(people, power))
each(people, each(people, person))
count(each(people, person))
each(people, person) == 'a'
done(tell_owner, repair_it)
done(1)
done('tell_owner')
answered(answered(harm))
band(band(severity))
highest(highest(past, quality), personal)
at(people, 'power')
at(at(points, 'patience'), 'a')
at(points, '../../etc/passwd')
answered('/etc/passwd')
count('/etc/passwd')
days_between('0000-00-00', today)
days_between('99999-01-01', today)
days_between('-2026-01-01', today)
days_between('2026-01-01T00:00', today)
deadline - today
deadline == '2026-01-01; import os'
""".strip().splitlines()
STATEMENTS = [
    "import os",
    "from os import path",
    "harm; harm",
    "harm;",
    "harm\nharm",
    "harm\n\nimport os",
    "del harm",
    "pass",
    "return harm",
    "raise harm",
    "assert harm",
    "global harm",
    "try: harm",
    "with harm: harm",
    "class A: pass",
    "def f(): pass",
    "if harm: harm",
    "harm # comment",
    "# comment",
    "harm -- comment",
    "harm // comment",
    "/* */ harm",
    "harm /* */",
    "<!-- -->",
    "'; DROP TABLE answers; --",
    "' or '1'=='1",
    "' or true or '",
    "kind == '' or true or ''",
    "None",
    "null == null",
    "True",
    "False",
    "...",
    "@harm",
    "harm:",
    "harm: int",
    "...harm",
    "",
    " ",
    "\t\n\r",
]
CHARACTERS = [
    "\0",
    "harm\0",
    "harm\0 > 1",
    "'a\0' == kind",
    "kind == 'mistake\0'",
    "\\",
    "\\x68arm",
    "har\\\nm",
    "kind == 'mi\\x73take'",
    "kind == 'mistake\\'",
    "kind == '\\u006distake'",
    "kind == '\\N{BULLET}'",
    "\x1b[31mharm",
    "kind == '\x1b[31m'",
    "\x07",
    "\x7f",
    "\x80",
    "\x9bharm",
    "\ufeffharm",
    "\u200bharm",
    "ha\u200brm",
    "ha\u00adrm",
    "\u202eharm",
    "\u2066harm\u2069",
    "kind == '\u202emistake'",
    "kind == 'mistake\u200b'",
    "h\u0430rm > 1",
    "\u04bbarm > 1",
    "\uff48arm > 1",
    "harm \uff1e 1",
    "harm \uff0b 1",
    "\uff08harm\uff09",
    "\uff11 + 1",
    "\u0661 + 1",
    "\u00b2 + 1",
    "2\u00b2",
    "\u00bd",
    "\u221e",
    "harm \u2212 1",
    "harm \u00d7 2",
    "harm \u00f7 2",
    "harm \u2265 3",
    "harm \u2260 3",
    "\u00ac own_slip",
    "own_slip \u2227 formal",
    "kind == \u2018mistake\u2019",
    "kind == \u201cmistake\u201d",
    "kind == \u00abmistake\u00bb",
    "kind == \u2032mistake\u2032",
    "kind == 'm\u0456stake'",
    "harm\u00a0> 1",
    "harm\u2003> 1",
    "harm\u2028> 1",
    "harm\x0b> 1",
    "harm\x0c> 1",
    "harm\x85> 1",
    "\ud800",
    "kind == '\udfff'",
    "\U0001d4f1arm",
    "\u017fpread > 1",
    "\u212aind == 'mistake'",
    "\U0001f4a9",
    "Harm > 1",
    "HARM > 1",
    "'harm",
    '"harm',
    "'harm\"",
    "kind == 'mistake",
    "'",
    '"',
    "'''",
]
SIZES = [
    "(" * 17 + "harm" + ")" * 17,
    "(" * 512,
    "(" * 100_000,
    ")" * 512,
    "[" * 512,
    "-" * 511 + "1",
    "-" * 100_000 + "1",
    "not " * 120 + "own_slip",
    "round(" * 60 + "1" + ")" * 60,
    "max(1," * 60 + "1" + ")" * 60,
    "1 if true else " * 30 + "1",
    "1" + "+1" * 255,
    "1" + "*9" * 100,
    "own_slip" + " or own_slip" * 40,
    "harm in [" + "1," * 200 + "1]",
    "max(" + "1," * 200 + "1)",
    "9" * 29,
    "9" * 512,
    "9" * 10_000,
    "0." + "9" * 500,
    "harm > " + "9" * 10_000,
    "a" * 512,
    "a" * 100_000,
    "'" + "a" * 510 + "'",
    "'" + "a" * 100_000 + "'",
    "harm" + " " * 1_000_000,
    "kind == '" + "mistake" * 60 + "'",
    "(((((((((((((((((((((((((((harm",
    "1<" * 200 + "1",
    "x" + "," * 500,
]
ESCAPES = [
    *ATTRIBUTES,
    *DUNDERS,
    *CALLS,
    *LOOPS_AND_LAMBDAS,
    *TEXTS,
    *SUBSCRIPTS,
    *POWERS,
    *NUMBERS,
    *ARGUMENTS,
    *STATEMENTS,
    *CHARACTERS,
    *SIZES,
]


def test_there_are_more_than_four_hundred_attempts() -> None:
    assert len(set(ESCAPES)) > 400


@pytest.mark.parametrize("source", ESCAPES, ids=lambda source: ascii(source)[:60])
def test_the_attempt_is_refused(source: str, problems_of, column_of) -> None:
    problems_of("x.y", check_expression)  # what the first check imports is no part of the time
    started = process_time()
    problems = problems_of(source, check_expression)
    taken = process_time() - started

    assert problems
    assert taken < 1
    for problem in problems:
        assert 1 <= column_of(problem) <= len(source) + 1
        assert problem.hint
        assert str(problem).isprintable()
        assert len(str(problem)) < 500


def test_the_scope_of_these_tests_refuses_nothing_that_is_right(problems_of) -> None:
    """Or else all of the above would be refused for the wrong reason."""
    for source in ("harm > 1", "kind == 'mistake'", "'legal' in gate", "own_slip or formal", "count(people, knows)"):
        assert problems_of(source, check_expression) == ()
