/*
 * tests/idl/test_sema.c -- rules of meaning: what is accepted, what is resolved, and the rules of
 * derivation that refuse something. Most refusals are files in bad/ (see test_diag.c).
 */
#include <stdio.h>
#include <string.h>

#include "tests/idl/compile.h"
#include "tests/support/runner.h"

START_TEST(an_interface_may_be_used_before_it_is_declared)
{
    struct idl *idl = compile_clean(OBJECT_IDL "{ HRESULT A([in] ILate *late); }\n"
                                               "[local] interface ILate : IFoo {}");
    const struct parameter *late =
        find_parameter(find_method(find_interface(idl, "IFoo"), "A"), "late");

    ck_assert(type_is_interface_pointer(late->type));
    ck_assert_ptr_eq(late->type->target->interface, find_interface(idl, "ILate"));
    ck_assert(late->type->target->interface->is_complete);
    idl_destroy(idl);
}
END_TEST

START_TEST(pointers_are_ref_at_the_top_of_a_parameter_and_unique_below)
{
    struct idl *idl = compile_clean(OBJECT_IDL "{ HRESULT A([in] long **p, [in] IUnknown *u,\n"
                                               "[in, ptr] long *f, [out] IUnknown **o); }");
    const struct method *method = find_method(find_interface(idl, "IFoo"), "A");
    const struct type *p = find_parameter(method, "p")->type;

    ck_assert_int_eq(p->pointer, POINTER_REF);
    ck_assert_int_eq(p->target->pointer, POINTER_UNIQUE);
    ck_assert_int_eq(find_parameter(method, "u")->type->pointer, POINTER_UNIQUE);
    ck_assert_int_eq(find_parameter(method, "f")->type->pointer, POINTER_FULL);
    ck_assert_int_eq(find_parameter(method, "o")->type->pointer, POINTER_REF);
    ck_assert_int_eq(find_parameter(method, "o")->type->target->pointer, POINTER_UNIQUE);
    idl_destroy(idl);
}
END_TEST

START_TEST(pointer_default_holds_below_the_top_and_in_structs)
{
    struct idl *idl =
        compile_clean(UNKNOWN_IDL "[object, uuid(" UUID_1 "), pointer_default(ref)]\n"
                                  "interface IFoo : IUnknown { struct S { long *p; };\n"
                                  "HRESULT A([in] long **p); }\n");
    const struct interface *interface = find_interface(idl, "IFoo");
    const struct type *p = find_parameter(find_method(interface, "A"), "p")->type;

    ck_assert_int_eq(p->target->pointer, POINTER_REF);
    ck_assert_int_eq(interface->declarations->type->record->fields->type->pointer, POINTER_REF);
    idl_destroy(idl);
}
END_TEST

START_TEST(a_pointer_hidden_in_a_typedef_is_ref_at_the_top_too)
{
    struct idl *idl = compile_clean(
        "typedef [unique] long *OWN;\n" OBJECT_IDL
        "{ HRESULT A([in] LPWSTR a, [in, unique] LPWSTR b, [in] OWN c, [in] LPWSTR *d); }");
    const struct method *method = find_method(find_interface(idl, "IFoo"), "A");

    ck_assert_int_eq(type_resolve(find_parameter(method, "a")->type)->pointer, POINTER_REF);
    ck_assert_int_eq(type_resolve(find_parameter(method, "b")->type)->pointer, POINTER_UNIQUE);
    ck_assert_int_eq(type_resolve(find_parameter(method, "c")->type)->pointer, POINTER_UNIQUE);
    ck_assert_int_eq(type_resolve(find_parameter(method, "d")->type->target)->pointer,
                     POINTER_UNIQUE);
    idl_destroy(idl);
}
END_TEST

START_TEST(a_range_holds_for_integers_and_for_what_points_to_them)
{
    idl_destroy(
        compile_clean("enum e { ONE = 1 };\n"
                      "typedef [range(0, 4)] long SMALL;\n"
                      "struct s { [range(ONE, 2 * 4)] unsigned hyper n; [range(-1, -1)] SMALL "
                      "a[3]; };\n" OBJECT_IDL
                      "{ HRESULT A([in, range(1, 9)] const long *p, [in, range(1, 1)] enum e e,\n"
                      "[in, out, range('a', 'z')] char *c); }"));
}
END_TEST

