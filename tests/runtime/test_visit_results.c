/*
 * test_visit_results.c -- GIVE, RESTORE and FREE: what servers leave behind, good and bad.
 */
#include <string.h>

#include <uvcom/combase.h>
#include <uvcom/oleauto.h>

#include "tests/runtime/visited.h"
#include "tests/support/assert_hr.h"
#include "tests/support/faults.h"
#include "tests/support/runner.h"

#define BAD_STUB_DATA HRESULT_FROM_WIN32(RPC_X_BAD_STUB_DATA)
#define INVALID_BOUND HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND)

static struct visited *frame;

static void open_frame(void)
{
    faults_reset();
    frame = visited_open(false);
    ck_assert_ptr_nonnull(frame);
}

/* Nothing that a test has allocated since may be left. */
static void close_frame(void)
{
    visited_close(frame);
    ck_assert_uint_eq(faults_live(), 0);
}

static HRESULT give(void)
{
    return uvcom__operation_give(uvcom__operation_of_frame(frame));
}

static void *task(size_t size)
{
    void *memory = CoTaskMemAlloc(size);

    ck_assert_ptr_nonnull(memory);
    return memset(memory, 0, size);
}

/* ---- good results ---- */

START_TEST(life04_uncollected_results_are_freed)
{
    frame->list = visited_node("one", 1, visited_node("two", 2, NULL));
    frame->spot = visited_spot(1, NULL, visited_spot(2, NULL, NULL));
    frame->choice = task(sizeof *frame->choice);
    frame->choice->tag = 2;
    frame->choice->u.text = visited_text("text");
    frame->bstr = SysAllocString(u"text");
    if (_i != 0)
        ck_assert_hr(give(), S_OK);
    ck_assert_str_eq(frame->list->next->name, "two");
    uvcom__operation_free_results(uvcom__operation_of_frame(frame));
    ck_assert_uint_eq(faults_live(), 1); /* the operation */
    uvcom__operation_free_results(uvcom__operation_of_frame(frame));
}
END_TEST

START_TEST(life04_a_shared_graph_is_given_and_freed_once)
{
    struct spot *last = visited_spot(3, NULL, NULL);
    struct spot *first = visited_spot(1, last, visited_spot(2, last, last));

    last->next = first;
    last->other = last;
    frame->spot = first;
    frame->spot_too = last;
    ck_assert_hr(give(), S_OK);
    ck_assert_ptr_eq(frame->spot->next, last);
    ck_assert_ptr_eq(frame->spot_too, last);
    ck_assert_hr(give(), S_OK); /* the first walk has left no marks */
}
END_TEST

START_TEST(life04_freeing_and_giving_allocate_nothing)
{
    struct node *list = NULL;

    for (LONG i = 0; i < 1000; i++)
        list = visited_node("a", i, list);
    frame->list = list;
    faults_fail_from(1);
    ck_assert_hr(give(), S_OK);
    uvcom__operation_free_results(uvcom__operation_of_frame(frame));
    ck_assert(!faults_hit());
    faults_reset();
}
END_TEST

START_TEST(rows_of_a_block_that_is_counted_by_another_are_freed)
{
    frame->grid.height = task(sizeof *frame->grid.height);
    *frame->grid.height = 2;
    frame->grid.width = 3;
    frame->grid.rows = task(2 * sizeof *frame->grid.rows);
    frame->grid.rows[0] = task(3 * sizeof(LONG));
    frame->grid.rows[1] = task(4 * sizeof(LONG));
    if (_i != 0)
        ck_assert_hr(give(), S_OK);
}
END_TEST

START_TEST(what_is_behind_the_length_is_not_looked_at)
{
    struct node *nodes = task(4 * sizeof *nodes);

    memset(nodes, 0xee, 4 * sizeof *nodes);
    nodes[1] = (struct node){.name = visited_text("a")};
    frame->series = (struct series){4, 1, 1, nodes};
    memset(frame->part, 0xee, sizeof frame->part);
    frame->part[0] = (struct node){.name = visited_text("b")};
    frame->part_length = 1;
    ck_assert_hr(give(), S_OK);
}
END_TEST

/* ---- bad results ---- */

START_TEST(a_block_that_two_unique_pointers_share_is_refused_and_freed_once)
{
    struct node *shared = visited_node("shared", 1, NULL);
    struct tree *tree = task(sizeof *tree);

    switch (_i) {
    case 0: /* a circle */
        shared->next = shared;
        frame->list = shared;
        break;
    case 1: /* one value */
        tree->left = task(sizeof *tree);
        tree->right = tree->left;
        frame->list = shared;
        break;
    case 2: /* two values */
        frame->list = shared;
        frame->part[0].next = shared;
        frame->part_length = 1;
        break;
    default: /* strings */
        frame->list = shared;
        shared->next = visited_node(NULL, 2, NULL);
        shared->next->name = shared->name;
        break;
    }
    frame->tree = tree;
    ck_assert_hr(give(), BAD_STUB_DATA);
}
END_TEST

