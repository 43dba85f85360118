"""Writes golden/jinja/expressions.json: what jinja2 makes of templates, set up as transformers does.

    python3 -m venv venv && venv/bin/pip install jinja2==3.1.6 transformers==5.23.0
    venv/bin/python jinja_expressions.py > ../resources/golden/jinja/expressions.json
"""
import datetime
import json
import sys

import jinja2
import transformers
from transformers.utils import chat_template_utils as utils


class FixedClock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2026, 11, 21, 9, 5, 7)


utils.datetime = FixedClock

CONTEXT = {
    "messages": [
        {"role": "system", "content": "You are helpful."},
        {"role": "user", "content": "Hi \u00e9 <b> \U0001f600!"},
        {"role": "assistant", "content": "  <think>\nhm\n</think>\n\nHello  ", "tool_calls": [{"id": 1}]},
        {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "image"}]},
    ],
    "s": "Hello World",
    "e": "a\U0001f600b\U0001f600\u00e9\ud55c",
    "multi": "one\n  two\r\n\nthree\x0bfour\u2028five",
    "n": 7,
    "neg": -7,
    "big": 123456789012345678901234567890,
    "f": 2.5,
    "t": True,
    "none_": None,
    "l": [3, 1, 2],
    "ls": ["b", "A", "c", "B"],
    "mixed": [1, "a", None, 2.5, True, [1], {"k": "v"}],
    "d": {"b": 1, "A": [1, 2], "c": None, "items": 5},
    "people": [
        {"name": "Bo", "age": 30, "city": {"n": "X"}},
        {"name": "al", "age": 25, "city": {"n": "y"}},
        {"name": "Cy", "age": 30, "city": {"n": "x"}},
    ],
    "nested": {"a": {"b": [{"c": 1.0}]}},
    "tree": [{"v": 1, "k": [{"v": 2, "k": []}, {"v": 3, "k": [{"v": 4, "k": []}]}]}],
}

EXPRESSIONS = []
TEMPLATES = []


def ex(text):
    EXPRESSIONS.extend(line.strip() for line in text.strip().split("\n") if line.strip())


def te(*texts):
    TEMPLATES.extend(texts)


