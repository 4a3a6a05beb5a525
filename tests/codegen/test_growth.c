/*
 * test_growth.c -- the back end's memory grows with the length of the IDL and not with its square.
 *
 * Bytes are counted, not seconds: they are the same on every machine.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codegen/generate.h"
#include "idl/idl.h"
#include "tests/support/golden.h"
#include "tests/support/runner.h"

#define HEAD                                                                                       \
    "[object, uuid(11111111-0000-0000-0000-000000000001), "                                        \
    "async_uuid(11111111-0000-0000-0000-000000000002)] interface IFoo : IUnknown {\n"

/* In what is repeated # is its number, ## the same with 12 digits. */
static const struct {
    const char *first, *again, *last;
} shapes[] = {
    {HEAD "HRESULT M(", "[in] LONG a#, ", "[in] LONG n); }"},
    {HEAD "HRESULT M(", "[out] LONG *a#, ", "[in] LONG n); }"},
    {HEAD "HRESULT M(", "[in, out] BSTR *a#, ", "[in] LONG n); }"},
    {HEAD "HRESULT M([in] ULONG n, ", "[out, size_is(n + 1), length_is(n)] LONG *a#, ",
     "[in] LONG m); }"},
    {HEAD, "HRESULT M#([in] LONG a, [out] LONG *b);\n", "}"},
    {HEAD "HRESULT M([in] ULONG n, [in, size_is(0", " + n", ")] BYTE *a); }"},
    {"[local] interface IFoo { HRESULT M(", "[in] LONG a#, ", "[in] LONG n); }"},
    {"typedef HRESULT (*callback)(", "LONG a#, ", "LONG n);"},
    {"typedef struct s {", "[string] char *a#;\n", "} s; " HEAD "HRESULT M([in] s *p); }"},
    {"typedef enum e {", "A#,\n", "LAST } e; " HEAD "HRESULT M([in] e e); }"},
    {"",
     "[object, uuid(11111111-0000-0000-0000-##), async_uuid(21111111-0000-0000-0000-##)] "
     "interface I# : IUnknown { HRESULT M([in] LONG a); }\n",
     ""},
};

static void put_numbered(FILE *file, const char *text, size_t number)
{
    for (; *text; text++) {
        if (text[0] != '#')
            fputc(*text, file);
        else if (text[1] != '#')
            fprintf(file, "%zu", number);
        else
            text += fprintf(file, "%012zx", number) > 0;
    }
}

static char *text_of(const char *first, const char *again, const char *last, size_t count)
{
    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);

    ck_assert_ptr_nonnull(file);
    fprintf(file, "import \"unknwn.idl\";\n%s", first);
    for (size_t i = 1; i <= count; i++)
        put_numbered(file, again, i);
    fputs(last, file);
    fclose(file);
    return text;
}

static size_t bytes_for(size_t shape, size_t count)
{
    char *system = golden_path("include/uvcom");
    char *text = text_of(shapes[shape].first, shapes[shape].again, shapes[shape].last, count);
    const struct idl_options options = {.system_folder = system};
    struct idl *idl = idl_create(&options);
    struct generated generated;
    size_t bytes;

    ck_assert_msg(idl_compile_text(idl, "foo.idl", text, strlen(text)) == IDL_OK, "%s",
                  idl_messages(idl));
    ck_assert(generate(&generated, idl, idl_main_file(idl)));
    ck_assert_msg(idl_error_count(idl) == 0, "%s", idl_messages(idl));
    bytes = generated.pool.bytes;
    for (size_t i = 0; i < GENERATED_COUNT; i++)
        bytes += generated.texts[i].length;
    generated_fini(&generated);
    idl_destroy(idl);
    free(text);
    free(system);
    return bytes;
}

START_TEST(four_times_the_input_takes_about_four_times_the_memory)
{
    size_t few = bytes_for((size_t)_i, 200), many = bytes_for((size_t)_i, 800);

    ck_assert_msg(many < 5 * few, "%zu bytes for 200, %zu for 800", few, many);
}
END_TEST

static Suite *growth_suite(void)
{
    Suite *suite = suite_create("growth");
    TCase *tcase = tcase_create("growth");

    tcase_add_loop_test(tcase, four_times_the_input_takes_about_four_times_the_memory, 0,
                        sizeof shapes / sizeof *shapes);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(growth_suite)
