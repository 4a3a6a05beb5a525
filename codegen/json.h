/*
 * json.h -- writes JSON, and knows nothing of what it says.
 *
 * A key of NULL is for items of an array. What is false, NULL or empty is left out: a reader takes
 * a key that is not there for that. The text is valid UTF-8 whatever bytes come in.
 */
#ifndef CODEGEN_JSON_H
#define CODEGEN_JSON_H

#include <stdint.h>

#include "codegen/out.h"

struct json {
    struct out *out;
    unsigned lists;    /* open lists: the indentation */
    bool is_comma_due; /* an item stands before */
    bool is_line_due;  /* the next item begins a line */
};

void json_open(struct json *json, const char *key); /* an object */
void json_close(struct json *json);
void json_open_array(struct json *json, const char *key); /* on one line */
void json_close_array(struct json *json);
void json_open_list(struct json *json, const char *key); /* an array with a line for each item */
void json_close_list(struct json *json);

/** The next item begins a line. */
void json_line(struct json *json);

void json_text(struct json *json, const char *key, const char *text);
void json_flag(struct json *json, const char *key, bool value);
void json_null(struct json *json, const char *key);

/** Beyond 53 bits it becomes a string of digits, because readers make a double of a number. */
void json_number(struct json *json, const char *key, int64_t value, bool is_unsigned);

#endif
