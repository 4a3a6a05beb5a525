"""arrays.py -- arrays, fixed and sized, and buffers for strings.

See leaves.py for what a type can do. An array's leaves are its room (if that is not fixed), the
first element and the number of them (if it is varying), and those elements. Sizes are counted by
the Python functions of oracle.Expr for the client, and by the IDL's own text, compiled as C, for
the server.
"""

from leaves import Owner, Type, nest
from pointers import KINDS


class Array(Type):
    """What fixed and sized arrays have in common: a room, and the range that is carried."""

    is_array = True

    def __init__(self, element, first, length, last):
        self.element, self.first, self.length, self.last = element, first, length, last
        self.is_varying = bool(length or last)
        self.attributes = tuple(one for one in element.attributes if one not in KINDS)
        self.is_flat = element.is_flat

    def ranges(self):
        pairs = (('first_is', self.first), ('length_is', self.length), ('last_is', self.last))
        return {name: size.text for name, size in pairs if size}

    def bounds(self, env):
        """First element and number of them."""
        first = self.first.value(env) if self.first else 0
        if self.last:
            return first, self.last.value(env) + 1 - first
        return first, self.length.value(env) if self.length else self.room_value(env)

    def c_bounds(self, scope):
        first = '(size_t)(%s)' % scope(self.first.c_text) if self.first else '(size_t)0'
        if self.last:
            return first, '(size_t)(%s) + 1 - %s' % (scope(self.last.c_text), first)
        return first, '(size_t)(%s)' % scope(self.length.c_text) if self.length \
            else self.c_room(scope)

    def each(self, depth, body, bounds):
        """A loop over the range."""
        i = 'i%d' % depth
        head = 'for (size_t %s = %s; %s < %s + %s; %s++)' % (i, bounds[0], i, bounds[0], bounds[1],
                                                             i)
        return nest(head, body)

    def each_served(self, depth, scope, body):
        first, length = self.c_bounds(scope)
        return self.each(depth, body, (first, length))

    def sample(self, dice, env):
        return [self.element.sample(dice, env) for _ in range(self.bounds(env)[1])]

    def make(self, source, env):
        return [self.element.make(source, env) for _ in range(self.bounds(env)[1])]

    def alter(self, source, env, value):
        return [self.element.alter(source, env, one) for one in value]

    def element_leaves(self, value, env):
        first, length = self.bounds(env)
        assert length == len(value) >= 0, (length, value)
        return ([first, length] if self.is_varying else []) + [
            leaf for one in value for leaf in self.element.leaves(one, env)]

    def read_bounds(self, depth, reader):
        """On the client bounds come with the leaves."""
        if not self.is_varying:
            return [], ('(size_t)0', 'room%d' % depth)
        return ['const size_t first%d = %s;' % (depth, reader),
                'const size_t length%d = %s;' % (depth, reader)], (
                    'first%d' % depth, 'length%d' % depth)

    def at(self, x, depth):
        return '%s[i%d]' % (x, depth)

    def fold_elements(self, x, depth, scope):
        first, length = self.c_bounds(scope)
        lines = ['fold(s, %s);' % first, 'fold(s, %s);' % length] if self.is_varying else []
        return lines + self.each_served(depth, scope, self.element.fold(self.at(x, depth),
                                                                        depth + 1, scope))

    def make_elements(self, x, depth, scope):
        return self.each_served(depth, scope, self.element.make_c(self.at(x, depth), depth + 1,
                                                                  scope))

    def alter_c(self, x, depth, scope):
        return self.each_served(depth, scope, self.element.alter_c(self.at(x, depth), depth + 1,
                                                                   scope))

    def drop_elements(self, x, depth, scope):
        return self.each_served(depth, scope, self.element.drop(self.at(x, depth), depth + 1,
                                                                scope))

    def same_elements(self, x, depth, bounds):
        lines = self.each(depth, self.element.same(self.at(x, depth), depth + 1), bounds)
        if self.is_top:
            lines.append('untouched(c, %s, %s * sizeof *%s, (%s + %s) * sizeof *%s);' % (
                x, bounds[0], x, bounds[0], bounds[1], x))
        return lines

    is_top = False  # in memory of the client's, as [out] and [in, out] arrays are


