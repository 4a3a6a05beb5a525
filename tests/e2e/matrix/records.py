"""records.py -- structs, conformant structs and unions.

See leaves.py for what a type can do. A struct has functions of its own in C: put_NAME and so on.
"""

from arrays import Sized
from leaves import Type, in_struct
from oracle import MASK
from pointers import Env, declare


def sizes_first(members):
    return sorted(members, key=lambda member: not member[1].is_size)


class Struct(Type):
    """Members are pairs of a name and a type. It has functions of its own: put_NAME and so on."""

    def __init__(self, name, *members):
        self.name, self.members = name, members
        self.label = ''.join(word.capitalize() for word in name.split('_'))
        self.is_flat = all(kind.is_flat for _, kind in members)

    def spell(self, name, idl):
        return '%s %s' % (self.name, name)

    def values(self, function):
        env = Env()
        for name, kind in sizes_first(self.members):
            env[name] = function(name, kind, env)
        return env

    def sample(self, dice, _env):
        return self.values(lambda name, kind, env: kind.sample(dice, env))

    def make(self, source, _env):
        return self.values(lambda name, kind, env: kind.make(source, env))

    def alter(self, source, _env, value):
        return self.values(lambda name, kind, env: kind.alter(source, env, value[name]))

    def leaves(self, value, _env):
        return [leaf for name, kind in self.members for leaf in kind.leaves(value[name], value)]

    def put(self, x, _depth):
        return ['put_%s(c, &%s);' % (self.name, x)]

    def same(self, x, _depth):
        return ['same_%s(c, &%s);' % (self.name, x)]

    def fold(self, x, _depth, _scope):
        return ['fold_%s(s, &%s);' % (self.name, x)]

    def make_c(self, x, _depth, _scope):
        return ['make_%s(s, &%s);' % (self.name, x)]

    def alter_c(self, x, _depth, _scope):
        return ['alter_%s(s, &%s);' % (self.name, x)]

    def drop(self, x, _depth, _scope):
        return [] if self.is_flat else ['drop_%s(&%s);' % (self.name, x)]

    def body(self, step, is_ordered=True):
        """The statements of put_NAME and so on, on `value`."""
        members = self.members if is_ordered else sizes_first(self.members)
        return [line for name, kind in members for line in step(kind, 'value->' + name)]


class Tail(Type):
    """The last field of a conformant struct: [size_is(n)] T name[]."""

    def __init__(self, element, size):
        self.element, self.size = element, size
        self.array = Sized(element, size, brackets=True)
        self.attributes = element.attributes
        self.is_flat = element.is_flat

    def spell(self, name, idl):
        return self.element.spell(name + '[]', idl)

    def levels(self):
        return self.array.levels()

    def sample(self, dice, env):
        return self.array.sample(dice, env)

    def make(self, source, env):
        return self.array.make(source, env)

    def alter(self, source, env, value):
        return self.array.alter(source, env, value)

    def leaves(self, value, env):
        return self.array.leaves(value, env)

    def counted(self, reader, x, depth, step):
        body = step('%s[i%d]' % (x, depth), depth + 1)
        return ['const size_t room%d = (size_t)%s(c);' % (depth, reader), ''] + self.array.each(
            depth, body, ('(size_t)0', 'room%d' % depth))

    def put(self, x, depth):
        return self.counted('next', x, depth, self.element.put)

    def same(self, x, depth):
        return self.counted('want', x, depth, self.element.same)

    def fold(self, x, depth, scope):
        return self.array.fold(x, depth, scope)

    def make_c(self, x, depth, scope):
        return self.array.make_elements(x, depth, scope)

    def alter_c(self, x, depth, scope):
        return self.array.alter_c(x, depth, scope)

    def drop(self, x, depth, scope):
        return self.array.drop_elements(x, depth, scope)


