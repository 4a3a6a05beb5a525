/*
 * tests/idl/test_winrt_known.c -- IVector<T> and its kin, which IDL names and nobody defines.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "idl/ast_winrt.h"
#include "tests/idl/compile.h"
#include "tests/support/runner.h"

#define TOKEN "import \"inspectable.idl\";\n"
#define FOUNDATION "Windows.Foundation."
#define COLLECTIONS "Windows.Foundation.Collections."

#define SYSTEM_FOLDER UVCOM_TEST_SOURCE_DIR "/../../include/uvcom"

static struct idl *compile_with(const struct idl_options *options, const char *text)
{
    struct idl *idl = idl_create(options);

    enter_folder("ok");
    ck_assert_msg(idl_compile_text(idl, "test.idl", text, strlen(text)) == IDL_OK, "%s",
                  idl_messages(idl));
    return idl;
}

/* Compiles with the real files of the runtime, without a message. */
static struct idl *compile_known(const char *text)
{
    static const struct idl_options options = {.system_folder = SYSTEM_FOLDER};

    return compile_with(&options, text);
}

static struct idl *declare(const char *type)
{
    char text[2000];

    snprintf(text, sizeof text, TOKEN "namespace Shop { declare { interface %s; } }\n", type);
    return compile_known(text);
}

static const char *id_text(const struct guid *guid)
{
    static char text[40];
    const uint8_t *d = guid->data4;

    snprintf(text, sizeof text, "%08" PRIx32 "-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x",
             guid->data1, guid->data2, guid->data3, d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7]);
    return text;
}

/* The ids are those that Windows' own headers have: they prove the ids of the definitions. */
static const struct {
    const char *type, *name, *id;
} ids[] = {
    {FOUNDATION "IReferenceArray<INT32>", "__FIReferenceArray_1_int",
     "a6d080a5-b087-5bc2-9a9f-5cd687b4d1f7"},
    {FOUNDATION "IReference<INT32>", "__FIReference_1_int", "548cefbd-bc8a-5fa0-8df2-957440fc8bf4"},
    {FOUNDATION "EventHandler<IInspectable *>", "__FIEventHandler_1_IInspectable",
     "c50898f6-c536-5f47-8583-8b2c2438a13b"},
    {FOUNDATION "IAsyncOperation<boolean>", "__FIAsyncOperation_1_boolean",
     "cdb5efb3-5788-509d-9be1-71ccb8a3362a"},
    {FOUNDATION "IAsyncOperation<boolean>", "__FIAsyncOperationCompletedHandler_1_boolean",
     "c1d3d1a2-ae17-5a5f-b5a2-bdcc8844889a"},
    {FOUNDATION "IAsyncOperationWithProgress<UINT32, UINT32>",
     "__FIAsyncOperationWithProgress_2_UINT32_UINT32", "eccb574a-c684-5572-a679-6b0842cfb57f"},
    {FOUNDATION "IAsyncOperationWithProgress<UINT32, UINT32>",
     "__FIAsyncOperationProgressHandler_2_UINT32_UINT32", "ea0fe405-d432-5ac7-9ef8-5a65e1f97d7e"},
    {FOUNDATION "IAsyncOperationWithProgress<UINT32, UINT32>",
     "__FIAsyncOperationWithProgressCompletedHandler_2_UINT32_UINT32",
     "1e466dc5-840f-54f9-b877-5e3a9f4b6c74"},
    {FOUNDATION "IAsyncActionWithProgress<UINT64>",
     "__FIAsyncActionWithProgressCompletedHandler_1_UINT64",
     "e6ff857b-f160-571a-a934-2c61f98c862d"},
    {COLLECTIONS "IVector<IInspectable *>", "__FIVector_1_IInspectable",
     "b32bdca4-5e52-5b27-bc5d-d66a1a268c2a"},
    {COLLECTIONS "IVector<HSTRING>", "__FIVectorView_1_HSTRING",
     "2f13c006-a03a-5f69-b090-75a43e33423e"},
    {COLLECTIONS "IVector<HSTRING>", "__FIIterator_1_HSTRING",
     "8c304ebb-6615-50a4-8829-879ecd443236"},
    {COLLECTIONS "IObservableVector<IInspectable *>", "__FIObservableVector_1_IInspectable",
     "7b81c56a-0985-518d-baa9-0da9ae009f65"},
    {COLLECTIONS "IObservableVector<IInspectable *>", "__FVectorChangedEventHandler_1_IInspectable",
     "b423a801-d35e-56b9-813b-00889536cb98"},
    {COLLECTIONS "IObservableMap<HSTRING, IInspectable *>",
     "__FIObservableMap_2_HSTRING_IInspectable", "236aac9d-fb12-5c4d-a41c-9e445fb4d7ec"},
    {COLLECTIONS "IObservableMap<HSTRING, IInspectable *>",
     "__FMapChangedEventHandler_2_HSTRING_IInspectable", "24f981e5-ddca-538d-aada-a59906084cf1"},
    {COLLECTIONS "IObservableMap<HSTRING, IInspectable *>", "__FIMapChangedEventArgs_1_HSTRING",
     "60141efb-f2f9-5377-96fd-f8c60d9558b5"},
    {COLLECTIONS "IObservableMap<HSTRING, IInspectable *>", "__FIMap_2_HSTRING_IInspectable",
     "1b0d3570-0877-5ec2-8a2c-3b9539506aca"},
    {COLLECTIONS "IObservableMap<HSTRING, IInspectable *>", "__FIMapView_2_HSTRING_IInspectable",
     "bb78502a-f79d-54fa-92c9-90c5039fdf7e"},
    {COLLECTIONS "IObservableMap<HSTRING, IInspectable *>",
     "__FIKeyValuePair_2_HSTRING_IInspectable", "09335560-6c6b-5a26-9348-97b781132b20"},
};

