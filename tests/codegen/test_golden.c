/*
 * test_golden.c -- what uvidl writes, byte for byte: golden/foo.idl gives foo.h, foo_i.c and
 * foo_p.c.
 *
 * UVIDL_UPDATE_GOLDEN=1 renews them. That they compile, and that clang-format leaves them as they
 * are, is checked by compile_golden.py.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codegen/generate.h"
#include "idl/idl.h"
#include "tests/support/golden.h"
#include "tests/support/runner.h"

#define FOLDER "tests/codegen/golden/"

static const char *const files[] = {
    "simple_stream.idl", "kinds.idl",   "family.idl", "declarations.idl", "void.idl",
    "bounds.idl",        "depth.idl",   "sorter.idl", "values.idl",       "corners.idl",
    "locals.idl",        "shadows.idl", "starts.idl", "functions.idl",    "library.idl",
    "namespaces.idl",    "sdk.idl",     "pack.idl"};

static struct idl *compile(const char *path)
{
    char *full = golden_path(path), *system = golden_path("include/uvcom");
    const struct idl_options options = {.system_folder = system};
    struct idl *idl = idl_create(&options);
    enum idl_status status;

    ck_assert_ptr_nonnull(idl);
    status = idl_compile(idl, full);
    ck_assert_msg(status == IDL_OK, "%s", idl_messages(idl));
    free(full);
    free(system);
    return idl;
}

START_TEST(the_output_is_the_golden_one)
{
    char path[200];
    struct generated generated;
    struct idl *idl;

    snprintf(path, sizeof path, FOLDER "%s", files[_i]);
    idl = compile(path);
    ck_assert(generate(&generated, idl, idl_main_file(idl)));
    ck_assert_msg(idl_error_count(idl) == 0, "%s", idl_messages(idl));
    for (size_t i = 0; i < GENERATED_COUNT; i++) {
        snprintf(path, sizeof path, FOLDER "%s", generated.names[i]);
        golden_check(path, generated.texts[i].data);
    }
    generated_fini(&generated);
    idl_destroy(idl);
}
END_TEST

START_TEST(the_runtime_s_own_files_include_each_other_with_brackets)
{
    struct idl *idl = compile("include/uvcom/objidl.idl");
    struct generated generated;

    ck_assert(generate(&generated, idl, idl_main_file(idl)));
    ck_assert_str_eq(generated.names[0], "objidl.h");
    ck_assert_ptr_nonnull(strstr(generated.texts[0].data, "\n#include <uvcom/unknwn.h>\n"));
    ck_assert_ptr_nonnull(strstr(generated.texts[2].data, "\n#include <uvcom/objidl.h>\n"));
    ck_assert_ptr_nonnull(strstr(generated.texts[1].data, "const IID IID_ICallFactory = {"));
    generated_fini(&generated);
    idl_destroy(idl);
}
END_TEST

START_TEST(the_root_of_all_interfaces_has_no_base_and_no_code)
{
    struct idl *idl = compile("include/uvcom/unknwn.idl");
    struct generated generated;

    ck_assert(generate(&generated, idl, idl_main_file(idl)));
    ck_assert_ptr_nonnull(strstr(generated.texts[0].data, ") IUnknown {\n"));
    ck_assert_ptr_nonnull(strstr(generated.texts[0].data, ") AsyncIUnknown : public IUnknown {\n"));
    ck_assert_ptr_null(strstr(generated.texts[1].data, "anchor"));
    ck_assert_ptr_null(strstr(generated.texts[2].data, "uvcom_module"));
    generated_fini(&generated);
    idl_destroy(idl);
}
END_TEST

static Suite *golden_suite(void)
{
    Suite *suite = suite_create("golden");
    TCase *tcase = tcase_create("golden");

    tcase_add_loop_test(tcase, the_output_is_the_golden_one, 0, sizeof files / sizeof *files);
    tcase_add_test(tcase, the_runtime_s_own_files_include_each_other_with_brackets);
    tcase_add_test(tcase, the_root_of_all_interfaces_has_no_base_and_no_code);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(golden_suite)