START_TEST(iid_is_takes_a_pointer_to_an_id_or_the_address_of_one)
{
    idl_destroy(compile_clean(
        OBJECT_IDL "{ typedef struct s { IID id; const IID *p; [iid_is(&id)] IUnknown *a;\n"
                   "[iid_is(p)] IUnknown *b; } s; HRESULT A([in] REFIID riid, [in] IID id,\n"
                   "[out, iid_is(riid)] void **a, [in, iid_is(&id)] IUnknown *b); }"));
}
END_TEST

/* A tag is read as 64 bits, so that nothing is lost. */
static const struct {
    const char *tag, *warning;
} tags[] = {
    {"[in] short", NULL},
    {"[in] short *", NULL},
    {"[in] enum e", NULL},
    {"[in] long", "the tag has 32 bits, but the union's switch_type has 16 [tag-type]"},
    {"[in] unsigned short",
     "the tag has 16 bits without sign, but the union's switch_type has 16 [tag-type]"},
    {"[in] hyper *", "the tag has 64 bits, but the union's switch_type has 16 [tag-type]"},
};

START_TEST(a_tag_of_another_type_than_the_union_s_is_a_warning)
{
    static const char types[] = "enum e { ONE };\n"
                                "typedef [switch_type(short)] union U { [case(1)] long a; } U;\n";
    char text[1000];
    struct idl *idl;

    snprintf(text, sizeof text,
             "%s" OBJECT_IDL "{ HRESULT A(%s tag, [in, switch_is(%stag)] U *u); }", types,
             tags[_i].tag, strchr(tags[_i].tag, '*') ? "*" : "");
    idl = compile(text);
    ck_assert_uint_eq(idl_error_count(idl), 0);
    if (tags[_i].warning)
        ck_assert_msg(strstr(idl_messages(idl), tags[_i].warning) != NULL, "%s", idl_messages(idl));
    else
        ck_assert_str_eq(idl_messages(idl), "");
    idl_destroy(idl);
}
END_TEST

START_TEST(der_01_async_uuid_makes_a_second_interface)
{
    struct idl *idl = compile_clean(ASYNC_IDL "{ HRESULT A(); }");
    const struct interface *interface = find_interface(idl, "IFoo");

    ck_assert(interface->has_async_uuid);
    ck_assert_uint_eq(interface->uuid.data4[7], 0x01);
    ck_assert_uint_eq(interface->async_uuid.data4[7], 0x02);
    ck_assert_ptr_nonnull(interface->async);
    ck_assert_str_eq(interface->async->name, "AsyncIFoo");
    ck_assert_ptr_eq(interface->async->of, interface);
    idl_destroy(idl);
}
END_TEST

START_TEST(der_04_a_parameter_without_direction_is_in)
{
    struct idl *idl = compile_clean(OBJECT_IDL "{ HRESULT A(long a, [unique] long *b); }");
    const struct method *method = find_method(find_interface(idl, "IFoo"), "A");

    ck_assert(method->parameters->is_in && !method->parameters->is_out);
    ck_assert(method->parameters->next->is_in && !method->parameters->next->is_out);
    idl_destroy(idl);
}
END_TEST

START_TEST(der_06_void_is_accepted_with_a_warning_and_long_is_refused)
{
    struct idl *idl = compile(ASYNC_IDL "{ void A(); SCODE B(); }");

    ck_assert_ptr_nonnull(strstr(idl_messages(idl), "warning: Begin_A returns void"));
    ck_assert_uint_eq(idl_error_count(idl), 0);
    ck_assert_ptr_nonnull(find_interface(idl, "IFoo")->async);
    idl_destroy(idl);
    check_error(ASYNC_IDL "{ LONG A(); }",
                "test.idl:2:137: error: under async_uuid a method returns HRESULT; 'A' does not "
                "[bad-return-type]");
}
END_TEST

START_TEST(der_07_asynciunknown_is_declared_by_hand)
{
    idl_destroy(compile_clean(UNKNOWN_IDL
                              "[object, local, uuid(000e0000-0000-0000-C000-000000000046)]\n"
                              "interface AsyncIUnknown : IUnknown { ULONG Finish_AddRef(); }"));
    check_message(UNKNOWN_IDL "[local] interface AsyncIUnknown : IUnknown {}\n"
                              "[local] interface IFoo : AsyncIUnknown {}",
                  "[async-base]");
}
END_TEST