START_TEST(an_instance_and_what_it_names_have_the_ids_of_windows)
{
    struct idl *idl = declare(ids[_i].type);
    const struct interface *interface = find_interface(idl, ids[_i].name);

    ck_assert(interface->is_complete);
    ck_assert_str_eq(id_text(&interface->uuid), ids[_i].id);
    idl_destroy(idl);
}
END_TEST

/* The slots behind those of the base, in their order. */
static const struct {
    const char *type, *name, *slots;
} tables[] = {
    {FOUNDATION "IReference<INT32>", "__FIReference_1_int", "get_Value/1"},
    {FOUNDATION "IReferenceArray<INT32>", "__FIReferenceArray_1_int", "get_Value/2"},
    {FOUNDATION "EventHandler<INT32>", "__FIEventHandler_1_int", "Invoke/2"},
    {FOUNDATION "TypedEventHandler<HSTRING, INT32>", "__FITypedEventHandler_2_HSTRING_int",
     "Invoke/2"},
    {FOUNDATION "IAsyncOperation<INT32>", "__FIAsyncOperation_1_int",
     "put_Completed/1 get_Completed/1 GetResults/1"},
    {FOUNDATION "IAsyncOperationWithProgress<INT32, UINT32>",
     "__FIAsyncOperationWithProgress_2_int_UINT32",
     "put_Progress/1 get_Progress/1 put_Completed/1 get_Completed/1 GetResults/1"},
    {FOUNDATION "IAsyncActionWithProgress<INT32>", "__FIAsyncActionWithProgress_1_int",
     "put_Progress/1 get_Progress/1 put_Completed/1 get_Completed/1 GetResults/0"},
    {COLLECTIONS "IIterator<INT32>", "__FIIterator_1_int",
     "get_Current/1 get_HasCurrent/1 MoveNext/1 GetMany/3"},
    {COLLECTIONS "IIterable<INT32>", "__FIIterable_1_int", "First/1"},
    {COLLECTIONS "IVectorView<INT32>", "__FIVectorView_1_int",
     "GetAt/2 get_Size/1 IndexOf/3 GetMany/4"},
    {COLLECTIONS "IVector<INT32>", "__FIVector_1_int",
     "GetAt/2 get_Size/1 GetView/1 IndexOf/3 SetAt/2 InsertAt/2 RemoveAt/1 Append/1 RemoveAtEnd/0 "
     "Clear/0 GetMany/4 ReplaceAll/2"},
    {COLLECTIONS "IKeyValuePair<HSTRING, INT32>", "__FIKeyValuePair_2_HSTRING_int",
     "get_Key/1 get_Value/1"},
    {COLLECTIONS "IMapView<HSTRING, INT32>", "__FIMapView_2_HSTRING_int",
     "Lookup/2 get_Size/1 HasKey/2 Split/2"},
    {COLLECTIONS "IMap<HSTRING, INT32>", "__FIMap_2_HSTRING_int",
     "Lookup/2 get_Size/1 HasKey/2 GetView/1 Insert/3 Remove/1 Clear/0"},
    {COLLECTIONS "IObservableVector<INT32>", "__FIObservableVector_1_int",
     "add_VectorChanged/2 remove_VectorChanged/1"},
    {COLLECTIONS "IObservableMap<HSTRING, INT32>", "__FIObservableMap_2_HSTRING_int",
     "add_MapChanged/2 remove_MapChanged/1"},
    {COLLECTIONS "IMapChangedEventArgs<HSTRING>", "__FIMapChangedEventArgs_1_HSTRING",
     "get_CollectionChange/1 get_Key/1"},
};

