"""families.py -- the matrix: which methods there are.

A family is an interface with an IDL file of its own; a group is one test of every way of calling.
The names of groups say the rule, the direction and the kind of type.
"""

from arrays import Buffer, Fixed, Sized
from leaves import Bstr, Choice, Iid, Object, Range, Size, Text
from method import Method, Param
from oracle import Expr, expr
from pointers import Alias, Pointer, Shape
from records import Union
from vocabulary import (
    ARMS, BY_CONST, BY_CONST_ARRAY, BY_PTR, BY_REF, BY_UNIQUE, BYTE, CAPSULE, CHAR, COLOR,
    CROWD, DEEP, DOUBLE, FLAT_ARMS, FLOAT, GUID, HOLDER, HYPER, IS_CHARACTER, LISTED, LONG,
    MIXED, NAMED, NESTED, NUMBERS, PAINTED, POINT, QUERIED, SHORT, SIZED, SIZED_POINTS, STRUCTS,
    TAILED, TITLED, ULONG, USHORT, VARIETY, VARYING, WATCHED, WCHAR, WIDE, WORDS)

CONSTANT = (BY_CONST, BY_CONST_ARRAY)  # a server can neither make nor replace these
READABLE = [kind for kind in NUMBERS if kind.label not in IS_CHARACTER]
CALL_14, CALL_15, CALL_16, DER_08, CALL_11 = 'call_14', 'call_15', 'call_16', 'der_08', 'call_11'


def given(name, kind):
    return Param('in', name, kind)


def out(name, kind, **more):
    return Param('out', name, kind, **more)


def both(name, kind, **more):
    return Param('in_out', name, kind, **more)


def count(name='n', base=ULONG, low=0, most=3):
    return given(name, Size(base, low, most))


# ---- numbers ----

def values():
    yield CALL_14 + '_in_numbers_by_value', [
        Method('In' + kind.label, given('value', kind)) for kind in NUMBERS]
    yield 'call_10_out_retval_of_numbers', [
        Method('Retval' + kind.label, given('seed', LONG), out('value', kind, is_retval=True))
        for kind in NUMBERS]


def pointers():
    yield CALL_14 + '_in_ref_pointers_to_numbers', [
        Method('InRef' + kind.label, given('value', Pointer(kind, 'ref'))) for kind in READABLE]
    yield CALL_14 + '_in_unique_pointers_to_numbers', [
        Method('InUnique' + kind.label, given('value', Pointer(kind, 'unique', is_const=True)))
        for kind in READABLE]
    yield CALL_14 + '_in_ptr_pointers_to_numbers', [
        Method('InPtr' + kind.label, given('value', Pointer(kind, 'ptr')))
        for kind in (BYTE, LONG, HYPER, DOUBLE, GUID, COLOR)]
    yield CALL_14 + '_in_pointers_to_pointers', [
        Method('InTwice' + kind.label, given('value', Pointer(Pointer(kind, 'unique'), 'ref')))
        for kind in (BYTE, LONG, DOUBLE, POINT, NAMED)] + [
            Method('InThrice', given('value', Pointer(Pointer(Pointer(LONG)), 'unique')))]


def results():
    yield 'call_10_out_numbers', [
        Method('Out' + kind.label, out('value', kind), out('again', kind)) for kind in NUMBERS]
    yield CALL_15 + '_in_out_numbers', [
        Method('Both' + kind.label, both('value', kind)) for kind in READABLE]


