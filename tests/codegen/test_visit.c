/*
 * test_visit.c -- the visitors of records: which are written, in what order, and what is in them.
 *
 * That they compile is checked with the golden files.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codegen/generate.h"
#include "idl/idl.h"
#include "tests/support/golden.h"
#include "tests/support/runner.h"

static struct idl *idl;
static struct generated generated;

/* The foo_p.c of some types and of one method. */
static const char *written(const char *types, const char *parameters)
{
    char text[3000], *system = golden_path("include/uvcom");
    const struct idl_options options = {.system_folder = system};
    enum idl_status status;
    int length;

    length = snprintf(text, sizeof text,
                      "import \"unknwn.idl\";\n"
                      "%s\n"
                      "[object, uuid(11111111-0000-0000-0000-000000000001)]\n"
                      "interface IFoo : IUnknown {\n"
                      "    HRESULT M(%s);\n"
                      "}\n",
                      types, parameters);
    idl = idl_create(&options);
    status = idl_compile_text(idl, "foo.idl", text, (size_t)length);
    ck_assert_msg(status == IDL_OK, "%s", idl_messages(idl));
    ck_assert(generate(&generated, idl, idl_main_file(idl)));
    ck_assert_ptr_null(strstr(generated.texts[2].data, "has no code here"));
    free(system);
    return generated.texts[2].data;
}

static void teardown(void)
{
    generated_fini(&generated);
    idl_destroy(idl);
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;

    for (; (text = strstr(text, part)); text += strlen(part))
        count++;
    return count;
}

/* ---- what is in a visitor ---- */

#define THING "typedef struct item { BSTR name; } item; typedef struct thing { "
#define END " } thing;"

static const struct {
    const char *fields, *expected;
} bodies[] = {
    {"item *a;", "uvcom_visit_pointer(visit, &value->a, 1, sizeof *value->a, visit_item);"},
    {"const item *a;", "uvcom_visit_constant(visit, &value->a, 1, sizeof *value->a, visit_item);"},
    {"[ptr] item *a;", "uvcom_visit_shared(visit, &value->a, 1, sizeof *value->a, visit_item);"},
    {"[ptr] const LONG *a;", "uvcom_visit_block(visit, &value->a, 1, sizeof *value->a, NULL,\n"
                             "                      UVCOM_POINTER_CONST | UVCOM_POINTER_SHARED);"},
    {"[ref] LONG *a;", "uvcom_visit_require(visit, value->a);\n    uvcom_visit_pointer("},
    {"item a;", "visit_item(visit, &value->a);"},
    {"const item a;", "visit_item(visit, (void *)&value->a);"},
    {"item a[3];", "uvcom_visit_elements(visit, value->a, 3, sizeof *value->a, visit_item);"},
    {"BSTR a[3];", "for (size_t i = 0; i < 3; i++)\n"
                   "        uvcom_visit_bstr(visit, &value->a[i]);"},
    {"item a[2][3];",
     "uvcom_visit_elements(visit, value->a[i], 3, sizeof *value->a[i], visit_item);"},
    {"[string] char *a;", "uvcom_visit_text(visit, &value->a, sizeof *value->a);"},
    {"[string] const WCHAR *a;", "uvcom_visit_constant_text(visit, &value->a, sizeof *value->a);"},
    {"[string] char *const *a;", "uvcom_visit_constant_text(visit, &a[i], sizeof *a[i]);"},
    {"ULONG n; [size_is(n), string] char *a;",
     "uvcom_visit_buffer(visit, &value->a, sizeof *value->a, value->n, UVCOM_POINTER_PLAIN);"},
    {"[string] char a[8];", "uvcom_visit_ended(visit, value->a, sizeof *value->a, 8);"},
    {"IUnknown *a;", "uvcom_visit_interface(visit, &value->a, &IID_IUnknown);"},
    {"IID b; [iid_is(&b)] void *a;", "uvcom_visit_interface(visit, &value->a, &value->b);"},
    {"[iid_is(b)] void *a; IID *b;", "sizeof *value->b, NULL);\n"
                                     "    uvcom_visit_interface(visit, &value->a, value->b);"},
    {"ULONG n; [size_is(n)] item *a;",
     "uvcom_visit_pointer(visit, &value->a, value->n, sizeof *value->a, visit_item);"},
    {"LONG n; [size_is(n)] item *a;", "&value->a, uvcom_size(value->n, &visit->hr), sizeof"},
    {"LONG n; [size_is(2 * n)] item *a;",
     "count = uvcom_size(uvcom_bound(2, '*', value->n, &visit->hr), &visit->hr);\n"
     "    uvcom_visit_pointer(visit, &value->a, count,"},
    {"ULONG *n; [size_is(*n)] BYTE *a;",
     "(uvcom_visit_holds(visit, value->n, sizeof *value->n) ? *value->n : 0)"},
    {"ULONG n; [size_is(9), first_is(1), last_is(n)] item *a;",
     "length = uvcom_size(uvcom_bound(uvcom_bound(value->n, '+', 1, &visit->hr), '-', 1, "
     "&visit->hr),\n                        &visit->hr);\n"
     "    extent = uvcom_extent_of(9, 1, length, &visit->hr);"},
    {"ULONG n; [size_is(n), first_is(3)] item *a;",
     "length = uvcom_size(uvcom_bound((LONGLONG)value->n, '-', 3, &visit->hr), &visit->hr);\n"
     "    extent = uvcom_extent_of(value->n, 3, length, &visit->hr);"},
    {"ULONG n; [length_is(n)] BYTE a[4];", "uvcom_extent_of(4, 0, value->n, &visit->hr);"},
    {"ULONG n; [length_is(n)] item a[4];",
     "count = uvcom_visit_part(visit, value->a, &a, extent, sizeof *value->a);\n"
     "    uvcom_visit_elements(visit, a, count, sizeof *a, visit_item);"},
    {"ULONG n; [size_is(n, 2)] LONG **a;",
     "    for (size_t i = 0; i < count; i++)\n"
     "        uvcom_visit_pointer(visit, &a[i], 2, sizeof *a[i], NULL);"},
    {"ULONG n; [size_is(n)] const BSTR *a;", "        uvcom_visit_bstr(visit, &a[i]);\n"
                                             "    uvcom_visit_leave(visit);"},
    {"ULONG n; [ptr, size_is(2, n)] LONG **a;", "UVCOM_POINTER_SHARED | UVCOM_POINTER_ALONE);"},
    {"[ptr, size_is(2, 3)] LONG **a;", "                              UVCOM_POINTER_SHARED);"},
    {"[size_is(*n)] BYTE *a; ULONG *n;", "sizeof *value->n, NULL);\n    count ="},
    {"[size_is(2, 2)] BSTR **i;", "for (size_t i_ = 0; i_ < count; i_++) {"},
    {"[size_is(2)] BSTR *a, *i;", "    BSTR *i_;\n"},
    {"[range(-1, 5)] short a;", "uvcom_visit_range(visit, value->a, -1, 5);"},
    {"[range(0, 5)] unsigned hyper a;", "uvcom_visit_range(visit, (LONGLONG)value->a, 0, 5);"},
    {"enum { A, B = 70000, C = -2 } a;", "uvcom_visit_enum(visit, value->a, -2, 70000);"},
    {"struct { struct { item b; }; } a;", "visit_item(visit, &value->a.b);"},
    {"struct { item b; } a[2];", "for (size_t i = 0; i < 2; i++)\n"
                                 "        visit_item(visit, &value->a[i].b);"},
};

