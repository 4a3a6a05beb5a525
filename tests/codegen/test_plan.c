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
                      "typedef struct point { LONG x, y; } point; "
                      "typedef struct person { CHAR mark, *name; [string] char *nick; } person; "
                      "typedef union plain { LONG a; double b; } plain;\n"
                      "typedef struct outer { point p[2]; } outer;\n"
                      "typedef struct node { struct node *next; } node;\n"
                      "typedef const BSTR named; typedef struct holder { BSTR text; } holder;\n"
                      "typedef union either { [case(1)] LONG a; [case(2)] double b; } either;\n"
                      "typedef struct blob { ULONG n; [size_is(n)] BYTE data[]; } blob;\n"
                      "typedef struct odd { SAFEARRAY(LONG) array; } odd;\n"
                      "enum mood { CALM, WILD };\n"
                      "typedef [context_handle] void *session;\n"
                      "#pragma pack(push, 1)\n"
                      "typedef struct tight { BYTE n; holder inner; } tight;\n"
                      "#pragma pack(pop)\n"
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
    {"[in] holder a", CARRY_VALUE, false, false},
    {"[in] BSTR a", CARRY_VALUE, false, false},
    {"[in] const BSTR a", CARRY_VALUE, false, false},
    {"[in] IUnknown *a", CARRY_VALUE, false, false},
    {"[in] REFIID r, [in, iid_is(r)] void *a", CARRY_VALUE, false, false},
    {"[in] point *a", CARRY_PLACE, false, false},
    {"[in] REFIID a", CARRY_PLACE, false, false},
    {"[out] outer *a", CARRY_PLACE, false, false},
    {"[in, out] LONG *a", CARRY_PLACE, false, false},
    {"[in] LONG **a", CARRY_PLACE, false, false},
    {"[in] node *a", CARRY_PLACE, false, false},
    {"[in, out] node *a", CARRY_PLACE, false, false},
    {"[in, out] node **a", CARRY_PLACE, false, false},
    {"[in] LONG k, [in, switch_is(k)] either *a", CARRY_PLACE, false, false},
    {"[out] LONG *k, [out, switch_is(*k)] either *a", CARRY_PLACE, false, false},
    {"[out] BSTR *a", CARRY_PLACE, false, false},
    {"[in, out] BSTR *a", CARRY_PLACE, false, false},
    {"[out] IUnknown **a", CARRY_PLACE, false, false},
    {"[in, out] IUnknown **a", CARRY_PLACE, false, false},
    {"[in] REFIID r, [out, iid_is(r)] void **a", CARRY_PLACE, false, false},
    {"[out, string] char **a", CARRY_PLACE, false, false},
    {"[out] point **a", CARRY_PLACE, false, false},
    {"[out] blob **a", CARRY_PLACE, false, false},
    {"[out] ULONG *n, [out, size_is(, *n)] LONG **a", CARRY_PLACE, false, false},
    {"[out] ULONG *n, [out, size_is(, *n, )] LONG ***a", CARRY_PLACE, false, false},
    {"[in, unique] point *a", CARRY_POINTED, true, false},
    {"[in, out, unique] node *a", CARRY_POINTED, true, false},
    {"[in, unique, uvcom_borrowed] const point *a", CARRY_POINTED, true, false},
    {"[in, uvcom_borrowed] const point *a", CARRY_POINTED, false, false},
    {"[in, uvcom_borrowed] REFIID a", CARRY_POINTED, false, false},
    {"[in, string] const char *a", CARRY_TEXT, false, false},
    {"[in] LPCWSTR a", CARRY_TEXT, false, false},
    {"[in, string, unique] WCHAR *a", CARRY_TEXT, true, false},
    {"[in, string] char a[16]", CARRY_TEXT, false, false},
    {"[in, out, string] char *a", CARRY_TEXT, false, true},
    {"[out, string] char a[16]", CARRY_TEXT, false, true},
    {"[in] ULONG n, [out, string, size_is(n)] char *a", CARRY_TEXT, false, true},
    {"[in] ULONG n, [in, string, size_is(n)] const char *a", CARRY_TEXT, false, true},
    {"[in] ULONG n, [in, size_is(n)] LPCWSTR a", CARRY_TEXT, false, true},
    {"[in] ULONG n, [in, string, max_is(n)] const char *a", CARRY_TEXT, false, true},
    {"[in] ULONG n, [in, size_is(n)] BYTE *a", CARRY_ARRAY, false, false},
    {"[in] ULONG n, [in, size_is(n)] BYTE a[]", CARRY_ARRAY, false, false},
    {"[in] LONG n, [in, size_is(n)] BYTE *a", CARRY_ARRAY, false, true},
    {"[in] ULONG n, [out, size_is(n + 1)] BYTE *a", CARRY_ARRAY, false, true},
    {"[in] ULONG n, [out, max_is(n)] BYTE *a", CARRY_ARRAY, false, true},
    {"[in, out] ULONG *n, [out, size_is(*n)] BYTE *a", CARRY_ARRAY, false, true},
    {"[in] LONG n, [in, size_is((unsigned char)n)] BYTE *a", CARRY_ARRAY, false, true},
    {"[in] ULONG n, [in, size_is(n), last_is(2)] BYTE *a", CARRY_ARRAY, false, false},
    {"[in] ULONG n, [in, size_is(n), first_is(1), length_is(2)] BYTE *a", CARRY_ARRAY, false,
     false},
    {"[out, size_is(16)] BYTE *a", CARRY_ARRAY, false, false},
    {"[in] ULONG n, [in, out, unique, size_is(n)] BYTE *a", CARRY_ARRAY, true, false},
    {"[in] ULONG n, [in, size_is(n)] IUnknown **a", CARRY_ARRAY, false, false},
    {"[in] ULONG n, [in, size_is(n), string] const char **a", CARRY_ARRAY, false, false},
    {"[in] ULONG n, [in, size_is(n)] const LONG a[][3]", CARRY_ARRAY, false, false},
    {"[out] LONG a[4]", CARRY_FIXED, false, false},
    {"[in] LONG a[4][3]", CARRY_FIXED, false, false},
    {"[in, unique] node *a", CARRY_TREE, true, false},
    {"[in, ptr] LONG *a", CARRY_TREE, true, false},
    {"[in] blob *a", CARRY_TREE, false, false},
    {"[in, out] blob *a", CARRY_OPEN, false, true},
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

