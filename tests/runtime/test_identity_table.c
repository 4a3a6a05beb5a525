/*
 * test_identity_table.c -- the table by which exports and proxies are found again: by both halves
 * of the key, once only, and never when their count is 0. COM-01.
 */
#include "runtime/count.h"
#include "runtime/identity.h"
#include "tests/support/runner.h"

static struct identity_table table;
static char places[2], objects[2000];

static struct identity thing(const void *place, const void *object)
{
    struct identity made = {.place = place, .object = object};

    uvcom__store32(&made.references, 1, UVCOM__RELAXED);
    return made;
}

static uint32_t references(const struct identity *identity)
{
    return uvcom__load32(&identity->references, UVCOM__RELAXED);
}

START_TEST(com_01_a_thing_is_found_by_both_halves_of_its_key)
{
    struct identity made = thing(&places[0], &objects[0]);

    ck_assert_ptr_null(uvcom__identity_find(&table, &places[0], &objects[0]));
    ck_assert_ptr_eq(uvcom__identity_keep(&table, &made), &made);
    ck_assert_uint_eq(references(&made), 1);
    ck_assert_ptr_eq(uvcom__identity_find(&table, &places[0], &objects[0]), &made);
    ck_assert_uint_eq(references(&made), 2);
    ck_assert_ptr_null(uvcom__identity_find(&table, &places[1], &objects[0]));
    ck_assert_ptr_null(uvcom__identity_find(&table, &places[0], &objects[1]));
    uvcom__identity_forget(&table, &made);
    ck_assert_ptr_null(uvcom__identity_find(&table, &places[0], &objects[0]));
}
END_TEST

START_TEST(com_01_the_first_of_two_is_kept)
{
    struct identity first = thing(&places[0], &objects[0]);
    struct identity second = thing(&places[0], &objects[0]);

    ck_assert_ptr_eq(uvcom__identity_keep(&table, &first), &first);
    ck_assert_ptr_eq(uvcom__identity_keep(&table, &second), &first);
    ck_assert_uint_eq(references(&first), 2);
    ck_assert_uint_eq(references(&second), 1);
    uvcom__identity_forget(&table, &first);
    ck_assert_ptr_null(uvcom__identity_find(&table, &places[0], &objects[0]));
}
END_TEST

/* Between the last release and the forgetting. */
START_TEST(com_01_what_is_dying_is_not_found_and_gets_a_successor)
{
    struct identity dying = thing(&places[0], &objects[0]);
    struct identity next = thing(&places[0], &objects[0]);

    uvcom__identity_keep(&table, &dying);
    uvcom__count_down(&dying.references);
    ck_assert_ptr_null(uvcom__identity_find(&table, &places[0], &objects[0]));
    ck_assert_uint_eq(references(&dying), 0);
    ck_assert_ptr_eq(uvcom__identity_keep(&table, &next), &next);
    uvcom__identity_forget(&table, &dying);
    ck_assert_ptr_eq(uvcom__identity_find(&table, &places[0], &objects[0]), &next);
    uvcom__identity_forget(&table, &next);
}
END_TEST

START_TEST(many_things_share_the_table)
{
    static struct identity things[sizeof objects];

    for (size_t i = 0; i < sizeof objects; i++) {
        things[i] = thing(&places[i % 2], &objects[i]);
        ck_assert_ptr_eq(uvcom__identity_keep(&table, &things[i]), &things[i]);
    }
    for (size_t i = 0; i < sizeof objects; i += 3)
        uvcom__identity_forget(&table, &things[i]);
    for (size_t i = 0; i < sizeof objects; i++)
        ck_assert_ptr_eq(uvcom__identity_find(&table, &places[i % 2], &objects[i]),
                         i % 3 == 0 ? NULL : &things[i]);
}
END_TEST

static Suite *identity_table_suite(void)
{
    Suite *suite = suite_create("identity table");
    TCase *tcase = tcase_create("table");

    tcase_add_test(tcase, com_01_a_thing_is_found_by_both_halves_of_its_key);
    tcase_add_test(tcase, com_01_the_first_of_two_is_kept);
    tcase_add_test(tcase, com_01_what_is_dying_is_not_found_and_gets_a_successor);
    tcase_add_test(tcase, many_things_share_the_table);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(identity_table_suite)
