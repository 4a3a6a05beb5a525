"""elf.py -- what a compiler left in an object file: the bytes of variables, and the types.

It reads ELF for 64 bits, little-endian, and DWARF 4 with one compilation unit. Nothing is here for
other compilers' habits: cc is told to write what is read here (-gdwarf-4).
"""

import struct

ADDRESS_RELOCATIONS = {1: 8, 10: 4, 257: 8, 258: 4}  # of x86-64 and aarch64: type to bytes

TAGS = {0x01: 'array', 0x04: 'enum', 0x05: 'parameter', 0x0d: 'member', 0x0f: 'pointer',
        0x13: 'struct', 0x15: 'function', 0x16: 'typedef', 0x17: 'union', 0x18: 'varargs',
        0x21: 'range', 0x24: 'base', 0x26: 'const', 0x28: 'enumerator', 0x2e: 'subprogram',
        0x34: 'variable', 0x35: 'volatile', 0x37: 'restrict'}
ATTRIBUTES = {0x03: 'name', 0x0b: 'size', 0x0d: 'bits', 0x1c: 'value', 0x2f: 'last', 0x37: 'count',
              0x38: 'place', 0x3a: 'file', 0x3c: 'is_declaration', 0x3e: 'encoding', 0x49: 'type',
              0x6b: 'bit_place'}
FIXED = {0x01: 8, 0x05: 2, 0x06: 4, 0x07: 8, 0x0b: 1, 0x0c: 1, 0x11: 1, 0x12: 2, 0x13: 4, 0x14: 8,
         0x17: 4}
STRING, SDATA, STRP, UDATA, EXPRLOC, PRESENT = 0x08, 0x0d, 0x0e, 0x0f, 0x18, 0x19
BLOCKS = {0x03: 2, 0x04: 4, 0x0a: 1}


class Elf:
    """Sections and symbols of one object file."""

    def __init__(self, path):
        with open(path, 'rb') as file:
            self.data = file.read()
        table, = struct.unpack_from('<Q', self.data, 0x28)
        width, count, names = struct.unpack_from('<HHH', self.data, 0x3a)
        headers = [struct.unpack_from('<IIQQQQIIQQ', self.data, table + width * i)
                   for i in range(count)]
        self.contents = [self.data[h[4]:h[4] + h[5]] if h[1] != 8 else bytes(h[5])
                         for h in headers]
        self.names = [text_at(self.contents[names], h[0]) for h in headers]
        self.symbols = {}
        self.values = []
        for header, content in zip(headers, self.contents):
            if header[1] == 2:
                self.read_symbols(content, self.contents[header[6]])

    def read_symbols(self, content, strings):
        for name, _, _, section, value, size in struct.iter_unpack('<IBBHQQ', content):
            self.values.append(value)
            self.symbols[text_at(strings, name)] = (section, value, size)

    def section(self, name):
        """The bytes of a section, with the addresses filled in that a linker would fill in."""
        data = bytearray(self.contents[self.names.index(name)])
        if '.rela' + name in self.names:
            relocations = self.contents[self.names.index('.rela' + name)]
            for place, info, addend in struct.iter_unpack('<QQq', relocations):
                width = ADDRESS_RELOCATIONS[info & 0xffffffff]
                value = self.values[info >> 32] + addend
                data[place:place + width] = value.to_bytes(8, 'little', signed=value < 0)[:width]
        return bytes(data)

    def variable(self, name):
        """The bytes that a variable is initialized with; None if it is not defined here."""
        section, value, size = self.symbols.get(name, (0, 0, 0))
        if section == 0 or section >= len(self.contents):
            return None
        return self.contents[section][value:value + size]


class Die:
    """One entry of the debug information: a type, a member, a parameter, ..."""

    __slots__ = ('tag', 'children', 'name', 'size', 'bits', 'value', 'last', 'count', 'place',
                 'file', 'is_declaration', 'encoding', 'type', 'bit_place')

    def __init__(self, tag):
        self.tag = tag
        self.children = []
        self.name = self.size = self.bits = self.value = self.last = self.count = None
        self.place = self.file = self.encoding = self.type = self.bit_place = None
        self.is_declaration = False


