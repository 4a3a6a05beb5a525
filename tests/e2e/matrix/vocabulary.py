"""vocabulary.py -- the types of the matrix, by name, and their IDL."""

from arrays import Fixed, Sized
from leaves import Bstr, Choice, Enum, Guid, IidField, Object, Scalar, Size, Text
from oracle import Expr, expr
from pointers import Pointer, Shape, declare
from records import Struct, Tail, Tailed, Union

BYTE = Scalar('Byte', 'byte', 'BYTE', 8)
CHAR = Scalar('Char', 'char', 'char', 8)
WCHAR = Scalar('Wchar', 'wchar_t', 'WCHAR', 16)
SHORT = Scalar('Short', 'short', 'short', 16)
USHORT = Scalar('Ushort', 'unsigned short', 'unsigned short', 16)
LONG = Scalar('Long', 'long', 'LONG', 32)
ULONG = Scalar('Ulong', 'unsigned long', 'ULONG', 32)
HYPER = Scalar('Hyper', 'hyper', 'LONGLONG', 64)
FLOAT = Scalar('Float', 'float', 'float', 32, 'float')
DOUBLE = Scalar('Double', 'double', 'double', 64, 'double')
COLOR = Enum('Enum', 'color', [('color_red', 0), ('color_green', 1), ('color_blue', 7),
                               ('color_last', 32767)], is_v1=False)
WIDE = Enum('EnumV1', 'wide', [('wide_low', -5), ('wide_none', 0), ('wide_high', 0x12345678)],
            is_v1=True)
GUID = Guid()

NUMBERS = [
    BYTE, CHAR, WCHAR, SHORT, USHORT, LONG, ULONG, HYPER, FLOAT, DOUBLE, COLOR, WIDE,
    Scalar('Boolean', 'boolean', 'BOOLEAN', 8, 'bool'),
    Scalar('Small', 'small', 'signed char', 8),
    Scalar('Usmall', 'unsigned small', 'unsigned char', 8),
    Scalar('Int', 'int', 'int', 32),
    Scalar('Uint', 'unsigned int', 'unsigned int', 32),
    Scalar('Uhyper', 'unsigned hyper', 'ULONGLONG', 64),
    Scalar('Int3264', '__int3264', 'INT_PTR', 64),
    Scalar('WinByte', 'BYTE', 'BYTE', 8),
    Scalar('WinWchar', 'WCHAR', 'WCHAR', 16),
    Scalar('WinWord', 'WORD', 'WORD', 16),
    Scalar('WinDword', 'DWORD', 'DWORD', 32),
    Scalar('WinBool', 'BOOL', 'BOOL', 32),
    Scalar('WinLonglong', 'LONGLONG', 'LONGLONG', 64),
    Scalar('WinUlonglong', 'ULONGLONG', 'ULONGLONG', 64),
    Scalar('WinSize', 'SIZE_T', 'SIZE_T', 64),
    Scalar('WinDate', 'DATE', 'DATE', 64, 'double'),
    Scalar('Hresult', 'HRESULT', 'HRESULT', 32),
    GUID,
]
IS_CHARACTER = ('Char', 'Wchar', 'WinWchar')

COUNT = Size(ULONG)


def has(name):
    return expr(name)


POINT = Struct('point', ('x', LONG), ('y', LONG))
MIXED = Struct('mixed', ('a', BYTE), ('b', DOUBLE), ('c', SHORT), ('d', HYPER), ('e', FLOAT),
               ('f', WIDE), ('g', GUID), ('h', NUMBERS[12]))
NESTED = Struct('nested', ('first', POINT), ('number', HYPER), ('second', MIXED))
GRID = Struct('grid', ('name', Fixed(CHAR, 5)), ('cells', Fixed(Fixed(SHORT, 2), 3)),
              ('corners', Fixed(POINT, 2)))
