/*
 * note.c -- see note.h.
 */
#include "tests/support/note.h"

static void write_down(struct note_log *log, size_t *counter, int number)
{
    pthread_mutex_lock(&log->mutex);
    if (counter == &log->run && log->run < NOTE_LOG_ROOM)
        log->order[log->run] = number;
    ++*counter;
    log->thread = pthread_self();
    pthread_cond_broadcast(&log->changed);
    pthread_mutex_unlock(&log->mutex);
}

static void note_run(struct inbox_item *item)
{
    struct note *note = (struct note *)((char *)item - offsetof(struct note, item));
    struct note_log *log = note->log;
    const int number = note->number;

    if (note->act)
        note->act(note);
    write_down(log, &log->run, number); /* after this the note may be gone */
}

static void note_refuse(struct inbox_item *item)
{
    struct note *note = (struct note *)((char *)item - offsetof(struct note, item));

    write_down(note->log, &note->log->refused, note->number);
}

static const struct inbox_item_class note_class = {.run = note_run, .refuse = note_refuse};
static const struct inbox_item_class callback_class = {
    .run = note_run, .refuse = note_refuse, .loop_only = true};

struct note note_make(struct note_log *log, int number)
{
    return (struct note){.item.class = &note_class, .log = log, .number = number};
}

struct note note_make_callback(struct note_log *log, int number)
{
    return (struct note){.item.class = &callback_class, .log = log, .number = number};
}

void note_log_await(struct note_log *log, size_t run)
{
    pthread_mutex_lock(&log->mutex);
    while (log->run < run)
        pthread_cond_wait(&log->changed, &log->mutex);
    pthread_mutex_unlock(&log->mutex);
}

static size_t read_counter(struct note_log *log, const size_t *counter)
{
    size_t value;

    pthread_mutex_lock(&log->mutex);
    value = *counter;
    pthread_mutex_unlock(&log->mutex);
    return value;
}

size_t note_log_run(struct note_log *log)
{
    return read_counter(log, &log->run);
}

size_t note_log_refused(struct note_log *log)
{
    return read_counter(log, &log->refused);
}

bool note_log_is_in_order(struct note_log *log, int first, size_t count)
{
    bool in_order;

    pthread_mutex_lock(&log->mutex);
    in_order = log->run == count;
    for (size_t i = 0; i < count && in_order; i++)
        in_order = log->order[i] == first + (int)i;
    pthread_mutex_unlock(&log->mutex);
    return in_order;
}