class Fixed(Array):
    """[3]: stands in the value itself."""

    def __init__(self, element, count, first=None, length=None, last=None):
        Array.__init__(self, element, first, length, last)
        self.count = count

    def spell(self, name, idl):
        return self.element.spell('%s[%d]' % (name, self.count), idl)

    def levels(self):
        return [self.ranges()] + self.element.levels()

    def room_value(self, _env):
        return self.count

    def c_room(self, _scope):
        return '(size_t)%d' % self.count

    def leaves(self, value, env):
        return self.element_leaves(value, env)

    def room(self, depth):
        if self.is_varying:
            return []
        return ['const size_t room%d = %d;' % (depth, self.count), '']

    def put(self, x, depth):
        lines, bounds = self.read_bounds(depth, '(size_t)next(c)')
        return nest('', self.room(depth) + lines +
                    self.each(depth, self.element.put(self.at(x, depth), depth + 1), bounds))

    def same(self, x, depth):
        lines, bounds = self.read_bounds(depth, '(size_t)want(c)')
        return nest('', self.room(depth) + lines +
                    self.same_elements(x, depth, bounds))

    def fold(self, x, depth, scope):
        return self.fold_elements(x, depth, scope)

    def make_c(self, x, depth, scope):
        return self.make_elements(x, depth, scope)

    def drop(self, x, depth, scope):
        return self.drop_elements(x, depth, scope)


class Sized(Array):
    """A block of elements behind a pointer: size_is or max_is, and perhaps a range.

    `kind` 'unique' on a parameter: may be NULL whatever its size is. In a value one without
    elements is NULL; as a parameter it is not.
    """

    def __init__(self, element, size, first=None, length=None, last=None, is_max=False, kind=None,
                 is_const=False, brackets=False):
        Array.__init__(self, element, first, length, last)
        self.size, self.is_max, self.kind, self.is_const = size, is_max, kind, is_const
        self.brackets = brackets
        self.attributes += (kind,) if kind else ()
        self.is_parameter = False
        self.is_flat = False

    def spell(self, name, idl):
        const = 'const ' if self.is_const else ''
        if idl and self.brackets:
            return const + self.element.spell(name + '[]', idl)
        name = '(*%s)' % name if isinstance(self.element, Fixed) else '*' + name
        return const + self.element.spell(name, idl)

    def levels(self):
        size = {'max_is' if self.is_max else 'size_is': self.size.text}
        return [{**size, **self.ranges()}] + self.element.levels()

    def room_value(self, env):
        given = env.given if self.is_top and env.given is not None else env
        return self.size.value(given) + self.is_max

    def c_room(self, scope):
        text = self.size.c_text if self.is_top else scope(self.size.c_text)
        return '((size_t)(%s)%s)' % (text, ' + 1' if self.is_max else '')

    def sample(self, dice, env):
        if self.kind and not Owner.is_there(self, dice):
            return None
        return Array.sample(self, dice, env)

    def leaves(self, value, env):
        if value is None:
            return [0]
        return ([1] if self.kind else []) + [self.room_value(env)] + self.element_leaves(value, env)

    def pointer(self, local):
        return self.element.spell('(*%s)' % local if self.element.is_array else '*' + local, False)

    def taken(self, depth, local):
        """The client's memory for one."""
        if self.is_top:
            return 'in_out_room(c, room%d, sizeof *%s)' % (depth, local)
        text = 'put_block(c, room%d, sizeof *%s, %s)' % (depth, local,
                                                         'CONSTANT' if self.is_const else '0')
        return text if self.is_parameter else 'room%d == 0 ? NULL : %s' % (depth, text)

    def put(self, x, depth):
        local = 't%d' % depth
        lines, bounds = self.read_bounds(depth, '(size_t)next(c)')
        body = ['const size_t room%d = (size_t)next(c);' % depth] + lines + [
            '%s = %s;' % (self.pointer(local), self.taken(depth, local)), ''] + self.each(
                    depth, self.element.put(self.at(local, depth), depth + 1), bounds) + [
                        '%s = %s;' % (x, local)]
        if not self.kind:
            return nest('', body)
        return nest('if (next(c))', body) + nest('else', ['%s = NULL;' % x])

    def same(self, x, depth):
        lines, bounds = self.read_bounds(depth, '(size_t)want(c)')
        body = ['const size_t room%d = (size_t)want(c);' % depth] + lines + [
            'same_block(c, %s, room%d);' % (x, depth)] + self.same_elements(x, depth, bounds)
        if not self.is_top:
            body.append('take_back(c, (void *)%s, %s);' % (x,
                                                           'CONSTANT' if self.is_const else '0'))
        if not self.kind:
            return nest('', body)
        return nest('if (same_present(c, %s))' % x, body)

    def fold(self, x, depth, scope):
        body = ['fold(s, %s);' % self.c_room(scope)] + self.fold_elements(x, depth, scope)
        return body if not self.kind else ['fold(s, %s != NULL);' % x] + nest('if (%s)' % x, body)

    def make_c(self, x, depth, scope):
        if self.is_top:
            return self.make_elements(x, depth, scope)
        local = 't%d' % depth
        return nest('', [
            'const size_t room%d = %s;' % (depth, self.c_room(scope)),
            '%s = room%d == 0 ? NULL : server_room(s, room%d, sizeof *%s);' % (
                self.pointer(local), depth, depth, local), '']
                    + nest('if (%s)' % local, self.make_elements(local, depth, scope))
                    + ['%s = %s;' % (x, local)])

    def alter(self, source, env, value):
        return value if self.is_const or value is None else Array.alter(self, source, env, value)

    def alter_c(self, x, depth, scope):
        body = [] if self.is_const else Array.alter_c(self, x, depth, scope)
        return nest('if (%s)' % x, body) if self.kind else body

    def drop(self, x, depth, scope):
        body = nest('if (%s)' % x, self.drop_elements(x, depth, scope))
        return body if self.is_top else body + ['CoTaskMemFree((void *)%s);' % x, '%s = NULL;' % x]


