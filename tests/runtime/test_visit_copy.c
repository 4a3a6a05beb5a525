/*
 * test_visit_copy.c -- TAKE and CLONE: values of every shape on their way into an operation.
 *
 * What the server makes of them is in test_visit_results.c.
 */
#include <stdlib.h>
#include <string.h>

#include <uvcom/combase.h>
#include <uvcom/limits.h>
#include <uvcom/oleauto.h>

#include "tests/runtime/visited.h"
#include "tests/support/assert_hr.h"
#include "tests/support/faults.h"
#include "tests/support/runner.h"

#define BAD_STUB_DATA HRESULT_FROM_WIN32(RPC_X_BAD_STUB_DATA)
#define INVALID_BOUND HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND)

/* TAKE and CLONE: the loop tests run for each. */
static const enum uvcom_visit_kind kinds[] = {UVCOM_VISIT_TAKE, UVCOM_VISIT_CLONE};

/* What was taken is the operation's; what was cloned is freed with the results. */
static void end(struct visited *frame, enum uvcom_visit_kind kind)
{
    if (kind == UVCOM_VISIT_TAKE)
        memset(frame, 0, sizeof *frame);
    visited_close(frame);
}

/* ---- shapes ---- */

START_TEST(call14_a_list_is_copied_with_its_strings)
{
    char name[] = "one";
    struct node second = {.value = 2};
    struct node first = {name, 1, &second};
    struct visited *frame = visited_open(false);

    frame->list = &first;
    ck_assert_hr(visited_visit(frame, kinds[_i], S_OK), S_OK);
    memset(name, '?', sizeof name);
    memset(&first, 0, sizeof first);
    memset(&second, 0, sizeof second);
    ck_assert_str_eq(frame->list->name, "one");
    ck_assert_int_eq(frame->list->value, 1);
    ck_assert_int_eq(frame->list->next->value, 2);
    ck_assert_ptr_null(frame->list->next->name);
    ck_assert_ptr_null(frame->list->next->next);
    end(frame, kinds[_i]);
}
END_TEST

static struct tree *grow_tree(unsigned depth, LONG value)
{
    struct tree *tree = depth > 0 ? malloc(sizeof *tree) : NULL;

    if (tree) {
        tree->value = value;
        tree->left = grow_tree(depth - 1, 2 * value);
        tree->right = grow_tree(depth - 1, 2 * value + 1);
    }
    return tree;
}

static void fell_tree(struct tree *tree)
{
    if (tree) {
        fell_tree(tree->left);
        fell_tree(tree->right);
    }
    free(tree);
}

static bool are_same(const struct tree *one, const struct tree *other)
{
    if (!one || !other)
        return one == other;
    return one != other && one->value == other->value && are_same(one->left, other->left) &&
           are_same(one->right, other->right);
}

START_TEST(call14_a_tree_is_copied)
{
    struct tree *tree = grow_tree(12, 1);
    struct visited *frame = visited_open(false);

    frame->tree = tree;
    ck_assert_hr(visited_visit(frame, kinds[_i], S_OK), S_OK);
    ck_assert(are_same(frame->tree, tree));
    end(frame, kinds[_i]);
    fell_tree(tree);
}
END_TEST

START_TEST(call14_a_shared_and_circular_graph_keeps_its_shape)
{
    struct spot spots[3] = {{.value = 0}, {.value = 1}, {.value = 2}};
    struct visited *frame = visited_open(false);

    for (size_t i = 0; i < 3; i++) {
        spots[i].next = &spots[(i + 1) % 3];
        spots[i].other = &spots[i == 1 ? 1 : 0];
    }
    frame->spot = &spots[0];
    frame->spot_too = &spots[1];
    ck_assert_hr(visited_visit(frame, kinds[_i], S_OK), S_OK);
    ck_assert_ptr_ne(frame->spot, &spots[0]);
    ck_assert_int_eq(frame->spot->value, 0);
    ck_assert_ptr_eq(frame->spot->next, frame->spot_too);
    ck_assert_ptr_eq(frame->spot_too->other, frame->spot_too);
    ck_assert_int_eq(frame->spot_too->next->value, 2);
    ck_assert_ptr_eq(frame->spot_too->next->next, frame->spot);
    ck_assert_ptr_eq(frame->spot->other, frame->spot);
    end(frame, kinds[_i]);
}
END_TEST

