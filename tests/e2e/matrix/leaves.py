"""leaves.py -- the types that are one value: numbers, enums, ids, strings, interface pointers.

A type says how IDL and C spell it; what its values are (`sample`: for a client, `make`: drawn by a
server, `alter`: changed by a server in place), and their leaves; and the C statements that do the
same, for the client (`put`, `same`) and for the server (`fold`, `make_c`, `alter_c`, `drop`).
"""

import re

from oracle import double_leaf, float_leaf


def nest(head, body):
    """A C statement with a block."""
    return [(head + ' {').lstrip()] + ['    ' + line for line in body] + ['}'] if body else []


def in_struct(text):
    """An expression of a size in a struct's own functions."""
    return re.sub(r'(?<![\w.>])(?!sizeof\b)[a-z]\w*', r'value->\g<0>', text)


class Type:
    """What all have: by default a value that owns nothing."""

    attributes = ()   # in IDL, of the declaration
    is_flat = True    # owns nothing
    is_size = False   # other members need it before they are made
    is_array = False  # as a parameter it is a pointer to its first element

    def spell(self, name, idl):
        raise NotImplementedError

    def c(self, name=''):
        return self.spell(name, False).strip()

    def levels(self):
        """For each array or pointer, from the outside: its sizes as {attribute: text}."""
        return []

    def put_size(self, _depth):
        """For a block of one: statements, and its size in bytes."""
        return [], 'sizeof(%s)' % self.c()

    def make_size(self, _depth):
        return [], 'sizeof(%s)' % self.c()

    def alter(self, source, env, _value):
        return self.make(source, env)

    def alter_c(self, x, depth, scope):
        return self.make_c(x, depth, scope)

    def drop(self, _x, _depth, _scope):
        return []


class Scalar(Type):
    """A number. Its values are bit patterns."""

    def __init__(self, label, idl, c, bits, kind='int'):
        self.label, self.idl, self.c_name, self.bits, self.kind = label, idl, c, bits, kind

    def spell(self, name, idl):
        return '%s %s' % (self.idl if idl else self.c_name, name)

    def drawn(self, number, _env):
        if self.kind == 'float':
            return float_leaf((number & 0xFFFF) / 8)
        if self.kind == 'double':
            return double_leaf((number & 0xFFFFFFFF) / 8)
        if self.kind == 'bool':
            return number & 1
        return number & ((1 << self.bits) - 1)

    def c_drawn(self, _scope):
        text = {'float': '(float)(draw(s) & 0xFFFF) / 8',
                'double': '(double)(draw(s) & 0xFFFFFFFF) / 8',
                'bool': '(%s)(draw(s) & 1)' % self.c_name}
        return text.get(self.kind, '(%s)draw(s)' % self.c_name)

    def sample(self, dice, env):
        edges = {'int': [0, (1 << self.bits) - 1, 1 << (self.bits - 1)]}.get(self.kind)
        if edges and dice.below(4) == 0:
            return edges[dice.below(3)]
        return self.make(dice, env)

    def make(self, source, env):
        return self.drawn(source.draw(), env)

    def leaves(self, value, _env):
        return [value & ((1 << self.bits) - 1)]

    def bits_of(self, x):
        if self.kind in ('float', 'double'):
            return '%s_bits(%s)' % (self.kind, x)
        return '(uint%d_t)%s' % (self.bits, x)

    def put(self, x, _depth):
        if self.kind in ('float', 'double'):
            return ['%s = %s_of(next(c));' % (x, self.kind)]
        return ['%s = (%s)next(c);' % (x, self.c_name)]

    def same(self, x, _depth):
        return ['same(c, %s);' % self.bits_of(x)]

    def fold(self, x, _depth, _scope):
        return ['fold(s, %s);' % self.bits_of(x)]

    def make_c(self, x, _depth, scope):
        return ['%s = %s;' % (x, self.c_drawn(scope))]


class Range(Scalar):
    """An integer from `low` to `high`, by [range]."""

    def __init__(self, base, low, high):
        Scalar.__init__(self, base.label, base.idl, base.c_name, base.bits)
        self.low, self.high = low, high
        self.attributes = ('range(%d, %d)' % (low, high),)

    def highest(self, _env):
        return self.high

    def c_highest(self, _scope):
        return str(self.high)

    def drawn(self, number, env):
        low = self.low
        return (low + number % (self.highest(env) - low + 1)) & ((1 << self.bits) - 1)

    def c_drawn(self, scope):
        return '(%s)(%d + (LONGLONG)(draw(s) %% (uint64_t)(%s - %d + 1)))' % (
            self.c_name, self.low, self.c_highest(scope), self.low)

    def sample(self, dice, env):
        if dice.case == 'mixed':
            return self.make(dice, env)
        return (self.highest(env) if dice.case == 'full' else self.low) & ((1 << self.bits) - 1)


