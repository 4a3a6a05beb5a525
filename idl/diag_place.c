/*
 * idl/diag_place.c -- see diag_place.h.
 */
#include "idl/diag_place.h"

#include "idl/source.h"
#include "idl/utf8.h"

struct place place_of(const struct location *location)
{
    const struct idl_source *source = location->source;
    size_t line = source_line(source, location->offset);
    struct place place;

    place.line = origin_line(location, &place.path);
    place.begin = source_line_begin(source, line);
    place.end = source_line_end(source, line);
    place.at = location->offset < place.end ? location->offset : place.end;
    if (place.at < place.begin)
        place.at = place.begin;
    if (place.end > place.at && source->text[place.end - 1] == '\r')
        place.end--;
    place.mark = location->length < place.end - place.at ? location->length : place.end - place.at;
    place.column = 1 + utf8_count(source->text + place.begin, place.at - place.begin);
    place.characters = utf8_count(source->text + place.at, place.mark);
    return place;
}

const struct origin *place_file_origin(const struct location *location)
{
    const struct origin *origin = location->origin;

    while (origin && (origin->kind == ORIGIN_MACRO || origin->kind == ORIGIN_LINE))
        origin = origin->outer;
    return origin;
}