START_TEST(a_bstr_that_is_there_twice_is_refused_and_freed_once)
{
    frame->bstr = SysAllocString(u"text");
    frame->bstr_too = frame->bstr;
    ck_assert_hr(give(), BAD_STUB_DATA);
}
END_TEST

START_TEST(a_block_that_is_too_small_is_refused)
{
    switch (_i) {
    case 0:
        frame->bytes = task(99);
        frame->byte_count = 100;
        frame->byte_size = 1;
        break;
    case 1: /* its elements are freed as far as there are any */
        frame->series = (struct series){9, 0, 9, task(2 * sizeof(struct node))};
        frame->series.nodes[0].name = visited_text("a");
        frame->series.nodes[1].name = visited_text("b");
        break;
    case 2: /* elements that a loop visits */
        frame->grid.height = task(sizeof(LONG));
        *frame->grid.height = 1000000;
        frame->grid.width = 1;
        frame->grid.rows = task(sizeof(LONG *));
        frame->grid.rows[0] = task(sizeof(LONG));
        break;
    case 3: /* the number that counts the others */
        frame->grid.height = task(1);
        break;
    default:
        frame->series = (struct series){9, 8, 1, task(2 * sizeof(struct node))};
        break;
    }
    ck_assert_hr(give(), INVALID_BOUND);
}
END_TEST

START_TEST(a_size_that_cannot_be_is_refused_at_giving)
{
    static const size_t sizes[][2] = {{SIZE_MAX, 1}, {SIZE_MAX, 8}, {SIZE_MAX / 8 + 2, 8}};

    frame->bytes = task(8);
    frame->byte_count = sizes[_i][0];
    frame->byte_size = sizes[_i][1];
    ck_assert_hr(give(), INVALID_BOUND);
}
END_TEST

START_TEST(a_string_that_does_not_end_is_refused)
{
    frame->buffer = task(4);
    memcpy(frame->buffer, "abcd", 4);
    if (_i == 1) { /* it ends, but behind the room that the server was given */
        CoTaskMemFree(frame->buffer);
        frame->buffer = visited_text("abcd");
        frame->buffer_room = 4;
    }
    if (_i == 2) { /* it ends in time, but its room is not there */
        frame->buffer[1] = 0;
        frame->buffer_room = 5;
    }
    ck_assert_hr(give(), INVALID_BOUND);
}
END_TEST

START_TEST(an_unknown_tag_is_refused_and_the_rest_is_freed)
{
    frame->list = visited_node("a", 1, NULL);
    frame->choice = task(sizeof *frame->choice);
    frame->choice->tag = 3;
    ck_assert_hr(give(), HRESULT_FROM_WIN32(RPC_X_INVALID_TAG));
}
END_TEST

/* ---- pointers to const in [in, out] values ---- */

static char about_name[] = "about";
static struct node about_next = {about_name, 6, NULL};
static struct node about = {about_name, 5, &about_next};
static struct label labels[2] = {{"one", &about, &labels[1]}, {"two", &about, NULL}};

START_TEST(call15_pointers_to_const_come_back)
{
    frame->label = labels;
    ck_assert_hr(visited_visit(frame, UVCOM_VISIT_CLONE, S_OK), S_OK);
    ck_assert_ptr_ne(frame->label, labels);
    ck_assert_ptr_ne(frame->label->text, labels[0].text);
    ck_assert_str_eq(frame->label->next->text, "two");
    ck_assert_ptr_ne(frame->label->about, &about);
    ck_assert_int_eq(frame->label->about->value, 5);
    ck_assert_hr(give(), S_OK);
    ck_assert_ptr_ne(frame->label->text, labels[0].text);
    uvcom__operation_restore(uvcom__operation_of_frame(frame));
    ck_assert_ptr_eq(frame->label->text, labels[0].text);
    ck_assert_ptr_eq(frame->label->about, &about);
    ck_assert_ptr_eq(frame->label->next->text, labels[1].text);
    ck_assert_ptr_eq(frame->label->next->about, &about);
    /* They are the client's now, as Finish_ hands them out. */
    CoTaskMemFree(frame->label->next);
    CoTaskMemFree(frame->label);
    frame->label = NULL;
}
END_TEST

START_TEST(call15_a_server_may_free_and_move_what_points_to_const)
{
    struct label *first;

    frame->label = labels;
    ck_assert_hr(visited_visit(frame, UVCOM_VISIT_CLONE, S_OK), S_OK);
    first = frame->label;
    frame->label = first->next;
    frame->label->about = first->about;
    CoTaskMemFree(first);
    ck_assert_hr(give(), S_OK);
    uvcom__operation_restore(uvcom__operation_of_frame(frame));
    ck_assert_ptr_eq(frame->label->text, labels[1].text);
    ck_assert_ptr_eq(frame->label->about, &about);
    CoTaskMemFree(frame->label);
    frame->label = NULL;
}
END_TEST