class Tailed(Struct):
    """A conformant struct: the first member counts the elements of the last, a Tail."""

    def leaves(self, value, env):
        return [value[self.members[0][0]]] + Struct.leaves(self, value, env)

    def size(self, count):
        last = self.members[-1]
        return 'offsetof(%s, %s) + %s * sizeof(%s)' % (self.name, last[0], count,
                                                       last[1].element.c())

    def put_size(self, depth):
        return ['const size_t count%d = (size_t)next(c);' % depth, ''], self.size('count%d' % depth)

    def make_size(self, depth):
        drawn = self.members[0][1].c_drawn(in_struct)
        return ['const LONG count%d = (LONG)%s;' % (depth, drawn), ''], \
            self.size('(size_t)count%d' % depth)

    def same(self, x, depth):
        return ['(void)want(c);'] + Struct.same(self, x, depth)

    def fold(self, x, depth, scope):
        count = 'fold(s, (uint64_t)%s.%s);' % (x, self.members[0][0])
        return [count] + Struct.fold(self, x, depth, scope)

    def make_c(self, x, depth, scope):
        return ['%s.%s = (%s)count%d;' % (x, self.members[0][0], self.members[0][1].c(), depth - 1),
                'make_%s(s, &%s);' % (self.name, x)]


class Union(Type):
    """[switch_is]: the tag stands elsewhere. Arms are (tags, name, type); no name: an empty arm."""

    is_flat = False

    def __init__(self, name, arms, tag):
        self.name, self.arms, self.tag = name, arms, tag
        self.attributes = ('switch_is(%s)' % tag.text,)

    def spell(self, name, idl):
        return '%s %s' % (self.name, name)

    def arm(self, tag):
        for tags, _, kind in self.arms:
            if tag in tags:
                return kind
        return [kind for tags, _, kind in self.arms if not tags][0]

    def sample(self, dice, env):
        kind = self.arm(self.tag.value(env))
        return kind and kind.sample(dice, env)

    def make(self, source, env):
        kind = self.arm(self.tag.value(env))
        return kind and kind.make(source, env)

    def alter(self, source, env, value):
        kind = self.arm(self.tag.value(env))
        return kind and kind.alter(source, env, value)

    def leaves(self, value, env):
        tag = self.tag.value(env)
        kind = self.arm(tag)
        return [tag & MASK] + (kind.leaves(value, env) if kind else [])

    def switch(self, tag, step, x):
        lines = []
        for tags, name, kind in self.arms:
            lines += ['case %d:' % one for one in tags] or ['default:']
            lines += ['    ' + line for line in (step(kind, '%s.%s' % (x, name)) if kind else [])]
            lines += ['    break;']
        if all(tags for tags, _, _ in self.arms):
            lines += ['default:', '    break;']
        return ['switch (%s) {' % tag] + lines + ['}']

    def put(self, x, depth):
        return self.switch('(LONG)next(c)', lambda kind, arm: kind.put(arm, depth + 1), x)

    def same(self, x, depth):
        return self.switch('(LONG)want(c)', lambda kind, arm: kind.same(arm, depth + 1), x)

    def fold(self, x, depth, scope):
        tag = scope(self.tag.c_text)
        return ['fold(s, (uint64_t)%s);' % tag] + self.switch(
            tag, lambda kind, arm: kind.fold(arm, depth + 1, scope), x)

    def make_c(self, x, depth, scope):
        return self.switch(scope(self.tag.c_text),
                           lambda kind, arm: kind.make_c(arm, depth + 1, scope), x)

    def alter_c(self, x, depth, scope):
        return self.switch(scope(self.tag.c_text),
                           lambda kind, arm: kind.alter_c(arm, depth + 1, scope), x)

    def drop(self, x, depth, scope):
        return self.switch(scope(self.tag.c_text),
                           lambda kind, arm: kind.drop(arm, depth + 1, scope), x)

    def definition(self, is_capsule):
        """The arms in IDL; in a capsule (union x switch) with labels, else with attributes."""
        lines = []
        for tags, name, kind in self.arms:
            if is_capsule:
                label = ''.join('case %d: ' % tag for tag in tags) or 'default: '
            else:
                label = '[case(%s)] ' % ', '.join(map(str, tags)) if tags else '[default] '
            lines.append('    ' + label + (declare(kind, name) if kind else '') + ';')
        return lines