def more_results():
    yield CALL_15 + '_in_out_unique_pointers_to_numbers', [
        Method('BothUnique' + kind.label, both('value', kind, is_unique=True))
        for kind in (BYTE, SHORT, LONG, HYPER, DOUBLE, COLOR, GUID)]
    yield 'call_10_out_pointers_to_numbers_of_the_server', [
        Method('OutTwice' + kind.label, out('value', Pointer(kind, is_named=False)))
        for kind in (BYTE, SHORT, LONG, HYPER, DOUBLE, COLOR, WIDE, GUID)]
    yield CALL_15 + '_in_out_pointers_to_numbers_of_the_server', [
        Method('BothTwice' + kind.label, both('value', Pointer(kind, is_named=False)))
        for kind in (BYTE, LONG, DOUBLE, GUID)] + [
            Method('BothTwiceKept' + kind.label,
                   both('value', Pointer(kind, is_named=False), is_kept=True))
            for kind in (BYTE, LONG, DOUBLE, GUID)]
    yield 'call_14_in_numbers_with_a_range', [
        Method('InRange' + kind.label, given('value', Range(kind, 1, 100)),
               given('to', Pointer(Range(kind, 3, 9), 'unique')))
        for kind in (BYTE, SHORT, LONG, HYPER)]
    yield 'call_15_in_out_numbers_with_a_range', [
        Method('BothRange' + kind.label, both('value', Range(kind, 1, 100)),
               out('more', Range(kind, 5, 6))) for kind in (USHORT, LONG, HYPER)]


# ---- arrays ----

ELEMENTS = (BYTE, WCHAR, LONG, DOUBLE, COLOR, POINT)
MORE_ELEMENTS = (CHAR, SHORT, HYPER, FLOAT, WIDE, GUID, MIXED, NESTED)


def array_kinds(element):
    """(label, parameters that count, the array), anew for each method."""
    yield 'Fixed', (), Fixed(element, 3)
    yield 'SizeIs', (count(),), Sized(element, expr('n'))
    yield 'MaxIs', (count(),), Sized(element, expr('n'), is_max=True)
    yield 'LengthIs', (count('length', LONG, 0, 5),), Fixed(element, 5, length=expr('length'))
    yield 'SizeLength', (count('n', ULONG, 2, 6), count('length', USHORT, 0, 2)), Sized(
        element, expr('n'), length=expr('length'))
    yield 'FirstLength', (count('n', ULONG, 4, 6), count('first', LONG, 0, 2),
                          count('length', LONG, 0, 2)), Sized(
        element, expr('n'), first=expr('first'), length=expr('length'))
    yield 'FirstLast', (count('n', ULONG, 4, 6), count('first', LONG, 0, 1),
                        count('last', LONG, 1, 3)), Sized(
        element, expr('n'), first=expr('first'), last=expr('last'))
    yield 'Fixed2', (), Fixed(Fixed(element, 2), 3)
    yield 'Size2', (count(),), Sized(Fixed(element, 2), expr('n'), brackets=True)


def arrays(way, elements, only=None):
    for element in elements:
        for label, counts, kind in array_kinds(element):
            if only is None or label in only:
                yield Method(way.title().replace('_', '') + label + element.label, *counts,
                             Param(way, 'values', kind))


def arrays_in():
    for element in ELEMENTS:
        yield 'call_14_in_arrays_of_' + element.label.lower(), list(arrays('in', [element]))
    yield 'call_14_in_arrays_of_more', list(arrays('in', MORE_ELEMENTS, ('SizeIs',)))


def arrays_out():
    for element in ELEMENTS:
        yield 'der_08_out_arrays_of_' + element.label.lower(), list(arrays('out', [element]))
    yield 'der_08_out_arrays_of_more', list(arrays('out', MORE_ELEMENTS, ('SizeIs',)))


def arrays_both():
    for element in ELEMENTS:
        yield 'call_15_in_out_arrays_of_' + element.label.lower(), list(
            arrays('in_out', [element]))
    yield 'call_15_in_out_arrays_of_more', list(arrays('in_out', MORE_ELEMENTS, ('SizeIs',)))


# ---- sizes ----