ex(r"""
1 + 2
9223372036854775807 + 1
-9223372036854775807 - 5
9223372036854775807 * 9223372036854775807
big * 2 - 1
big // 7
big % 7
-big // 7
-big % 7
2 ** 100
2 ** -1
(-2) ** 3
-2 ** 2
2 ** 3 ** 2
2.0 ** 0.5
0 ** 0
(-1) ** 5
7 // 2
-7 // 2
7 // -2
7 % 3
-7 % 3
7 % -3
7.5 // 2
-7.5 // 2
-7.5 % 2
7.5 % -2
5.0 % 5
1e308 * 10
-1e308 * 10
(1e308 * 10) - (1e308 * 10)
7 / 2
6 / 3
1 / 3
1 / 0
1 // 0
1 % 0
1.0 / 0
1.0 // 0
1.0 % 0
True + True
True * 3.0
not True
- True
+ n
+ f
-f
- 'a'
n + 's'
's' + n
's' + none
s + undefined_thing
undefined_thing + s
none + 1
1 - 'a'
[1] + [2]
(1,) + (2, 3)
[1] + (2,)
[1] * 3
3 * [1, 2]
'ab' * 3
3 * 'ab'
'ab' * -1
'ab' * 1.5
[1] * 'a'
'a' ~ 1 ~ none ~ 2.5 ~ [1] ~ undefined_thing
1.0
2.50
1e5
1e16
1e15
1.5e-7
0.0001
0.00001
123456789.123456789
1e22
5e-324
1.7976931348623157e308
0.1 + 0.2
100.0
-0.0
1_000
0xff
0b101
0o17
1_0.5_0
007
10 == 10.0
1 == True
'1' == 1
[1, 2] == [1, 2]
[1, 2] == (1, 2)
[1] == [1.0]
{'a': 1} == {'a': 1.0}
none == none
undefined_thing == undefined_thing2
undefined_thing == none
1 < 2 < 3
1 < 3 < 2
3 > 2 > 1
1 < 2 > 1
1 == 1.0 == True
'a' < 'b'
'B' < 'a'
[1, 2] < [1, 3]
[1, 2] < [1, 2, 0]
(1, 2) <= (1, 2)
'a' < 1
none < 1
undefined_thing < 1
1 < undefined_thing
big > 1e30
big < 1e29
9007199254740993 == 9007199254740992.0
'a' in 'abc'
'' in 'abc'
1 in [1, 2]
1.0 in [1, 2]
'a' not in 'abc'
'b' in d
1 in {1: 2}
True in {1: 2}
1.0 in {1: 2}
none in [none]
'x' in undefined_thing
1 in 'abc'
none in 'abc'
1 in 5
'a' in none
[1] in [[1]]
[1] in {1: 2}
(1, 2) in {(1, 2): 3}
1 and 2
0 and 2
0 or 'x'
'' or none
'' or undefined_thing
n or 1 / 0
not undefined_thing
not ''
not [0]
1 if t else 2
1 if not t
(1 if not t) is defined
'a' if none_ else 'b' if t else 'c'
s[0]
s[-1]
s[100]
s[100] is defined
s[2:5]
s[:-3]
s[::-1]
s[::2]
s[-3:]
s[5:2]
s[10:100]
s[8:2:-2]
s[::0]
s['a':]
s[1.5]
e[0]
e[1]
e[-1]
e[1:4]
e[::-1]
e[::2]
e[4:1:-1]
e|length
e.find('b')
e.rfind('b')
e.index('\u00e9')
e.count('\U0001f600')
e.center(12, '*')
e|reverse
e|list
e|first
e|last
e|truncate(5, true, '')
e.upper()
e.title()
e.split('b')
l[0]
l[-1]
l[5]
l[1:]
l[::-1]
l[:2]
l[-2:-1]
l['a']
l.0
l[none]
l[true]
(1, 2, 3)[1:]
(1, 2, 3)[0]
(1,)
()
(1, 2)
1, 2
[1, 2,]
{'a': 1,}
{'a': 1, 'a': 2}
{1: 'a', 1.0: 'b', True: 'c'}
{[1]: 2}
{(1, 2): 3}
{none: 1}[none]
d.b
d['b']
d.A[1]
d.items
d['items']
d.nope
d.nope is defined
d.nope.x
d['nope']['x']
d.get('b')
d.get('z')
d.get('z', 'q')
d.get('c', 'q')
d.get(key='b')
d.get()
d.keys()
d.values()
d.keys()|list
d.values()|list
nested.items()
nested.items()|list
d|items|list
d|length
d[1]
d[l]
d.pop('b')
d.update({'x': 1})
d.copy()
l.append(4)
l.pop()
l.index(1)
l.index(9)
l.count(1)
l.copy()
s.__class__
s.__class__.__name__
d.__len__
none.x
none.x.y
none['x']
n.x
n.x.y
n[0]
t.x is defined
nested.a.b[0].c
nested['a']['b'][0]['c']
nested.a.z
nested.z.b
undefined_thing
undefined_thing is defined
undefined_thing is undefined
undefined_thing.x
undefined_thing['x']
undefined_thing[0]
undefined_thing[1:2]
undefined_thing()
undefined_thing|length
undefined_thing|list
undefined_thing|default('d')
undefined_thing|upper
undefined_thing|trim
undefined_thing|join(',')
undefined_thing|tojson
undefined_thing|int
undefined_thing|string
undefined_thing|first
undefined_thing|sort
undefined_thing|items|list
undefined_thing|map('upper')|list
undefined_thing|selectattr('a')|list
-undefined_thing
[undefined_thing]
[undefined_thing]|length
undefined_thing is none
undefined_thing is string
undefined_thing is iterable
undefined_thing is mapping
undefined_thing is sequence
undefined_thing ~ 'x'
undefined_thing == ''
undefined_thing != ''
s()
none()
n()
'%s' % 'a'
'%s %s' % ('a', 1)
'%d' % 3.7
'%d' % 'a'
'%5d|%-5d|%05d|%+d|% d' % (3, 3, 3, 3, 3)
'%.2f' % 3.14159
'%8.3f|%-8.1f|' % (3.14159, 2.0)
'%e %g %G' % (12345.678, 0.00001234, 1e20)
'%x %X %o %#x' % (255, 255, 8, 255)
'%r %s' % ('a', 'a')
'%s' % [1, 'a']
'%%' % ()
'%(a)s-%(b)d' % {'a': 1, 'b': 2}
'%c' % 'x'
'%c' % 65
'%s %s' % 'a'
'%s' % ('a', 'b')
'abc' % 1
'%5s|%-5s|%.2s' % ('ab', 'ab', 'abc')
'%i' % 3
'%z' % 1
'%' % 1
'%*d' % (5, 3)
'%s'|format('x')
'%s %s'|format('x', 2)
'%(a)s'|format(a=1)
'{} {}'.format(1, 'a')
'{0} {1} {0}'.format(1, 'a')
'{a} {b}'.format(a=1, b=[1])
'{0.role}'.format(messages[0])
'{0[role]}'.format(messages[0])
'{0[0]}'.format(l)
'{:>5}|{:<5}|{:^5}|{:*^7}'.format('a', 'b', 'c', 'd')
'{:5}|{:05d}|{:+d}|{:,}'.format(3, 3, 3, 1234567)
'{:.2f} {:.1%} {:e} {:g}'.format(3.14159, 0.256, 12345.678, 1234567.0)
'{:x} {:X} {:#x} {:b} {:o}'.format(255, 255, 255, 5, 8)
'{!r} {!s}'.format('a', 'a')
'{{}} {}'.format(1)
'{:{}}'.format('a', 5)
'{:10.3}'.format('abcdef')
'{:.3}'.format(2.0)
'{:.3}'.format(1234.5)
'{:_}'.format(1234567)
'{}'.format()
'{'.format(1)
'}'.format(1)
'{a}'.format(b=1)
'{:d}'.format('a')
'{:s}'.format(1)
'{}'.format(none)
'{:5}'.format(none)
'{:>8}'.format(true)
'{:c}'.format(65)
s.upper()
s.lower()
s.title()
s.capitalize()
s.swapcase()
s.casefold()
'they\'re bill\'s friends-from x'.title()
'they\'re bill\'s friends-from x'|title
'\u00dfa'.capitalize()
'\u00df'.upper()
'\u0130'.lower()
s.startswith('He')
s.startswith(('x', 'He'))
s.startswith('lo', 3)
s.startswith('He', 0, 1)
s.startswith(1)
s.endswith('ld')
s.endswith(('x', 'ld'))
s.find('o')
s.find('o', 5)
s.find('z')
s.rfind('o')
s.index('z')
s.count('l')
s.count('')
s.replace('l', 'L')
s.replace('l', 'L', 1)
s.replace('', '-')
''.replace('', 'x')
s.replace('z', 'y')
s.split()
s.split('o')
s.split('o', 1)
s.split(none, 1)
s.split('')
s.split(sep='o', maxsplit=1)
s.split('zz')
'  a  b  '.split()
'  a  b  '.split(' ')
'  a  b  c '.split(none, 1)
''.split()
''.split('x')
'a,b,,c,'.split(',')
s.rsplit('o', 1)
'  a  b  c '.rsplit(none, 1)
'a,b,c'.rsplit(',')
multi.splitlines()
multi.splitlines(true)
'a\n'.splitlines()
''.splitlines()
'  x '.strip() ~ '|'
'xxaxx'.strip('x')
'xyaxy'.strip('yx')
'  x '.lstrip() ~ '|'
'  x '.rstrip() ~ '|'
'\u00a0\u3000x\u2003\x1c'.strip()
'\u200bx'.strip()|length
e.strip('a\U0001f600')
s.partition('o')
s.partition('z')
s.rpartition('o')
s.rpartition('z')
s.removeprefix('He')
s.removesuffix('ld')
s.removeprefix('x')
','.join(['a', 'b'])
','.join([1])
','.join('abc')
','.join([])
','.join(d)
s.center(15, '-')
s.center(14, '-')
'ab'.center(5, '-')
'abc'.center(6, '-')
s.ljust(13, '.')
s.rjust(13, '.')
'7'.zfill(3)
'-7'.zfill(4)
'a\tb'.expandtabs(4)
'abc'.isalpha()
'ab1'.isalnum()
'123'.isdigit()
'\u00b2'.isdigit()
'\u00b2'.isdecimal()
'\u00bd'.isnumeric()
' \t'.isspace()
''.isspace()
'abc'.islower()
'aBc'.islower()
'ABC'.isupper()
'A1'.isupper()
'1'.isupper()
'Hello World'.istitle()
'Hello world'.istitle()
'abc_1'.isidentifier()
'1a'.isidentifier()
'abc'.isascii()
'\u00e9'.isascii()
'a\n'.isprintable()
s.nope
s.nope()
s.format_map({'a': 1})
'{a}'.format_map({'a': 1})
l|abs
neg|abs
-2.5|abs
(-2.5)|abs
'a'|abs
s|attr('upper')
messages[0]|attr('role') is defined
l|batch(2)|list
l|batch(2, 'x')|list
s|batch(4)|map('join')|list
'hELLO wORLD'|capitalize
'foo'|center(9)
l|count
d|count
5|count
undefined_thing|d('x')
''|d('x')
''|d('x', true)
none|default('x')
none|default('x', boolean=true)
false|default('x', true)
d|dictsort
d|dictsort(true)
{'a': 3, 'B': 1, 'c': 2}|dictsort(false, 'value')
{'a': 3, 'B': 1}|dictsort(reverse=true)
d|dictsort(by='x')
l|dictsort
'<a href="x">\'&'|e
'<a>'|escape
'<a>'|forceescape
1|filesizeformat
999|filesizeformat
1000|filesizeformat
123456789|filesizeformat
123456789|filesizeformat(true)
1e30|filesizeformat
'1500'|filesizeformat
l|first
[]|first
s|first
d|first
5|first
'3.5'|float
'x'|float
'x'|float(1.5)
'1e3'|float
' 3 '|float
'inf'|float
none|float
n|float
people|groupby('age')
people|groupby('age')|map('first')|list
people|groupby('city.n')|map(attribute='grouper')|list
people|groupby('city.n', case_sensitive=true)|map(attribute='grouper')|list
people|groupby('zip', default='-')|map(attribute='0')|list
people|groupby('age')|map('last')|map('length')|list
'a\nb\n\nc'|indent
'a\nb\n\nc'|indent(2, true)
'a\nb\n\nc'|indent(2, blank=true)
'a\nb'|indent('> ')
'a\nb\n'|indent(2)
''|indent(2, true)
5|indent
'42'|int
'42.7'|int
'x'|int
'x'|int(5)
'0x1f'|int(base=16)
'1f'|int(0, 16)
'0b11'|int(0, 2)
'0x1f'|int
' 12 '|int
'1_000'|int
42.9|int
-42.9|int
none|int
true|int
1e30|int
big|int
('9' * 30)|int
[]|int
l|join
l|join(', ')
l|join(1)
s|join('-')
people|join(', ', attribute='name')
people|join('|', 'age')
[none, true, 1.0]|join(',')
5|join
l|last
[]|last
s|last
d|last
(1, 2)|last
l|length
s|length
5|length
none|length
s|list
d|list
(1, 2)|list
5|list
s|lower
n|lower
messages|map(attribute='role')|list
messages|map(attribute='nope', default='-')|list
messages|map(attribute='content')|map('length')|list
people|map(attribute='city.n')|list
people|map(attribute='zip')|list
ls|map('upper')|join(',')
ls|map('replace', 'b', 'x')|list
l|map('string')|list
ls|map('nope')|list
ls|map()|list
l|map('default', 3)
(l|map('abs'))|length
(l|map('abs'))[0]
l|map('abs')|first
l|map('abs')|last
l|map('abs') is iterable
l|map('abs') is sequence
l|map('abs')|list|last
l|max
l|min
ls|max
ls|max(case_sensitive=true)
ls|min
people|max(attribute='age')
people|min(attribute='name')
[]|max
[1, 'a']|max
l|reject('odd')|list
l|reject('gt', 1)|list
people|rejectattr('age', 'eq', 30)|map(attribute='name')|list
messages|rejectattr('tool_calls')|list|length
messages|rejectattr('tool_calls', 'defined')|list|length
s|replace('l', 'L')
s|replace('l', 'L', 2)
n|replace(7, 8)
s|reverse
l|reverse|list
d|reverse|list
range(3)|reverse|list
5|reverse
2.5|round
3.5|round
2.675|round(2)
2.71|round(1, 'ceil')
2.79|round(1, 'floor')
42|round
1234|round(-2)
42.55|round|int
2.5|round(method='x')
'a'|round
1e20|round
s|safe
l|select('odd')|list
l|select|list
[0, 1, '', 'a']|select|list
l|select('>', 1)|list
l|select('in', [1, 2])|list
l|select('nope')|list
messages|selectattr('role', 'equalto', 'user')|list|length
messages|selectattr('tool_calls', 'defined')|map(attribute='role')|list
messages|selectattr('role', 'in', ['user', 'system'])|list|length
messages|selectattr('role', '!=', 'user')|map(attribute='role')|list
messages|selectattr('content', 'string')|list|length
messages|selectattr()|list
people|selectattr('city.n', 'eq', 'X')|list
range(10)|slice(3)|list
range(10)|slice(3, 'x')|list
l|slice(0)|list
l|sort
l|sort(reverse=true)
ls|sort
ls|sort(case_sensitive=true)
ls|sort(true)
people|sort(attribute='age')|map(attribute='name')|list
people|sort(attribute='age,name')|map(attribute='name')|list
people|sort(attribute='age', reverse=true)|map(attribute='name')|list
people|sort(attribute='city.n')|map(attribute='name')|list
mixed|sort
'hello'|sort
d|sort
5|string
none|string
[1]|string
s|string
'<p>a  <b>b</b>\n c</p><!-- x -->&lt;'|striptags
l|sum
people|sum(attribute='age')
people|sum('age', 100)
[]|sum
[1.5, 2]|sum
ls|sum
[[1], [2]]|sum(start=[])
'hello world-foo (bar) [baz] <qux>'|title
'\tx y\t'|trim
'xxaxx'|trim('x')
n|trim
none|trim
'foo bar baz qux'|truncate(9)
'foo bar baz qux'|truncate(9, true)
'foo bar baz qux'|truncate(11)
'foo bar baz qux'|truncate(11, false, '...', 0)
'foo bar baz qux'|truncate(2)
'foobarbazqux'|truncate(6, leeway=0)
['a', 'A', 'b']|unique|list
['a', 'A', 'b']|unique(true)|list
people|unique(attribute='age')|map(attribute='name')|list
[1, 1.0, true, '1']|unique|list
[[1]]|unique|list
s|upper
'a b/c?d=e&f'|urlencode
{'a': 'b c', 'd/': '\u00e9'}|urlencode
'one two, three_four'|wordcount
'the quick brown fox jumps'|wordwrap(10)
'the quick brownfoxjumpsover'|wordwrap(10)
'the quick brownfoxjumpsover'|wordwrap(10, false)
{'a': 1, 'b': none, 'c': '<'}|xmlattr
{'a b': 1}|xmlattr
d|tojson
mixed|tojson
nested|tojson(indent=2)
nested|tojson(indent='>')
l|tojson(indent=0)
{}|tojson(indent=2)
[]|tojson(indent=2)
[[], {}]|tojson(indent=2)
e|tojson
e|tojson(ensure_ascii=true)
'a"b\\c\n\t\r\x08\x0c\x01\x7f/<>&\''|tojson
'\x7f\u2028'|tojson(true)
{'b': 1, 'a': 2}|tojson(sort_keys=true)
{'b': 1, 'a': 2}|tojson(separators=(',', ':'))
{'b': [1, 2]}|tojson(separators=[',', ':'], indent=1)
{1: 2, none: 3, true: 4, 1.5: 5}|tojson
{(1, 2): 3}|tojson
(1, 2)|tojson
1.0|tojson
1e16|tojson
(1e308 * 10)|tojson
big|tojson
none|tojson
true|tojson
range(3)|tojson
(l|map('abs'))|tojson
namespace()|tojson
d.keys()|tojson
s|tojson|tojson
nested|pprint
s|nope
5 is divisibleby 5
5 is divisibleby(2)
5 is odd
5 is even
5.0 is odd
'a' is odd
none is odd
n is integer
f is integer
t is integer
f is float
t is number
s is number
s is string
none is none
none is not none
t is boolean
t is true
t is false
1 is true
l is sequence
d is sequence
5 is sequence
d is mapping
l is mapping
s is iterable
5 is iterable
range is callable
s is callable
s.upper is callable
'abc' is lower
'ABC' is upper
5 is lower
1 is sameas 1
l is sameas l
[1] is sameas [1]
none is sameas none
1 is in [1, 2]
'a' is in 'abc'
1 is eq 1
1 is equalto 2
1 is ne 2
2 is gt 1
2 is greaterthan 1
2 is ge 2
1 is lt 2
1 is lessthan 2
1 is le 1
'upper' is filter
'nope' is filter
'odd' is test
'nope' is test
s is escaped
5 is nope
5 is not odd
not 5 is odd
5 is odd is even
5 is defined and 6 is defined
x is defined or t
s is string and s|length > 3
n is divisibleby 7 and not n is divisibleby 2
s is not none and s != ''
mixed
d
nested
'it\'s'
['it\'s']
['say "hi"']
['it\'s "x"']
['\n\t\\ \x00 \x7f \u200b \ud55c \U0001f600 \xa0']
[1.0, 1e20, -0.0]
(none, true)
[[[]]]
range(5)
range(1, 10, 3)
range(5, 0, -2)|list
range(3)|list
range(0)|list
range(5)[2]
range(5)[-1]
range(10)[2:5]
range(10)[::-1]|list
range(5)|length
3 in range(5)
range(1000000)
range(1, 2, 0)
range()
range('a')
dict(a=1, b=2)
dict([['a', 1]], b=2)
dict({'a': 1}, a=2)
dict(1)
dict.fromkeys(['a', 'b'], 0)
namespace(a=1).a
namespace({'a': 1}).a
namespace(a=1).b
namespace(a=1).b is defined
namespace(_a=1)
namespace(a=1)
cycler('a', 'b').next()
cycler()
joiner()()
joiner('|')() ~ 'x'
strftime_now('%Y-%m-%d')
strftime_now('%d %b %Y')
strftime_now('%A, %B %d, %Y %H:%M:%S %p %I %j %y %a %%')
strftime_now('%-d/%-m %-H %e')
strftime_now('%c|%x|%X|%D|%T|%F|%R|%U|%W|%V|%u|%w|%G|%f')
strftime_now(5)
strftime_now()
raise_exception('my message')
raise_exception(5)
raise_exception()
'a' 'b' "c"
'a\x41\u00e9\101\q\'"'
"tab\there\\n"
'\N{BULLET}'
'multi
'
messages|length
messages[0].content|length
messages[1].content
messages[-1].content[0].text
messages[2].content.split('</think>')[-1].lstrip('\n')
messages[2].content.split('</think>')[0].split('<think>')[-1].strip('\n')
messages[2]['content'].strip()
messages[::-1]|map(attribute='role')|list
messages[1:]|length
messages[-1:][0].role
messages|map(attribute='role')|unique|list
messages|map(attribute='content')|select('string')|map('trim')|list
(messages|last).role
(messages|first)['role']
messages[10] is defined
messages[10].role
messages.role
messages|selectattr('role', 'eq', 'user')|list|last
messages|selectattr('role', 'eq', 'user')|first|attr('role')
loop
loop.index
caller
s|length|string|length
-1|abs
(n + 1)|string ~ 'x'
n + 1|string
f|int + 1
2 * 3 + 4 ~ 'x'
1 + 2 ~ 3 + 4
not 1 == 2
not t and f
1 - 1 - 1
2 * 3 % 4
10 / 2 / 5
-n + 3
- -3
+-3
[1, 2][0]
{'a': {'b': 1}}.a.b
'abc'[1]
'abc'.upper()[0]
(s.upper)()
s['upper']()
s|upper|lower|title
l|sort|first
[x for x in l]
l[0
{{ 1 }}
1 +
* 1
a b
1 if
if
d.
d.'a'
l[
f(
s.upper(1
s.upper(1)
s.split(',', 1, 2)
s.strip(1)
l|join(a=1)
s|replace('a')
s|upper(1)
l|sort(zzz=1)
l|batch
f(*l)
'{} {} {}'.format(*l)
'{a}'.format(**{'a': 1})
'{b}{a}'.format(b=2, **{'a': 1})
[1, 2] is iterable and 'x'
[1]|first is number
none ~ none
'' ~ 5
5 ~ 5
""")

