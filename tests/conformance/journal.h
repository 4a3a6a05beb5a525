/*
 * journal.h -- who did what in which order: servers and outers write, a case reads.
 *
 *     journal_note("Begin");                      anywhere, any thread
 *     ck_assert_str_eq(journal_text(), "Begin Signal Finish Release");
 *
 * The setting clears it before each case. Writing orders threads, so a case about a race keeps its
 * hands off it.
 */
#ifndef TESTS_CONFORMANCE_JOURNAL_H
#define TESTS_CONFORMANCE_JOURNAL_H

#include <stddef.h>

/** Adds a word. Beyond some thousand characters nothing is added any more. */
void journal_note(const char *word);

/** All words so far with a blank between each two. Good until the next call of this thread. */
const char *journal_text(void);

/** How often a word has been noted. */
size_t journal_count(const char *word);

/** Waits until a word has been noted that often. */
void journal_await(const char *word, size_t count);

void journal_clear(void);

#endif