def expressions():
    """(label, parameters, size) of every form of expression."""
    one = (('Odd', '2 * n + 1', lambda n: 2 * n + 1, 0), ('Less', 'n - 1', lambda n: n - 1, 1),
           ('Half', 'n / 2', lambda n: n // 2, 0), ('Twice', 'n << 1', lambda n: n * 2, 0),
           ('Right', '(n + 3) >> 1', lambda n: (n + 3) // 2, 0),
           ('Rest', 'n % 3', lambda n: n % 3, 0),
           ('Choice', 'n > 2 ? 1 : n + 2', lambda n: 1 if n > 2 else n + 2, 0),
           ('Masked', '(n & 2) | 1', lambda n: n & 2 | 1, 0), ('Constant', '3', lambda n: 3, 0))
    for label, text, function, low in one:
        yield label, (count('n', LONG, low, 4),), Expr(text, function, 'n')
    yield 'Sizeof', (count('n'),), Expr('n * sizeof(long)', lambda n: n * 4, 'n', c_text='n * 4')
    yield 'Product', (count('n'), count('m', USHORT)), Expr('n * m', lambda n, m: n * m, 'n', 'm')
    yield 'Unary', (count('n', LONG, 0, 4),), Expr('-(n - 5)', lambda n: 5 - n, 'n')


def counted_by():
    """Where a size can stand."""
    for base in (BYTE, SHORT, USHORT, LONG, HYPER):
        yield 'By' + base.label, given('n', Size(base, 0, 4)), 'n'
    yield 'ByRef', given('n', Pointer(Size(ULONG), 'ref')), '*n'
    yield 'ByBoth', both('n', Size(ULONG), is_kept=True), '*n'


def rows(kind):
    return Sized(Sized(kind, expr('m')), expr('n'))


def sizes():
    for way, rule in (('in', CALL_14), ('out', DER_08), ('in_out', CALL_15)):
        head = way.title().replace('_', '')
        yield rule + '_' + way + '_sizes_as_expressions', [
            Method(head + label, *counts, Param(way, 'values', Sized(SHORT, size)))
            for label, counts, size in expressions()]
        yield rule + '_' + way + '_sizes_in_every_place', [
            Method(head + label, parameter, Param(way, 'values', Sized(LONG, expr(text))))
            for label, parameter, text in counted_by()]
    yield 'call_14_15_rows_with_two_sizes', [
        method for kind in (BYTE, LONG, POINT, NAMED) for method in (
            Method('InRows' + kind.label, count('n'), count('m'), given('rows', rows(kind))),
            Method('OutRows' + kind.label, count('n'), count('m'), out('rows', rows(kind))),
            Method('KeepRows' + kind.label, count('n'), count('m'),
                   both('rows', rows(kind), is_kept=True)))]
    yield 'call_14_15_der_08_large_arrays_and_strings', [
        Method('Large' + way.title().replace('_', '') + kind.label, count('n', ULONG, 300, 700),
               Param(way, 'values', Sized(kind, expr('n'))))
        for way in ('in', 'out', 'in_out') for kind in (BYTE, HYPER)] + [
            Method('LargeBuffer', count('n', ULONG, 300, 700),
                   both('text', Buffer(expr('n'), True)))]
    yield 'der_08_the_size_stands_behind_the_array', [
        Method('InBehind', given('values', Sized(LONG, expr('n'))), count()),
        Method('OutBehind', out('values', Sized(LONG, expr('n'))), count()),
        Method('BothBehind', both('values', Sized(LONG, expr('n'))), count())]


def lengths():
    """What a server says: how much of the client's room it has used."""
    most = Expr('n', lambda n: n, 'n')
    yield 'der_08_out_lengths_of_the_server', [
        Method('Used' + element.label, count('n', ULONG, 0, 5),
               out('values', Sized(element, expr('n'), length=expr('*used'))),
               out('used', Size(ULONG, 0, most)))
        for element in (BYTE, WCHAR, LONG, DOUBLE, POINT, GUID, NAMED, TITLED, WATCHED)]
    yield 'der_08_in_out_lengths_of_the_server', [
        Method('UsedBoth' + element.label, count('n', ULONG, 3, 5),
               both('used', Size(ULONG, 0, most)),
               both('values', Sized(element, expr('n'), length=expr('*used'))))
        for element in (BYTE, LONG, DOUBLE, POINT)]
    yield 'der_08_out_first_and_last_of_the_server', [
        Method('Range' + element.label, out('first', Size(LONG, 0, 2)),
               out('last', Size(LONG, 2, 4)),
               out('values', Fixed(element, 5, first=expr('*first'), last=expr('*last'))))
        for element in (SHORT, LONG, POINT)]
    yield 'call_15_unique_arrays', [
        Method('InUniqueArray' + element.label, count(),
               given('values', Sized(element, expr('n'), kind='unique')))
        for element in (BYTE, LONG, DOUBLE, POINT, NAMED)]


class Block(Sized):
    """A sized array behind one more pointer: the slot that holds the server's block."""

    is_array = False


def callee(kind, way='out'):
    """T **values with size_is(, *n)."""
    return Param(way, 'values', Block(kind, expr('*n')))


def of_the_server():
    """Blocks that the server allocates."""
    kinds = (BYTE, WCHAR, SHORT, LONG, HYPER, DOUBLE, COLOR, GUID, POINT, NESTED, NAMED, TITLED,
             WATCHED, VARIETY)
    yield 'call_10_out_blocks_that_the_server_allocates', [
        Method('Block' + kind.label, out('n', Size(ULONG, 0, 4)), callee(kind)) for kind in kinds]
    yield 'call_15_in_out_blocks_that_the_server_replaces', [
        Method('Replaced' + kind.label, both('n', Size(ULONG, 0, 4)), callee(kind, 'in_out'))
        for kind in kinds]


# ---- structs ----

def structs_in():
    yield 'call_14_in_structs_by_value', [
        Method('Value' + kind.label, given('value', kind)) for kind in STRUCTS]
    yield 'call_14_in_ref_pointers_to_structs', [
        Method('Ref' + kind.label, given('value', Pointer(kind, 'ref', is_const=True)))
        for kind in STRUCTS + TAILED + [HOLDER]]
    yield 'call_14_in_unique_and_ptr_pointers_to_structs', [
        Method('Unique' + kind.label, given('value', Pointer(kind, 'unique')),
               given('other', Pointer(kind, 'ptr'))) for kind in STRUCTS + TAILED]


def structs_out():
    yield 'call_10_out_structs', [
        Method('Out' + kind.label, out('value', kind)) for kind in STRUCTS
        if kind not in CONSTANT] + [Method('OutHolder', out('value', HOLDER))]
    yield 'call_10_out_pointers_to_structs', [
        Method('OutPointer' + kind.label, out('value', Pointer(kind, is_named=False)))
        for kind in STRUCTS + TAILED if kind not in CONSTANT]


def structs_both():
    yield 'call_15_in_out_structs_that_the_server_replaces', [
        Method('Replace' + kind.label, both('value', kind)) for kind in STRUCTS
        if kind not in CONSTANT]
    yield 'call_15_in_out_structs_that_stay_in_place', [
        Method('Keep' + kind.label, both('value', kind, is_kept=True))
        for kind in STRUCTS + TAILED[:1] + [HOLDER]]
    yield 'call_15_in_out_pointers_to_structs', [
        Method('ReplacePointer' + kind.label, both('value', Pointer(kind, is_named=False)))
        for kind in (POINT, NAMED, TITLED, WATCHED, VARIETY, TAILED[0], TAILED[2])]


SOME = [POINT, PAINTED, BY_REF, BY_UNIQUE, BY_PTR, DEEP, NAMED, TITLED, WATCHED, QUERIED, SIZED,
        SIZED_POINTS, VARYING, WORDS, CROWD, VARIETY, CAPSULE]


def structs_arrays():
    yield 'call_14_in_arrays_of_structs', [
        Method('In' + kind.label, count(), given('values', Sized(kind, expr('n'))))
        for kind in SOME]
    yield 'der_08_out_arrays_of_structs', [
        Method('Out' + kind.label, count(), out('values', Sized(kind, expr('n'))))
        for kind in SOME]
    yield 'call_15_in_out_arrays_of_structs', [
        Method('Both' + kind.label, count(),
               both('values', Sized(kind, expr('n')), is_kept=True)) for kind in SOME]


# ---- what is more than its bytes ----

def strings():
    wides = ((False, ''), (True, 'Wide'))
    yield 'call_14_in_strings', [
        method for wide, label in wides for method in (
            Method('In' + label, given('text', Text(wide, 'ref', is_const=True))),
            Method('InPlain' + label, given('text', Text(wide, 'ref'))),
            Method('InUnique' + label, given('text', Text(wide, 'unique', is_const=True))),
            Method('InTwo' + label, given('text', Text(wide, 'ref')), given('n', LONG),
                   given('more', Text(wide, 'unique'))),
            Method('InArray' + label, count(), given('texts', Sized(Text(wide), expr('n')))),
            Method('InArrayConst' + label, count(),
                   given('texts', Sized(Text(wide, is_const=True), expr('n')))),
            Method('InFixed' + label, given('texts', Fixed(Text(wide), 2))))] + [
        Method('InLpcstr', given('text', Text(False, 'ref', alias='LPCSTR'))),
        Method('InLpwstr', given('text', Text(True, 'ref', alias='LPWSTR')))]
    yield 'call_10_out_strings', [
        method for wide, label in wides for method in (
            Method('Out' + label, out('text', Text(wide))),
            Method('OutTwo' + label, out('text', Text(wide)), out('more', Text(wide))),
            Method('OutArray' + label, count(), out('texts', Sized(Text(wide), expr('n')))),
            Method('OutBlock' + label, out('n', Size(ULONG, 0, 4)),
                   Param('out', 'texts', Block(Text(wide), expr('*n')))))]
    yield 'call_15_in_out_strings', [
        method for wide, label in wides for method in (
            Method('Replace' + label, both('text', Text(wide))),
            Method('Keep' + label, both('text', Text(wide), is_kept=True)),
            Method('KeepArray' + label, count(),
                   both('texts', Sized(Text(wide), expr('n')), is_kept=True)),
            Method('ReplaceBlock' + label, both('n', Size(ULONG, 0, 4)),
                   Param('in_out', 'texts', Block(Text(wide), expr('*n')))))]
    yield 'der_08_string_buffers_of_the_client', [
        method for wide, label in wides for method in (
            Method('OutBuffer' + label, count('n', ULONG, 1, 9),
                   out('text', Buffer(expr('n'), wide))),
            Method('BothBuffer' + label, count('n', ULONG, 1, 9),
                   both('text', Buffer(expr('n'), wide))),
            Method('BothText' + label, both('text', Buffer(None, wide), is_kept=True)))]


def bstrs():
    yield 'call_14_in_bstrs', [
        Method('In', given('text', Bstr())),
        Method('InTwo', given('a', Bstr()), given('b', Bstr())),
        Method('InRef', given('text', Pointer(Bstr(), 'ref'))),
        Method('InUnique', given('text', Pointer(Bstr(), 'unique'))),
        Method('InArray', count(), given('texts', Sized(Bstr(), expr('n')))),
        Method('InFixed', given('texts', Fixed(Bstr(), 3)))]
    yield 'call_10_out_bstrs', [
        Method('Out', out('text', Bstr())), Method('Retval', out('text', Bstr(), is_retval=True)),
        Method('OutTwice', out('text', Pointer(Bstr(), is_named=False))),
        Method('OutArray', count(), out('texts', Sized(Bstr(), expr('n')))),
        Method('OutFixed', out('texts', Fixed(Bstr(), 3))),
        Method('OutBlock', out('n', Size(ULONG, 0, 4)), callee(Bstr()))]
    yield 'call_15_in_out_bstrs', [
        Method('Replace', both('text', Bstr())), Method('Keep', both('text', Bstr(), is_kept=True)),
        Method('Unique', both('text', Bstr(), is_unique=True)),
        Method('KeepArray', count(), both('texts', Sized(Bstr(), expr('n')), is_kept=True)),
        Method('KeepFixed', both('texts', Fixed(Bstr(), 3), is_kept=True)),
        Method('ReplaceBlock', both('n', Size(ULONG, 0, 4)), callee(Bstr(), 'in_out'))]


def objects():
    for_iid = [('Witness', Object()), ('Unknown', Object('IUnknown'))]
    riid = Iid()
    yield 'call_16_in_interface_pointers', [
        method for label, kind in for_iid for method in (
            Method('In' + label, given('object', kind)),
            Method('InTwo' + label, given('a', kind), given('b', kind)),
            Method('InRef' + label, given('object', Pointer(kind, 'ref'))),
            Method('InArray' + label, count(), given('objects', Sized(kind, expr('n')))),
            Method('InFixed' + label, given('objects', Fixed(kind, 2))))] + [
        Method('InIid', given('riid', riid), given('object', Object('void', 'riid')))]
    yield 'call_16_out_interface_pointers', [
        method for label, kind in for_iid for method in (
            Method('Out' + label, out('object', kind)),
            Method('Retval' + label, given('seed', LONG), out('object', kind, is_retval=True)),
            Method('OutArray' + label, count(), out('objects', Sized(kind, expr('n')))),
            Method('OutFixed' + label, out('objects', Fixed(kind, 2))),
            Method('OutBlock' + label, out('n', Size(ULONG, 0, 4)), callee(kind)))] + [
        Method('OutIid', given('riid', riid), out('object', Object('void', 'riid'))),
        Method('OutIidBehind', out('object', Object('void', 'riid')), given('riid', riid))]
    yield 'call_16_in_out_interface_pointers', [
        method for label, kind in for_iid for method in (
            Method('Replace' + label, both('object', kind)),
            Method('Keep' + label, both('object', kind, is_kept=True)),
            Method('KeepArray' + label, count(),
                   both('objects', Sized(kind, expr('n')), is_kept=True)))] + [
        Method('ReplaceIid', given('riid', riid), both('object', Object('void', 'riid')))]


def unions():
    for name, arms, base, tags in (('variety_arms', ARMS, LONG, (1, 2, 3, 4, 5, 6, 7, 9)),
                                   ('plain_arms', FLAT_ARMS, SHORT, (-1, 0, 100))):
        label = 'Plain' if arms is FLAT_ARMS else 'Deep'
        tag = given('kind', Choice(base, tags))
        union = Union(name, arms, expr('kind'))
        yield 'der_08_switch_is_of_another_parameter_' + label.lower(), [
            Method('InRef' + label, tag, given('value', Pointer(union, 'ref'))),
            Method('InUnique' + label, tag, given('value', Pointer(union, 'unique'))),
            Method('Out' + label, tag, out('value', union)),
            Method('Replace' + label, tag, both('value', union)),
            Method('Keep' + label, tag, both('value', union, is_kept=True))]


def shapes_of(family, label, named):
    return [
        Method('In' + label, given('head', Shape(family, named))),
        Method('InTwo' + label, given('a', Shape(family, named)), given('n', LONG),
               given('b', Shape(family, named))),
        Method('InArray' + label, count(), given('heads', Sized(Shape(family), expr('n')))),
        Method('InRef' + label, given('head', Pointer(Shape(family), 'ref'))),
        Method('Out' + label, out('head', Shape(family))),
        Method('OutArray' + label, count(), out('heads', Sized(Shape(family), expr('n')))),
        Method('OutBlock' + label, out('n', Size(ULONG, 0, 4)), callee(Shape(family))),
        Method('Replace' + label, both('head', Shape(family))),
        Method('Keep' + label, both('head', Shape(family), is_kept=True)),
        Method('KeepArray' + label, count(),
               both('heads', Sized(Shape(family), expr('n')), is_kept=True)),
        Method('False' + label, both('head', Shape(family)), code='S_FALSE'),
        Method('Denied' + label, both('head', Shape(family)), code='E_ACCESSDENIED'),
        Method('Careless' + label, both('head', Shape(family)), out('other', Shape(family)),
               code='CUSTOM', is_careless=True)]


def lists():
    yield 'call_14_15_lists_of_unique_pointers', shapes_of('list', 'List', 'unique')


def graphs():
    """Two may point to one vertex, so every pointer to one must be a ptr."""
    shape = Shape('graph', 'ptr')
    yield 'call_14_graphs_that_two_parameters_share', [
        Method('InShared', given('a', shape), given('b', Alias(shape, 'a'))),
        Method('InSharedFar', given('a', shape), given('text', Text(kind='ref')),
               given('b', Alias(shape, 'a')), given('c', Alias(shape, 'a')))]
    yield 'call_14_15_graphs_of_ptr_pointers', shapes_of('graph', 'Graph', 'ptr') + [
        Method('InListed', given('value', Pointer(LISTED, 'ref'))),
        Method('OutListed', out('value', LISTED)),
        Method('KeepListed', both('value', LISTED, is_kept=True))]


graphs.pointer_default = 'ptr'


# ---- codes ----

def signatures():
    """One of every kind, anew each time."""
    yield 'Nothing', ()
    yield 'Number', (given('a', LONG), out('value', DOUBLE))
    yield 'Retval', (given('a', HYPER), out('value', LONG, is_retval=True))
    yield 'Both', (both('a', LONG), both('b', POINT))
    yield 'Array', (count(), out('values', Sized(LONG, expr('n'))), both('more', Fixed(SHORT, 3)))
    yield 'Used', (count('n', ULONG, 0, 5), out('used', Size(ULONG, 0, expr('n'))),
                   out('values', Sized(BYTE, expr('n'), length=expr('*used'))))
    yield 'Struct', (both('value', NAMED), out('other', TITLED))
    yield 'Kept', (both('value', NAMED, is_kept=True), out('other', Pointer(NAMED, is_named=False)))
    yield 'Block', (both('n', Size(ULONG, 0, 4)), callee(NAMED, 'in_out'))
    yield 'Text', (both('text', Text()), out('more', Bstr()),
                   both('buffer', Buffer(None), is_kept=True))
    yield 'Object', (both('object', Object()), out('other', Object()),
                     given('name', Text(kind='ref')))
    yield 'Many', (count(), both('values', Sized(NAMED, expr('n')), is_kept=True),
                   both('texts', Fixed(Bstr(), 3), is_kept=True))
    yield 'Maybe', (both('value', NAMED, is_unique=True), both('text', Bstr(), is_unique=True))
    yield 'Open', (both('value', TAILED[2], is_kept=True),)
    yield 'Shape', (both('list', Shape('list')), out('other', Shape('list')))


def codes():
    for code, label, rule in (('S_FALSE', 'False', 'call_10_a_success_code'),
                              ('E_ACCESSDENIED', 'Denied', 'call_11_a_failure'),
                              ('CUSTOM', 'Custom', 'call_11_a_failure_of_its_own')):
        yield rule, [Method(label + name, *params, code=code) for name, params in signatures()]
    yield 'life_04_a_failure_that_leaves_results', [
        Method('Careless' + name, *params, code='CUSTOM', is_careless=True)
        for name, params in signatures()]


FAMILIES = (values, pointers, results, more_results, arrays_in, arrays_out, arrays_both, sizes,
            lengths, of_the_server, structs_in, structs_out, structs_both, structs_arrays, strings,
            bstrs, objects, unions, lists, graphs, codes)
