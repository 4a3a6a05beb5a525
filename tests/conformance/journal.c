/*
 * journal.c -- see journal.h.
 */
#include "tests/conformance/journal.h"

#include <pthread.h>
#include <string.h>

enum { ROOM = 8192 };

static struct {
    pthread_mutex_t mutex; /* guards the rest */
    pthread_cond_t changed;
    size_t length;
    char text[ROOM];
} journal = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

void journal_note(const char *word)
{
    const size_t length = strlen(word);

    pthread_mutex_lock(&journal.mutex);
    if (journal.length + length + 2 <= ROOM) {
        if (journal.length > 0)
            journal.text[journal.length++] = ' ';
        memcpy(journal.text + journal.length, word, length + 1);
        journal.length += length;
    }
    pthread_cond_broadcast(&journal.changed);
    pthread_mutex_unlock(&journal.mutex);
}

const char *journal_text(void)
{
    static _Thread_local char copy[ROOM];

    pthread_mutex_lock(&journal.mutex);
    memcpy(copy, journal.text, journal.length + 1);
    pthread_mutex_unlock(&journal.mutex);
    return copy;
}

/* The mutex is held. */
static size_t count_words(const char *word)
{
    const size_t length = strlen(word);
    size_t count = 0;

    for (const char *at = journal.text; *at; at += strcspn(at, " "), at += *at == ' ')
        if (strcspn(at, " ") == length && memcmp(at, word, length) == 0)
            count++;
    return count;
}

size_t journal_count(const char *word)
{
    size_t count;

    pthread_mutex_lock(&journal.mutex);
    count = count_words(word);
    pthread_mutex_unlock(&journal.mutex);
    return count;
}

void journal_await(const char *word, size_t count)
{
    pthread_mutex_lock(&journal.mutex);
    while (count_words(word) < count)
        pthread_cond_wait(&journal.changed, &journal.mutex);
    pthread_mutex_unlock(&journal.mutex);
}

void journal_clear(void)
{
    pthread_mutex_lock(&journal.mutex);
    journal.length = 0;
    journal.text[0] = 0;
    pthread_mutex_unlock(&journal.mutex);
}
