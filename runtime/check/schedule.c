/*
 * runtime/check/schedule.c -- depth-first search with a bound on preemptions, random, and replay.
 *
 * The depth-first search keeps the choices of the last run, goes back to the last point that has
 * an alternative left within the bound, takes that, and from there on always the first
 * alternative. Most mistakes need one or two preemptions, and their number keeps the search finite
 * in practice.
 */
#include "runtime/check/schedule.h"

#include <stdlib.h>
#include <string.h>

struct choice {
    unsigned char count;
    unsigned char chosen;
    bool is_free;
    unsigned preemptions; /* in the run before this choice */
};

static struct {
    struct explore_options options;
    struct choice choices[EXPLORE_CHOICES_MAX];
    unsigned length;      /* choices of this run so far */
    unsigned prefix;      /* choices that this run repeats from the last */
    unsigned preemptions; /* of this run so far */
    uint64_t random;
    uint64_t *seen; /* hashes of the runs made; 0 is an empty place */
    uint64_t seen_count;
    uint64_t seen_room; /* a power of two */
} schedule;

/* The generator "splitmix64": any seed is a good one. */
static uint64_t next_random(void)
{
    uint64_t x = schedule.random += UINT64_C(0x9E3779B97F4A7C15);

    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

void schedule_init(const struct explore_options *options)
{
    schedule_fini();
    schedule.options = *options;
    schedule.prefix = 0;
    schedule.random = options->seed;
}

void schedule_rewind(void)
{
    schedule.length = 0;
    schedule.preemptions = 0;
}

static unsigned char replayed(unsigned count)
{
    const char *text = schedule.options.schedule;
    const unsigned at = schedule.length;

    if (text == NULL || strlen(text) <= at || text[at] < '1' || text[at] > '9')
        return 0;
    return (unsigned)(text[at] - '0') < count ? (unsigned char)(text[at] - '0') : 0;
}

int schedule_choose(unsigned count, bool is_free)
{
    struct choice *choice = &schedule.choices[schedule.length];

    if (schedule.length == EXPLORE_CHOICES_MAX)
        return -1;
    if (schedule.options.search == EXPLORE_REPLAY)
        choice->chosen = replayed(count);
    else if (schedule.options.search == EXPLORE_RANDOM)
        /* Going on is as likely as all else together, or hardly anything would ever get far. */
        choice->chosen = (unsigned char)(next_random() % 2 == 0 ? 0 : next_random() % count);
    else if (schedule.length >= schedule.prefix)
        choice->chosen = 0;
    choice->count = (unsigned char)count;
    choice->is_free = is_free;
    choice->preemptions = schedule.preemptions;
    if (!is_free && choice->chosen != 0)
        schedule.preemptions++;
    schedule.length++;
    return choice->chosen;
}

static bool next_depth_first(void)
{
    for (unsigned i = schedule.length; i-- > 0;) {
        struct choice *choice = &schedule.choices[i];
        const unsigned cost = choice->is_free ? 0 : 1;

        if (choice->chosen + 1u < choice->count &&
            choice->preemptions + cost <= schedule.options.preemptions) {
            choice->chosen++;
            schedule.prefix = i + 1;
            return true;
        }
    }
    return false;
}

bool schedule_next(void)
{
    switch (schedule.options.search) {
    case EXPLORE_DEPTH_FIRST:
        return next_depth_first();
    case EXPLORE_RANDOM:
        return true;
    default:
        return false;
    }
}

/* ---- which runs were different -------------------------------------------------------------- */

static uint64_t hash_of_run(void)
{
    uint64_t hash = UINT64_C(0xCBF29CE484222325); /* FNV-1a, 64 bits */

    for (unsigned i = 0; i < schedule.length; i++)
        hash = (hash ^ schedule.choices[i].chosen) * UINT64_C(0x100000001B3);
    return hash == 0 ? 1 : hash;
}

static bool put(uint64_t *table, uint64_t room, uint64_t hash)
{
    uint64_t at = hash & (room - 1);

    while (table[at] != 0 && table[at] != hash)
        at = (at + 1) & (room - 1);
    if (table[at] == hash)
        return false;
    table[at] = hash;
    return true;
}

static bool grow(void)
{
    const uint64_t room = schedule.seen_room == 0 ? 4096 : schedule.seen_room * 2;
    uint64_t *table = calloc(room, sizeof *table);

    if (table == NULL)
        return false;
    for (uint64_t i = 0; i < schedule.seen_room; i++) {
        if (schedule.seen[i] != 0)
            put(table, room, schedule.seen[i]);
    }
    free(schedule.seen);
    schedule.seen = table;
    schedule.seen_room = room;
    return true;
}

bool schedule_is_new(void)
{
    /* The depth-first search never makes the same run twice. */
    if (schedule.options.search != EXPLORE_RANDOM)
        return true;
    /* Without memory for the account the count is too low, and nothing else is wrong. */
    if (schedule.seen_count * 2 >= schedule.seen_room && !grow())
        return false;
    if (!put(schedule.seen, schedule.seen_room, hash_of_run()))
        return false;
    schedule.seen_count++;
    return true;
}

void schedule_print(char *text)
{
    unsigned length = schedule.length;

    while (length > 0 && schedule.choices[length - 1].chosen == 0)
        length--;
    for (unsigned i = 0; i < length; i++)
        text[i] = schedule.choices[i].chosen == 0 ? '.' : (char)('0' + schedule.choices[i].chosen);
    text[length] = '\0';
}

void schedule_fini(void)
{
    free(schedule.seen);
    schedule.seen = NULL;
    schedule.seen_count = schedule.seen_room = 0;
}