START_TEST(der_08_and_13_sizes_must_be_known_to_begin)
{
    check_message(ASYNC_IDL "{ HRESULT A([out, size_is(*n)] BYTE *p, [out] ULONG *n); }",
                  "'n' is [out] only, so Begin_A could not know the size of 'p'; say how much room "
                  "there is with an "
                  "[in] parameter, and how much was written with length_is(*n) [async-size]");
    check_message(ASYNC_IDL "{ HRESULT A([out, size_is(*n)] BYTE **p, [out] ULONG *n); }",
                  "the size of 'p'; write size_is(, *n) if the server allocates it [async-size]");
    check_error(ASYNC_IDL "{ HRESULT A([out, size_is(n)] BYTE **p, [out] ULONG *n); }",
                "test.idl:2:156: error: 'size_is' needs an integer, and 'n' points to one; did you "
                "mean *n? [size-is-not-integer]");
    idl_destroy(compile_clean(ASYNC_IDL
                              "{ HRESULT A([out, size_is(*n)] BYTE *p, [in, out] ULONG *n);\n"
                              "HRESULT B([out, size_is(4)] BYTE *p);\n"
                              "HRESULT C([out, size_is(, *n)] BYTE **p, [out] ULONG *n); }"));
    /* Without an asynchronous twin nobody needs the size early. */
    idl_destroy(
        compile_clean(OBJECT_IDL "{ HRESULT A([out, size_is(*n)] BYTE *p, [out] ULONG *n); }"));
}
END_TEST

START_TEST(der_08_what_the_server_decides_may_come_out)
{
    idl_destroy(compile_clean(
        ASYNC_IDL "{ HRESULT A([out, size_is(4), length_is(*n), first_is(*f)] BYTE *p,\n"
                  "[out] ULONG *n, [out] ULONG *f);\n"
                  "HRESULT B([in, out, size_is(*n), length_is(*n)] BYTE *p, [in, out] ULONG *n);\n"
                  "HRESULT C([in] REFIID riid, [out, iid_is(riid)] void **p); }"));
    check_message(ASYNC_IDL "{ HRESULT A([out] GUID *id, [out, iid_is(id)] void **p); }",
                  "could not know the interface of 'p' [async-size]");
}
END_TEST

START_TEST(der_09_the_base_is_iunknown_or_asynchronous_too)
{
    struct idl *idl = compile_clean(
        ASYNC_IDL "{}\n[object, uuid(6a1d7c02-5b0e-4f53-9a77-0c1d1f2f6b03),\n"
                  "async_uuid(6a1d7c02-5b0e-4f53-9a77-0c1d1f2f6b04)] interface IBar : IFoo {}");
    const struct interface *bar = find_interface(idl, "IBar");

    ck_assert_ptr_eq(bar->async->base, find_interface(idl, "IFoo")->async);
    ck_assert_ptr_null(find_interface(idl, "IFoo")->async->base);
    idl_destroy(idl);
    check_message(OBJECT_IDL "{}\n[object, uuid(6a1d7c02-5b0e-4f53-9a77-0c1d1f2f6b03),\n"
                             "async_uuid(6a1d7c02-5b0e-4f53-9a77-0c1d1f2f6b04)]\n"
                             "interface IBar : IFoo {}",
                  "test.idl:5:18: error: 'IFoo' has no async_uuid");
}
END_TEST

START_TEST(der_10_nobody_derives_from_an_async_interface_by_hand)
{
    check_message(ASYNC_IDL "{}\n[local] interface IBar : AsyncIFoo {}",
                  "test.idl:3:26: error: no interface may derive from an asynchronous one");
}
END_TEST

START_TEST(der_11_idispatch_dual_and_async_uuid_exclude_each_other)
{
    check_message(UNKNOWN_IDL "[object, uuid(" UUID_1 "), async_uuid(" UUID_2 ")]\n"
                              "interface IFoo : IDispatch {}",
                  "[async-base]");
    check_message(UNKNOWN_IDL "[object, dual, uuid(" UUID_1 "), async_uuid(" UUID_2 ")]\n"
                              "interface IFoo : IUnknown {}",
                  "'async_uuid' and 'dual' exclude each other [attribute-conflict]");
}
END_TEST

