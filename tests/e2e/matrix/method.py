"""method.py -- one method of the matrix: what it is given, what it must return, and its C.

The behaviour of every method is the same rule: fold all that is given into one number, seed a
source of numbers with it, and draw all results from that source, sizes first, else in the order of
the parameters. `Method.run` is that rule in Python, on the values of one case; `Method.server`
writes it in C, on the parameters that the server's function has.
"""

import re

from arrays import Buffer, Fixed, Sized
from leaves import Text, nest
from oracle import Source, fold, source_of_name
from pointers import Env, Pointer, declare

CASES = ('full', 'mixed', 'empty')
CODES = {'S_OK': 0, 'S_FALSE': 1, 'E_ACCESSDENIED': 0x80070005, 'CUSTOM': 0xA0041234}


class Param:
    """One parameter: `way` is in, out or in_out.

    is_kept: an [in, out] value is changed in place, its blocks stay; else the server replaces it.
    is_unique: an [in, out] pointer that may be NULL.
    """

    def __init__(self, way, name, kind, is_kept=False, is_unique=False, is_retval=False):
        self.way, self.name, self.kind = way, name, kind
        self.is_kept, self.is_unique, self.is_retval = is_kept, is_unique, is_retval
        self.is_slot = way != 'in' and not kind.is_array
        if way == 'in' and isinstance(kind, Sized):
            kind.is_parameter = True
        if way != 'in' and kind.is_array:
            kind.is_top = True

    @property
    def is_in(self):
        return self.way != 'out'

    @property
    def is_out(self):
        return self.way != 'in'

    @property
    def is_replaced(self):
        """An [in, out] slot whose new value is made apart from the old one."""
        return self.way == 'in_out' and self.is_slot and not self.is_kept

    def idl(self):
        extra = {'in': ['in'], 'out': ['out'], 'in_out': ['in', 'out']}[self.way]
        extra += ['retval'] * self.is_retval + ['unique'] * self.is_unique
        if self.way == 'in' and isinstance(self.kind, Text) and self.kind.kind == 'unique' \
                and not self.kind.alias:
            extra.append('unique')
        kind = Pointer(self.kind, is_named=False) if self.is_slot else self.kind
        return declare(kind, self.name, extra)

    def c(self):
        """As a parameter of the server's function."""
        kind = Pointer(self.kind) if self.is_slot else self.kind
        return kind.spell(self.name, False)

    def c_member(self, name):
        """As a member of the client's arguments: what can be assigned to."""
        if self.is_slot:
            return Pointer(self.kind).spell(name, False)
        if isinstance(self.kind, Fixed):
            return self.kind.element.spell(
                '(*%s)' % name if self.kind.element.is_array else '*' + name, False)
        return self.kind.spell(name, False)

    # The model.

    def sample(self, dice, env):
        if self.is_unique and (dice.case == 'empty' or (dice.case == 'mixed' and dice.below(2))):
            return None
        return self.kind.sample(dice, env)

    def given(self, value, env):
        """The leaves that the client and the server both see; with room for what goes out."""
        if self.way == 'out':
            room = isinstance(self.kind, (Sized, Buffer)) and not self.is_slot
            return [self.kind.room_value(env)] if room else []
        if self.is_unique:
            return [0] if value is None else [1] + self.kind.leaves(value, env)
        return self.kind.leaves(value, env)

    def wanted(self, value, env):
        if self.is_unique:
            return [0] if value is None else [1] + self.kind.leaves(value, env)
        return self.kind.leaves(value, env)

    def result(self, source, env, before):
        if self.way == 'in_out' and (before is None and self.is_unique):
            return None
        if self.way == 'in_out' and self.is_kept:
            return self.kind.alter(source, env, before)
        return self.kind.make(source, env)

    # The client.

    def put(self):
        name = 'a->' + self.name
        if self.way == 'out':
            return self.put_out(name)
        lines = ['c->is_in_out = %s;' % ('true' if self.is_out else 'false')]
        if self.way == 'in_out' and self.is_slot:
            before, size = self.kind.put_size(0)
            body = before + ['%s = in_out_room(c, 1, %s);' % (name, size)] + self.kind.put(
                '(*%s)' % name, 0)
            lines += nest('if (next(c))' if self.is_unique else '', body)
        elif isinstance(self.kind, Fixed):
            take = 'in_out_room(c, %d, sizeof *%s)' if self.is_out \
                else 'put_block(c, %d, sizeof *%s, 0)'
            lines += ['%s = %s;' % (name, take % (self.kind.count, name))]
            lines += self.kind.put(name, 0)
        else:
            lines += self.kind.put(name, 0)
        if self.is_out:
            lines.append('%s_back = back_room(c, %s);' % (name, name))
        return lines

    def put_out(self, name):
        if self.is_slot:
            return ['%s = out_room(c, sizeof *%s);' % (name, name)]
        count = str(self.kind.count) if isinstance(self.kind, Fixed) else '(size_t)next(c)'
        return ['%s = array_room(c, %s, sizeof *%s);' % (name, count, name)]

    def same(self):
        name = 'a->' + self.name
        lines = ['back(c, &%s, %s_back);' % (name, name)] if self.way == 'in_out' else []
        value = self.kind.same('(*%s)' % name if self.is_slot else name, 0)
        if self.is_unique:
            value = nest('if (same_present(c, %s))' % name, value)
        return lines + value

    # The server.

    def folded(self):
        value = self.kind.fold('(*%s)' % self.name if self.is_slot else self.name, 0, as_it_is)
        if self.is_unique:
            return ['fold(s, %s != NULL);' % self.name] + nest('if (%s)' % self.name, value)
        return value

    def made(self, scope):
        if self.is_slot and (self.way == 'out' or self.is_replaced):
            value = self.kind.make_c('new_' + self.name, 0, scope)
        else:
            step = self.kind.alter_c if self.is_kept else self.kind.make_c
            value = step('(*%s)' % self.name if self.is_slot else self.name, 0, scope)
        return nest('if (%s)' % self.name, value) if self.is_unique else value

    def has_new(self):
        return self.is_slot and (self.way == 'out' or self.is_replaced)

    def undone(self, scope):
        if self.has_new():
            return self.kind.drop('new_' + self.name, 0, scope)
        return [] if self.way != 'out' else self.kind.drop(self.name, 0, scope)

    def committed(self):
        if not self.has_new():
            return []
        old = self.kind.drop('(*%s)' % self.name, 0, as_it_is) if self.is_replaced else []
        lines = old + ['*%s = new_%s;' % (self.name, self.name)]
        return nest('if (%s)' % self.name, lines) if self.is_unique else lines