START_TEST(call15_a_servers_own_text_is_like_any_other)
{
    char *text = visited_text("mine");

    frame->label = labels;
    ck_assert_hr(visited_visit(frame, UVCOM_VISIT_CLONE, S_OK), S_OK);
    frame->label->text = text;
    ck_assert_hr(give(), S_OK);
    if (_i == 0)
        return; /* the frame's end frees it */
    uvcom__operation_restore(uvcom__operation_of_frame(frame));
    ck_assert_ptr_eq(frame->label->text, text);
    ck_assert_ptr_eq(frame->label->about, &about);
    CoTaskMemFree(text);
    CoTaskMemFree(frame->label->next);
    CoTaskMemFree(frame->label);
    frame->label = NULL;
}
END_TEST

START_TEST(call15_uncollected_pointers_to_const_are_left_alone)
{
    frame->label = labels;
    frame->title = "title";
    ck_assert_hr(visited_visit(frame, UVCOM_VISIT_CLONE, S_OK), S_OK);
    ck_assert_str_eq(frame->label->about->next->name, "about");
    ck_assert_str_eq(frame->title, "title");
    if (_i != 0)
        ck_assert_hr(give(), S_OK);
    uvcom__operation_free_results(uvcom__operation_of_frame(frame));
    ck_assert_str_eq(about_name, "about");
}
END_TEST

/* ---- interface pointers ---- */

static unsigned released;

static ULONG STDMETHODCALLTYPE count_Release(IUnknown *This)
{
    (void)This;
    return released++ == 0 ? 0 : 1;
}

START_TEST(call16_an_uncollected_interface_pointer_is_released_once)
{
    static const IUnknownVtbl vtable = {.Release = count_Release};
    IUnknown object = {&vtable};

    frame->iface = &object;
    uvcom__operation_free_results(uvcom__operation_of_frame(frame));
    ck_assert_ptr_null(frame->iface);
    uvcom__operation_free_results(uvcom__operation_of_frame(frame));
    ck_assert_uint_eq(released, 1);
}
END_TEST

START_TEST(call16_an_interface_pointer_without_an_id_stays_the_servers)
{
    static const IUnknownVtbl vtable = {.Release = count_Release};
    IUnknown object = {&vtable};

    frame->iface = &object;
    ck_assert_hr(give(), HRESULT_FROM_WIN32(RPC_X_NULL_REF_POINTER));
    ck_assert_ptr_eq(frame->iface, &object);
    uvcom__operation_free_results(uvcom__operation_of_frame(frame));
    ck_assert_uint_eq(released, 1);
}
END_TEST

static Suite *visit_results_suite(void)
{
    Suite *suite = suite_create("visit_results");
    TCase *good = tcase_create("good");
    TCase *bad = tcase_create("bad");
    TCase *kept = tcase_create("const");

    tcase_add_checked_fixture(good, open_frame, close_frame);
    tcase_add_loop_test(good, life04_uncollected_results_are_freed, 0, 2);
    tcase_add_test(good, life04_a_shared_graph_is_given_and_freed_once);
    tcase_add_test(good, life04_freeing_and_giving_allocate_nothing);
    tcase_add_loop_test(good, rows_of_a_block_that_is_counted_by_another_are_freed, 0, 2);
    tcase_add_test(good, what_is_behind_the_length_is_not_looked_at);
    tcase_add_test(good, call16_an_uncollected_interface_pointer_is_released_once);
    tcase_add_test(good, call16_an_interface_pointer_without_an_id_stays_the_servers);
    suite_add_tcase(suite, good);
    tcase_add_checked_fixture(bad, open_frame, close_frame);
    tcase_add_loop_test(bad, a_block_that_two_unique_pointers_share_is_refused_and_freed_once, 0,
                        4);
    tcase_add_test(bad, a_bstr_that_is_there_twice_is_refused_and_freed_once);
    tcase_add_loop_test(bad, a_block_that_is_too_small_is_refused, 0, 5);
    tcase_add_loop_test(bad, a_size_that_cannot_be_is_refused_at_giving, 0, 3);
    tcase_add_loop_test(bad, a_string_that_does_not_end_is_refused, 0, 3);
    tcase_add_test(bad, an_unknown_tag_is_refused_and_the_rest_is_freed);
    suite_add_tcase(suite, bad);
    tcase_add_checked_fixture(kept, open_frame, close_frame);
    tcase_add_test(kept, call15_pointers_to_const_come_back);
    tcase_add_test(kept, call15_a_server_may_free_and_move_what_points_to_const);
    tcase_add_loop_test(kept, call15_a_servers_own_text_is_like_any_other, 0, 2);
    tcase_add_loop_test(kept, call15_uncollected_pointers_to_const_are_left_alone, 0, 2);
    suite_add_tcase(suite, kept);
    return suite;
}

UVCOM_TEST_MAIN(visit_results_suite)