START_TEST(call14_rows_of_rows_are_copied)
{
    LONG height = 2;
    LONG numbers[2][3] = {{1, 2, 3}, {4, 5, 6}};
    LONG *rows[2] = {numbers[0], numbers[1]};
    struct visited *frame = visited_open(false);

    frame->grid = (struct grid){&height, 3, rows};
    ck_assert_hr(visited_visit(frame, kinds[_i], S_OK), S_OK);
    ck_assert_ptr_eq(rows[0], numbers[0]);
    ck_assert_ptr_ne(frame->grid.rows, rows);
    ck_assert_ptr_ne(frame->grid.rows[1], numbers[1]);
    ck_assert_mem_eq(frame->grid.rows[1], numbers[1], sizeof numbers[1]);
    end(frame, kinds[_i]);
}
END_TEST

START_TEST(call14_of_an_array_only_the_part_that_is_there_is_read)
{
    struct node nodes[4];
    struct visited *frame = visited_open(false);
    HRESULT hr = S_OK;
    struct operation *operation = uvcom__operation_of_frame(frame);
    const struct uvcom_method *method = operation->method;

    /* Memory that has been used before. */
    memset(uvcom_frame_room(frame, OPERATION_ROOM, 1, &hr), 0xee, OPERATION_ROOM);
    uvcom__operation_clean(operation);
    uvcom__operation_open(operation, method, 1);
    memset(nodes, 0xee, sizeof nodes); /* pointers that lead nowhere */
    nodes[1] = (struct node){.value = 1};
    nodes[2] = (struct node){.value = 2};
    frame->series = (struct series){4, 1, 2, nodes};
    memset(frame->part, 0xee, sizeof frame->part);
    frame->part[0] = (struct node){.value = 7};
    frame->part_length = 1;
    ck_assert_hr(visited_visit(frame, kinds[_i], S_OK), S_OK);
    ck_assert_ptr_null(frame->series.nodes[0].next);
    ck_assert_int_eq(frame->series.nodes[1].value, 1);
    ck_assert_int_eq(frame->series.nodes[2].value, 2);
    ck_assert_int_eq(frame->series.nodes[3].value, 0);
    ck_assert_int_eq(frame->part[0].value, 7);
    ck_assert_ptr_null(frame->part[2].name);
    end(frame, kinds[_i]);
}
END_TEST

START_TEST(call14_a_pointer_to_no_elements_is_a_pointer)
{
    BYTE byte;
    struct visited *frame = visited_open(false);

    frame->bytes = &byte;
    frame->byte_size = 1;
    ck_assert_hr(visited_visit(frame, kinds[_i], S_OK), S_OK);
    ck_assert_ptr_nonnull(frame->bytes);
    ck_assert_ptr_ne(frame->bytes, &byte);
    end(frame, kinds[_i]);
}
END_TEST

START_TEST(call14_a_string_with_a_room_gets_all_of_it)
{
    char text[8] = "abc\0xyz";
    struct visited *frame = visited_open(false);

    frame->buffer = text;
    frame->buffer_room = 8;
    ck_assert_hr(visited_visit(frame, kinds[_i], S_OK), S_OK);
    ck_assert_mem_eq(frame->buffer, "abc\0\0\0\0", 8);
    end(frame, kinds[_i]);
}
END_TEST

START_TEST(call14_a_bstr_is_copied_with_its_length)
{
    BSTR text = SysAllocStringLen(u"a\0b", 3);
    struct visited *frame = visited_open(false);

    frame->bstr = text;
    ck_assert_hr(visited_visit(frame, kinds[_i], S_OK), S_OK);
    ck_assert_ptr_ne(frame->bstr, text);
    SysFreeString(text);
    ck_assert_uint_eq(SysStringLen(frame->bstr), 3);
    ck_assert_mem_eq(frame->bstr, u"a\0b", 8);
    end(frame, kinds[_i]);
}
END_TEST

/* ---- plain calls ---- */

START_TEST(a_plain_call_lends_what_is_nothing_but_bytes)
{
    char name[] = "one";
    BYTE bytes[4] = {1, 2, 3, 4};
    LONG height = 1;
    LONG number = 5;
    LONG *rows[1] = {&number};
    BSTR text = SysAllocString(u"b");
    struct node node = {.name = name};
    struct visited *frame = visited_open(true);

    frame->list = &node;
    frame->bytes = bytes;
    frame->byte_count = 4;
    frame->byte_size = 1;
    frame->grid = (struct grid){&height, 1, rows};
    frame->bstr = text;
    ck_assert_hr(visited_visit(frame, UVCOM_VISIT_TAKE, S_OK), S_OK);
    ck_assert_ptr_ne(frame->list, &node);
    ck_assert_ptr_eq(frame->list->name, name);
    ck_assert_ptr_eq(frame->bytes, bytes);
    ck_assert_ptr_ne(frame->grid.rows, rows);
    ck_assert_ptr_eq(frame->grid.rows[0], &number);
    ck_assert_ptr_eq(frame->bstr, text);
    end(frame, UVCOM_VISIT_TAKE);
    SysFreeString(text);
}
END_TEST