class Size(Range):
    """A number of elements, or an index: others depend on it. `most` may be an Expr."""

    is_size = True

    def __init__(self, base, low=0, most=3):
        Range.__init__(self, base, low, 0 if hasattr(most, 'text') else most)
        self.most = most
        self.attributes = ()

    def highest(self, env):
        return self.most.value(env) if hasattr(self.most, 'text') else self.most

    def c_highest(self, scope):
        return '(LONGLONG)(%s)' % scope(self.most.c_text) if hasattr(self.most, 'text') \
            else str(self.most)

    def alter(self, source, env, value):
        return value

    def alter_c(self, x, depth, scope):
        return []


class Choice(Size):
    """The tag of a union, one of some values."""

    def __init__(self, base, tags):
        Size.__init__(self, base)
        self.tags = tags

    def sample(self, dice, env):
        return self.make(dice, env)

    def drawn(self, number, _env):
        return self.tags[number % len(self.tags)]

    def c_drawn(self, _scope):
        return '(%s)(const LONG[]){%s}[draw(s) %% %d]' % (
            self.c_name, ', '.join(map(str, self.tags)), len(self.tags))


class Enum(Scalar):
    """An enum that the types' IDL defines."""

    def __init__(self, label, name, enumerators, is_v1):
        Scalar.__init__(self, label, name, name, 32)
        self.values = [value for _, value in enumerators]
        self.enumerators, self.is_v1 = enumerators, is_v1

    def definition(self):
        body = ', '.join('%s = %d' % pair for pair in self.enumerators)
        return 'typedef %senum %s { %s } %s;' % ('[v1_enum] ' if self.is_v1 else '', self.idl, body,
                                                 self.idl)

    def drawn(self, number, _env):
        return self.values[number % len(self.values)]

    def sample(self, dice, env):
        return self.make(dice, env)

    def c_drawn(self, _scope):
        return '(%s)(const LONG[]){%s}[draw(s) %% %d]' % (
            self.c_name, ', '.join(map(str, self.values)), len(self.values))


class Guid(Type):
    """16 bytes, two leaves."""

    label = 'Guid'

    def spell(self, name, idl):
        return 'GUID ' + name

    def sample(self, dice, env):
        return self.make(dice, env)

    def make(self, source, _env):
        return [source.draw(), source.draw()]

    def leaves(self, value, _env):
        return list(value)

    def put(self, x, _depth):
        return ['put_guid(c, &%s);' % x]

    def same(self, x, _depth):
        return ['same_guid(c, &%s);' % x]

    def fold(self, x, _depth, _scope):
        return ['fold_guid(s, &%s);' % x]

    def make_c(self, x, _depth, _scope):
        return ['make_guid(s, &%s);' % x]


class Iid(Guid):
    """[in] REFIID: which interface an iid_is means; always that of the witness."""

    VALUE = [0x4B8A6D6E3F0C5B01, 0x0201E1D0B6A42011]

    def spell(self, name, idl):
        return 'REFIID ' + name

    def sample(self, dice, env):
        return self.VALUE

    def put(self, x, _depth):
        return ['%s = put_iid(c);' % x]

    def fold(self, x, _depth, _scope):
        return ['fold_guid(s, %s);' % x]


class IidField(Guid):
    """A field that points to the id of another field's interface."""

    is_flat = False
    attributes = ('unique',)

    def spell(self, name, idl):
        return 'IID *' + name

    def levels(self):
        return [{}]

    def sample(self, dice, env):
        return Iid.VALUE

    def make(self, source, env):
        return Iid.VALUE

    def put(self, x, _depth):
        return ['%s = (IID *)put_iid(c);' % x]

    def same(self, x, _depth):
        return ['same_guid(c, %s);' % x, 'take_back(c, %s, 0);' % x]

    def fold(self, x, _depth, _scope):
        return ['fold_guid(s, %s);' % x]

    def make_c(self, x, _depth, _scope):
        return ['%s = make_iid(s);' % x]

    def alter_c(self, x, depth, scope):
        return []

    def drop(self, x, _depth, _scope):
        return ['CoTaskMemFree(%s);' % x, '%s = NULL;' % x]