/* What no call can carry. */
static const struct {
    const char *parameters, *why;
} refused[] = {
    {"[in] either *a", "it has a union without switch_is"},
    {"[in] void *a", "it has a pointer to void without iid_is"},
    {"[in] ULONG n, [in, size_is(n)] const void *a", "a pointer to void with a size (write BYTE"},
    {"[in] HANDLE a", "a HANDLE, a pointer to void without iid_is (pass it as a ULONG_PTR)"},
    {"[in] plain *a", "give its arms [case(...)], and it [switch_is(...)]"},
    {"[out, string] char *a", "an [out] string needs size_is"},
    {"[in] BYTE a[]", "it has an array of open length without size_is"},
    {"[in, length_is(2)] BYTE *a", "without size_is"},
    {"[in] odd *a", "it has a SAFEARRAY, which this version does not carry (use an array with "
                    "size_is) in field 'array' of odd, foo.idl:8"},
    {"[in] session a", "it has a context handle"},
    {"[in] handle_t a", "it has a binding handle"},
    {"[in] tight *a", "it has a packed struct with pointers"},
    {"[out] blob *a", "let the server allocate it"},
    {"[in] LONG n, [in, size_is((double)n > 2 ? 2 : 1)] BYTE *a", "a cast to"},
    {"[in] LONG n, [in, size_is(9), length_is((float)n > 2 ? 2 : 1)] BYTE *a", "a cast to"},
    {"[in, size_is(3)] LONG *n, [in, size_is(*n)] BYTE *a", "its size is 'n', which is not one"},
    {"[in, uvcom_borrowed] const node *a", "only plain data can be borrowed"},
    {"[in, string, uvcom_borrowed] const char **a", "only plain data can be borrowed"},
    {"[in, uvcom_borrowed] IUnknown *a", "only plain data can be borrowed"},
    {"[in, uvcom_borrowed] BSTR a", "only plain data can be borrowed"},
    {"[in, size_is(4), length_is(2), uvcom_borrowed] BYTE *a", "is borrowed as a whole"},
};