START_TEST(the_slots_of_an_instance_are_those_of_windows)
{
    struct idl *idl = declare(tables[_i].type);
    const struct interface *interface = find_interface(idl, tables[_i].name);
    char text[500] = "";
    size_t length = 0;

    for (const struct method *m = interface->methods; m; m = m->next) {
        unsigned count = 0;

        for (const struct parameter *p = m->parameters; p; p = p->next)
            count++;
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s/%u",
                                   length > 0 ? " " : "", m->name, count);
    }
    ck_assert_str_eq(text, tables[_i].slots);
    idl_destroy(idl);
}
END_TEST

static unsigned count_imports(const struct idl *idl, const char *name)
{
    unsigned count = 0;

    for (const struct declaration *d = idl_main_file(idl)->declarations; d; d = d->next)
        if (d->kind == DECL_IMPORT && strcmp(d->text, name) == 0)
            count++;
    return count;
}

START_TEST(a_file_that_names_one_imports_what_that_needs_once)
{
    struct idl *idl =
        compile_known(TOKEN "import \"eventtoken.idl\";\n"
                            "namespace Shop { declare { interface " COLLECTIONS
                            "IVector<HSTRING>; interface " FOUNDATION "IReference<INT32>; } }\n");

    ck_assert_uint_eq(count_imports(idl, "inspectable.idl"), 1);
    ck_assert_uint_eq(count_imports(idl, "asyncinfo.idl"), 1);
    ck_assert_uint_eq(count_imports(idl, "eventtoken.idl"), 1);
    ck_assert_uint_eq(count_imports(idl, "ivectorchangedeventargs.idl"), 1);
    ck_assert_uint_eq(count_imports(idl, "parameterized.idl"), 0);
    idl_destroy(idl);
}
END_TEST

START_TEST(a_file_that_names_none_has_no_further_imports)
{
    struct idl *idl = compile_known(TOKEN "namespace Shop { struct Price { INT32 Cents; }; }\n");

    ck_assert_uint_eq(count_imports(idl, "inspectable.idl"), 1);
    ck_assert_uint_eq(count_imports(idl, "asyncinfo.idl"), 0);
    idl_destroy(idl);
}
END_TEST