def text_at(data, start):
    return data[start:data.index(b'\0', start)].decode('latin1')


def number_at(data, place):
    """An unsigned LEB128 number, and where it ends."""
    result = shift = 0
    while True:
        byte = data[place]
        place += 1
        result |= (byte & 0x7f) << shift
        shift += 7
        if byte < 0x80:
            return result, place


def signed_at(data, place):
    result, end = number_at(data, place)
    if data[end - 1] & 0x40:
        result -= 1 << 7 * (end - place)
    return result, end


def read_abbreviations(data):
    """What the entries look like: number to tag, whether it has children, attributes."""
    shapes, place = {}, 0
    while data[place]:
        number, place = number_at(data, place)
        tag, place = number_at(data, place)
        has_children = data[place]
        place += 1
        attributes = []
        while True:
            attribute, place = number_at(data, place)
            form, place = number_at(data, place)
            if not attribute:
                break
            attributes.append((ATTRIBUTES.get(attribute), form))
        shapes[number] = (TAGS.get(tag), has_children, attributes)
    return shapes


def read_files(data):
    """The names of the source files, as the entries count them: from 1."""
    version, = struct.unpack_from('<H', data, 4)
    if version not in (2, 3, 4):
        raise ValueError('a line table of version %d' % version)
    place = 14 if version < 4 else 15  # of the number of the first opcode that is not standard
    place += data[place]
    folders, files = [''], [None]
    while data[place]:
        folders.append(text_at(data, place))
        place = data.index(b'\0', place) + 1
    place += 1
    while data[place]:
        name = text_at(data, place)
        place = data.index(b'\0', place) + 1
        folder, place = number_at(data, place)
        _, place = number_at(data, place)
        _, place = number_at(data, place)
        files.append(folders[folder] + '/' + name if folders[folder] else name)
    return files


class Dwarf:
    """All entries by their offset; those at file scope; the names of the source files."""

    def __init__(self, elf):
        self.files = read_files(elf.section('.debug_line'))
        self.shapes = read_abbreviations(elf.section('.debug_abbrev'))
        self.strings = elf.section('.debug_str')
        self.dies = {}
        self.top = self.read(elf.section('.debug_info'))

    def read(self, data):
        length, version = struct.unpack_from('<IH', data)
        if version != 4 or length + 4 != len(data):
            raise ValueError('not one unit of DWARF 4')
        place, parents, root = 11, [], None
        while place < len(data):
            start = place
            number, place = number_at(data, place)
            if number == 0:
                parents.pop()
                continue
            tag, has_children, attributes = self.shapes[number]
            die = self.dies[start] = Die(tag)
            if parents:
                parents[-1].children.append(die)
            else:
                root = die
            place = self.read_attributes(die, attributes, data, place)
            if has_children:
                parents.append(die)
        for die in self.dies.values():
            if die.type is not None:
                die.type = self.dies[die.type]
        return root.children

    def read_attributes(self, die, attributes, data, place):
        for name, form in attributes:
            if form in FIXED:
                end = place + FIXED[form]
                value = int.from_bytes(data[place:end], 'little')
                place = end
            elif form == STRP:
                value = text_at(self.strings, int.from_bytes(data[place:place + 4], 'little'))
                place += 4
            elif form == STRING:
                value = text_at(data, place)
                place = data.index(b'\0', place) + 1
            elif form == PRESENT:
                value = True
            elif form == UDATA:
                value, place = number_at(data, place)
            elif form == SDATA:
                value, place = signed_at(data, place)
            else:
                value, place = self.skip_block(form, data, place)
            if name:
                setattr(die, name, value)
        return place

    @staticmethod
    def skip_block(form, data, place):
        if form == EXPRLOC or form == 0x09:
            length, place = number_at(data, place)
        else:
            width = BLOCKS[form]
            length = int.from_bytes(data[place:place + width], 'little')
            place += width
        return None, place + length