START_TEST(names_in_size_is_are_parameters_first)
{
    struct idl *idl = compile_clean("const long n = 3;\n" OBJECT_IDL
                                    "{ HRESULT A([in, size_is(n + 1)] BYTE *p, [in] ULONG n);\n"
                                    "HRESULT B([in, size_is(n + 1)] BYTE *p); }");
    const struct interface *interface = find_interface(idl, "IFoo");
    const struct expr *a = find_method(interface, "A")->parameters->attributes->next->args[0];
    const struct expr *b = find_method(interface, "B")->parameters->attributes->next->args[0];

    ck_assert_ptr_eq(a->left->parameter, find_method(interface, "A")->parameters->next);
    ck_assert(!a->is_constant);
    ck_assert_ptr_nonnull(b->left->constant);
    ck_assert(b->is_constant);
    ck_assert_int_eq(b->value, 4);
    idl_destroy(idl);
}
END_TEST

START_TEST(a_result_that_is_no_hresult_deserves_a_warning)
{
    struct idl *idl = compile(OBJECT_IDL "{ LONG A(); [local] LONG B(); }");

    ck_assert_uint_eq(idl_error_count(idl), 0);
    ck_assert_ptr_nonnull(strstr(idl_messages(idl), "warning: 'A' does not return HRESULT"));
    ck_assert_ptr_null(strstr(idl_messages(idl), "'B'"));
    idl_destroy(idl);
}
END_TEST

START_TEST(a_parameter_that_is_called_as_a_type_has_another_name_in_c)
{
    struct idl *idl = compile_clean(
        "enum color { RED };\ntypedef struct value { long a; } value;\n" OBJECT_IDL
        "{ HRESULT A([in] long value, [in] const value *value_, [out] long *RED, [in] long free,\n"
        "[in] long late, [in] long IFoo); }\ntypedef long late;");
    static const char *const names[] = {"value__", "value_", "RED_", "free", "late_", "IFoo_"};
    const struct parameter *p = find_method(find_interface(idl, "IFoo"), "A")->parameters;

    ck_assert_str_eq(p->idl_name, "value");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++, p = p->next)
        ck_assert_str_eq(p->name, names[i]);
    ck_assert_ptr_null(p);
    idl_destroy(idl);
}
END_TEST

static Suite *sema_suite(void)
{
    Suite *suite = suite_create("sema");
    TCase *types = tcase_create("types");
    TCase *derivation = tcase_create("derivation");

    tcase_add_test(types, an_interface_may_be_used_before_it_is_declared);
    tcase_add_test(types, pointers_are_ref_at_the_top_of_a_parameter_and_unique_below);
    tcase_add_test(types, pointer_default_holds_below_the_top_and_in_structs);
    tcase_add_test(types, a_pointer_hidden_in_a_typedef_is_ref_at_the_top_too);
    tcase_add_test(types, names_in_size_is_are_parameters_first);
    tcase_add_test(types, a_range_holds_for_integers_and_for_what_points_to_them);
    tcase_add_loop_test(types, a_tag_of_another_type_than_the_union_s_is_a_warning, 0,
                        sizeof tags / sizeof *tags);
    tcase_add_test(types, iid_is_takes_a_pointer_to_an_id_or_the_address_of_one);
    tcase_add_test(types, a_parameter_that_is_called_as_a_type_has_another_name_in_c);
    tcase_add_test(types, a_result_that_is_no_hresult_deserves_a_warning);
    suite_add_tcase(suite, types);
    tcase_add_test(derivation, der_01_async_uuid_makes_a_second_interface);
    tcase_add_test(derivation, der_04_a_parameter_without_direction_is_in);
    tcase_add_test(derivation, der_06_void_is_accepted_with_a_warning_and_long_is_refused);
    tcase_add_test(derivation, der_07_asynciunknown_is_declared_by_hand);
    tcase_add_test(derivation, der_08_and_13_sizes_must_be_known_to_begin);
    tcase_add_test(derivation, der_08_what_the_server_decides_may_come_out);
    tcase_add_test(derivation, der_09_the_base_is_iunknown_or_asynchronous_too);
    tcase_add_test(derivation, der_10_nobody_derives_from_an_async_interface_by_hand);
    tcase_add_test(derivation, der_11_idispatch_dual_and_async_uuid_exclude_each_other);
    suite_add_tcase(suite, derivation);
    return suite;
}

UVCOM_TEST_MAIN(sema_suite)
