/*
 * options_messages.h -- the part of the command line that says how messages look and which there
 * are.
 */
#ifndef CODEGEN_OPTIONS_MESSAGES_H
#define CODEGEN_OPTIONS_MESSAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "codegen/pool.h"
#include "idl/idl.h"

struct message_options {
    bool is_json;
    bool shows_all;
    size_t max_errors;
    bool warnings_are_errors;
    struct idl_warning *warnings; /* room for one of each argument */
    size_t warning_count;
};

/* Each reads the value of one option and returns what is wrong with it; NULL: nothing. */
const char *message_option_warning(struct message_options *options, struct pool *pool,
                                   const char *value);
const char *message_option_form(struct message_options *options, const char *value);
const char *message_option_limit(struct message_options *options, const char *value);

/** What is wrong with a kind of messages that the user named; in the pool. */
const char *message_option_unknown(struct pool *pool, const char *kind);

/** How messages go to this stream: with colors only if people look at it on a terminal. */
enum idl_form message_options_form(const struct message_options *options, FILE *stream);

/** What the front end is to know of it. */
void message_options_set(const struct message_options *options, struct idl_options *wanted);

#endif