class Owner(Type):
    """Something that is owned through one pointer and handled by functions of that name."""

    is_flat = False
    flags = '0'

    def leaves(self, value, _env):
        if value is None:
            return [0]
        return [1, len(value)] + value

    def put(self, x, _depth):
        return ['%s = put_%s(c, %s);' % (x, self.family, self.flags)]

    def same(self, x, _depth):
        return ['same_%s(c, %s, %s);' % (self.family, x, self.flags)]

    def fold(self, x, _depth, _scope):
        return ['fold_%s(s, %s, %s);' % (self.family, x, self.flags)]

    def make_c(self, x, _depth, _scope):
        return ['%s = make_%s(s, %s);' % (x, self.family, self.flags)]

    def alter_c(self, x, _depth, _scope):
        return ['alter_%s(s, %s, %s);' % (self.family, x, self.flags)]

    def drop(self, x, _depth, _scope):
        return ['drop_%s(%s);' % (self.family, x), '%s = NULL;' % x]

    def is_there(self, dice):
        """Whether a client gives one."""
        return dice.case == 'full' or (dice.case == 'mixed' and dice.below(2) == 1)


class Text(Owner):
    """A string. Not NULL if `kind` is 'ref'; of a const one the client keeps what it gave."""

    family = 'text'

    def __init__(self, is_wide=False, kind='unique', is_const=False, alias=None):
        self.is_wide, self.kind, self.is_const, self.alias = is_wide, kind, is_const, alias
        self.unit = 'sizeof(WCHAR)' if is_wide else 'sizeof(char)'
        self.attributes = () if alias else ('string',)
        flags = [name for name, is_set in (('WIDE', is_wide), ('REQUIRED', kind == 'ref'),
                                           ('CONSTANT', is_const)) if is_set]
        self.flags = ' | '.join(flags) or '0'

    def spell(self, name, idl):
        if self.alias:
            return '%s %s' % (self.alias, name)
        word = ('wchar_t' if idl else 'WCHAR') if self.is_wide else 'char'
        return '%s%s *%s' % ('const ' if self.is_const else '', word, name)

    def character(self, number):
        return 1 + number % (0xFFFF if self.is_wide else 0xFF)

    def text(self, source, length):
        return [self.character(source.draw()) for _ in range(length)]

    def sample(self, dice, _env):
        if self.kind != 'ref' and not self.is_there(dice):
            return None
        return self.text(dice, 0 if dice.case == 'empty' else dice.below(12))

    def make(self, source, _env):
        if self.kind != 'ref' and source.below(4) == 0:
            return None
        return self.text(source, source.below(9))

    def alter(self, source, _env, value):
        if value is None or self.is_const:
            return value
        return self.text(source, len(value))

    def alter_c(self, x, depth, scope):
        return [] if self.is_const else Owner.alter_c(self, x, depth, scope)


class Bstr(Owner):
    """A BSTR: any 16-bit characters, zeroes too."""

    family = 'bstr'

    def spell(self, name, idl):
        return 'BSTR ' + name

    def text(self, source, length):
        return [source.draw() & 0xFFFF for _ in range(length)]

    def sample(self, dice, _env):
        if not self.is_there(dice):
            return None
        return self.text(dice, dice.below(9))

    def make(self, source, _env):
        return None if source.below(4) == 0 else self.text(source, source.below(9))

    def alter(self, source, _env, value):
        return None if value is None else self.text(source, len(value))


class Object(Owner):
    """An interface pointer; the value is the number of the witness behind it."""

    family = 'witness'

    def __init__(self, name='IWitness', iid_is=None):
        self.name = name
        self.attributes = ('iid_is(%s)' % iid_is,) if iid_is else ()

    def spell(self, name, idl):
        return '%s *%s' % (self.name, name)

    def sample(self, dice, env):
        return dice.draw() & 0x7FFFFFFF if self.is_there(dice) else None

    def make(self, source, _env):
        return None if source.below(4) == 0 else source.draw() & 0x7FFFFFFF

    def leaves(self, value, _env):
        return [0] if value is None else [1, value]

    def alter(self, source, _env, value):
        return value

    def alter_c(self, x, depth, scope):
        return []
