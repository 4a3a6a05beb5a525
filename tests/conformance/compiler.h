/*
 * compiler.h -- runs uvidl on a text, for the cases about what it makes of an interface.
 *
 * It is the uvidl that was built with the program; if that is gone the installed one, or the one on
 * PATH. UVCOM_UVIDL in the environment names another one.
 */
#ifndef TESTS_CONFORMANCE_COMPILER_H
#define TESTS_CONFORMANCE_COMPILER_H

#include <stdbool.h>

/* What came of one text. Runs of blanks and ends of lines are one blank in all of them,
   and none before a parenthesis. */
struct compiled {
    int status;     /* uvidl's own: 0, 1 (errors), 2; -1: it could not be run */
    char *messages; /* what it printed */
    char *header;   /* case.h; empty if it was not written */
    char *ids;      /* case_i.c */
    char *code;     /* case_p.c */
};

/*
 * Compiles `import "unknwn.idl";` and the text as case.idl, in a folder of its own that is removed
 * again. To be given to compiled_free.
 */
struct compiled compile_idl(const char *text);
void compiled_free(struct compiled *compiled);

/* Fails the case unless uvidl accepted the text and the header holds the words. */
void check_header(const char *text, const char *words);
/* Fails the case unless uvidl refused the text with a message that holds the words. */
void check_refused(const char *text, const char *words);

#endif
