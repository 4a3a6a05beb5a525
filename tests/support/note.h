/*
 * note.h -- items for an apartment's inbox that write down what became of them.
 *
 * A note run or refused puts its number into its log, where a test waits for it and looks. It does
 * more if it was given something to do. Any thread; the log must outlive its notes.
 */
#ifndef TESTS_SUPPORT_NOTE_H
#define TESTS_SUPPORT_NOTE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "runtime/inbox.h"

enum { NOTE_LOG_ROOM = 4096 };

struct note_log {
    pthread_mutex_t mutex; /* guards the rest */
    pthread_cond_t changed;
    size_t run;
    size_t refused;
    int order[NOTE_LOG_ROOM]; /* the numbers of those run, the first NOTE_LOG_ROOM of them */
    pthread_t thread;         /* that ran or refused the last one */
};

#define NOTE_LOG_INITIALIZER                                                                       \
    {                                                                                              \
        .mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER                    \
    }

struct note {
    struct inbox_item item;
    struct note_log *log;
    int number;
    void (*act)(struct note *note); /* when run, before it is written down; NULL: nothing */
    void *context;
};

/** A note to post. */
struct note note_make(struct note_log *log, int number);

/** The same for a completion callback. */
struct note note_make_callback(struct note_log *log, int number);

/** Waits until that many have been run. */
void note_log_await(struct note_log *log, size_t run);

size_t note_log_run(struct note_log *log);
size_t note_log_refused(struct note_log *log);

/** Whether `count` were run and their numbers are first, first + 1 and so on. */
bool note_log_is_in_order(struct note_log *log, int first, size_t count);

#endif