START_TEST(each_kind_of_field_has_its_visit)
{
    char types[1000];
    const char *text;

    snprintf(types, sizeof types, THING "%s" END, bodies[_i].fields);
    text = written(types, "[in] thing *a");
    ck_assert_msg(strstr(text, bodies[_i].expected) != NULL, "%s", text);
}
END_TEST

/* ---- unions ---- */

static const struct {
    const char *types, *expected;
} unions[] = {
    {"typedef union switch (long k) u { case 1: LONG a; case 2: case 3: BSTR b; } thing;",
     "    switch (value->k) {\n"
     "    case 1:\n"
     "        break;\n"
     "    case 2:\n"
     "    case 3:\n"
     "        uvcom_visit_bstr(visit, &value->u.b);\n"
     "        break;\n"
     "    default:\n"
     "        uvcom_visit_no_such_case(visit);\n"
     "        break;\n"
     "    }\n"},
    {"typedef union switch (char k) { case 'x': LONG a; default: BSTR b; } thing;",
     "    case 'x':\n"
     "        break;\n"
     "    default:\n"
     "        uvcom_visit_bstr(visit, &value->tagged_union.b);\n"
     "        break;\n"
     "    }\n"},
    {"typedef union switch (long k) { case 0xfffffffe: BSTR b; default: ; } thing;",
     "    case -2:\n"},
    {"typedef union switch (unsigned hyper k) { case 0xffffffffffffffff: BSTR b; } thing;",
     "    case 18446744073709551615u:\n"},
    {"enum e { A, B }; typedef union switch (enum e k) { case A: BSTR b; case 7: ; } thing;",
     "    switch ((LONGLONG)value->k) {\n"},
    {"typedef union u { [case(1)] BSTR b; [default] ; } u;"
     "typedef struct thing { short k; [switch_is(k)] u a; } thing;",
     "    visit_u(visit, &value->a, value->k);\n"},
    {"typedef struct thing { short k; [switch_is(k + 1)] union { [case(1)] BSTR b; }; } thing;",
     "    status = S_OK;\n"
     "    chosen = uvcom_bound(value->k, '+', 1, &status);\n"
     "    if (uvcom_visit_knows(visit, status)) {\n"
     "        switch (chosen) {\n"
     "        case 1:\n"
     "            uvcom_visit_bstr(visit, &value->b);\n"},
    {"typedef union u { [case(1)] BSTR b; [default] ; } u;"
     "typedef struct thing { [switch_is(*k)] u a; short *k; } thing;",
     "    uvcom_visit_pointer(visit, &value->k, 1, sizeof *value->k, NULL);\n"
     "    if (uvcom_visit_leads(visit, value->k, sizeof *value->k))\n"
     "        visit_u(visit, &value->a, *value->k);\n"},
    {"typedef [switch_type(unsigned hyper)] union u { [case(1)] BSTR b; [default] ; } u;"
     "typedef struct thing { unsigned hyper k; [switch_is(k)] u a; } thing;",
     "    visit_u(visit, &value->a, (LONGLONG)value->k);\n"},
};

