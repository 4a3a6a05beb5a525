/*
 * test_names.c -- the names that uvidl makes up, and that no two of them meet.
 */
#include <stdio.h>
#include <string.h>

#include "codegen/names.h"
#include "tests/support/runner.h"

static struct pool pool;
static struct names names;
static struct idl_file file;

static void setup(void)
{
    pool = (struct pool){0};
    file = (struct idl_file){.name = "Simple-Stream.v2.idl"};
    names_init(&names, &pool, &file);
}

static void teardown(void)
{
    ck_assert(!pool.failed);
    pool_fini(&pool);
}

static const struct {
    const char *name, *snake;
} snakes[] = {
    {"SimpleStream", "simple_stream"},
    {"HTTPServer2", "http_server2"},
    {"read", "read"},
    {"Get_It", "get_it"},
    {"ABC", "abc"},
    {"aB", "a_b"},
    {"X", "x"},
    {"", ""},
};

START_TEST(camel_case_becomes_snake_case)
{
    ck_assert_str_eq(snake_case(&pool, snakes[_i].name), snakes[_i].snake);
}
END_TEST

START_TEST(the_files_have_midl_s_names)
{
    ck_assert_str_eq(names.header, "Simple-Stream.v2.h");
    ck_assert_str_eq(names.ids, "Simple-Stream.v2_i.c");
    ck_assert_str_eq(names.calls, "Simple-Stream.v2_p.c");
    ck_assert_str_eq(names.guard, "__simple_stream_v2_h__");
    ck_assert_str_eq(names.include, "\"Simple-Stream.v2.h\"");
}
END_TEST

START_TEST(a_file_of_the_runtime_is_included_with_brackets)
{
    file.name = "unknwn.idl";
    file.is_system = true;
    names_init(&names, &pool, &file);
    ck_assert_str_eq(names.include, "<uvcom/unknwn.h>");
}
END_TEST

static const struct {
    const char *text;
    bool is_system, from_system;
    const char *include;
} imports[] = {
    {"foo.idl", false, false, "\"foo.h\""},     {"sub/foo.idl", false, false, "\"sub/foo.h\""},
    {"a.b/foo", false, false, "\"a.b/foo.h\""}, {"unknwn.idl", true, false, "<uvcom/unknwn.h>"},
    {"foo.idl", false, true, "<uvcom/foo.h>"},
};

START_TEST(an_import_becomes_an_include)
{
    struct idl_file imported = {.name = "x.idl", .is_system = imports[_i].is_system};
    struct declaration import = {.text = imports[_i].text, .imported = &imported};

    ck_assert_str_eq(import_include(&pool, &import, imports[_i].from_system), imports[_i].include);
}
END_TEST

START_TEST(a_name_that_is_taken_gets_a_number)
{
    ck_assert_str_eq(names_claim(&names, "a"), "a");
    ck_assert_str_eq(names_claim(&names, "a"), "a_2");
    ck_assert_str_eq(names_claim(&names, "a"), "a_3");
    ck_assert_str_eq(names_claim(&names, "a_2"), "a_2_2");
}
END_TEST

START_TEST(thousands_of_names_stay_apart)
{
    char name[16];

    for (int i = 0; i < 3000; i++) {
        snprintf(name, sizeof name, "x%d", i);
        ck_assert_str_eq(names_claim(&names, pool_string(&pool, name)), name);
    }
    ck_assert_str_eq(names_claim(&names, "x2999"), "x2999_2");
}
END_TEST

START_TEST(IFoo_and_Foo_do_not_meet)
{
    struct interface a = {.name = "IFoo"}, b = {.name = "Foo"}, c = {.name = "Inner"};

    ck_assert_str_eq(names_of_interface(&names, &a).prefix, "foo");
    ck_assert_str_eq(names_of_interface(&names, &b).prefix, "foo_2");
    ck_assert_str_eq(names_of_interface(&names, &b).constant, "FOO_3");
    ck_assert_str_eq(names_of_interface(&names, &c).prefix, "inner");
}
END_TEST

START_TEST(the_wrappers_of_IUnknown_come_before_methods)
{
    struct interface foo = {.name = "IFoo"};
    struct interface_names interface = names_of_interface(&names, &foo);

    ck_assert_str_eq(interface.proxy, "foo_proxy");
    ck_assert_str_eq(interface.call, "foo_call");
    ck_assert_str_eq(names_of_method(&names, &interface, "proxy_AddRef").frame,
                     "foo_proxy_AddRef_2");
    ck_assert_str_eq(names_of_method(&names, &interface, "call_Release").frame,
                     "foo_call_Release_2");
}
END_TEST

