"""oracle.py -- the arithmetic on which the two sides of the matrix agree, in its Python form.

Values travel as *leaves*, numbers of 64 bits: a long is one leaf, a string its length and its
characters. A server folds every leaf that it receives into one number and draws all that it returns
from a generator that this number seeds. So a single byte that does not arrive changes every result,
and what a method must return is computed here from what its client gives, without any C. The other
half, in C, is server.h. Neither knows what uvidl writes.
"""

import struct

MASK = (1 << 64) - 1


def mix(x):
    """Spreads each bit over all 64."""
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB & MASK
    return x ^ (x >> 31)


def fold(leaves):
    """What a server remembers of all that it has received."""
    state = 0x243F6A8885A308D3
    for leaf in leaves:
        state = mix((state * 3 + leaf + 1) & MASK)
    return state


class Source:
    """Numbers that look random; the same seed gives the same ones, here and in C."""

    def __init__(self, seed):
        self.state = seed

    def draw(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        return mix(self.state)

    def below(self, limit):
        return self.draw() % limit


def source_of_name(name):
    """For the client's values: every method and case has values of its own."""
    return Source(fold(name.encode()))


def float_leaf(number):
    return struct.unpack('<I', struct.pack('<f', number))[0]


def double_leaf(number):
    return struct.unpack('<Q', struct.pack('<d', number))[0]


class Expr:
    """A size: what the IDL says, and the same as a Python function of the names in it, and in C
    where that is not the same text (IDL's long is not C's)."""

    def __init__(self, text, function, *names, c_text=None):
        self.text = text
        self.c_text = c_text or text
        self.function = function
        self.names = names

    def value(self, env):
        return self.function(*(env[name] for name in self.names))


def expr(text):
    """The plain ones: a parameter, what a parameter points to, or a constant."""
    if text.isdigit():
        return Expr(text, lambda: int(text))
    return Expr(text, lambda n: n, text.lstrip('*'))