START_TEST(call15_what_a_plain_call_replaced_is_freed_once)
{
    struct node *shared = visited_node("twice", 1, NULL);
    struct visited *frame;

    faults_reset();
    frame = visited_open(true);
    frame->list = visited_node("one", 1, visited_node(NULL, 2, NULL));
    /* Two unique pointers to one block: the client's mistake, and no reason to free it twice. */
    frame->series = (struct series){2, 0, 2, CoTaskMemAlloc(2 * sizeof(struct node))};
    ck_assert_ptr_nonnull(frame->series.nodes);
    memset(frame->series.nodes, 0, 2 * sizeof(struct node));
    frame->series.nodes[0].next = shared;
    frame->series.nodes[1].next = shared;
    frame->bstr = SysAllocString(u"text");
    ck_assert_hr(visited_visit(frame, UVCOM_VISIT_CLONE, S_OK), S_OK);
    ck_assert_ptr_ne(frame->series.nodes[0].next, frame->series.nodes[1].next);
    uvcom__operation_free_replaced(uvcom__operation_of_frame(frame));
    visited_close(frame);
    ck_assert_uint_eq(faults_live(), 0);
}
END_TEST

START_TEST(call15_what_is_not_replaced_stays_the_clients)
{
    struct visited *frame = visited_open(_i != 0);
    struct node *list = visited_node("one", 1, NULL);
    BSTR text = SysAllocString(u"text");

    frame->list = list;
    frame->bstr = text;
    ck_assert_hr(visited_visit(frame, UVCOM_VISIT_CLONE, S_OK), S_OK);
    /* Of a call that is not plain nothing is; of a plain one nothing until it has succeeded. */
    if (_i == 0)
        uvcom__operation_free_replaced(uvcom__operation_of_frame(frame));
    visited_close(frame);
    ck_assert_str_eq(list->name, "one");
    ck_assert_uint_eq(SysStringLen(text), 4);
    CoTaskMemFree(list->name);
    CoTaskMemFree(list);
    SysFreeString(text);
}
END_TEST

/* ---- refusals ---- */

START_TEST(call15_after_a_failure_every_slot_is_null)
{
    struct node second = {.value = 2};
    struct node first = {.value = 1, .next = &second};
    struct spot spot = {.value = 3};
    char text[] = "abc";
    LONG height = 1;
    LONG *rows[1] = {&height};
    OLECHAR fake[] = {4, 0, 'a', 'b', 0};
    struct visited *frame = visited_open(_i / 2 != 0);

    *frame = (struct visited){.list = &first, .spot = &spot, .buffer = text, .bstr = fake + 2};
    frame->grid = (struct grid){&height, 1, rows};
    frame->part[1].next = &second;
    frame->part_length = 2;
    ck_assert_hr(visited_visit(frame, kinds[_i % 2], E_ABORT), E_ABORT);
    ck_assert_ptr_null(frame->list);
    ck_assert_ptr_null(frame->spot);
    ck_assert_ptr_null(frame->buffer);
    ck_assert_ptr_null(frame->bstr);
    ck_assert_ptr_null(frame->grid.height);
    ck_assert_ptr_null(frame->grid.rows);
    ck_assert_ptr_null(frame->part[1].next);
    ck_assert_ptr_eq(first.next, &second);
    end(frame, kinds[_i % 2]);
}
END_TEST

START_TEST(call15_a_failure_inside_leaves_nothing_of_the_clients_behind)
{
    struct choice bad = {.tag = 9};
    char name[] = "two";
    struct node second = {.name = name, .value = 2};
    struct node first = {.value = 1, .next = &second};
    struct visited *frame = visited_open(_i / 2 != 0);

    /* Each is visited after the other one's turn has come: the list's end, and the tag. */
    frame->list = &first;
    frame->choice = &bad;
    ck_assert_hr(visited_visit(frame, kinds[_i % 2], S_OK), HRESULT_FROM_WIN32(RPC_X_INVALID_TAG));
    if (frame->list && frame->list->next)
        ck_assert_ptr_null(frame->list->next->name);
    end(frame, kinds[_i % 2]);
    ck_assert_str_eq(second.name, "two");
}
END_TEST