class Buffer(Type):
    """[out, string] or [in, out, string] in room of the client's."""

    is_array = True
    attributes = ('string',)

    def __init__(self, size, is_wide=False):
        self.size, self.is_wide = size, is_wide
        self.unit = 'sizeof(WCHAR)' if is_wide else 'sizeof(char)'

    def spell(self, name, idl):
        return '%s *%s' % (('wchar_t' if idl else 'WCHAR') if self.is_wide else 'char', name)

    def levels(self):
        return [{'size_is': self.size.text}] if self.size else [{}]

    def room_value(self, env, value=None):
        return self.size.value(env.given or env) if self.size else value[0]

    def text(self, source, length):
        limit = 0xFFFF if self.is_wide else 0xFF
        return [1 + source.below(limit) for _ in range(length)]

    def sample(self, dice, env):
        room = self.size.value(env) if self.size else 1 + dice.below(9)
        return [room, self.text(dice, dice.below(room) if self.size else room - 1)]

    def make(self, source, env, room=None):
        room = room or self.size.value(env.given or env)
        return [room, self.text(source, source.below(room))]

    def alter(self, source, env, value):
        return self.make(source, env, value[0])

    def leaves(self, value, _env):
        return [value[0], len(value[1])] + value[1]

    def c_room(self):
        return '(size_t)(%s)' % self.size.c_text if self.size else '0'

    def put(self, x, _depth):
        return ['%s = put_buffer(c, %s);' % (x, self.unit)]

    def same(self, x, _depth):
        return ['same_buffer(c, %s, %s);' % (x, self.unit)]

    def fold(self, x, _depth, _scope):
        return ['fold_buffer(s, %s, %s, %s);' % (x, self.c_room(), self.unit)]

    def make_c(self, x, _depth, _scope):
        return ['make_buffer(s, %s, %s, %s);' % (x, self.c_room(), self.unit)]
