"""pointers.py -- pointers to one value, lists and graphs; and how a declaration is written in IDL.

See leaves.py for what a type can do. A pointer's leaves are 0, or 1 and what it points to.
"""

from leaves import Owner, Type, nest


KINDS = ('ref', 'unique', 'ptr')


class Env(dict):
    """Values of the members that others depend on; `given`: those that the client gave."""

    given = None


class Pointer(Type):
    """To one value: 'ref' is never NULL, 'unique' and 'ptr' may be."""

    is_flat = False

    @property
    def is_size(self):
        return self.target.is_size

    def __init__(self, target, kind='unique', is_const=False, is_named=True):
        self.target, self.kind, self.is_const = target, kind, is_const
        self.attributes = tuple(one for one in target.attributes if one not in KINDS) + (
            (kind,) if is_named else ())

    def spell(self, name, idl):
        name = '(*%s)' % name if self.target.is_array else '*' + name
        return ('const ' if self.is_const else '') + self.target.spell(name, idl)

    def levels(self):
        return [{}] + self.target.levels()

    def sample(self, dice, env):
        if self.kind != 'ref' and not Owner.is_there(self, dice):
            return None
        return [self.target.sample(dice, env)]

    def make(self, source, env):
        if self.kind != 'ref' and source.below(4) == 0:
            return None
        return [self.target.make(source, env)]

    def alter(self, source, env, value):
        if value is None or self.is_const:
            return value
        return [self.target.alter(source, env, value[0])]

    def leaves(self, value, env):
        return [0] if value is None else [1] + self.target.leaves(value[0], env)

    def put(self, x, depth):
        local = 't%d' % depth
        before, size = self.target.put_size(depth)
        return nest('if (next(c))', before + [
            '%s = put_block(c, 1, %s, %s);' % (
                self.target.spell('*' + local, False), size,
                'CONSTANT' if self.is_const else '0')] +
            self.target.put('(*%s)' % local, depth + 1) + ['%s = %s;' % (x, local)]) + \
            nest('else', ['%s = NULL;' % x])

    def same(self, x, depth):
        return nest('if (same_present(c, %s))' % x, self.target.same('(*%s)' % x, depth + 1) +
                    ['take_back(c, (void *)%s, %s);' % (x, 'CONSTANT' if self.is_const else '0')])

    def fold(self, x, depth, scope):
        return ['fold(s, %s != NULL);' % x] + nest(
            'if (%s)' % x, self.target.fold('(*%s)' % x, depth + 1, scope))

    def make_c(self, x, depth, scope):
        local = 't%d' % depth
        before, size = self.target.make_size(depth)
        body = before + [
            '%s = server_room(s, 1, %s);' % (self.target.spell('*' + local, False), size)] + nest(
                'if (%s)' % local, self.target.make_c('(*%s)' % local, depth + 1, scope)) + [
                    '%s = %s;' % (x, local)]
        if self.kind == 'ref':
            return nest('', body)
        return nest('if (draw(s) % 4 != 0)', body) + nest('else', ['%s = NULL;' % x])

    def alter_c(self, x, depth, scope):
        body = [] if self.is_const else self.target.alter_c('(*%s)' % x, depth + 1, scope)
        return nest('if (%s)' % x, body)

    def drop(self, x, depth, scope):
        return nest('if (%s)' % x, self.target.drop('(*%s)' % x, depth + 1, scope)) + [
            'CoTaskMemFree((void *)%s);' % x, '%s = NULL;' % x]


class Shape(Owner):
    """The head of a list of nodes with unique pointers, or of a graph of vertices with ptr ones."""

    def __init__(self, family, kind=None):
        self.family, self.kind = family, kind
        self.node = {'list': 'struct node', 'graph': 'struct vertex'}[family]
        self.attributes = (kind,) if kind else ()

    def spell(self, name, idl):
        return '%s *%s' % (self.node, name)

    def levels(self):
        return [{}]

    def nodes(self, source, count):
        if self.family == 'list':
            return [source.draw() & 0xFFFFFFFF for _ in range(count)]
        nodes = []
        for i in range(count):
            number = source.draw() & 0xFFFFFFFF
            left = i + 2 if i + 1 < count else source.below(count + 1)
            nodes.append([number, left, source.below(count + 1)])
        return nodes

    def sample(self, dice, env):
        return self.nodes(dice, dice.below(7) + 1) if self.is_there(dice) else None

    def make(self, source, env):
        return None if source.below(4) == 0 else self.nodes(source, source.below(4) + 1)

    def alter(self, source, env, value):
        if value is None or self.family == 'list':
            return value and [source.draw() & 0xFFFFFFFF for _ in value]
        return [[source.draw() & 0xFFFFFFFF] + one[1:] for one in value]

    def leaves(self, value, _env):
        if value is None:
            return [0]
        flat = value if self.family == 'list' else [leaf for one in value for leaf in one]
        return [1, len(value)] + flat


class Alias(Type):
    """[in] a second pointer to what another parameter points to; it must stay one thing."""

    is_flat = False

    def __init__(self, kind, other):
        self.kind, self.other = kind, other
        self.attributes = kind.attributes

    def spell(self, name, idl):
        return self.kind.spell(name, idl)

    def sample(self, dice, env):
        return None

    def leaves(self, value, _env):
        return [1]

    def put(self, x, _depth):
        return ['%s = next(c) ? a->%s : NULL;' % (x, self.other)]

    def fold(self, x, _depth, _scope):
        return ['fold(s, %s == %s);' % (x, self.other)]


def declare(kind, name, extra=()):
    """A declaration in IDL, with its attributes."""
    names = [one for one in extra] + list(kind.attributes)
    levels = kind.levels()
    for attribute in ('size_is', 'max_is', 'first_is', 'length_is', 'last_is'):
        texts = [level.get(attribute, '') for level in levels]
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            names.append('%s(%s)' % (attribute, ', '.join(texts)))
    head = '[%s] ' % ', '.join(names) if names else ''
    return head + kind.spell(name, True).replace('* ', '*')