/* A vector of the user's own, which is shorter. */
#define OWN_VECTOR                                                                                 \
    "namespace Windows.Foundation.Collections {\n"                                                 \
    "[uuid(913337e9-11a1-4345-a3a2-4e7f956e222d)] interface IVector<T> : IInspectable {\n"         \
    "HRESULT Own([in] T value); }\n"                                                               \
    "}\n"

START_TEST(a_definition_of_the_users_own_that_stands_before_wins)
{
    struct idl *idl =
        compile_known(TOKEN OWN_VECTOR "namespace Shop { declare { interface " COLLECTIONS
                                       "IObservableVector<HSTRING>; interface " COLLECTIONS
                                       "IVector<HSTRING>; } }\n");

    ck_assert_str_eq(find_interface(idl, "__FIVector_1_HSTRING")->methods->name, "Own");
    ck_assert(find_interface(idl, "__FIObservableVector_1_HSTRING")->is_complete);
    idl_destroy(idl);
}
END_TEST

START_TEST(a_definition_of_the_users_own_that_comes_late_is_no_second_one)
{
    struct idl *idl = compile_known(TOKEN "namespace Shop { declare { interface " COLLECTIONS
                                          "IVector<HSTRING>; } }\n" OWN_VECTOR);

    ck_assert_str_eq(find_interface(idl, "__FIVector_1_HSTRING")->methods->name, "GetAt");
    idl_destroy(idl);
}
END_TEST

START_TEST(what_a_definition_of_the_users_own_names_does_not_unfold)
{
    struct idl *idl = compile_known(
        TOKEN "namespace Shop {\n"
              "[uuid(7f3a1c10-2222-4000-8000-000000000001)] interface IBox<T> : IInspectable {\n"
              "HRESULT Grow([out, retval] IBox<" COLLECTIONS "IVector<T> *> **value); }\n"
              "declare { interface IBox<INT32>; }\n"
              "}\n");

    ck_assert(find_interface(idl, "__FIBox_1_int")->is_complete);
    ck_assert(!find_interface(idl, "__FIBox_1___FIVector_1_int")->is_complete);
    ck_assert(!find_interface(idl, "__FIVector_1_int")->is_complete);
    idl_destroy(idl);
}
END_TEST

/* If its IVector<T> were taken for the front end's own, this had no end. */
START_TEST(a_definition_of_the_users_own_may_grow_beside_those_that_are_known)
{
    struct idl *idl = compile_known(
        TOKEN "namespace Windows.Foundation.Collections {\n"
              "[uuid(913337e9-11a1-4345-a3a2-4e7f956e222d)] interface IVector<T> : IInspectable {\n"
              "HRESULT Grow([out, retval] IVector<IVector<T> *> **value); }\n"
              "declare { interface IObservableVector<INT32>; interface IVector<INT32>; }\n"
              "}\n");

    ck_assert(find_interface(idl, "__FIVector_1_int")->is_complete);
    ck_assert(!find_interface(idl, "__FIVector_1___FIVector_1_int")->is_complete);
    idl_destroy(idl);
}
END_TEST

START_TEST(an_import_behind_the_first_use_is_not_there_twice)
{
    struct idl *idl = compile_known(TOKEN "namespace Shop { declare { interface " COLLECTIONS
                                          "IVector<HSTRING>; } }\n"
                                          "import \"asyncinfo.idl\";\n");

    ck_assert_uint_eq(count_imports(idl, "asyncinfo.idl"), 1);
    ck_assert_uint_eq(count_imports(idl, "eventtoken.idl"), 1);
    idl_destroy(idl);
}
END_TEST

START_TEST(a_file_in_a_folder_of_the_users_wins_over_the_runtimes)
{
    const char *folders[] = {UVCOM_TEST_SOURCE_DIR "/sdk", NULL};
    const struct idl_options options = {.system_folder = SYSTEM_FOLDER, .folders = folders};
    struct idl *idl = compile_with(&options, "import \"asyncinfo.idl\";\n"
                                             "namespace Shop { declare { interface " FOUNDATION
                                             "IReference<INT32>; } }\n");
    const struct interface *interface = find_interface(idl, "__FIReference_1_int");

    ck_assert_str_eq(interface->base->methods->name, "Mine");
    idl_destroy(idl);
}
END_TEST

