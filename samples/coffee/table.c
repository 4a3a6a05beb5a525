/*
 * table.c -- the document's table: which event made which version of the program do what.
 *
 * A row is a moment at which some version began something new. Moments of the two versions that are
 * the same and come (nearly) together share a row. A version that is under way but begins nothing
 * is "waiting"; one that has ended is "-".
 */
#include "story.h"

/* Two clocks of one machine that wait for the same delay differ by scheduling only. */
#define TOGETHER_MS 25.0

struct row {
    double at_ms;
    enum moment moment;
    BOOL has[VERSION_COUNT];
    const char *action[VERSION_COUNT];
};

static const char *moment_text(enum moment moment)
{
    switch (moment) {
    case START:
        return "start";
    case ANSWERED_DOWNFALL:
        return "request to Downfall completes";
    case ANSWERED_FOURTH:
        return "request to Fourth completes";
    case DOWNLOADED_DOWNFALL:
        return "Downfall's prices are downloaded";
    case DOWNLOADED_FOURTH:
        return "Fourth's prices are downloaded";
    case COMPARED:
        return "comparison completes";
    }
    return "";
}

/* The earlier row that an event belongs to as well; NULL: it makes one of its own. */
static struct row *shared_row(struct row *rows, size_t count, const struct story_event *event)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].moment == event->moment && !rows[i].has[event->version] &&
            event->at_ms - rows[i].at_ms < TOGETHER_MS)
            return &rows[i];
    return NULL;
}

static size_t make_rows(struct row *rows)
{
    size_t event_count, count = 0;
    const struct story_event *events = story_events(&event_count);

    for (size_t i = 0; i < event_count; i++) {
        const struct story_event *event = &events[i];
        struct row *row = shared_row(rows, count, event);

        if (!row && !event->action)
            continue;
        if (!row) {
            row = &rows[count++];
            *row = (struct row){.at_ms = event->at_ms, .moment = event->moment};
        }
        row->has[event->version] = TRUE;
        row->action[event->version] = event->action;
    }
    return count;
}

/* Only a moment that comes in two rows has to say whose it is. */
static BOOL needs_owner(const struct row *rows, size_t count, const struct row *row)
{
    for (size_t i = 0; i < count; i++)
        if (&rows[i] != row && rows[i].moment == row->moment)
            return TRUE;
    return FALSE;
}

static void print_row(FILE *out, const struct row *row, BOOL with_owner, const BOOL ended[])
{
    char event[80];
    const char *cells[VERSION_COUNT];
    const char *owner = row->has[SYNCHRONOUS] ? "synchronous" : "asynchronous";
    BOOL is_download = row->moment == DOWNLOADED_DOWNFALL || row->moment == DOWNLOADED_FOURTH;

    if (with_owner)
        snprintf(event, sizeof event, "%s version%s %s", owner, is_download ? ":" : "'s",
                 moment_text(row->moment));
    else
        snprintf(event, sizeof event, "%s", moment_text(row->moment));
    for (int version = 0; version < VERSION_COUNT; version++) {
        cells[version] = ended[version] ? "-" : "waiting";
        if (row->action[version])
            cells[version] = row->action[version];
    }
    fprintf(out, "| %5.0f ms | %-55s | %-29s | %-36s |\n", row->at_ms, event, cells[SYNCHRONOUS],
            cells[ASYNCHRONOUS]);
}

void table_print(FILE *out)
{
    struct row rows[STORY_EVENTS_MAX];
    BOOL ended[VERSION_COUNT] = {FALSE, FALSE};
    size_t count = make_rows(rows);

    fprintf(out, "| %8s | %-55s | %-29s | %-36s |\n", "time", "event", "synchronous version",
            "asynchronous version");
    fprintf(out, "|%.10s|%.57s|%.31s|%.38s|\n", "----------",
            "---------------------------------------------------------",
            "-------------------------------", "--------------------------------------");
    for (size_t i = 0; i < count; i++) {
        print_row(out, &rows[i], needs_owner(rows, count, &rows[i]), ended);
        for (int version = 0; version < VERSION_COUNT; version++)
            if (rows[i].moment == COMPARED && rows[i].has[version])
                ended[version] = TRUE;
    }
}
