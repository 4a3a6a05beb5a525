/*
 * test_visit_large.c -- values of a million pieces, on a thread with a small stack.
 *
 * Not with the fault injection of the others, whose table of live blocks is too small for this.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <uvcom/combase.h>

#include "tests/runtime/visited.h"
#include "tests/support/assert_hr.h"
#include "tests/support/runner.h"

#define MILLION 1000000

/* Copied, given and freed: what each value below goes through. */
static void carry(struct visited *frame, enum uvcom_visit_kind kind)
{
    ck_assert_hr(visited_visit(frame, kind, S_OK), S_OK);
    if (kind == UVCOM_VISIT_CLONE)
        ck_assert_hr(visited_visit(frame, UVCOM_VISIT_GIVE, S_OK), S_OK);
}

static void end(struct visited *frame, enum uvcom_visit_kind kind)
{
    if (kind == UVCOM_VISIT_TAKE)
        memset(frame, 0, sizeof *frame);
    visited_close(frame);
}

/* The stack of the thread that visits: far too small for a call per node. */
static void run_on_small_stack(void *(*run)(void *kind), enum uvcom_visit_kind kind)
{
    pthread_attr_t attributes;
    pthread_t thread;

    ck_assert_int_eq(pthread_attr_init(&attributes), 0);
    ck_assert_int_eq(pthread_attr_setstacksize(&attributes, (size_t)256 * 1024), 0);
    ck_assert_int_eq(pthread_create(&thread, &attributes, run, &kind), 0);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    pthread_attr_destroy(&attributes);
}

static const enum uvcom_visit_kind kinds[] = {UVCOM_VISIT_TAKE, UVCOM_VISIT_CLONE};

static void *carry_list(void *argument)
{
    const enum uvcom_visit_kind kind = *(const enum uvcom_visit_kind *)argument;
    struct node *list = calloc(MILLION, sizeof *list);
    struct visited *frame = visited_open(false);
    LONG count = 0;

    for (size_t i = 0; i < MILLION; i++) {
        list[i].value = (LONG)i;
        list[i].next = i + 1 < MILLION ? &list[i + 1] : NULL;
    }
    frame->list = list;
    carry(frame, kind);
    free(list);
    for (const struct node *node = frame->list; node; node = node->next)
        if (node->value != count++)
            ck_abort_msg("node %d is another one", (int)count - 1);
    ck_assert_int_eq(count, MILLION);
    end(frame, kind);
    return NULL;
}

START_TEST(call14_a_list_of_a_million_nodes_needs_no_stack)
{
    run_on_small_stack(carry_list, kinds[_i]);
}
END_TEST

/* A tree that is a list to the left, with a leaf at each node. */
static void *carry_tree(void *argument)
{
    const enum uvcom_visit_kind kind = *(const enum uvcom_visit_kind *)argument;
    struct tree *nodes = calloc(MILLION, sizeof *nodes);
    struct visited *frame = visited_open(false);
    size_t count = 0;

    for (size_t i = 0; i + 2 < MILLION; i += 2) {
        nodes[i].left = &nodes[i + 2];
        nodes[i].right = &nodes[i + 1];
    }
    frame->tree = nodes;
    carry(frame, kind);
    for (const struct tree *tree = frame->tree; tree; tree = tree->left)
        count += tree->right ? 2 : 1;
    ck_assert_uint_eq(count, MILLION - 1);
    free(nodes);
    end(frame, kind);
    return NULL;
}

START_TEST(call14_a_tree_of_a_million_nodes_needs_no_stack)
{
    run_on_small_stack(carry_tree, kinds[_i]);
}
END_TEST

static void *carry_graph(void *argument)
{
    const enum uvcom_visit_kind kind = *(const enum uvcom_visit_kind *)argument;
    struct spot *spots = calloc(MILLION, sizeof *spots);
    struct visited *frame = visited_open(false);
    const struct spot *spot;

    for (size_t i = 0; i < MILLION; i++) {
        spots[i].value = (LONG)i;
        spots[i].next = &spots[(i + 1) % MILLION];
        spots[i].other = &spots[i / 2];
    }
    frame->spot = spots;
    carry(frame, kind);
    spot = frame->spot;
    for (LONG i = 0; i < MILLION; i++, spot = spot->next)
        if (spot->value != i || spot->other->value != i / 2)
            ck_abort_msg("spot %d is another one", (int)i);
    ck_assert_ptr_eq(spot, frame->spot);
    end(frame, kind);
    free(spots);
    return NULL;
}

START_TEST(call14_a_graph_of_a_million_nodes_finds_each_again)
{
    run_on_small_stack(carry_graph, kinds[_i]);
}
END_TEST

static Suite *visit_large_suite(void)
{
    Suite *suite = suite_create("visit_large");
    TCase *large = tcase_create("large");

    tcase_set_timeout(large, 30);
    tcase_add_loop_test(large, call14_a_list_of_a_million_nodes_needs_no_stack, 0, 2);
    tcase_add_loop_test(large, call14_a_tree_of_a_million_nodes_needs_no_stack, 0, 2);
    tcase_add_loop_test(large, call14_a_graph_of_a_million_nodes_finds_each_again, 0, 2);
    suite_add_tcase(suite, large);
    return suite;
}

UVCOM_TEST_MAIN(visit_large_suite)