START_TEST(an_attribute_without_a_body_ends_with_its_namespace)
{
    check_error("namespace Shop { attribute }\nstruct S { int a; };",
                "test.idl:1:28: error: expected ';' at the end but found '}' [expected-token]");
}
END_TEST

START_TEST(a_struct_in_a_namespace_cannot_contain_itself)
{
    check_message("namespace Shop { struct Outer; struct Inner { Outer outer; };\n"
                  "struct Outer { Inner inner; }; }",
                  "would contain itself [incomplete-type]");
}
END_TEST

START_TEST(the_runtimes_own_namespaces_can_be_imported)
{
    struct idl *idl = compile_known(
        "import \"windows.foundation.idl\", \"activation.idl\";\n"
        "namespace Shop {\n"
        "[object, uuid(7f3a1c10-2222-4000-8000-000000000001)] interface IShop : IInspectable {\n"
        "HRESULT Where([out, retval] Windows.Foundation.Uri **value);\n"
        "HRESULT When([in] Windows.Foundation.DateTime value); }\n"
        "}\n");

    ck_assert(find_interface(idl, "__x_ABI_CShop_CIShop")->is_complete);
    idl_destroy(idl);
}
END_TEST

START_TEST(a_value_of_an_enum_may_name_one_before_it)
{
    struct idl *idl = compile_known(
        TOKEN "namespace Shop {\n"
              "[flags] enum Mark { One = 1, Two = 2, Both = One | Two, All = Both | 4 };\n"
              "enum Other { One = 7, Next = One + 1 };\n"
              "}\n");
    int64_t expected[] = {1, 2, 3, 7, 7, 8};
    size_t at = 0;

    for (const struct declaration *d = idl_main_file(idl)->declarations; d; d = d->next)
        if (d->kind == DECL_TYPE)
            for (const struct enumerator *e = d->type->enumeration->enumerators; e; e = e->next)
                ck_assert_int_eq(e->number, expected[at++]);
    ck_assert_uint_eq(at, sizeof expected / sizeof *expected);
    idl_destroy(idl);
}
END_TEST

static Suite *known_suite(void)
{
    Suite *suite = suite_create("winrt_known");
    TCase *cases = tcase_create("definitions");

    tcase_add_loop_test(cases, an_instance_and_what_it_names_have_the_ids_of_windows, 0,
                        (int)(sizeof ids / sizeof *ids));
    tcase_add_loop_test(cases, the_slots_of_an_instance_are_those_of_windows, 0,
                        (int)(sizeof tables / sizeof *tables));
    tcase_add_test(cases, a_file_that_names_one_imports_what_that_needs_once);
    tcase_add_test(cases, a_file_that_names_none_has_no_further_imports);
    tcase_add_test(cases, a_definition_of_the_users_own_that_stands_before_wins);
    tcase_add_test(cases, a_definition_of_the_users_own_that_comes_late_is_no_second_one);
    tcase_add_test(cases, what_a_definition_of_the_users_own_names_does_not_unfold);
    tcase_add_test(cases, a_definition_of_the_users_own_may_grow_beside_those_that_are_known);
    tcase_add_test(cases, an_import_behind_the_first_use_is_not_there_twice);
    tcase_add_test(cases, a_file_in_a_folder_of_the_users_wins_over_the_runtimes);
    tcase_add_test(cases, an_attribute_without_a_body_ends_with_its_namespace);
    tcase_add_test(cases, a_struct_in_a_namespace_cannot_contain_itself);
    tcase_add_test(cases, the_runtimes_own_namespaces_can_be_imported);
    tcase_add_test(cases, a_value_of_an_enum_may_name_one_before_it);
    suite_add_tcase(suite, cases);
    return suite;
}

UVCOM_TEST_MAIN(known_suite)