static const struct hostile {
    size_t count;
    size_t size;
} hostile[] = {
    {SIZE_MAX, 1},         {SIZE_MAX, 2},     {SIZE_MAX, SIZE_MAX}, {SIZE_MAX / 2 + 2, 2},
    {2, SIZE_MAX / 2 + 1}, {1, SIZE_MAX - 8}, {SIZE_MAX - 40, 1},   {((size_t)1 << 30) + 1, 1},
};

START_TEST(a_size_that_cannot_be_is_refused)
{
    BYTE byte = 1;
    struct visited *frame = visited_open(_i % 4 / 2 != 0);

    frame->bytes = &byte;
    frame->byte_count = hostile[_i / 4].count;
    frame->byte_size = hostile[_i / 4].size;
    ck_assert_hr(visited_visit(frame, kinds[_i % 2], S_OK), INVALID_BOUND);
    ck_assert_ptr_null(frame->bytes);
    end(frame, kinds[_i % 2]);
}
END_TEST

static const struct series bad_series[] = {
    {-1, 0, 0, NULL}, {2, -1, 1, NULL}, {2, 0, -1, NULL},        {2, 0, 3, NULL},
    {2, 2, 1, NULL},  {2, 3, 0, NULL},  {2, INT32_MAX, 2, NULL},
};

START_TEST(a_part_beyond_the_room_is_refused)
{
    struct node nodes[2] = {{.value = 1}, {.value = 2}};
    struct visited *frame = visited_open(false);

    frame->series = bad_series[_i / 2];
    frame->series.nodes = nodes;
    ck_assert_hr(visited_visit(frame, kinds[_i % 2], S_OK), INVALID_BOUND);
    end(frame, kinds[_i % 2]);
    frame = visited_open(false);
    frame->part_length = 4;
    ck_assert_hr(visited_visit(frame, kinds[_i % 2], S_OK), INVALID_BOUND);
    end(frame, kinds[_i % 2]);
}
END_TEST

START_TEST(a_string_that_does_not_end_within_its_room_is_refused)
{
    char text[3] = {'a', 'b', 'c'};
    struct visited *frame = visited_open(_i / 2 != 0);

    frame->buffer = text;
    frame->buffer_room = 3;
    ck_assert_hr(visited_visit(frame, kinds[_i % 2], S_OK), INVALID_BOUND);
    ck_assert_ptr_null(frame->buffer);
    end(frame, kinds[_i % 2]);
}
END_TEST

START_TEST(a_circle_of_unique_pointers_ends_at_the_limit)
{
    const uvcom_limits small = {1000, 1000, 100000};
    struct node node = {.value = 1};
    struct visited *frame = visited_open(_i / 2 != 0);

    node.next = &node;
    frame->list = &node;
    ck_assert_hr(uvcom_set_limits(&small), S_OK);
    ck_assert_hr(visited_visit(frame, kinds[_i % 2], S_OK), INVALID_BOUND);
    end(frame, kinds[_i % 2]);
    ck_assert_ptr_eq(node.next, &node);
}
END_TEST

START_TEST(an_interface_pointer_without_an_id_is_refused)
{
    struct visited *frame = visited_open(false);
    IUnknown nobody = {NULL};

    frame->iface = &nobody;
    ck_assert_hr(visited_visit(frame, kinds[_i], S_OK), HRESULT_FROM_WIN32(RPC_X_NULL_REF_POINTER));
    ck_assert_ptr_null(frame->iface);
    end(frame, kinds[_i]);
}
END_TEST

static void visit_two_sizes(struct uvcom_visit *visit, void *data)
{
    struct visited *value = data;

    uvcom_visit_shared(visit, &value->spot, 1, sizeof *value->spot, NULL);
    uvcom_visit_shared(visit, &value->spot_too, 2, sizeof *value->spot, NULL);
}

START_TEST(shared_pointers_that_disagree_are_refused)
{
    struct spot spots[2] = {{.value = 1}, {.value = 2}};
    struct visited *frame = visited_open(false);

    frame->spot = spots;
    frame->spot_too = spots;
    ck_assert_hr(uvcom_frame_visit(frame, kinds[_i], visit_two_sizes, frame, S_OK), BAD_STUB_DATA);
    ck_assert_ptr_null(frame->spot_too);
    end(frame, kinds[_i]);
}
END_TEST

/* ---- out of memory ---- */

