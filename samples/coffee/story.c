/*
 * story.c -- the log of a run. One lock, held for a few instructions; nothing here is timed itself.
 */
#include "story.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct timespec began;
static struct story_event events[STORY_EVENTS_MAX];
static struct story_span spans[STORY_SPANS_MAX];
static size_t event_count, span_count;
static double prices[VERSION_COUNT][SITE_COUNT];

void story_begin(void)
{
    clock_gettime(CLOCK_MONOTONIC, &began);
}

double story_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - began.tv_sec) * 1e3 + (double)(now.tv_nsec - began.tv_nsec) / 1e6;
}

void story_event(enum version version, enum moment moment, const char *action)
{
    double now = story_now_ms();

    pthread_mutex_lock(&lock);
    if (event_count < STORY_EVENTS_MAX)
        events[event_count++] = (struct story_event){now, version, moment, action};
    pthread_mutex_unlock(&lock);
}

void story_span(enum version version, unsigned lane, const char *what, double from_ms)
{
    double now = story_now_ms();

    pthread_mutex_lock(&lock);
    if (span_count < STORY_SPANS_MAX)
        spans[span_count++] = (struct story_span){from_ms, now, version, lane, what};
    pthread_mutex_unlock(&lock);
}

void story_compare(enum version version, unsigned compare_ms, const double price[SITE_COUNT])
{
    double from_ms = story_now_ms();

    shop_sleep_ms(compare_ms);
    memcpy(prices[version], price, sizeof prices[version]);
    story_span(version, SITE_COUNT, "compare", from_ms);
    story_event(version, COMPARED, "operation complete");
}

static int by_time(const void *left, const void *right)
{
    const struct story_event *a = left, *b = right;

    return (a->at_ms > b->at_ms) - (a->at_ms < b->at_ms);
}

const struct story_event *story_events(size_t *count)
{
    qsort(events, event_count, sizeof events[0], by_time);
    *count = event_count;
    return events;
}

const struct story_span *story_spans(size_t *count)
{
    *count = span_count;
    return spans;
}

const double *story_prices(enum version version)
{
    return prices[version];
}