START_TEST(a_union_is_a_switch)
{
    const char *text = written(unions[_i].types, "[in] thing *a");

    ck_assert_msg(strstr(text, unions[_i].expected) != NULL, "%s", text);
}
END_TEST

/* ---- which and in what order ---- */

START_TEST(a_plain_struct_has_no_visitor)
{
    const char *text = written("typedef struct thing { GUID a; double b[3]; } thing;",
                               "[in] thing *a, [out] thing *b");

    ck_assert_ptr_null(strstr(text, "visit_thing"));
    ck_assert_ptr_null(strstr(text, "struct uvcom_visit"));
}
END_TEST

START_TEST(a_visitor_is_written_once_and_before_who_calls_it)
{
    const char *text = written("typedef struct item { BSTR a; } item;"
                               "typedef struct pair { item a, b; } pair;",
                               "[in] pair *a, [in] item *b, [out] pair *c");

    ck_assert_uint_eq(count_of(text, "static void visit_item("), 1);
    ck_assert_uint_eq(count_of(text, "static void visit_pair("), 1);
    ck_assert(strstr(text, "static void visit_item(") < strstr(text, "static void visit_pair("));
    ck_assert_ptr_null(strstr(text, "void *data);"));
}
END_TEST

START_TEST(records_that_point_to_each_other_have_one_prototype)
{
    const char *text = written("struct b; typedef struct a { BSTR t; struct b *p; } a;"
                               "typedef struct b { a *p; struct b *q; } b;",
                               "[in] a *x, [in] b *y");

    ck_assert_uint_eq(count_of(text, "\nstatic void visit_a(struct uvcom_visit *visit, "
                                     "void *data);\n"),
                      1);
    ck_assert_uint_eq(count_of(text, "visit_b(struct uvcom_visit *visit, void *data);"), 0);
}
END_TEST

START_TEST(a_struct_with_an_open_end_says_how_long_it_is)
{
    const char *text = written("typedef struct blob { LONG n; [size_is(n)] BSTR data[]; } blob;",
                               "[in] blob *a, [out] blob **b");

    ck_assert_uint_eq(count_of(text, "static size_t size_of_blob(const blob *value, HRESULT *hr)"),
                      1);
    ck_assert_ptr_nonnull(strstr(text, "    size = uvcom_size(value->n, hr);\n"));
    ck_assert_ptr_nonnull(strstr(text, "    if (uvcom_visit_holds(visit, frame->b, size))\n"
                                       "        size = size_of_blob(frame->b, &visit->hr);\n"));
}
END_TEST

START_TEST(names_hide_nothing)
{
    const char *text = written("typedef struct count { BSTR *visit, *value; } count;"
                               "typedef struct data { count i; LONG visit_count; } data;"
                               "typedef LONG visit_data;",
                               "[in] data *a");

    ck_assert_ptr_nonnull(strstr(text, "static void visit_data_2(struct uvcom_visit *visit,"));
    ck_assert_ptr_nonnull(strstr(text, "    BSTR *visit_;\n"));
    ck_assert_ptr_nonnull(strstr(text, "    BSTR *value_;\n"));
    ck_assert_ptr_nonnull(strstr(text, "    size_t count_;\n"));
}
END_TEST

#define COUNT(table) (sizeof(table) / sizeof *(table))

static Suite *visit_suite(void)
{
    Suite *suite = suite_create("visit");
    TCase *tcase = tcase_create("visit");

    tcase_add_checked_fixture(tcase, NULL, teardown);
    tcase_add_loop_test(tcase, each_kind_of_field_has_its_visit, 0, COUNT(bodies));
    tcase_add_loop_test(tcase, a_union_is_a_switch, 0, COUNT(unions));
    tcase_add_test(tcase, a_plain_struct_has_no_visitor);
    tcase_add_test(tcase, a_visitor_is_written_once_and_before_who_calls_it);
    tcase_add_test(tcase, records_that_point_to_each_other_have_one_prototype);
    tcase_add_test(tcase, a_struct_with_an_open_end_says_how_long_it_is);
    tcase_add_test(tcase, names_hide_nothing);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(visit_suite)