START_TEST(a_declared_wrapper_moves_all_three)
{
    struct interface foo = {.name = "IFoo"};

    names_claim(&names, "foo_proxy_AddRef");
    ck_assert_str_eq(names_of_interface(&names, &foo).proxy, "foo_proxy_2");
}
END_TEST

START_TEST(the_runtime_s_prefix_is_left_to_it)
{
    struct interface a = {.name = "IUvcom"}, b = {.name = "IUvcomRead"}, c = {.name = "Uvcoms"};

    ck_assert_str_eq(names_of_interface(&names, &a).prefix, "idl_uvcom");
    ck_assert_str_eq(names_of_interface(&names, &b).prefix, "idl_uvcom_read");
    ck_assert_str_eq(names_of_interface(&names, &c).prefix, "uvcoms");
}
END_TEST

START_TEST(a_parameter_hides_no_function)
{
    struct parameter other = {.name = "bar"}, number = {.name = "FOO_READ", .next = &other};
    struct parameter fill = {.name = "foo_Read_fill", .next = &number};
    struct method method = {.name = "Read", .parameters = &fill};
    struct interface base = {.name = "IBase", .methods = &method};
    struct interface foo = {.name = "IFoo", .base = &base}, bar = {.name = "IBar"};
    struct interface_names interface = names_of_interface(&names, &foo);
    struct method_names made = names_of_method(&names, &interface, "Read");

    ck_assert_str_eq(made.fill, "foo_Read_fill_2");
    ck_assert_str_eq(made.number, "FOO_READ_2");
    ck_assert_str_eq(names_of_interface(&names, &bar).prefix, "bar");
}
END_TEST

START_TEST(methods_that_would_meet_do_not)
{
    struct interface_names interface = {.prefix = "foo", .constant = "FOO"};
    struct method_names read = names_of_method(&names, &interface, "Read");
    struct method_names fill = names_of_method(&names, &interface, "Read_fill");
    struct method_names upper = names_of_method(&names, &interface, "READ");

    ck_assert_str_eq(read.frame, "foo_Read");
    ck_assert_str_eq(read.fill, "foo_Read_fill");
    ck_assert_str_eq(read.begin, "foo_Begin_Read");
    ck_assert_str_eq(read.number, "FOO_READ");
    ck_assert_str_ne(fill.frame, read.fill);
    ck_assert_str_ne(upper.number, read.number);
}
END_TEST

START_TEST(what_the_idl_declares_is_taken)
{
    struct enumerator enumerator = {.name = "FOO_READ"};
    struct enumeration enumeration = {.enumerators = &enumerator};
    struct type type = {.kind = TYPE_ENUM, .enumeration = &enumeration};
    struct declaration declaration = {.kind = DECL_TYPEDEF, .name = "foo_Read", .type = &type};
    struct interface_names interface = {.prefix = "foo", .constant = "FOO"};
    struct method_names made;

    file.declarations = &declaration;
    names_init(&names, &pool, &file);
    made = names_of_method(&names, &interface, "Read");
    ck_assert_str_eq(made.frame, "foo_Read_2");
    ck_assert_str_eq(made.number, "FOO_READ_2");
}
END_TEST

static Suite *names_suite(void)
{
    Suite *suite = suite_create("names");
    TCase *tcase = tcase_create("names");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, camel_case_becomes_snake_case, 0, sizeof snakes / sizeof *snakes);
    tcase_add_test(tcase, the_files_have_midl_s_names);
    tcase_add_test(tcase, a_file_of_the_runtime_is_included_with_brackets);
    tcase_add_loop_test(tcase, an_import_becomes_an_include, 0, sizeof imports / sizeof *imports);
    tcase_add_test(tcase, a_name_that_is_taken_gets_a_number);
    tcase_add_test(tcase, thousands_of_names_stay_apart);
    tcase_add_test(tcase, IFoo_and_Foo_do_not_meet);
    tcase_add_test(tcase, the_wrappers_of_IUnknown_come_before_methods);
    tcase_add_test(tcase, a_declared_wrapper_moves_all_three);
    tcase_add_test(tcase, the_runtime_s_prefix_is_left_to_it);
    tcase_add_test(tcase, a_parameter_hides_no_function);
    tcase_add_test(tcase, methods_that_would_meet_do_not);
    tcase_add_test(tcase, what_the_idl_declares_is_taken);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(names_suite)