PAINTED = Struct('painted', ('where', POINT), ('tint', COLOR), ('tints', Fixed(COLOR, 3)))
BY_REF = Struct('by_ref', ('a', BYTE), ('to', Pointer(LONG, 'ref')))
BY_UNIQUE = Struct('by_unique', ('to', Pointer(HYPER, 'unique')), ('where', Pointer(POINT)))
BY_PTR = Struct('by_ptr', ('to', Pointer(LONG, 'ptr')), ('where', Pointer(POINT, 'ptr')))
BY_CONST = Struct('by_const', ('n', LONG), ('to', Pointer(LONG, is_const=True)),
                  ('name', Text(is_const=True)))
BY_CONST_ARRAY = Struct('by_const_array', ('n', COUNT),
                        ('values', Sized(SHORT, has('n'), is_const=True)))
QUERIED = Struct('queried', ('iid', IidField()), ('object', Object('IUnknown', 'iid')),
                 ('hr', LONG))
DEEP = Struct('deep', ('inner', Pointer(BY_UNIQUE)), ('again', Pointer(Pointer(LONG))),
              ('flat', NESTED))
NAMED = Struct('named', ('name', Text()), ('number', LONG), ('title', Text(is_wide=True)))
NAMED_REF = Struct('named_ref', ('name', Text(kind='ref')),
                   ('alias', Text(alias='LPWSTR', is_wide=True)))
TITLED = Struct('titled', ('title', Bstr()), ('number', SHORT), ('subtitle', Bstr()))
WATCHED = Struct('watched', ('witness', Object()), ('number', LONG), ('any', Object('IUnknown')))
SIZED = Struct('sized', ('n', COUNT), ('values', Sized(LONG, has('n'))))
SIZED_FIRST = Struct('sized_first', ('values', Sized(DOUBLE, has('n'))), ('n', Size(SHORT)))
SIZED_POINTS = Struct('sized_points', ('n', COUNT), ('points', Sized(POINT, has('n'))),
                      ('m', COUNT), ('people', Sized(NAMED, has('m'))))
SIZED_TWICE = Struct('sized_twice', ('n', COUNT),
                     ('bytes', Sized(BYTE, Expr('2 * n + 1', lambda n: 2 * n + 1, 'n'))),
                     ('last', Size(LONG)), ('longs', Sized(LONG, has('last'), is_max=True)))
VARYING = Struct('varying', ('room', Size(ULONG, 3, 6)), ('first', Size(ULONG, 0, 1)),
                 ('length', Size(ULONG, 0, 2)),
                 ('values', Sized(HYPER, has('room'), first=has('first'), length=has('length'))))
VARYING_BSTR = Struct('varying_bstr', ('room', Size(ULONG, 3, 6)), ('length', Size(ULONG, 0, 2)),
                      ('words', Sized(Bstr(), has('room'), length=has('length'))))
FIXED_VARYING = Struct('fixed_varying', ('length', Size(LONG, 0, 5)),
                       ('values', Fixed(SHORT, 5, length=has('length'))))
WORDS = Struct('words', ('n', COUNT), ('words', Sized(Text(), has('n'))),
               ('fixed', Fixed(Bstr(), 2)))
CROWD = Struct('crowd', ('n', COUNT), ('members', Sized(Object(), has('n'))))
TARGETS = Struct('targets', ('n', COUNT), ('to', Sized(Pointer(LONG), has('n'))))

ARMS = [([1], 'number', LONG), ([2, 3], 'real', DOUBLE), ([4], 'where', POINT),
        ([5], 'name', Text()), ([6], 'to', Pointer(POINT)), ([7], 'witness', Object()),
        ([], '', None)]
FLAT_ARMS = [([-1], 'little', SHORT), ([0], 'number', LONG), ([100], 'big', HYPER)]
TAG = expr('kind')
VARIETY = Struct('variety', ('kind', Choice(LONG, [1, 2, 3, 4, 5, 6, 7, 9])),
                 ('what', Union('variety_arms', ARMS, TAG)))
PLAIN_VARIETY = Struct('plain_variety', ('kind', Choice(SHORT, [-1, 0, 100])), ('before', BYTE),
                       ('what', Union('plain_arms', FLAT_ARMS, TAG)), ('after', BYTE))
