/*
 * tests/idl/test_winrt.c -- names in namespaces, and the ids of parameterized interfaces.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idl/ast_winrt.h"
#include "idl/sha1.h"
#include "tests/idl/compile.h"
#include "tests/support/runner.h"

static void check_sha1(const char *text, size_t times, const char *expected)
{
    uint8_t digest[SHA1_BYTES];
    char hex[2 * SHA1_BYTES + 1];
    struct sha1 sha1;

    sha1_init(&sha1);
    for (size_t i = 0; i < times; i++)
        sha1_add(&sha1, text, strlen(text));
    sha1_end(&sha1, digest);
    for (size_t i = 0; i < SHA1_BYTES; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    ck_assert_str_eq(hex, expected);
}

/* FIPS 180 has these. */
START_TEST(sha1_gives_the_published_digests)
{
    check_sha1("", 1, "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    check_sha1("abc", 1, "a9993e364706816aba3e25717850c26c9cd0d89d");
    check_sha1("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
               "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
    check_sha1("aaaaaaaaaa", 100000, "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
}
END_TEST

#define BEGINNING                                                                                  \
    "import \"part/inspectable.idl\";\n"                                                           \
    "namespace Windows.Foundation {\n"                                                             \
    "[uuid(61c17706-2d65-11e0-9ae8-d48564015472)] interface IReference<T> : IInspectable {}\n"     \
    "[uuid(9fc2b0bb-e446-44e2-aa61-9cab8f636af2)] interface IAsyncOperation<T> : IInspectable "    \
    "{}\n"                                                                                         \
    "[uuid(9de1c535-6ae1-11e0-84e1-18a905bcc53f)] delegate HRESULT EventHandler<T>([in] T t);\n"   \
    "[uuid(9de1c534-6ae1-11e0-84e1-18a905bcc53f)]\n"                                               \
    "delegate HRESULT TypedEventHandler<S, T>([in] S s, [in] T t);\n"                              \
    "struct Point { FLOAT X; FLOAT Y; };\n"                                                        \
    "enum PropertyType { Empty, UInt8 };\n"                                                        \
    "struct Color { BYTE A; };\n"                                                                  \
    "namespace Collections {\n"                                                                    \
    "[uuid(6a79e863-4300-459a-9966-cbb660963ee1)] interface IIterator<T> : IInspectable {}\n"      \
    "[uuid(faa585ea-6214-4217-afda-7f46de5869b3)] interface IIterable<T> : IInspectable {}\n"      \
    "[uuid(02b51929-c1c4-4a7e-8940-0312b5c18500)] interface IKeyValuePair<K, V> : IInspectable "   \
    "{}\n"                                                                                         \
    "[uuid(3c2925fe-8519-45c1-aa79-197b6718c1c1)] interface IMap<K, V> : IInspectable {}\n"        \
    "[uuid(913337e9-11a1-4345-a3a2-4e7f956e222d)] interface IVector<T> : IInspectable {}\n"        \
    "}\n"                                                                                          \
    "declare { interface "
#define END "; }\n}\n"

struct known {
    const char *type, *name, *id;
};

/* The ids and names are those that Windows' own headers have. */
static const struct known known[] = {
    {"Collections.IIterable<HSTRING>", "__FIIterable_1_HSTRING",
     "e2fcc7c1-3bfc-5a0b-b2b0-72e769d1cb7e"},
    {"Collections.IIterator<HSTRING>", "__FIIterator_1_HSTRING",
     "8c304ebb-6615-50a4-8829-879ecd443236"},
    {"Collections.IVector<HSTRING>", "__FIVector_1_HSTRING",
     "98b9acc1-4b56-532e-ac73-03d5291cca90"},
    {"Collections.IMap<HSTRING, IInspectable *>", "__FIMap_2_HSTRING_IInspectable",
     "1b0d3570-0877-5ec2-8a2c-3b9539506aca"},
    {"Collections.IIterable<Collections.IKeyValuePair<HSTRING, IInspectable *> *>",
     "__FIIterable_1___FIKeyValuePair_2_HSTRING_IInspectable",
     "fe2f3d47-5d47-5499-8374-430c7cda0204"},
    {"IReference<INT32>", "__FIReference_1_int", "548cefbd-bc8a-5fa0-8df2-957440fc8bf4"},
    {"IReference<boolean>", "__FIReference_1_boolean", "3c00fd60-2950-5939-a21a-2d12c5a01b8a"},
    {"IReference<INT64>", "__FIReference_1___z__zint64", "4dda9e24-e69f-5c6a-a0a6-93427365af2a"},
    {"IReference<double>", "__FIReference_1_double", "2f2d6c29-5473-5f3e-92e7-96572bb990e2"},
    {"IReference<GUID>", "__FIReference_1_GUID", "7d50f649-632c-51f9-849a-ee49428933ea"},
    {"IReference<Point>", "__FIReference_1_Windows__CFoundation__CPoint",
     "84f14c22-a00a-5272-8d3d-82112e66df00"},
    {"IReference<PropertyType>", "__FIReference_1_Windows__CFoundation__CPropertyType",
     "ecebde54-fac0-5aeb-9ba9-9e1fe17e31d5"},
    {"IAsyncOperation<boolean>", "__FIAsyncOperation_1_boolean",
     "cdb5efb3-5788-509d-9be1-71ccb8a3362a"},
    {"EventHandler<IInspectable *>", "__FIEventHandler_1_IInspectable",
     "c50898f6-c536-5f47-8583-8b2c2438a13b"},
};

static const struct interface *last_interface(const struct idl_file *file)
{
    const struct interface *last = NULL;

    for (const struct declaration *d = file->declarations; d; d = d->next)
        if (d->kind == DECL_INTERFACE)
            last = d->interface;
    return last;
}

static void check_id(const struct guid *guid, const char *expected)
{
    const uint8_t *d = guid->data4;
    char text[40];

    snprintf(text, sizeof text, "%08" PRIx32 "-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x",
             guid->data1, guid->data2, guid->data3, d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7]);
    ck_assert_str_eq(text, expected);
}

START_TEST(an_instance_has_the_id_and_the_name_of_windows)
{
    const struct known *row = &known[_i];
    const struct interface *interface;
    struct idl *idl = idl_create(test_options());
    char text[4000];
    int length;

    length = snprintf(text, sizeof text, BEGINNING "%s" END, row->type);
    enter_folder("ok");
    ck_assert_msg(idl_compile_text(idl, "test.idl", text, (size_t)length) == IDL_OK, "%s",
                  idl_messages(idl));
    interface = find_interface(idl, row->name);
    check_id(&interface->uuid, row->id);
    idl_destroy(idl);
}
END_TEST

/* pragma and option -> names of an interface in C and C++, and of an instance */
static const struct {
    const char *pragma;
    enum ns_prefix prefix;
    const char *c, *cpp, *instance;
} prefixes[] = {
    {"", NS_PREFIX_ALWAYS, "__x_ABI_CA_CB__z1_CIFoo", "ABI::A::B_1::IFoo",
     "__FIBox_1_A__CB__z1__CColor"},
    {"", NS_PREFIX_OPTIONAL, "__x_ABI_CA_CB__z1_CIFoo", "ABI::A::B_1::IFoo",
     "__FIBox_1_A__CB__z1__CColor"},
    {"", NS_PREFIX_NEVER, "__x_A_CB__z1_CIFoo", "A::B_1::IFoo", "__FIBox_1_A__CB__z1__CColor"},
    {"#pragma winrt ns_prefix\n", NS_PREFIX_NEVER, "__x_ABI_CA_CB_1_CIFoo", "ABI::A::B_1::IFoo",
     "__FIBox_1_Color"},
    {"#pragma winrt\n", NS_PREFIX_ALWAYS, "__x_A_CB_1_CIFoo", "A::B_1::IFoo", "__FIBox_1_Color"},
};

START_TEST(a_pragma_or_an_option_says_how_names_begin)
{
    static const char body[] =
        "import \"part/inspectable.idl\";\n"
        "namespace A { namespace B_1 {\n"
        "enum Color { Red };\n"
        "[uuid(7f3a1c10-2222-4000-8000-000000000001)] interface IBox<T> : IInspectable {}\n"
        "declare { interface IBox<Color>; }\n"
        "[uuid(7f3a1c10-2222-4000-8000-000000000002)] interface IFoo : IInspectable {}\n"
        "} }\n";
    struct idl_options options = *test_options();
    const struct declaration *d;
    struct idl *idl;
    char text[1000];
    int length = snprintf(text, sizeof text, "%s%s", prefixes[_i].pragma, body);

    options.ns_prefix = prefixes[_i].prefix;
    idl = idl_create(&options);
    enter_folder("ok");
    ck_assert_msg(idl_compile_text(idl, "test.idl", text, (size_t)length) == IDL_OK, "%s",
                  idl_messages(idl));
    d = idl_main_file(idl)->declarations;
    while (d->kind != DECL_INTERFACE)
        d = d->next;
    ck_assert_str_eq(d->interface->name, prefixes[_i].instance);
    ck_assert_str_eq(last_interface(idl_main_file(idl))->name, prefixes[_i].c);
    ck_assert_str_eq(last_interface(idl_main_file(idl))->winrt->cpp, prefixes[_i].cpp);
    idl_destroy(idl);
}
END_TEST

static Suite *winrt_suite(void)
{
    Suite *suite = suite_create("winrt");
    TCase *cases = tcase_create("names and ids");

    tcase_add_test(cases, sha1_gives_the_published_digests);
    tcase_add_loop_test(cases, an_instance_has_the_id_and_the_name_of_windows, 0,
                        (int)(sizeof known / sizeof *known));
    tcase_add_loop_test(cases, a_pragma_or_an_option_says_how_names_begin, 0,
                        (int)(sizeof prefixes / sizeof *prefixes));
    suite_add_tcase(suite, cases);
    return suite;
}

UVCOM_TEST_MAIN(winrt_suite)
