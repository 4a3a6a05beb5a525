/*
 * idl/diag.h -- collects the messages of one compilation.
 *
 * It prints nothing. Messages are kept in the order in which they were found; diag_sorted has them
 * in the order of the text, and diag_text.c and diag_json.c make text of them.
 */
#ifndef IDL_DIAG_H
#define IDL_DIAG_H

#include <stdbool.h>
#include <stddef.h>

#include "idl/arena.h"
#include "idl/ast.h"
#include "idl/diag_kind.h"

enum diag_severity { DIAG_IS_ERROR, DIAG_IS_WARNING };

/* A second place that a message speaks of. */
struct note {
    struct note *next;
    struct location location;
    const char *text;
};

struct message {
    struct message *next;
    struct location location; /* its source is NULL: it belongs to no place */
    enum diag_severity severity;
    const char *kind;
    const char *text;
    struct note *notes, *last_note;
    size_t number; /* keeps messages of one place in the order in which they were found */
};

/* Of errors, and of warnings. */
struct tally {
    size_t shown;   /* messages in the list */
    size_t omitted; /* those that came after the limit */
};

struct diag {
    struct arena *arena;
    struct message *first, *last;
    struct message *latest; /* that notes go to; NULL: it is not shown, nor are its notes */
    struct tally tallies[2];
    size_t errors;
    size_t promoted;           /* errors that are warnings but for -Werror: the tree is sound */
    struct location bad_token; /* after it the parser cannot see what was meant; or nowhere */
    size_t limit;              /* of errors, and of warnings, that are shown */
    bool warnings_are_errors;  /* -Werror */
    enum diag_switch switches[DIAG_KIND_COUNT];
    bool is_quiet;   /* a C header is being read, in which mistakes are nobody's business */
    bool is_quoted;  /* so is one that is C's own: it is included, and a cpp_quote includes it */
    bool is_import;  /* an import is being read: whoever makes its proxies is told its flaws */
    bool is_lenient; /* only a header is wanted: what a proxy alone needs is worth a warning */
};

#define DIAG_USUAL_LIMIT 100 /* more help nobody, and a file of random bytes has millions */

void diag_init(struct diag *diag, struct arena *arena);

void diag_error(struct diag *diag, const struct location *location, enum diag_kind kind,
                const char *format, ...) __attribute__((format(printf, 4, 5)));
/** An error, but a warning where only the header is wanted, which can be written all the same. */
void diag_flaw(struct diag *diag, const struct location *location, enum diag_kind kind,
               const char *format, ...) __attribute__((format(printf, 4, 5)));
void diag_warning(struct diag *diag, const struct location *location, enum diag_kind kind,
                  const char *format, ...) __attribute__((format(printf, 4, 5)));

/** Adds to the message that was reported last a second place: "the first one is here". */
void diag_note(struct diag *diag, const struct location *location, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** For a back end. Kind and text are copied; the kind may also be none of the table. */
void diag_report(struct diag *diag, const struct location *location, bool is_error,
                 const char *kind, const char *text);

/** Whether there is no error, and no warning that is not shown. */
bool diag_is_clean(const struct diag *diag);

/** The messages in the order of the text, each once; in the arena. */
const struct message **diag_sorted(const struct diag *diag, size_t *count);

/** diag_text.c: all messages as people read them; in the arena. `color`: for a terminal. */
const char *diag_render(const struct diag *diag, bool color);

/** diag_json.c: one JSON object a line; in the arena. */
const char *diag_render_json(const struct diag *diag);

#endif