def as_it_is(text):
    return text


class Method:
    """`code` is what it returns; one that fails and `is_careless` leaves results all the same."""

    def __init__(self, name, *params, code='S_OK', is_careless=False, is_swept=False):
        self.name, self.params = name, params
        self.code, self.is_careless, self.is_swept = code, is_careless, is_swept

    @property
    def fails(self):
        return CODES[self.code] >> 31 == 1

    def idl(self):
        text = ', '.join(param.idl() for param in self.params)
        return '    HRESULT %s(%s);' % (self.name, text)

    def results(self):
        """In the order in which they are made."""
        outs = [param for param in self.params if param.is_out]
        return sorted(outs, key=lambda param: not param.kind.is_size)

    def run(self, case):
        """For one case: the leaves that are given, those wanted, the [in, out] ones as they were
        (which a failure leaves), and what the server sees."""
        dice = source_of_name(self.name + case)
        dice.case = case
        env = Env()
        given = {}
        for param in sorted(self.params, key=lambda param: not param.kind.is_size):
            if param.is_in:
                given[param.name] = param.sample(dice, env)
                remember(env, param, given[param.name])
        leaves = [param.given(given.get(param.name), env) for param in self.params]
        seen = fold([leaf for param, some in zip(self.params, leaves) if param.is_in
                     for leaf in some])
        kept = [leaf for param in self.params if param.way == 'in_out'
                for leaf in param.wanted(given[param.name], env)]
        wanted = kept if self.fails else self.wanted(given, env, seen)
        return [leaf for some in leaves for leaf in some], wanted, kept, seen

    def wanted(self, given, env, seen):
        """Of a success: the [in, out] values, then the [out] ones."""
        source, out_env, values = Source(seen), Env(env), {}
        out_env.given = env
        for param in self.results():
            values[param.name] = param.result(source, out_env, given.get(param.name))
            remember(out_env, param, values[param.name])
        in_outs = [param for param in self.params if param.way == 'in_out']
        outs = [param for param in self.params if param.way == 'out']
        return [leaf for param in in_outs + outs
                for leaf in param.wanted(values[param.name], out_env)]

    # The client's C.

    def members(self):
        for param in self.params:
            yield param.c_member(param.name)
            if param.way == 'in_out':
                yield param.c_member(param.name + '_back')

    def call(self, slot, params):
        """A function that calls one slot of the vtable."""
        part, interface, names = slot, self.interface, [self.name]
        if part != 'plain':
            interface, names = 'Async' + self.interface, [part.capitalize(), self.name]
        arguments = ['object'] + ['a->' + self.argument(param, part) for param in params]
        unused = [] if params else ['    (void)a;']
        return ['static HRESULT %s_%s(void *object, void *arguments)' % (part, self.name), '{',
                '    struct %s *a = arguments;' % self.name, ''] + unused + [
                    '    return %s_%s(%s);' % (interface, '_'.join(names), ', '.join(arguments)),
                    '}', '']

    def argument(self, param, part):
        return param.name + ('_back' if part == 'finish' and param.way == 'in_out' else '')

    def client(self):
        ins = [param for param in self.params if param.is_in]
        outs = [param for param in self.params if param.is_out]
        lines = ['struct %s {' % self.name] + ['    %s;' % member for member in self.members()] + \
            ['    int nothing;', '};', '']
        lines += self.function('put', [line for param in self.params for line in param.put()])
        lines += self.call('plain', self.params) + self.call('begin', ins) + \
            self.call('finish', outs)
        in_outs = [line for param in self.params if param.way == 'in_out' for line in param.same()]
        only_out = [line for param in self.params if param.way == 'out' for line in param.same()]
        if only_out:
            in_outs += ['if (c->has_failed)', '    return;']
        return lines + self.function('same', in_outs + only_out)

    def function(self, step, body):
        unused = ['    (void)c;', '    (void)a;'] if not body else []
        return ['static void %s_%s(struct client *c, void *arguments)' % (step, self.name), '{',
                '    struct %s *a = arguments;' % self.name, ''] + unused + [
                    '    ' + line for line in body] + ['}', '']

    # The server's C.

    def scope(self, text):
        """Names of results while they are made: the new values."""
        for param in self.params:
            if param.is_out and param.has_new():
                text = re.sub(r'\*%s\b' % param.name, 'new_' + param.name, text)
        return text

    def server(self):
        outs = self.results()
        slots = [param for param in outs if param.has_new()]
        zero = ['memset(%s, 0, sizeof *%s);' % (param.name, param.name) for param in outs
                if param.way == 'out' and param.is_slot]
        lines = ['struct served served, *s = &served;']
        lines += ['%s;' % param.kind.spell('new_' + param.name, False) for param in slots]
        lines += ['', '(void)This;', 'serve(s);']
        lines += ['memset(&new_%s, 0, sizeof new_%s);' % (param.name, param.name)
                  for param in slots]
        lines += [line for param in self.params if param.is_in for line in param.folded()]
        lines.append('received(s);')
        if self.fails and not self.is_careless:
            lines += ['if (s->hr >= 0)'] + ['    s->hr = (HRESULT)%s;' % self.code] + zero
            lines += ['(void)new_%s;' % param.name for param in slots]
            lines += ['(void)%s;' % param.name for param in outs if param.kind.is_array]
            return self.server_function(lines + ['return s->hr;'])
        lines += [line for param in outs for line in param.made(self.scope)]
        undone = [line for param in outs for line in param.undone(self.scope)] + zero
        lines += nest('if (s->hr < 0)', undone + ['return s->hr;'])
        # A size stays what it was until the blocks that it counts have been freed.
        lines += [line for param in reversed(outs) for line in param.committed()]
        return self.server_function(lines + ['return (HRESULT)%s;' % self.code])

    def started(self):
        """The same as a Start_ function: the parameters in a struct, for whoever serves them."""
        struct = 'struct started_%s' % self.name
        params = ''.join(', ' + param.c() for param in self.params)
        places = ''.join(', it->' + param.name for param in self.params)
        lines = [struct + ' {', '    struct started started;', '    %s *This;' % self.interface]
        lines += ['    %s;' % param.c_member(param.name) for param in self.params] + ['};', '']
        lines += ['static HRESULT do_%s(struct started *started)' % self.name, '{',
                  '    %s *it = (%s *)started;' % (struct, struct), '',
                  '    return serve_%s(it->This%s);' % (self.name, places), '}', '']
        lines += ['static HRESULT STDMETHODCALLTYPE start_%s(' % self.name,
                  '    %s *This, uvcom_operation *operation%s)' % (self.interface, params), '{',
                  '    %s *it = started_new(sizeof *it, operation, do_%s);' % (struct, self.name),
                  '', '    if (!it)', '        return E_OUTOFMEMORY;', '    it->This = This;']
        lines += ['    it->%s = %s;' % (param.name, param.name) for param in self.params]
        return lines + ['    return started_go(&it->started);', '}', '']

    def server_function(self, lines):
        params = ''.join(', ' + param.c() for param in self.params)
        return ['static HRESULT STDMETHODCALLTYPE serve_%s(%s *This%s)' % (
            self.name, self.interface, params), '{'] + ['    ' + line for line in lines] + ['}', '']


def remember(env, param, value):
    """A member that sizes depend on, perhaps behind a pointer."""
    if param.kind.is_size:
        env[param.name] = value[0] if isinstance(value, list) else value
