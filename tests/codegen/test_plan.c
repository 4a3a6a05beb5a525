/*
 * test_plan.c -- how each kind of parameter is carried, and what is said of those that cannot be.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codegen/plan_file.h"
#include "idl/idl.h"
#include "tests/support/golden.h"
#include "tests/support/runner.h"

static struct idl *idl;
static struct pool pool;
static struct file_plan plan;

/* One interface with one method M, and some types for its parameters. */
static void compile(const char *attributes, const char *parameters)
{
    char text[2000], *system = golden_path("include/uvcom");
    const struct idl_options options = {.system_folder = system};
    enum idl_status status;
    int length;

    length = snprintf(text, sizeof text,
                      "import \"unknwn.idl\";\n"
                      "typedef struct point { LONG x, y; } point;\n"
                      "typedef struct outer { point p[2]; } outer;\n"
                      "typedef struct node { struct node *next; } node;\n"
                      "typedef const BSTR named; typedef struct holder { BSTR text; } holder;\n"
                      "typedef union either { LONG a; double b; } either;\n"
                      "[object, uuid(11111111-0000-0000-0000-000000000001)%s]\n"
                      "interface IFoo : IUnknown {\n"
                      "    HRESULT M(%s);\n"
                      "}\n",
                      attributes, parameters);
    idl = idl_create(&options);
    status = idl_compile_text(idl, "foo.idl", text, (size_t)length);
    ck_assert_msg(status == IDL_OK, "%s", idl_messages(idl));
    plan = file_plan_make(&pool, idl_main_file(idl));
    file_plan_report(&pool, &plan, idl);
    ck_assert(!pool.failed);
    ck_assert_uint_eq(plan.count, 1);
    free(system);
}

#define ASYNC ", async_uuid(11111111-0000-0000-0000-000000000002)"

static void teardown(void)
{
    pool_fini(&pool);
    idl_destroy(idl);
}

static const struct {
    const char *parameters;
    enum carry carry; /* of the last parameter */
    bool is_optional, has_room;
} kinds[] = {
    {"[in] LONG a", CARRY_VALUE, false, false},
    {"LONG a", CARRY_VALUE, false, false},
    {"[in] outer a", CARRY_VALUE, false, false},
    {"[in] point *a", CARRY_POINTED, false, false},
    {"[in, unique] point *a", CARRY_POINTED, true, false},
    {"[in] REFIID a", CARRY_POINTED, false, false},
    {"[out] outer *a", CARRY_POINTED, false, false},
    {"[in, out] LONG *a", CARRY_POINTED, false, false},
    {"[in, string] const char *a", CARRY_STRING, false, false},
    {"[in] LPCWSTR a", CARRY_STRING, false, false},
    {"[in, string, unique] WCHAR *a", CARRY_STRING, true, false},
    {"[in] ULONG n, [in, size_is(n)] BYTE *a", CARRY_ARRAY, false, false},
    {"[in] ULONG n, [in, size_is(n)] BYTE a[]", CARRY_ARRAY, false, false},
    {"[in] LONG n, [in, size_is(n)] BYTE *a", CARRY_ARRAY, false, true},
    {"[in] ULONG n, [out, size_is(n + 1)] BYTE *a", CARRY_ARRAY, false, true},
    {"[in] ULONG n, [out, max_is(n)] BYTE *a", CARRY_ARRAY, false, true},
    {"[in, out] ULONG *n, [out, size_is(*n)] BYTE *a", CARRY_ARRAY, false, true},
    {"[in] LONG n, [in, size_is((unsigned char)n)] BYTE *a", CARRY_ARRAY, false, true},
    {"[in] ULONG n, [in, size_is(n), last_is(2)] BYTE *a", CARRY_ARRAY, false, false},
    {"[in] ULONG n, [out, string, size_is(n)] char *a", CARRY_ARRAY, false, false},
    {"[out, size_is(16)] BYTE *a", CARRY_ARRAY, false, true},
    {"[in] ULONG n, [in, out, unique, size_is(n)] BYTE *a", CARRY_ARRAY, true, false},
    {"[out] LONG a[4]", CARRY_FIXED, false, false},
    {"[in] IUnknown *a", CARRY_OBJECT, true, false},
    {"[out] IUnknown **a", CARRY_OBJECT, false, false},
    {"[in] REFIID r, [out, iid_is(r)] void **a", CARRY_OBJECT, false, false},
    {"[out, string] char **a", CARRY_MEMORY, false, false},
    {"[out] point **a", CARRY_MEMORY, false, false},
    {"[out] ULONG *n, [out, size_is(, *n)] LONG **a", CARRY_MEMORY, false, false},
};

