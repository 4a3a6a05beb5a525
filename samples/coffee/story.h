/*
 * story.h -- what happened in a run, and when: written by both versions, read by the table and the
 * picture.
 */
#ifndef SAMPLES_COFFEE_STORY_H
#define SAMPLES_COFFEE_STORY_H

#include <stdio.h>

#include "shop.h"

enum version { SYNCHRONOUS, ASYNCHRONOUS, VERSION_COUNT };

/* The moments of the story; those of a site stand in the order of enum site. */
enum moment {
    START,
    ANSWERED_DOWNFALL,
    ANSWERED_FOURTH,
    DOWNLOADED_DOWNFALL,
    DOWNLOADED_FOURTH,
    COMPARED
};

/* One version of the program: "this has happened, therefore I now do that". */
struct story_event {
    double at_ms; /* from the start */
    enum version version;
    enum moment moment;
    const char *action; /* NULL: nothing new is begun */
};

/* Work with a beginning and an end, for the picture. */
struct story_span {
    double from_ms, to_ms;
    enum version version;
    unsigned lane; /* 0, 1: the sites; 2: the program itself */
    const char *what;
};

#define STORY_EVENTS_MAX 32
#define STORY_SPANS_MAX 32

/** Everything below may be called from both versions' threads at once. */
void story_begin(void);
double story_now_ms(void);
void story_event(enum version version, enum moment moment, const char *action);
void story_span(enum version version, unsigned lane, const char *what, double from_ms);
/** The comparison itself: takes compare_ms, prints nothing. */
void story_compare(enum version version, unsigned compare_ms, const double price[SITE_COUNT]);

/** In the order of time. After both versions have ended. */
const struct story_event *story_events(size_t *count);
const struct story_span *story_spans(size_t *count);
/** The result of a version, in dollars. */
const double *story_prices(enum version version);

/* table.c: the document's table, filled from the events. */
void table_print(FILE *out);

/* timeline.c: the same as a picture. Returns 0, or -1 with errno. */
int timeline_write(const char *path);

/* synchronous.c and asynchronous.c: the two versions of the program. */
HRESULT synchronous_version(const char *coffee, unsigned compare_ms);
HRESULT asynchronous_version(const char *coffee, unsigned compare_ms);

/* main.c: both versions call this when their servers are ready; it returns when both have. */
void wait_for_start(void);

#endif
