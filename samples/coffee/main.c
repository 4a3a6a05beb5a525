/*
 * main.c -- the coffee story: the synchronous and the asynchronous version run side by side, and
 * what happened is printed as the document's table and drawn as a timeline.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "story.h"

struct options {
    struct shop_delays delays;
    unsigned compare_ms;
    const char *coffee;
    const char *svg;
};

static pthread_barrier_t start_line;

void wait_for_start(void)
{
    if (pthread_barrier_wait(&start_line) == PTHREAD_BARRIER_SERIAL_THREAD)
        story_begin();
    pthread_barrier_wait(&start_line);
}

/* The synchronous version, on a thread of its own so that both run at the same time. */
static void *run_synchronous(void *context)
{
    const struct options *options = context;
    HRESULT hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);

    if (FAILED(hr)) {
        wait_for_start();
    } else {
        hr = synchronous_version(options->coffee, options->compare_ms);
        CoUninitialize();
    }
    return FAILED(hr) ? context : NULL;
}

static void print_result(const struct options *options)
{
    size_t count;
    const struct story_event *events = story_events(&count);
    double ended_ms[VERSION_COUNT] = {0};

    for (size_t i = 0; i < count; i++)
        ended_ms[events[i].version] = events[i].at_ms;
    table_print(stdout);
    printf("\nA pound of %s: $%.2f at %s, $%.2f at %s (both versions agree: %s).\n",
           options->coffee, story_prices(ASYNCHRONOUS)[DOWNFALL], shop_names[DOWNFALL],
           story_prices(ASYNCHRONOUS)[FOURTH], shop_names[FOURTH],
           memcmp(story_prices(SYNCHRONOUS), story_prices(ASYNCHRONOUS),
                  SITE_COUNT * sizeof(double)) == 0
               ? "yes"
               : "no");
    printf("Synchronous %.0f ms, asynchronous %.0f ms.\n", ended_ms[SYNCHRONOUS],
           ended_ms[ASYNCHRONOUS]);
}

static int run(struct options *options)
{
    pthread_t thread;
    void *synchronous_failed;
    HRESULT hr = shop_register_classes(&options->delays);

    if (FAILED(hr) || pthread_barrier_init(&start_line, NULL, VERSION_COUNT) != 0)
        return -1;
    if (pthread_create(&thread, NULL, run_synchronous, options) != 0)
        return -1;
    hr = asynchronous_version(options->coffee, options->compare_ms);
    pthread_join(thread, &synchronous_failed);
    pthread_barrier_destroy(&start_line);
    if (FAILED(hr) || synchronous_failed) {
        fprintf(stderr, "coffee: %s\n",
                FAILED(hr) ? uvcom_hresult_describe(hr) : "a plain call failed");
        return -1;
    }
    print_result(options);
    return 0;
}

static int usage(void)
{
    fputs("usage: coffee [--downfall-ms N] [--fourth-ms N] [--download-ms N] [--compare-ms N]\n"
          "              [--coffee NAME] [--svg FILE]\n",
          stderr);
    return 2;
}

/* One option with its value; false: not one of ours. */
static BOOL take_option(struct options *options, const char *name, const char *value)
{
    unsigned number = (unsigned)strtoul(value, NULL, 10);

    if (!strcmp(name, "--downfall-ms"))
        options->delays.answer_ms[DOWNFALL] = number;
    else if (!strcmp(name, "--fourth-ms"))
        options->delays.answer_ms[FOURTH] = number;
    else if (!strcmp(name, "--download-ms"))
        options->delays.download_ms = number;
    else if (!strcmp(name, "--compare-ms"))
        options->compare_ms = number;
    else if (!strcmp(name, "--coffee"))
        options->coffee = value;
    else if (!strcmp(name, "--svg"))
        options->svg = value;
    else
        return FALSE;
    return TRUE;
}

int main(int argc, char **argv)
{
    struct options options = {
        .delays = {.answer_ms = {600, 200}, .download_ms = 120},
        .compare_ms = 100,
        .coffee = "arabica",
    };
    int status;

    for (int i = 1; i < argc; i += 2)
        if (i + 1 == argc || !take_option(&options, argv[i], argv[i + 1]))
            return usage();
    if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
        return 1;
    status = run(&options);
    CoUninitialize();
    if (status == 0 && options.svg) {
        status = timeline_write(options.svg);
        if (status == 0)
            printf("The picture is in %s.\n", options.svg);
        else
            fprintf(stderr, "coffee: %s: %s\n", options.svg, strerror(errno));
    }
    return status != 0;
}
