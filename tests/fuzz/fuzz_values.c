/*
 * tests/fuzz/fuzz_values.c -- a libFuzzer entry: any values through the code that uvidl writes.
 *
 * The bytes decide which method is called, in which way, and what its values are: how long, which
 * tag, NULL or not, what a graph looks like; and what is wrong with them, on the client's side or
 * on the server's. Memory is always as large as it must be for what the client says, and not a byte
 * larger, so that the sanitizer sees whoever goes beyond. The makers of tests/e2e/cargo.h know what
 * they have done wrong. So each input has its answer:
 *
 * - nothing wrong: the server has seen what was given, and the client gets what was made;
 * - the client wrong: refused with a code that says so, and the server was not called;
 * - the server wrong: that is the call's result; the client gets nothing.
 *
 * In no case may anything leak. test_fuzz_values.c calls the same function.
 */
#include "tests/fuzz/fuzz_values.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uvcom/limits.h>

#include "tests/e2e/carrier.h"

enum { ARGUMENTS = 256 };

enum way {
    WAY_PLAIN,
    WAY_ASYNC,
    WAY_ABANDONED,          /* released before the server is done */
    WAY_ABANDONED_COMPLETE, /* and after */
    WAYS
};

enum {
    CLIENT_MAY_ERR = 1,
    SERVER_MAY_ERR = 2,
    METHOD_FAILS = 4 /* only with SERVER_MAY_ERR, or most inputs would come to nothing */
};

struct input {
    const struct cargo_row *row;
    enum way way;
    unsigned flags;
    struct cargo_maker client;
    max_align_t args[ARGUMENTS / sizeof(max_align_t)];
};

static bool is_open;
static struct fuzz_values_counts counts;
static struct cargo_text given, got;

/* What everybody has said helps to see who is wrong. */
static void contradict(int line)
{
    fprintf(stderr, "fuzz_values.c:%d, server's faults %x\n", line, carrier.maker.faults);
    fprintf(stderr, "given: %s\nseen:  %s\nmade:  %s\ngot:   %s\n", given.bytes, carrier.seen.bytes,
            carrier.made.bytes, got.bytes);
    abort();
}

#define require(condition) ((condition) ? (void)0 : contradict(__LINE__))

/* A circle of unique pointers has no end but the limit. */
static void open_once(void)
{
    static const uvcom_limits limits = {
        .array_bytes = 1 << 16, .text_bytes = 1 << 12, .call_bytes = 1 << 17};

    if (is_open)
        return;
    is_open = true;
    require(SUCCEEDED(uvcom_set_limits(&limits)));
    carrier_open();
}

void fuzz_values_end(void)
{
    if (is_open)
        carrier_close();
    is_open = false;
}

struct fuzz_values_counts fuzz_values_counts(void)
{
    return counts;
}

static bool is_same(const struct cargo_text *one, const struct cargo_text *other)
{
    return strcmp(one->bytes, other->bytes) == 0;
}

/* ---- what a call must have come to ---- */

static void expect_delivered(struct input *input)
{
    input->row->say_got(&got, input->args);
    require(is_same(&given, &carrier.seen));
    require(is_same(&got, &carrier.made));
    input->row->free_got(input->args);
    counts.delivered++;
}

/* A call that was begun. */
static void expect_result(struct input *input, HRESULT hr)
{
    const unsigned wrong = carrier.maker.faults;

    if (FAILED(carrier.hr)) {
        require(hr == carrier.hr);
        counts.failed++;
    } else if (wrong) {
        require(cargo_explains(wrong, hr));
        counts.rejected++;
    } else {
        require(hr == S_OK);
        expect_delivered(input);
    }
}

static void expect_refused(struct input *input, HRESULT hr)
{
    require(cargo_explains(input->client.faults, hr));
    require(carrier.seen.length == 0);
    counts.refused++;
}

/* ---- the ways ---- */

static void call_plainly(struct input *input)
{
    const struct cargo_row *row = input->row;
    HRESULT hr;

    row->room(&input->client, input->args);
    if (!input->client.faults)
        row->say_given(&given, input->args);
    hr = row->plain(carrier.server, input->args);
    if (input->client.faults)
        expect_refused(input, hr);
    else
        expect_result(input, hr);
    cargo_drop(&input->client, SUCCEEDED(hr));
}

/* Begin_, and the client's memory is gone. */
static bool begin(struct input *input)
{
    HRESULT hr;

    if (!input->client.faults)
        input->row->say_given(&given, input->args);
    hr = input->row->begin(carrier.call, input->args);
    if (input->client.faults)
        expect_refused(input, hr);
    else
        require(hr == S_OK);
    cargo_drop(&input->client, false);
    return SUCCEEDED(hr);
}

/* First with a NULL somewhere, if the choices say so: the result can still be collected. */
static void finish(struct input *input)
{
    const struct cargo_row *row = input->row;
    HRESULT hr;

    input->client.faults = 0;
    row->again(&input->client, input->args);
    row->room(&input->client, input->args);
    hr = row->finish(carrier.call, input->args);
    if (input->client.faults) {
        require(cargo_explains(CARGO_NULL, hr));
        input->client.may_err = false;
        row->again(&input->client, input->args);
        row->room(&input->client, input->args);
        hr = row->finish(carrier.call, input->args);
    }
    expect_result(input, hr);
    require(FAILED(row->finish(carrier.call, input->args)));
    cargo_drop(&input->client, false);
}

static void abandon(struct input *input)
{
    if (input->way == WAY_ABANDONED_COMPLETE)
        require(uvcom_wait(carrier.call, INFINITE) == S_OK);
    AsyncICarried_Release(carrier.call);
    require(
        SUCCEEDED(uvcom_create_call(carrier.server, &IID_AsyncICarried, (void **)&carrier.call)));
    carrier_settle(); /* the server is still using the choices */
    require(is_same(&given, &carrier.seen));
    counts.abandoned++;
}

/* ---- one input ---- */

static unsigned take(const uint8_t **data, size_t *size)
{
    if (*size == 0)
        return 0;
    --*size;
    return *(*data)++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {0};

    open_once();
    input.row = cargo_rows[take(&data, &size) % CARGO_ROWS];
    input.way = take(&data, &size) % WAYS;
    input.flags = take(&data, &size);
    require(input.row->size <= sizeof input.args);
    /* The client's choices are the first half, the server's the second one. */
    input.client = carrier_client(CARGO_BLOCKS, input.way == WAY_PLAIN ? CARGO_TASK : CARGO_BLOCKS,
                                  data, size / 2);
    input.client.may_err = input.flags & CLIENT_MAY_ERR;
    carrier_reset(data + size / 2, size - size / 2, input.flags & SERVER_MAY_ERR);
    if (input.flags & SERVER_MAY_ERR && input.flags & METHOD_FAILS)
        carrier.hr = E_FAIL;
    given.length = got.length = 0;
    given.bytes[0] = got.bytes[0] = 0;
    input.row->make(&input.client, input.args);
    if (input.way == WAY_PLAIN)
        call_plainly(&input);
    else if (!begin(&input))
        return 0;
    else if (input.way == WAY_ASYNC)
        finish(&input);
    else
        abandon(&input);
    return 0;
}
