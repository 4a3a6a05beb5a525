/*
 * place.c -- line and column of a location, found from the last one.
 */
#include "codegen/place.h"

#include "idl/source.h"

/* Of a character, not of a byte of UTF-8 that continues one. */
static bool is_first_byte(char byte)
{
    return ((unsigned char)byte & 0xc0) != 0x80;
}

void place_find(struct place *place, const struct location *location)
{
    size_t line = source_line(location->source, location->offset);

    if (place->source != location->source || place->line != line) {
        place->source = location->source;
        place->line = line;
        place->offset = source_line_begin(place->source, line);
        place->column = 1;
    }
    for (; place->offset < location->offset; place->offset++)
        place->column += is_first_byte(place->source->text[place->offset]);
    for (; place->offset > location->offset; place->offset--)
        place->column -= is_first_byte(place->source->text[place->offset - 1]);
}