START_TEST(every_kind_is_carried_in_its_way)
{
    const struct carried *last;

    compile(ASYNC, kinds[_i].parameters);
    ck_assert_msg(idl_error_count(idl) == 0, "%s", idl_messages(idl));
    ck_assert_ptr_null(plan.carriers[0].obstacle);
    last = &plan.carriers[0].plans[0].parameters[plan.carriers[0].plans[0].count - 1];
    ck_assert_int_eq(last->carry, kinds[_i].carry);
    ck_assert_int_eq(last->is_optional, kinds[_i].is_optional);
    ck_assert_int_eq(last->room != NULL, kinds[_i].has_room);
}
END_TEST

/* DER-08, DER-13 and the kinds that this compiler does not carry yet. */
static const struct {
    const char *parameters, *why;
} refused[] = {
    {"[in] LONG **a", "a pointer to a pointer"},
    {"[in] node *a", "an embedded pointer in field 'next'"},
    {"[in] either *a", "a union"},
    {"[in, out] IUnknown **a", "an [in, out] interface pointer"},
    {"[in] void *a", "memory of unknown type"},
    {"[in, out, string] char *a", "an [out] string needs size_is"},
    {"[in] BSTR a", "it is a BSTR"},
    {"[in] const BSTR a", "it is a BSTR"},
    {"[in, string] named a", "it is a BSTR"},
    {"[out] BSTR *a", "it is a BSTR"},
    {"[in] holder *a", "a BSTR in field 'text'"},
    {"[in] BYTE a[]", "an array of open length needs size_is"},
    {"[in] ULONG n, [in, size_is(n)] IUnknown **a", "a pointer to a pointer"},
    {"[in] ULONG n, [in, string, size_is(n)] const char *a", "it is a [string] with a size, which"},
    {"[in] ULONG n, [in, size_is(n)] LPCWSTR a", "it is a [string] with a size, which"},
    {"[in] ULONG n, [in, string, max_is(n)] const char *a", "it is a [string] with a size, which"},
    {"[in] ULONG n, [in, size_is(n), first_is(1), length_is(2)] BYTE *a", "it has first_is, which"},
    {"[in] ULONG n, [in, size_is(n), first_is(1), last_is(2)] BYTE *a", "it has first_is, which"},
    {"[in] ULONG n, [in, size_is(n)] const LONG a[][3]", "its elements are arrays, which"},
    {"[in, string] char a[16]", "it is a [string] in an array of fixed length, which"},
    {"[in] LONG n, [in, size_is((double)n > 2 ? 2 : 1)] BYTE *a", "its size has a cast to"},
    {"[in] LONG n, [in, size_is(9), length_is((float)n > 2 ? 2 : 1)] BYTE *a",
     "its length has a cast to"},
};

START_TEST(what_cannot_be_carried_is_an_error_at_the_parameter)
{
    const char *messages;

    compile(ASYNC, refused[_i].parameters);
    messages = idl_messages(idl);
    ck_assert_uint_eq(idl_error_count(idl), 1);
    ck_assert_msg(strstr(messages, "foo.idl:9:") != NULL, "%s", messages);
    ck_assert_msg(strstr(messages, "'a' of IFoo::M") != NULL, "%s", messages);
    ck_assert_msg(strstr(messages, refused[_i].why) != NULL, "%s", messages);
    ck_assert_ptr_nonnull(strstr(messages, "[cannot-carry]"));
}
END_TEST

START_TEST(without_async_uuid_it_is_only_a_comment)
{
    compile("", "[in] LONG **a");
    ck_assert_uint_eq(idl_error_count(idl), 0);
    ck_assert_str_eq(plan.carriers[0].obstacle,
                     "parameter 'a' of M cannot be carried: it is a pointer to a pointer");
    ck_assert_ptr_null(file_plan_anchor(&pool, &plan));
}
END_TEST