te(
    "{% for x in l %}{{ x }}{% if not loop.last %},{% endif %}{% endfor %}",
    "{% for x in l %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.depth }}{{ loop.depth0 }};{% endfor %}",
    "{% for x in l %}{{ loop.previtem }}-{{ loop.nextitem }};{% endfor %}",
    "{% for x in l %}{{ loop.cycle('a', 'b') }}{% endfor %}",
    "{% for x in [1, 1, 2] %}{{ loop.changed(x) }}{% endfor %}",
    "{% for x in l %}{{ loop }}{% endfor %}",
    "{% for x in [] %}a{% else %}b{% endfor %}",
    "{% for x in l %}a{% else %}b{% endfor %}",
    "{% for x in l %}{% break %}{% else %}b{% endfor %}",
    "{% for x in l %}{% continue %}{% else %}b{% endfor %}",
    "{% for x in l if x > 1 %}{{ loop.index }}{{ x }}/{{ loop.length }} {% endfor %}",
    "{% for x in l if x > 5 %}{{ x }}{% else %}none{% endfor %}",
    "{% for x in l if loop.index > 1 %}{{ x }}{% endfor %}",
    "{% for x in undefined_thing %}a{% else %}b{% endfor %}",
    "{% for x in none %}a{% endfor %}",
    "{% for x in 5 %}a{% endfor %}",
    "{% for c in e %}[{{ c }}]{% endfor %}",
    "{% for k in d %}{{ k }}{% endfor %}",
    "{% for k, v in nested.items() %}{{ k }}={{ v }}{% endfor %}",
    "{% for k, v in d|items %}{{ k }}={{ v }};{% endfor %}",
    "{% for k, v in d|dictsort %}{{ k }}={{ v }};{% endfor %}",
    "{% for a, (b, c) in [(1, (2, 3))] %}{{ a }}{{ b }}{{ c }}{% endfor %}",
    "{% for a, b in [(1, 2, 3)] %}{{ a }}{% endfor %}",
    "{% for a, b in [(1,)] %}{{ a }}{% endfor %}",
    "{% for a, b in [1] %}{{ a }}{% endfor %}",
    "{% for a, b in ['xy'] %}{{ a }}-{{ b }}{% endfor %}",
    "{% for x in tree recursive %}{{ x.v }}{{ loop.depth }}{% if x.k %}[{{ loop(x.k) }}]{% endif %}{% endfor %}",
    "{% for x in tree recursive %}{{ x.v }}{% for y in [1] %}{{ loop.index }}{% endfor %}{{ loop(x.k) }}{% else %}E{% endfor %}",
    "{% for x in l %}{{ loop(l) }}{% endfor %}",
    "{% set x = 1 %}{% for i in l %}{{ x }}{% set x = 2 %}{{ x }}{% endfor %}{{ x }}",
    "{% set x = 1 %}{% if t %}{% set x = 2 %}{% endif %}{{ x }}",
    "{% if not t %}{% set n = 2 %}{% endif %}{{ n }}",
    "{% if not t %}{% set zz = 2 %}{% endif %}{{ zz is defined }}",
    "{% if t %}{% set zz = 2 %}{% else %}{% set zz = 3 %}{% endif %}{{ zz }}",
    "{% if not t %}{% elif n == 7 %}{% set zz = 5 %}{% endif %}{{ zz }}",
    "{{ n }}{% set n = n + 1 %}{{ n }}",
    "{% macro m() %}{{ n }}{% endmacro %}{{ m() }}{% set n = 1 %}{{ m() }}",
    "{% macro m() %}{{ zz }}{% endmacro %}{% set zz = 1 %}{{ m() }}{% set zz = 2 %}{{ m() }}",
    "{% for i in l %}{% set q = i %}{% endfor %}{{ q is defined }}",
    "{% for i in l %}{{ q is defined }}{% set q = i %}{% endfor %}",
    "{% for i in l %}{% for j in l %}{{ i }}{{ j }}{{ loop.index }} {% endfor %}{{ loop.index }}{% endfor %}",
    "{% for i in l %}{% set o = loop %}{% for j in l %}{{ o.index }}{{ loop.index }} {% endfor %}{% endfor %}",
    "{% set ns = namespace(x=0, l=[]) %}{% for i in l %}{% set ns.x = ns.x + i %}{% set ns.l = ns.l + [i] %}{% endfor %}{{ ns.x }}{{ ns.l }}{{ ns.y }}|{{ ns.y is defined }}",
    "{% set ns = {} %}{% set ns.x = 1 %}",
    "{% set ns.x = 1 %}",
    "{% set ns = namespace() %}{% set ns._x = 1 %}",
    "{% set ns = namespace(a=1) %}{% set ns.a, b = 2, 3 %}{{ ns.a }}{{ b }}",
    "{% set ns = namespace(a=1) %}{{ ns['a'] }}{{ ns['b'] }}{% if ns.a %}y{% endif %}",
    "{% set ns = namespace(items=[1]) %}{{ ns.items }}{{ ns.keys is defined }}",
    "{% set a, b = 1, 2 %}{{ b }}{{ a }}",
    "{% set (a, b) = [1, 2] %}{{ b }}{{ a }}",
    "{% set a = b = 1 %}",
    "{% set 1 = 2 %}",
    "{% set x %}a{{ n }}b{% endset %}{{ x }}{{ x|length }}",
    "{% set x | upper | trim %} a{{ n }}b {% endset %}[{{ x }}]",
    "{% set x %}{% set y = 5 %}{{ y }}{% endset %}{{ x }}{{ y is defined }}",
    "{% for i in l %}{% set x %}a{% if i == 1 %}{% break %}{% endif %}b{% endset %}{{ x }}{% endfor %}",
    "{% filter upper %}abc{{ s }}{% endfilter %}",
    "{% filter replace('a', 'b')|upper %}abc{% endfilter %}",
    "{% with a = 1, b = n %}{{ a }}{{ b }}{% set c = 3 %}{% endwith %}{{ a is defined }}{{ c is defined }}",
    "{% with a = 1 %}{% with a = 2, b = a %}{{ a }}{{ b }}{% endwith %}{{ a }}{% endwith %}",
    "{% with %}{% set x = 1 %}{{ x }}{% endwith %}{{ x is defined }}",
    "{% macro m(a, b=2, c=a) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ m(1) }}|{{ m(1, 3) }}|{{ m(a=5, c=6) }}|{{ m() }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(b=2) }}",
    "{% macro m(a) %}{{ a }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, x=3) }}",
    "{% macro m(a) %}{{ a is defined }}{% endmacro %}{{ m() }}{{ m(none) }}",
    "{% macro m(a) %}{{ a.x }}{% endmacro %}{{ m() }}",
    "{% macro m() %}{{ caller is defined }}{% endmacro %}{{ m() }}",
    "{% macro m() %}{{ caller() }}{% endmacro %}{{ m() }}",
    "{% macro m() %}[{{ caller() }}{{ caller() }}]{% endmacro %}{% call m() %}x{{ n }}{% endcall %}",
    "{% macro m() %}{{ caller(1) }}{{ caller(b=2, a=3) }}{% endmacro %}{% call(a, b=9) m() %}{{ a }}-{{ b }};{% endcall %}",
    "{% macro m() %}x{% endmacro %}{% call m() %}y{% endcall %}",
    "{% macro m(x) %}{% if x > 0 %}{{ x }}{{ m(x - 1) }}{% endif %}{% endmacro %}{{ m(3) }}",
    "{% macro m(x) %}{{ x }}{% endmacro %}{{ m.name }}{{ m.arguments }}{{ m }}{{ m|string|length }}",
    "{% macro m(x) %}  {{ x }} {% endmacro %}{{ m(1)|trim }}{{ m(2)|length }}{% set y = m(3) %}{{ y }}",
    "{% macro outer() %}{% macro inner() %}i{{ n }}{% endmacro %}{{ inner() }}{% endmacro %}{{ outer() }}{{ inner is defined }}",
    "{% for i in l %}{% macro m() %}{{ i }}{% endmacro %}{{ m() }}{% endfor %}",
    "{% macro m(caller) %}{% endmacro %}{% call m() %}{% endcall %}",
    "{% macro m(caller=none) %}{{ caller() if caller else 'no' }}{% endmacro %}{{ m() }}{% call m() %}c{% endcall %}",
    "{% macro m(a=[]) %}{{ a }}{% endmacro %}{{ m() }}{{ m([1]) }}",
    "{% macro m(a) %}{% set a = 5 %}{{ a }}{% endmacro %}{{ m(1) }}",
    "{% macro m(a, a2=n) %}{{ a2 }}{% endmacro %}{{ m(1) }}",
    "{% set f = s.upper %}{{ f() }}",
    "{{ messages|map(attribute='role')|list|tojson }}",
    "{% generation %}a{{ n }}{% set q = 1 %}{% endgeneration %}{{ q is defined }}",
    "{% for m in messages %}{% generation %}{{ m.role }}{{ loop.index }}{% endgeneration %}{% endfor %}",
    "{% for m in messages %}{% generation %}{% break %}{% endgeneration %}{% endfor %}",
    "{% break %}",
    "{% for x in l %}{% macro m() %}{% break %}{% endmacro %}{% endfor %}",
    "{% for x in l %}{% for y in l %}{% if y == 1 %}{% break %}{% endif %}{{ y }}{% endfor %}{% if x == 1 %}{% continue %}{% endif %}{{ x }}{% endfor %}",
    "{% set x = l|map('string') %}{{ x|list }}{{ x|list }}",
    "{% set x = l|select('odd') %}{% if x %}y{% endif %}{% for i in x %}{{ i }}{% endfor %}{% for i in x %}{{ i }}{% else %}empty{% endfor %}",
    "{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.current }}{{ c.next() }}{{ c.next() }}{% set _ = c.reset() %}{{ c.current }}",
    "{% set j = joiner() %}{% for x in l %}{{ j() }}{{ x }}{% endfor %}",
    "{% set ns = namespace(on=true) %}{% for m in l if ns.on %}{{ m }}{% set ns.on = false %}{% endfor %}",
    "{% if s is string and s %}a{% elif 1/0 %}b{% endif %}",
    "{% if t %}{{ s|nope }}{% endif %}",
    "{% if not t %}{{ s|nope }}{% endif %}ok",
    "{{ s|nope if not t else 'ok' }}",
    "{% if not t %}{% for x in l %}{{ s|nope }}{% endfor %}{% endif %}ok",
    "{% if not t %}{{ s is nope }}{% endif %}ok",
    "{# a #}b{# c\n d #}\ne",
    "a\n{# c #}\nb",
    "a\n  {# c #}\nb",
    "a\n  {#- c -#}  \n b",
    "a\n  {#+ c +#}\nb",
    "a\n  {% if t %}\n  b\n  {% endif %}\nc",
    "a\n  {%- if t -%}\n  b\n  {%- endif -%}\nc",
    "a\n  {%+ if t +%}\n  b\n  {%+ endif +%}\nc",
    "a  {% if t %}  b  {% endif %}  c",
    "  {% if t %}\n{{ n }}\n{% endif %}\n\n  x",
    "  {{ n }}\n{{ n }}\n",
    "x\n\n",
    "x\r\ny\rz\n",
    "{{ 'a\r\nb' }}",
    "{{- n -}}  x  {{- n }}  y",
    "\n  {{- n }}\n\n{{ n -}}\n\n z",
    "{% raw %}{{ x }}{% if %}{% endraw %}b",
    "a {%- raw -%}  {{ x }}  {%- endraw -%} b",
    "a\n  {% raw %}\n  x\n  {% endraw %}\nb",
    "{% raw %}a",
    "{# a",
    "{% if t",
    "{{ n",
    "{% if t %}a",
    "{% for x in l %}a{% endif %}",
    "{% endif %}",
    "{% foo %}",
    "{% do x %}",
    "{% if t %}a{% else %}b{% elif n %}c{% endif %}",
    "{% for x in l %}",
    "{% for x %}{% endfor %}",
    "{% for in l %}{% endfor %}",
    "{% for loop in l %}{% endfor %}",
    "{% for x.y in l %}{% endfor %}",
    "{% macro %}{% endmacro %}",
    "{% macro m(a=1, b) %}{% endmacro %}",
    "{% set %}",
    "{% set x %}",
    "{% if %}{% endif %}",
    "{{ }}",
    "{{ a b }}",
    "{{ ) }}",
    "{{ (1] }}",
    "{{ 'a }}",
    "{{ $ }}",
    "{{ a ! b }}",
    "{{ s|upper }",
    "{% print n, s %}",
    "{% if t: %}a{% endif %}",
    "{%if t%}a{%endif%}",
    "{%- if t -%}a{%- else -%}b{%- endif -%}",
    "{{ {'a': {'b': 1}} }}",
    "{{ {'a': '}}'}.a }}",
    "{{ '%}' }}{{ '{{' }}{% raw %}{%{% endraw %}",
    "{ % if %}{ {x} }",
    "{%\n if\n t\n%}\na{% endif\n%}",
    "{% set x = [\n 1,\n 2\n] %}{{ x }}",
    "\u00a0{% if t %}\nx{% endif %}",
    "\t{% set x = 1 %}\t\nx",
    "{{ n }}\n   {%- set y = 1 %}\n{{ y }}",
    "{% for m in messages %}\n{{ m.role }}\n{% endfor %}\n",
    "{% for m in messages -%}\n{{ m.role }}\n{%- endfor %}\n",
    "{%- for m in messages %}\n    {{- m.role }}\n{%- endfor %}\n{%- if t %}\n    {{- 'x' }}\n{%- endif %}\n",
    "{% autoescape false %}a{% endautoescape %}",
    "{% include 'a' %}",
    "{{ messages[0]['role'] if messages[0] is mapping else 'x' }}",
    "{% if messages[0]['role'] == 'system' %}{% set sys = messages[0].content %}{% set rest = messages[1:] %}{% else %}{% set sys = '' %}{% endif %}{{ sys }}{{ rest|length }}",
    "{% set last = namespace(i=-1) %}{% for m in messages %}{% if m.role == 'user' %}{% set last.i = loop.index0 %}{% endif %}{% endfor %}{{ last.i }}",
    "{% for m in messages %}{% if m.content is string %}{{ m.content }}{% else %}{% for p in m.content %}{% if p.type == 'text' %}{{ p.text }}{% else %}<{{ p['type'] }}>{% endif %}{% endfor %}{% endif %}|{% endfor %}",
    "{% if (messages[0].role == 'user') != (0 % 2 == 0) %}{{ raise_exception('roles must alternate: ' ~ messages[0].role) }}{% endif %}",
    "{% for m in messages %}{% if (m['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate') }}{% endif %}{% endfor %}",
    "line1\n{{ n }}\n{{ n.x.y }}\n",
    "{% set x = '' %}{% for i in range(5) %}{% set x = x ~ i %}{% endfor %}[{{ x }}]",
    "{% set l2 = l %}{% for x in l2[1:] + [9] %}{{ x }}{% endfor %}",
    "{% for x in l %}{{ loop.last }}{{ loop.length }}{% endfor %}{% for x in l|map('abs') %}{{ loop.last }}{{ loop.length }}{{ loop.revindex }}{% endfor %}",
    "{% for g, items in people|groupby('age') %}{{ g }}:{{ items|map(attribute='name')|join(',') }};{% endfor %}",
    "{% for g in people|groupby('age') %}{{ g.grouper }}:{{ g.list|length }};{% endfor %}",
    "{% set d2 = dict(d, x=1) %}{{ d2.x }}{{ d2|length }}{{ d2 }}",
    "{% macro render(v, depth=0) %}{% if v is mapping %}{% for k, w in v.items() %}{{ '  ' * depth }}{{ k }}:\n{{ render(w, depth + 1) }}{% endfor %}{% elif v is iterable and v is not string %}{% for w in v %}{{ render(w, depth + 1) }}{% endfor %}{% else %}{{ '  ' * depth }}{{ v }}\n{% endif %}{% endmacro %}{{ render(nested) }}",
)


def result(template):
    try:
        compiled = utils._compile_jinja_template(template)
        return {"rendered": compiled.render(**CONTEXT)}
    except Exception as error:
        return {"error": type(error).__name__, "message": str(error)}


def case(template):
    one = result(template)
    text = one.get("rendered", "")
    if " at 0x" in text or "<built-in" in text:
        return None  # prints an address in memory
    return {"template": template, **one}


def main():
    cases = [case("{{ " + text + " }}") for text in EXPRESSIONS]
    cases += [case(text) for text in TEMPLATES]
    cases = [one for one in cases if one]
    json.dump(
        {
            "computed_with": {
                "jinja2": jinja2.__version__,
                "transformers": transformers.__version__,
                "python": sys.version.split()[0],
                "clock": "2026-11-21 09:05:07",
            },
            "context": CONTEXT,
            "count": len(cases),
            "cases": cases,
        },
        sys.stdout,
        ensure_ascii=True,
        indent=0,
    )
    sys.stdout.write("\n")


main()
