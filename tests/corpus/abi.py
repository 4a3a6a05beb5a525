"""abi.py -- the binary interface that a C compiler sees in headers, and how two of them differ.

The types come from the compiler's own debug information: nothing here parses C. Names are compared
where people use them (interfaces, methods, members, enumerators, typedefs) and never where a tool
makes them up. Calling conventions and the names of parameters are not compared.
"""

import re

from elf import Dwarf, Elf

QUALIFIERS = {'typedef', 'const', 'volatile', 'restrict'}
AGGREGATES = {'struct', 'union', 'enum'}
MADE_UP = re.compile(r'^_*(MIDL|WIDL|UVIDL)_|\w+__$')
ID_NAME = re.compile(r'^(D?IID|CLSID|LIBID|CATID|SID|GUID)_|^DEFINE_')
GUARD = re.compile(r'^_|_(DEFINED|INCLUDED|H|h)_*$|_VERSION__$')


class Abi:
    """What one compilation of some headers declares, by the header that declares it."""

    def __init__(self, object_file, macros):
        self.elf = Elf(object_file)
        dwarf = Dwarf(self.elf)
        self.macros = macros  # file -> name -> (parameters or None, text)
        self.all_macros = {name: value for own in macros.values() for name, value in own.items()}
        self.typedefs, self.tags, self.declared = {}, {}, {}
        self.aliases = {}  # an aggregate -> all names that it goes by
        self.give_back_names(dwarf)
        for die in dwarf.top:
            if die.name and die.tag in AGGREGATES | {'typedef', 'variable'}:
                self.add(die, dwarf.files[die.file] if die.file else None)

    def give_back_names(self, dwarf):
        """Wine's headers of the Windows API make GetObject GetObjectA, in vtables as well."""
        renamed = {name + 'A': name for name, (_, text) in self.all_macros.items()
                   if text.startswith('WINELIB_NAME_AW(')}
        for table in dwarf.dies.values():
            names = {die.name for die in table.children if die.tag == 'member'} & set(renamed)
            for die in table.children:
                if die.name in names and not table_has_wide(table, die.name):
                    die.name = renamed[die.name]

    def add(self, die, path):
        self.declared.setdefault(path, []).append(die)
        if die.tag == 'variable':
            return
        if die.tag == 'typedef':
            self.typedefs[die.name] = die
            target = die.type
            while target and target.tag == 'typedef':
                target = target.type
        else:
            self.tags[die.name] = target = die
        if target and target.tag in AGGREGATES and not MADE_UP.match(die.name):
            self.aliases.setdefault(id(target), set()).add(die.name)

    def names(self, die):
        return self.aliases.get(id(die), set())

    def find(self, name):
        """The type of this name, a typedef's before a tag's."""
        return self.typedefs.get(name) or self.tags.get(name)

    def own(self, path, tags):
        return [die for die in self.declared.get(path, ()) if die.tag in tags]

    def id_of(self, name):
        """The text of an id that is a constant of this name, or None."""
        value = self.elf.variable(name)
        if value is None or len(value) != 16:
            return None
        parts = [value[3::-1], value[5:3:-1], value[7:5:-1], value[8:10], value[10:]]
        return '-'.join(part.hex() for part in parts)


def table_has_wide(table, name):
    """Whether both widths of a function are members, so that nobody has renamed one of them."""
    return any(die.name == name[:-1] + 'W' for die in table.children)


def bare(die):
    """A type without typedefs and qualifiers; None is void."""
    while die is not None and die.tag in QUALIFIERS:
        die = die.type
    return die


def show(die):
    """A type as people write it, for a message."""
    if die is None:
        return 'void'
    if die.tag == 'pointer':
        return show(die.type) + ' *'
    if die.tag in QUALIFIERS and die.tag != 'typedef':
        return die.tag + ' ' + show(die.type)
    if die.tag == 'array':
        return show(die.type) + ''.join('[%s]' % bound for bound in bounds(die))
    if die.tag == 'function':
        return show(die.type) + ' (%d parameters)' % len(die.children)
    return die.name or die.tag + ' without a name'