/* Everything at once, with an allocation that fails somewhere. */
static void copy_all(enum uvcom_visit_kind kind, bool is_plain)
{
    char name[] = "a name that is long enough";
    char text[] = "text";
    struct node about = {.value = 5};
    struct label label = {name, &about, NULL};
    struct node second = {.name = text, .value = 2};
    struct node first = {name, 1, &second};
    struct spot spot = {.value = 3, .next = &spot, .other = &spot};
    BYTE bytes[2000] = {0};
    OLECHAR fake[] = {4, 0, 'a', 'b', 0};
    LONG height = 1;
    LONG *rows[1] = {&height};
    struct visited *frame = visited_open(is_plain);
    HRESULT hr;

    if (!frame)
        return;
    *frame = (struct visited){.list = &first, .spot = &spot, .label = &label, .bytes = bytes};
    frame->byte_count = sizeof bytes;
    frame->byte_size = 1;
    frame->bstr = fake + 2;
    frame->grid = (struct grid){&height, 1, rows};
    hr = visited_visit(frame, kind, S_OK);
    ck_assert_hr(hr, faults_hit() ? E_OUTOFMEMORY : S_OK);
    end(frame, kind);
    ck_assert_ptr_eq(first.next, &second);
    ck_assert_str_eq(second.name, "text");
    ck_assert_ptr_eq(label.about, &about);
}

START_TEST(call15_each_allocation_may_fail)
{
    for (size_t n = 1; faults_fail_at(n), copy_all(kinds[_i % 2], _i / 2 != 0), faults_hit(); n++)
        ck_assert_uint_eq(faults_live(), 0);
    for (size_t n = 1; faults_fail_from(n), copy_all(kinds[_i % 2], _i / 2 != 0), faults_hit(); n++)
        ck_assert_uint_eq(faults_live(), 0);
    faults_reset();
}
END_TEST

static Suite *visit_copy_suite(void)
{
    Suite *suite = suite_create("visit_copy");
    TCase *shapes = tcase_create("shapes");
    TCase *plain = tcase_create("plain calls");
    TCase *refusals = tcase_create("refusals");
    const int series_count = (int)(sizeof bad_series / sizeof *bad_series);
    const int hostile_count = (int)(sizeof hostile / sizeof *hostile);

    tcase_add_loop_test(shapes, call14_a_list_is_copied_with_its_strings, 0, 2);
    tcase_add_loop_test(shapes, call14_a_tree_is_copied, 0, 2);
    tcase_add_loop_test(shapes, call14_a_shared_and_circular_graph_keeps_its_shape, 0, 2);
    tcase_add_loop_test(shapes, call14_rows_of_rows_are_copied, 0, 2);
    tcase_add_loop_test(shapes, call14_of_an_array_only_the_part_that_is_there_is_read, 0, 2);
    tcase_add_loop_test(shapes, call14_a_pointer_to_no_elements_is_a_pointer, 0, 2);
    tcase_add_loop_test(shapes, call14_a_string_with_a_room_gets_all_of_it, 0, 2);
    tcase_add_loop_test(shapes, call14_a_bstr_is_copied_with_its_length, 0, 2);
    suite_add_tcase(suite, shapes);
    tcase_add_test(plain, a_plain_call_lends_what_is_nothing_but_bytes);
    tcase_add_test(plain, call15_what_a_plain_call_replaced_is_freed_once);
    tcase_add_loop_test(plain, call15_what_is_not_replaced_stays_the_clients, 0, 2);
    suite_add_tcase(suite, plain);
    tcase_add_loop_test(refusals, call15_after_a_failure_every_slot_is_null, 0, 4);
    tcase_add_loop_test(refusals, call15_a_failure_inside_leaves_nothing_of_the_clients_behind, 0,
                        4);
    tcase_add_loop_test(refusals, a_size_that_cannot_be_is_refused, 0, 4 * hostile_count);
    tcase_add_loop_test(refusals, a_part_beyond_the_room_is_refused, 0, 2 * series_count);
    tcase_add_loop_test(refusals, a_string_that_does_not_end_within_its_room_is_refused, 0, 4);
    tcase_add_loop_test(refusals, a_circle_of_unique_pointers_ends_at_the_limit, 0, 4);
    tcase_add_loop_test(refusals, an_interface_pointer_without_an_id_is_refused, 0, 2);
    tcase_add_loop_test(refusals, shared_pointers_that_disagree_are_refused, 0, 2);
    tcase_add_loop_test(refusals, call15_each_allocation_may_fail, 0, 4);
    suite_add_tcase(suite, refusals);
    return suite;
}

UVCOM_TEST_MAIN(visit_copy_suite)