START_TEST(what_cannot_be_carried_is_an_error_at_the_parameter)
{
    const char *messages;

    compile(ASYNC, refused[_i].parameters);
    messages = idl_messages(idl);
    ck_assert_uint_eq(idl_error_count(idl), 1);
    ck_assert_msg(strstr(messages, "foo.idl:16:") != NULL, "%s", messages);
    ck_assert_msg(strstr(messages, "'a' of IFoo::M") != NULL, "%s", messages);
    ck_assert_msg(strstr(messages, refused[_i].why) != NULL, "%s", messages);
    ck_assert_ptr_nonnull(strstr(messages, "[cannot-carry]"));
}
END_TEST

START_TEST(without_async_uuid_it_is_a_warning_and_a_comment)
{
    compile("", "[in] odd *a");
    ck_assert_uint_eq(idl_error_count(idl), 0);
    ck_assert_str_eq(plan.carriers[0].obstacle, "parameter 'a' of M cannot be carried: it has a "
                                                "SAFEARRAY, which this version does not carry (use "
                                                "an array with size_is) in field 'array' of odd, "
                                                "foo.idl:8");
    ck_assert_msg(strstr(idl_messages(idl), "foo.idl:16:25: warning: no proxy can carry parameter "
                                            "'a' of IFoo::M: it has a SAFEARRAY") != NULL,
                  "%s", idl_messages(idl));
    ck_assert_ptr_nonnull(strstr(idl_messages(idl), "[no-proxy]"));
    ck_assert_ptr_null(file_plan_anchor(&pool, &plan));
}
END_TEST

/* DER-08, DER-13: with async_uuid the front end has said so. */
static const struct {
    const char *parameters, *why;
} late[] = {
    {"[out] ULONG *n, [out, size_is(*n)] BYTE *a", "its size is the [out] parameter 'n'"},
    {"[out] ULONG *n, [in, out, size_is(9), length_is(*n)] BYTE *a",
     "its length is the [out] parameter 'n'"},
    {"[out] ULONG *n, [in, size_is(9), first_is(*n)] BYTE *a",
     "its first element is the [out] parameter 'n'"},
    {"[out] ULONG *n, [in, size_is(2, *n)] BYTE **a", "its size is the [out] parameter 'n'"},
    {"[out] ULONG *n, [in, switch_is(*n)] either *a", "its case is the [out] parameter 'n'"},
    {"[out] GUID *n, [out, iid_is(n)] void **a", "its interface is the [out] parameter 'n'"},
};