def bounds(die):
    result = []
    for child in die.children:
        if child.tag == 'range':
            known = child.count is not None or child.last is not None
            result.append(None if not known else
                          child.count if child.count is not None else child.last + 1)
    return [bound if bound not in (None, 1 << 32, 1 << 64) else 0 for bound in result]


def slot_name(slot):
    """widl leaves the get_ out of some enumerators' names; MIDL does not."""
    return 'get__newEnum' if slot.name == '_newEnum' else slot.name


def members(die):
    return [child for child in die.children if child.tag == 'member']


def place_of(member):
    return member.place or 0, member.bits, member.bit_place


class Comparison:
    """Two sides; `differences` of one header at a time."""

    def __init__(self, a, b):
        self.a, self.b = a, b
        self.known = {}
        self.found = []

    def say(self, kind, where, text):
        self.found.append((kind, where, text))

    def differences(self, path_a, path_b):
        """Triples of a kind, a name and what is different about it, of one header."""
        self.found = []
        interfaces = self.interfaces(path_a, path_b)
        for name in interfaces:
            self.compare_interface(name)
        self.compare_types(path_a, path_b, interfaces)
        self.compare_ids(path_a, path_b)
        self.compare_constants(path_a, path_b)
        return self.found

    # ---- interfaces ----

    def interfaces(self, path_a, path_b):
        """The names of the interfaces of a header; what only one side has is a difference."""
        names = []
        for side, path, other, kind in ((self.a, path_a, self.b, 'missing'),
                                        (self.b, path_b, self.a, 'extra')):
            for die in side.own(path, {'struct'}):
                if not die.name.endswith('Vtbl') or die.is_declaration or not die.children:
                    continue
                if die.name in other.tags and not other.tags[die.name].is_declaration:
                    names.append(die.name[:-4])
                elif kind == 'missing' or not self.is_known_extra(die.name):
                    self.say(kind, die.name[:-4], 'the interface')
        return list(dict.fromkeys(names))

    @staticmethod
    def is_known_extra(name):
        """widl writes no asynchronous twins without being asked to."""
        return name.startswith('Async')

    def compare_interface(self, name):
        slots_a = members(self.a.tags[name + 'Vtbl'])
        slots_b = members(self.b.tags[name + 'Vtbl'])
        names_a, names_b = ([slot_name(slot) for slot in slots] for slots in (slots_a, slots_b))
        if names_a != names_b:
            at = next((i for i, pair in enumerate(zip(names_a, names_b)) if pair[0] != pair[1]),
                      min(len(names_a), len(names_b)))
            self.say('slots', name, 'slot %d is %s, not %s (%d slots, not %d)' % (
                at, (names_b + ['none'])[min(at, len(names_b))],
                (names_a + ['none'])[min(at, len(names_a))], len(names_b), len(names_a)))
            return
        for slot_a, slot_b in zip(slots_a, slots_b):
            where = '%s::%s' % (name, slot_a.name)
            self.compare_call(where, bare(slot_a.type), bare(slot_b.type))
            if slot_a.name == slot_name(slot_a):
                self.compare_call_macro('%s_%s' % (name, slot_a.name))

    def compare_call(self, where, a, b):
        if a is None or b is None or a.tag != 'pointer' or b.tag != 'pointer':
            self.say('slot', where, 'not a function on both sides')
            return
        text = self.function_problem(bare(a.type), bare(b.type))
        if text:
            self.say('slot', where, text)

    def compare_call_macro(self, name):
        a, b = self.a.all_macros.get(name), self.b.all_macros.get(name)
        if a and not b:
            self.say('macro', name, 'missing')
        elif a and b and len(a[0] or ()) != len(b[0] or ()):
            self.say('macro', name, 'other number of arguments')

    def function_problem(self, a, b):
        """Why two functions differ, or None."""
        if a is None or b is None or a.tag != 'function' or b.tag != 'function':
            return 'not a function on both sides'
        types_a = [a.type] + [child.type if child.tag == 'parameter' else '...'
                              for child in a.children if child.tag in ('parameter', 'varargs')]
        types_b = [b.type] + [child.type if child.tag == 'parameter' else '...'
                              for child in b.children if child.tag in ('parameter', 'varargs')]
        if self.returns_by_pointer(types_a, types_b):
            types_a = [bare(types_a[0]).type, types_a[1]] + types_a[3:]
        if len(types_a) != len(types_b):
            return '%d parameters, not %d' % (len(types_b) - 1, len(types_a) - 1)
        for number, (one, other) in enumerate(zip(types_a, types_b)):
            if '...' in (one, other):
                if one != other:
                    return 'ends with ... on one side only'
            elif not self.same(one, other):
                return '%s is %s, not %s' % ('parameter %d' % number if number else 'the result',
                                             show(other), show(one))
        return None

    @staticmethod
    def returns_by_pointer(types_a, types_b):
        """widl writes C++'s way of returning aggregates into C: S *f(This, S *__ret, ...)."""
        result, returned = bare(types_a[0]), bare(types_b[0])
        if len(types_a) != len(types_b) + 1 or len(types_a) < 3 or result is None:
            return False
        second = bare(types_a[2]) if types_a[2] != '...' else None
        return (returned is not None and returned.tag in ('struct', 'union') and
                result.tag == 'pointer' and second is not None and second.tag == 'pointer' and
                bare(result.type) is bare(second.type))

    # ---- types ----

    def same(self, a, b):
        """Whether two types are the same to a caller."""
        a, b = bare(a), bare(b)
        if a is None or b is None:
            return a is b
        if a.tag != b.tag:
            return False
        key = (id(a), id(b))
        if key not in self.known:
            self.known[key] = True  # a type that contains pointers to itself is the same till shown
            self.known[key] = self.is_same(a, b)
        return self.known[key]

    def is_same(self, a, b):
        if a.tag == 'base':
            return (a.size, self.encoding(a)) == (b.size, self.encoding(b))
        if a.tag == 'pointer':
            return self.same_target(a.type, b.type)
        if a.tag == 'array':
            return bounds(a) == bounds(b) and self.same(a.type, b.type)
        if a.tag == 'function':
            return self.function_problem(a, b) is None
        if self.a.names(a) & self.b.names(b):
            return True  # its own header is where its layout is compared
        if self.a.names(a) and self.b.names(b) and (a.is_declaration or b.is_declaration):
            return False
        return not self.layout_problems(a, b)

    def same_target(self, a, b):
        """What a pointer leads to; const there is a part of the type."""
        return self.is_const(a) == self.is_const(b) and self.same(a, b)

    @staticmethod
    def is_const(die):
        while die is not None and die.tag in QUALIFIERS:
            if die.tag == 'const':
                return True
            die = die.type
        return False

    @staticmethod
    def encoding(die):
        """char counts as signed char, and all unsigned numbers of one size as one."""
        return {8: 7, 6: 5, 2: 7, 16: 7}.get(die.encoding, die.encoding)

    def layout_problems(self, a, b):
        if a.is_declaration or b.is_declaration:
            return [] if a.is_declaration and b.is_declaration else ['only declared on one side']
        if a.tag == 'enum':
            return self.enum_problems(a, b)
        problems = []
        if a.size != b.size:
            problems.append('%s bytes, not %s' % (b.size, a.size))
        members_a, members_b = members(a), members(b)
        if [m.name for m in members_a] != [m.name for m in members_b]:
            return problems + ['its members are %s, not %s' % (
                ', '.join(str(m.name) for m in members_b), ', '.join(str(m.name) for m in members_a))]
        for one, other in zip(members_a, members_b):
            if place_of(one) != place_of(other):
                problems.append('%s is at %s, not %s' % (one.name, place_of(other), place_of(one)))
            if not self.same(one.type, other.type):
                problems.append('%s is %s, not %s' % (one.name, show(other.type), show(one.type)))
        return problems

    @staticmethod
    def enum_problems(a, b):
        values_a, values_b = ({child.name: (child.value or 0) & 0xffffffff
                               for child in die.children if child.tag == 'enumerator'}
                              for die in (a, b))
        if values_a == values_b:
            return [] if a.size == b.size else ['%s bytes, not %s' % (b.size, a.size)]
        names = [name for name in {**values_a, **values_b}
                 if values_a.get(name) != values_b.get(name)]
        return ['%s is %s, not %s' % (name, values_b.get(name), values_a.get(name))
                for name in names[:3]]

    def compare_types(self, path_a, path_b, interfaces):
        known = {name + 'Vtbl' for name in interfaces} | set(interfaces)
        own_a = {die.name: die for die in self.a.own(path_a, AGGREGATES | {'typedef'})}
        own_b = {die.name: die for die in self.b.own(path_b, AGGREGATES | {'typedef'})}
        done = set()
        for name in sorted(set(own_a) | set(own_b)):
            if name in known or MADE_UP.match(name):
                continue
            a = own_a.get(name) or self.a.find(name)
            b = own_b.get(name) or self.b.find(name)
            if a is None or b is None:
                one = bare(a or b)
                if one is None or not one.is_declaration:
                    self.say('missing' if b is None else 'extra', name, 'the type')
                continue
            if not self.is_mere_mention(own_a.get(name), own_b.get(name)):
                self.compare_type(name, bare(a), bare(b), done)

    @staticmethod
    def is_mere_mention(*own):
        """Whether the headers only declare an aggregate; another header has its members."""
        targets = [bare(die) for die in own if die is not None]
        return any(die is not None and die.tag in AGGREGATES and die.is_declaration
                   for die in targets)

    def compare_type(self, name, a, b, done):
        if a is None or b is None or a.tag != b.tag or a.tag not in AGGREGATES:
            if not self.same(a, b):
                self.say('type', name, 'is %s, not %s' % (show(b), show(a)))
        elif (id(a), id(b)) not in done:
            done.add((id(a), id(b)))
            for text in self.layout_problems(a, b):
                self.say('layout', name, text)

    # ---- ids and constants ----

    def compare_ids(self, path_a, path_b):
        ids_a = {die.name for die in self.a.own(path_a, {'variable'})}
        ids_b = {die.name for die in self.b.own(path_b, {'variable'})}
        for name in sorted(ids_a | ids_b):
            a, b = self.a.id_of(name), self.b.id_of(name)
            if a and not b:
                self.say('id', name, 'missing')
            elif b and not a and name not in ids_a and not name.startswith('IID_Async'):
                self.say('id', name, 'extra')
            elif a != b and a and b:
                self.say('id', name, 'is %s, not %s' % (b, a))

    def compare_constants(self, path_a, path_b):
        enumerators = {child.name for die in self.b.own(path_b, {'enum'}) for child in die.children}
        own_a, own_b = self.a.macros.get(path_a, {}), self.b.macros.get(path_b, {})
        for name in sorted(own_a):
            if not self.is_constant(name, own_a[name], self.a):
                continue
            b = self.b.all_macros.get(name)
            if b is None:
                if name not in enumerators:
                    self.say('constant', name, 'missing')
            elif plain(own_a[name][1]) != plain(b[1]):
                self.say('constant', name, 'is %s, not %s' % (b[1], own_a[name][1]))
        for name in sorted(own_b):
            if self.is_constant(name, own_b[name], self.b) and name not in self.a.all_macros:
                self.say('constant', name, 'extra')

    @staticmethod
    def is_constant(name, macro, side):
        if macro[0] is not None or GUARD.search(name) or ID_NAME.search(name):
            return False
        return bool(macro[1])


def number(match):
    """A C number in decimal, without needless digits."""
    real, *whole = match.groups()
    if real:
        return '%.12g' % float(real)
    for text, base in zip(whole, (16, 8, 10)):
        if text:
            return str(int(text, base))
    return match.group(0)


def plain(text):
    """A constant's text without brackets, spaces, casts and the spelling of numbers."""
    text = re.sub(r'\(\s*(?:const\s+)?[A-Za-z_]\w*\s*\*?\s*\)', '', text)
    text = re.sub(r'\b(?:(\d+\.\d*(?:[eE][+-]?\d+)?)|(0[xX][0-9a-fA-F]+)|(0[0-7]*)|(\d+))'
                  r'[uUlLfF]*\b', number, text)
    text = re.sub(r'\b[uL](?=["\'])|\bOLESTR\b', '', text)
    return re.sub(r'[\s()]', '', text)