START_TEST(a_size_that_comes_too_late_is_only_a_comment_without_async_uuid)
{
    compile("", "[out] ULONG *n, [out, size_is(*n)] BYTE *a");
    ck_assert_str_eq(plan.carriers[0].obstacle,
                     "parameter 'a' of M cannot be carried: its size is the [out] parameter 'n'");
}
END_TEST

START_TEST(a_bstr_without_async_uuid_is_only_a_comment)
{
    compile("", "[in] BSTR a");
    ck_assert_str_eq(idl_messages(idl), "");
    ck_assert_str_eq(plan.carriers[0].obstacle,
                     "parameter 'a' of M cannot be carried: it is a BSTR, which this version does "
                     "not carry");
}
END_TEST

/* Where more than one character was probably meant, and where it was not. */
static const struct {
    const char *attributes, *parameters;
    bool warns;
} characters[] = {
    {ASYNC, "[in] const char *a", true},
    {"", "[in] const char *a", true},
    {"", "const OLECHAR *a", true},
    {"", "[in, out] WCHAR *a", true},
    {"", "[in, unique] CHAR *a", true},
    {", local", "[in] const char *a", false},
    {"", "[in] LONG **n, [in] const char *a", false},
    {"", "[out] WCHAR *a", false},
    {"", "[in] char a", false},
    {"", "[in] const BYTE *a", false},
    {"", "[in, string] const char *a", false},
    {"", "[in] LPCSTR a, [in] LPWSTR b, [in] LPCOLESTR c", false},
    {"", "[in] ULONG n, [in, size_is(n)] const char *a", false},
    {"", "[in] char a[4]", false},
};

START_TEST(a_pointer_to_one_character_is_a_warning)
{
    const char *messages;

    compile(characters[_i].attributes, characters[_i].parameters);
    messages = idl_messages(idl);
    ck_assert_uint_eq(idl_error_count(idl), 0);
    if (!characters[_i].warns)
        ck_assert_str_eq(messages, "");
    else
        ck_assert_msg(strstr(messages, "warning: 'a' carries one char; write [string], or "
                                       "[size_is(...)] for more [one-character]") != NULL,
                      "%s", messages);
}
END_TEST

START_TEST(a_local_interface_is_only_declared)
{
    compile(", local", "[in] void *a");
    ck_assert_uint_eq(idl_error_count(idl), 0);
    ck_assert_str_eq(plan.carriers[0].obstacle, "it is [local]");
}
END_TEST

START_TEST(only_what_owns_something_is_cleared)
{
    compile(ASYNC, "[in] IUnknown *a, [out] IUnknown **b");
    ck_assert(plan.carriers[0].plans[0].needs_clear);
    teardown();
    compile(ASYNC, "[in, string] const char *a, [out] double *b");
    ck_assert(!plan.carriers[0].plans[0].needs_clear);
}
END_TEST

START_TEST(the_anchor_is_named_after_the_first_carried_interface)
{
    compile(ASYNC, "");
    ck_assert_str_eq(file_plan_anchor(&pool, &plan), "uvcom__anchor_IFoo");
    ck_assert_uint_eq(plan.carriers[0].first, 3);
    ck_assert_uint_eq(plan.carriers[0].twin.slot_count, 5);
}
END_TEST

static Suite *plan_suite(void)
{
    Suite *suite = suite_create("plan");
    TCase *tcase = tcase_create("plan");

    tcase_add_checked_fixture(tcase, NULL, teardown);
    tcase_add_loop_test(tcase, every_kind_is_carried_in_its_way, 0, sizeof kinds / sizeof *kinds);
    tcase_add_loop_test(tcase, what_cannot_be_carried_is_an_error_at_the_parameter, 0,
                        sizeof refused / sizeof *refused);
    tcase_add_test(tcase, without_async_uuid_it_is_only_a_comment);
    tcase_add_test(tcase, a_size_that_comes_too_late_is_only_a_comment_without_async_uuid);
    tcase_add_test(tcase, a_bstr_without_async_uuid_is_only_a_comment);
    tcase_add_loop_test(tcase, a_pointer_to_one_character_is_a_warning, 0,
                        sizeof characters / sizeof *characters);
    tcase_add_test(tcase, a_local_interface_is_only_declared);
    tcase_add_test(tcase, only_what_owns_something_is_cleared);
    tcase_add_test(tcase, the_anchor_is_named_after_the_first_carried_interface);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(plan_suite)