CAPSULE = Struct('capsule', ('kind', Choice(LONG, [1, 2, 3, 4, 5, 6, 7, 9])),
                 ('what', Union('', ARMS, TAG)))
PLAIN_CAPSULE = Struct('plain_capsule', ('kind', Choice(LONG, [-1, 0, 100])),
                       ('what', Union('', FLAT_ARMS, TAG)))
VARIETIES = Struct('varieties', ('n', COUNT), ('all', Sized(VARIETY, has('n'))),
                   ('one', CAPSULE))
LISTED = Struct('listed', ('list', Shape('list')), ('graph', Shape('graph', 'ptr')))

STRUCTS = [POINT, MIXED, NESTED, GRID, PAINTED, BY_REF, BY_UNIQUE, BY_PTR, BY_CONST,
           BY_CONST_ARRAY, DEEP, NAMED, NAMED_REF, TITLED, WATCHED, QUERIED, SIZED, SIZED_FIRST,
           SIZED_POINTS, SIZED_TWICE, VARYING, VARYING_BSTR, FIXED_VARYING, WORDS, CROWD, TARGETS,
           VARIETY, PLAIN_VARIETY, CAPSULE, PLAIN_CAPSULE, VARIETIES, LISTED]

TAILED = [Tailed('tailed', ('n', Size(ULONG, 0, 4)), ('flag', BYTE),
                 ('data', Tail(LONG, has('n')))),
          Tailed('tailed_bytes', ('n', Size(SHORT, 0, 9)), ('data', Tail(BYTE, has('n')))),
          Tailed('tailed_words', ('n', Size(ULONG, 0, 3)), ('name', Text()),
                 ('data', Tail(Text(), has('n'))))]
HOLDER = Struct('holder', ('number', LONG), ('tail', Pointer(TAILED[0])))

RECORDS = STRUCTS + TAILED + [HOLDER]
UNIONS = [VARIETY.members[1][1], PLAIN_VARIETY.members[2][1]]
TAG_TYPES = {'variety_arms': 'long', 'plain_arms': 'short'}


def fields(struct):
    return ['    %s;' % declare(kind, name) for name, kind in struct.members]


def capsule(struct):
    return ['typedef union %s switch (long kind) what {' % struct.name] + \
        struct.members[1][1].definition(True) + ['} %s;' % struct.name]


def definition(struct):
    if struct in (CAPSULE, PLAIN_CAPSULE):
        return capsule(struct)
    return ['typedef struct %s {' % struct.name] + fields(struct) + ['} %s;' % struct.name]


def union_definition(union):
    return ['typedef [switch_type(%s)] union %s {' % (TAG_TYPES[union.name], union.name)] + \
        union.definition(False) + ['} %s;' % union.name]


def idl():
    """The text of matrix_types.idl."""
    lines = ['// The types of the matrix, and the witness: an object that has a number.', '',
             'import "unknwn.idl";', '',
             '[object, uuid(3f0c5b01-6d6e-4b8a-1120-a4b6d0e10102), pointer_default(unique)]',
             'interface IWitness : IUnknown', '{',
             '    HRESULT Number([out, retval] long *number);', '}', '',
             '[object, uuid(3f0c5b02-6d6e-4b8a-1120-a4b6d0e10102), pointer_default(unique)]',
             'interface IFlush : IUnknown', '{', '    HRESULT Flush();', '}', '',
             COLOR.definition(), WIDE.definition(), '',
             'typedef struct node {', '    long number;', '    [unique] struct node *next;',
             '} node;', '',
             'typedef struct vertex {', '    long number;', '    [ptr] struct vertex *left;',
             '    [ptr] struct vertex *right;', '} vertex;', '']
    for struct in RECORDS:
        for union in UNIONS:
            if union in [kind for _, kind in struct.members]:
                lines += union_definition(union)
        lines += definition(struct) + ['']
    return '\n'.join(lines)