START_TEST(der_13_what_comes_too_late_is_a_warning_without_async_uuid)
{
    compile("", late[_i].parameters);
    ck_assert_uint_eq(idl_error_count(idl), 0);
    ck_assert_ptr_nonnull(strstr(idl_messages(idl), "[no-proxy]"));
    ck_assert_ptr_nonnull(plan.carriers[0].obstacle);
    ck_assert_msg(strstr(plan.carriers[0].obstacle, late[_i].why) != NULL, "%s",
                  plan.carriers[0].obstacle);
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
    {"", "[out] char **a", true},
    {"", "[in, out, string] char **a", false},
    {"", "[in, size_is(2)] const char **a", true},
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

START_TEST(a_field_that_points_to_one_character_is_a_warning)
{
    compile("", "[in] const person *a, [in] const person *b");
    ck_assert_uint_eq(idl_error_count(idl), 0);
    ck_assert_ptr_eq(strstr(idl_messages(idl), "foo.idl:"), idl_messages(idl));
    ck_assert_ptr_nonnull(strstr(idl_messages(idl), "warning: 'name' carries one char; write"));
    ck_assert_ptr_null(strstr(idl_messages(idl) + 1, "foo.idl:"));
}
END_TEST

/* A pointer to a byte that goes in beside a number which nothing else speaks of. */
static const struct {
    const char *parameters;
    bool warns;
} bytes[] = {
    {"[in] ULONG n, [in] const BYTE *a", true},
    {"[in] byte *a, [in] short n", true},
    {"[in, unique] const UCHAR *a, [in] SIZE_T n, [in] LONG m", true},
    {"[in] ULONG n, [in, size_is(n)] const BYTE *b, [in] const BYTE *a", false},
    {"[in] ULONG n, [in, size_is(n)] const BYTE *a", false},
    {"[in] ULONG n, [in, size_is(n)] const BYTE *b, [in] LONG m, [in] BYTE *a", true},
    {"[in, size_is(n)] const BYTE *b, [in] ULONG n, [in] const BYTE *a", false},
    {"[in] ULONG n, [out] BYTE *a", false},
    {"[in] ULONG n, [in, out] BYTE *a", false},
    {"[in] ULONG n, [in] double b, [in] const BYTE *a", false},
    {"[in] ULONG *n, [in] const BYTE *a", false},
    {"[in] enum mood n, [in] const BYTE *a", false},
    {"[in] BOOL n, [in] const BYTE *a", false},
    {"[in] ULONG n, [in] const LONG *a", false},
    {"[in] ULONG n, [in] const BYTE a[4]", false},
    {"[in] ULONG n, [in] BYTE a", false},
};

START_TEST(a_pointer_to_one_byte_beside_a_number_is_a_warning)
{
    const char *messages;

    compile(ASYNC, bytes[_i].parameters);
    messages = idl_messages(idl);
    ck_assert_uint_eq(idl_error_count(idl), 0);
    if (!bytes[_i].warns)
        ck_assert_str_eq(messages, "");
    else
        ck_assert_msg(strstr(messages, "warning: 'a' carries one byte; write [size_is(") &&
                          strstr(messages, "[one-element]"),
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

/* Which of the three visitors of its frame a method has. */
static const struct {
    const char *parameters;
    bool in, in_out, results;
} visits[] = {
    {"[in, string] const char *a, [out] double *b, [in, out] LONG *c", false, false, false},
    {"[in] IUnknown *a", true, false, false},
    {"[in, unique] node *a", true, false, false},
    {"[in, out] node *a", false, true, true},
    {"[out] IUnknown **a", false, false, true},
    {"[in] enum mood a, [in, out, range(1, 2)] LONG *b", false, false, true},
    {"[in, size_is(4)] const enum mood *a", true, false, false},
    {"[out, size_is(4), length_is(*n)] BYTE *a, [out] LONG *n", false, false, true},
    {"[out, size_is(4), string] char *a", false, false, true},
    {"[in, out] blob *a", false, false, true},
    {"[in] blob *a", true, false, false},
};

START_TEST(only_what_is_more_than_its_bytes_is_visited)
{
    const struct plan *of;

    compile(ASYNC, visits[_i].parameters);
    of = &plan.carriers[0].plans[0];
    ck_assert_int_eq(of->needs_in, visits[_i].in);
    ck_assert_int_eq(of->needs_in_out, visits[_i].in_out);
    ck_assert_int_eq(of->needs_results, visits[_i].results);
}
END_TEST

START_TEST(a_callback_is_not_carried)
{
    compile("", "); [callback] HRESULT N(");
    ck_assert_str_eq(plan.carriers[0].obstacle, "it has a [callback] method, for which COM passes "
                                                "an interface pointer");
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
    tcase_add_test(tcase, without_async_uuid_it_is_a_warning_and_a_comment);
    tcase_add_loop_test(tcase, der_13_what_comes_too_late_is_a_warning_without_async_uuid, 0,
                        sizeof late / sizeof *late);
    tcase_add_loop_test(tcase, a_pointer_to_one_character_is_a_warning, 0,
                        sizeof characters / sizeof *characters);
    tcase_add_test(tcase, a_field_that_points_to_one_character_is_a_warning);
    tcase_add_loop_test(tcase, a_pointer_to_one_byte_beside_a_number_is_a_warning, 0,
                        sizeof bytes / sizeof *bytes);
    tcase_add_test(tcase, a_local_interface_is_only_declared);
    tcase_add_loop_test(tcase, only_what_is_more_than_its_bytes_is_visited, 0,
                        sizeof visits / sizeof *visits);
    tcase_add_test(tcase, a_callback_is_not_carried);
    tcase_add_test(tcase, the_anchor_is_named_after_the_first_carried_interface);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(plan_suite)
