/*
 * test_manifest.c -- manifests: what they say, what is refused and in which line, files that are
 * not manifests, and classes that are found without registration.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "library_client.h"
#include "runtime/manifest.h"

#define HEAD "uvcom-manifest 1\n"
#define ID "71e0c101-2d4c-4b7f-8001-010101010101"
#define OTHER_ID "71e0c102-2d4c-4b7f-8001-010101010101"
#define PLAIN "library " LIBRARY("plain") "\n"

/* ---- a folder of the test's own ---- */

static char folder[64];
static char path[128]; /* of the latest file */

static const char *named(const char *name)
{
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void write_bytes(const char *name, const char *bytes, size_t size)
{
    const int file = open(named(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, bytes, size), (ssize_t)size);
    close(file);
}

static void write_text(const char *name, const char *text)
{
    write_bytes(name, text, strlen(text));
}

static void make_folder(void)
{
    snprintf(folder, sizeof folder, "/tmp/test_manifest_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    component_path = NULL;
    in_multithreaded();
}

static void remove_folder(void)
{
    static const char *const names[] = {"a.manifest", "b.manifest", "c.manifest", "x.manifest",
                                        "plain.so",   "a.text",     ".manifest",  ".a.manifest"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        unlink(named(names[i]));
        rmdir(named(names[i]));
    }
    ck_assert_int_eq(rmdir(folder), 0);
    out_of_it();
}

/* ---- what is in a manifest ---- */

START_TEST(a_manifest_registers_its_classes)
{
    uvcom_manifest_problem problem = {7, "old"};

    write_text("a.manifest", "# a comment\n\n \t\n  uvcom-manifest\t1  \n"
                             "library \t" LIBRARY(
                                 "plain") " \r\n"
                                          "class {" ID "} Apartment\n"
                                          "\tclass   71E0C102-2D4C-4B7F-8001-010101010101\tBoth");
    ck_assert_hr(uvcom_register_manifest(path, &problem), S_OK);
    ck_assert_uint_eq(problem.line, 0);
    ck_assert_ptr_null(problem.text);
    ck_assert_int_eq(atomic_load(&plain.loads), 0);
    IPlace_Release(created(&clsid_place));
    ck_assert_uint_ne(atomic_load(&plain.made_on), client_thread());
    IPlace_Release(created(&clsid_other));
    ck_assert_uint_eq(atomic_load(&plain.made_on), client_thread());
}
END_TEST

static const struct {
    const char *text;
    uvcom_threading_model model;
} models[] = {
    {"", UVCOM_THREADING_MAIN},
    {" Apartment", UVCOM_THREADING_APARTMENT},
    {" Free", UVCOM_THREADING_FREE},
    {" Both", UVCOM_THREADING_BOTH},
    {" Neutral", UVCOM_THREADING_NEUTRAL},
};

START_TEST(each_model_has_its_word)
{
    uvcom_manifest_problem problem;
    struct manifest manifest;
    char text[256];

    snprintf(text, sizeof text, HEAD PLAIN "class " ID "%s\n", models[_i].text);
    write_text("a.manifest", text);
    ck_assert_hr(uvcom__manifest_read(path, &manifest, &problem), S_OK);
    ck_assert_uint_eq(manifest.class_count, 1);
    ck_assert_int_eq(manifest.classes[0].model, models[_i].model);
    ck_assert(IsEqualCLSID(&manifest.classes[0].clsid, &clsid_place));
    ck_assert_uint_eq(manifest.classes[0].line, 3);
    ck_assert_str_eq(manifest.classes[0].library->path, LIBRARY("plain"));
    uvcom__manifest_free(&manifest);
}
END_TEST

START_TEST(relative_libraries_are_beside_the_manifest)
{
    struct manifest manifest;
    uvcom_manifest_problem problem;
    char wanted[256];

    write_text("a.manifest", HEAD "library two words.so\nclass " ID "\n"
                                  "library ../x/y.so\nclass " OTHER_ID "\n");
    ck_assert_hr(uvcom__manifest_read(path, &manifest, &problem), S_OK);
    snprintf(wanted, sizeof wanted, "%s/two words.so", folder);
    ck_assert_str_eq(manifest.classes[0].library->path, wanted);
    snprintf(wanted, sizeof wanted, "%s/../x/y.so", folder);
    ck_assert_str_eq(manifest.classes[1].library->path, wanted);
    uvcom__manifest_free(&manifest);
}
END_TEST

/* The folder is that of the link: where it is installed, and not where it was made. */
START_TEST(a_symbolic_link_is_a_manifest_where_it_is)
{
    char link[128], library[128];

    write_text("a.text", HEAD "library plain.so\nclass " ID " Both\n");
    memcpy(link, path, sizeof link);
    memcpy(library, named("plain.so"), sizeof library);
    ck_assert_int_eq(symlink(LIBRARY("plain"), library), 0);
    ck_assert_int_eq(symlink(link, named("a.manifest")), 0);
    ck_assert_hr(uvcom_register_manifest(path, NULL), S_OK);
    IPlace_Release(created(&clsid_place));
}
END_TEST

static const struct {
    ULONG line;
    const char *text;
} wrong[] = {
    {0, ""},
    {2, "# nothing\n\n"}, /* what is missing is missing at the end */
    {1, "library /x.so\n"},
    {1, "uvcom-manifest\n"},
    {1, "uvcom-manifest 2\n"},
    {1, "uvcom-manifest 1 x\n"},
    {1, "\xef\xbb\xbf" HEAD},
    {2, HEAD HEAD},
    {2, HEAD "library\n"},
    {2, HEAD "library   \n"},
    {2, HEAD "library /$ORIGIN/x.so\n"},
    {2, HEAD "Library x.so\n"},
    {2, HEAD "librarys x.so\n"},
    {2, HEAD "class " ID " Both\n"},
    {3, HEAD PLAIN "class\n"},
    {3, HEAD PLAIN "class 71e0c101-2d4c-4b7f-8001-01010101010\n"},
    {3, HEAD PLAIN "class 71e0c101-2d4c-4b7f-8001-0101010101012\n"},
    {3, HEAD PLAIN "class 71e0c101-2d4c-4b7f-8001-01010101010g\n"},
    {3, HEAD PLAIN "class 71e0c101+2d4c-4b7f-8001-010101010101\n"},
    {3, HEAD PLAIN "class {71e0c101-2d4c-4b7f-8001-010101010101\n"},
    {3, HEAD PLAIN "class 71e0c1012d4c4b7f8001010101010101\n"},
    {3, HEAD PLAIN "class " ID " both\n"},
    {3, HEAD PLAIN "class " ID " Both Free\n"},
    {4, HEAD PLAIN "class " ID " Both\nclass {" ID "} Free\n"},
    {5, HEAD PLAIN "class " ID "\nlibrary y.so\nclass " ID "\n"},
    {3, HEAD PLAIN "threads 4\n"},
    {2, HEAD "library a\x01.so\n"},
    {2, HEAD "library a\r.so\n"},
    {2, HEAD "#\x7f\n"},
};

START_TEST(a_wrong_line_is_named)
{
    uvcom_manifest_problem problem = {0, NULL};

    write_text("a.manifest", wrong[_i].text);
    ck_assert_hr(uvcom_register_manifest(path, &problem), RPC_E_INVALID_DATA);
    ck_assert_ptr_nonnull(problem.text);
    ck_assert_uint_eq(problem.line, wrong[_i].line);
    ck_assert_hr(uvcom_register_manifest(path, NULL), RPC_E_INVALID_DATA);
    ck_assert_hr(uvcom_unregister_class(&clsid_place), REGDB_E_CLASSNOTREG);
}
END_TEST

START_TEST(a_nul_byte_ends_nothing)
{
    static const char text[] = HEAD PLAIN "class " ID " Both\n# \0 \n";
    static const char name[] = HEAD "library /x.so\0.so\nclass " ID "\n";
    uvcom_manifest_problem problem;

    write_bytes("a.manifest", text, sizeof text - 1);
    ck_assert_hr(uvcom_register_manifest(path, &problem), RPC_E_INVALID_DATA);
    ck_assert_uint_eq(problem.line, 4);
    write_bytes("a.manifest", name, sizeof name - 1);
    ck_assert_hr(uvcom_register_manifest(path, &problem), RPC_E_INVALID_DATA);
    ck_assert_uint_eq(problem.line, 2);
}
END_TEST

/* ---- sizes ---- */

enum { LIMIT = 64 * 1024 };

static void write_with_long_line(const char *start, char filler, size_t size)
{
    char *text = malloc(size);

    memset(text, filler, size);
    memcpy(text, start, strlen(start));
    write_bytes("a.manifest", text, size);
    free(text);
}

START_TEST(a_line_may_be_as_long_as_the_file)
{
    write_with_long_line(HEAD PLAIN "class " ID " Both\n#", 'x', LIMIT);
    ck_assert_hr(uvcom_register_manifest(path, NULL), S_OK);
    ck_assert_hr(uvcom_unregister_class(&clsid_place), S_OK);
    write_with_long_line(HEAD PLAIN "class " ID " Both\n", ' ', LIMIT);
    ck_assert_hr(uvcom_register_manifest(path, NULL), S_OK);
}
END_TEST

START_TEST(a_path_or_a_word_may_not)
{
    uvcom_manifest_problem problem;

    write_with_long_line(HEAD "library /", 'x', LIMIT);
    ck_assert_hr(uvcom_register_manifest(path, &problem), RPC_E_INVALID_DATA);
    ck_assert_uint_eq(problem.line, 2);
    write_with_long_line(HEAD "library x", 'x', 4096);
    ck_assert_hr(uvcom_register_manifest(path, &problem), RPC_E_INVALID_DATA);
    write_with_long_line(HEAD PLAIN "class ", '0', LIMIT);
    ck_assert_hr(uvcom_register_manifest(path, &problem), RPC_E_INVALID_DATA);
    ck_assert_uint_eq(problem.line, 3);
    write_with_long_line("", '\n', LIMIT);
    ck_assert_hr(uvcom_register_manifest(path, &problem), RPC_E_INVALID_DATA);
}
END_TEST

START_TEST(a_file_has_a_limit)
{
    uvcom_manifest_problem problem;

    write_with_long_line(HEAD "#", 'x', LIMIT + 1);
    ck_assert_hr(uvcom_register_manifest(path, &problem), RPC_E_INVALID_DATA);
    ck_assert_uint_eq(problem.line, 0);
    ck_assert_int_eq(truncate(path, (off_t)1 << 40), 0); /* a terabyte, of which nothing is there */
    ck_assert_hr(uvcom_register_manifest(path, &problem), RPC_E_INVALID_DATA);
}
END_TEST

START_TEST(a_manifest_has_many_classes)
{
    struct manifest manifest;
    uvcom_manifest_problem problem;
    char *text = malloc(LIMIT), *end = text;
    unsigned count = 0;

    end += snprintf(end, LIMIT, HEAD "library x.so\n");
    for (; end - text < LIMIT - 64; count++)
        end += snprintf(end, 64, "class %08x-0000-0000-0000-000000000000\n", count);
    write_bytes("a.manifest", text, (size_t)(end - text));
    ck_assert_hr(uvcom__manifest_read(path, &manifest, &problem), S_OK);
    ck_assert_uint_eq(manifest.class_count, count);
    ck_assert_uint_eq(manifest.classes[count - 1].clsid.Data1, count - 1);
    uvcom__manifest_free(&manifest);
    free(text);
}
END_TEST

/* ---- files that are none ---- */

START_TEST(what_is_no_file_is_refused)
{
    uvcom_manifest_problem problem;

    ck_assert_hr(uvcom_register_manifest(named("a.manifest"), &problem), CO_E_DLLNOTFOUND);
    ck_assert_ptr_nonnull(problem.text);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    ck_assert_hr(uvcom_register_manifest(path, &problem), RPC_E_INVALID_DATA);
    ck_assert_str_eq(problem.text, "not a file that can be read");
    unlink(path);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    ck_assert_hr(uvcom_register_manifest(path, &problem), RPC_E_INVALID_DATA);
    rmdir(path);
    ck_assert_int_eq(symlink(path, path), 0);
    ck_assert_hr(uvcom_register_manifest(path, &problem), RPC_E_INVALID_DATA);
    ck_assert_hr(uvcom_register_manifest("/dev/zero", &problem), RPC_E_INVALID_DATA);
    ck_assert_hr(uvcom_register_manifest("a.manifest", &problem), E_INVALIDARG);
    ck_assert_hr(uvcom_register_manifest(NULL, &problem), E_INVALIDARG);
    ck_assert_hr(uvcom_register_manifest(NULL, NULL), E_INVALIDARG);
}
END_TEST

START_TEST(a_file_that_may_not_be_read_is_denied)
{
    write_text("a.manifest", HEAD);
    ck_assert_int_eq(chmod(path, 0), 0);
    /* The superuser may read everything. */
    ck_assert_hr(uvcom_register_manifest(path, NULL), geteuid() == 0 ? S_OK : E_ACCESSDENIED);
}
END_TEST

START_TEST(a_manifest_is_registered_as_a_whole_or_not_at_all)
{
    uvcom_manifest_problem problem;

    ck_assert_hr(uvcom_register_library("/x.so", &clsid_other, UVCOM_THREADING_BOTH), S_OK);
    write_text("a.manifest", HEAD PLAIN "class " ID " Both\nclass " OTHER_ID " Both\n");
    ck_assert_hr(uvcom_register_manifest(path, &problem), CO_E_OBJISREG);
    ck_assert_uint_eq(problem.line, 4);
    ck_assert_hr(uvcom_unregister_class(&clsid_place), REGDB_E_CLASSNOTREG);
    ck_assert_hr(uvcom_unregister_class(&clsid_other), S_OK);
    ck_assert_hr(uvcom_register_manifest(path, &problem), S_OK);
}
END_TEST

/* ---- the search ---- */

START_TEST(a_class_is_found_in_the_folders_of_components)
{
    IPlace *none;

    component_path = folder;
    ck_assert_hr(create(&clsid_place, &none), REGDB_E_CLASSNOTREG);
    write_text("a.manifest", HEAD PLAIN "class " ID " Both\n");
    IPlace_Release(created(&clsid_place));
    ck_assert_hr(create(&clsid_other, &none), REGDB_E_CLASSNOTREG);
    /* It is remembered, and nobody has registered it. */
    unlink(path);
    IPlace_Release(created(&clsid_place));
    ck_assert_hr(uvcom_unregister_class(&clsid_place), REGDB_E_CLASSNOTREG);
    ck_assert_hr(uvcom_register_library("/x.so", &clsid_place, UVCOM_THREADING_BOTH), S_OK);
    ck_assert_hr(create(&clsid_place, &none),
                 CO_E_DLLNOTFOUND); /* what is registered comes first */
    ck_assert_hr(uvcom_unregister_class(&clsid_place), S_OK);
    CoUninitialize();
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    ck_assert_hr(create(&clsid_place, &none), REGDB_E_CLASSNOTREG);
}
END_TEST

START_TEST(the_installed_folder_comes_last)
{
    IPlace *none;

    component_folder = folder;
    write_text("a.manifest", HEAD PLAIN "class " ID " Both\n");
    IPlace_Release(created(&clsid_place));
    component_path = "/nowhere";
    ck_assert_hr(create(&clsid_other, &none), REGDB_E_CLASSNOTREG);
}
END_TEST

START_TEST(the_first_file_by_name_is_taken_and_wrong_ones_are_passed_over)
{
    component_path = folder;
    write_text("x.manifest", HEAD "library /x.so\nclass " ID " Both\n");
    write_text("c.manifest", HEAD "library /c.so\nclass " ID " Both\n");
    write_text("b.manifest", HEAD PLAIN "class " ID " Both\n");
    write_text("a.manifest", HEAD PLAIN "class " ID " Both\nand something else\n");
    write_text("a.text", HEAD "library /a.so\nclass " ID " Both\n");
    write_text(".manifest", HEAD "library /a.so\nclass " ID " Both\n");
    write_text(".a.manifest", HEAD "library /a.so\nclass " ID " Both\n");
    IPlace_Release(created(&clsid_place));
}
END_TEST

START_TEST(only_absolute_folders_count)
{
    char list[512];
    IPlace *none;

    ck_assert_int_eq(chdir(folder), 0);
    write_text("a.manifest", HEAD PLAIN "class " ID " Both\n");
    component_path = ".:::./:";
    ck_assert_hr(create(&clsid_place, &none), REGDB_E_CLASSNOTREG);
    component_path = strrchr(folder, '/') + 1;
    ck_assert_hr(create(&clsid_place, &none), REGDB_E_CLASSNOTREG);
    component_path = "";
    ck_assert_hr(create(&clsid_place, &none), REGDB_E_CLASSNOTREG);
    component_folder = "components";
    ck_assert_hr(create(&clsid_place, &none), REGDB_E_CLASSNOTREG);
    snprintf(list, sizeof list, ":relative:/nowhere:%s:", folder);
    component_path = list;
    IPlace_Release(created(&clsid_place));
    ck_assert_int_eq(chdir("/"), 0);
}
END_TEST

START_TEST(a_folder_with_a_long_name_is_passed_over)
{
    static char list[60000];
    IPlace *none;

    memset(list, 'x', sizeof list - 1);
    list[0] = '/';
    list[sizeof list - 1] = '\0';
    component_path = list;
    ck_assert_hr(create(&clsid_place, &none), REGDB_E_CLASSNOTREG);
    list[4096] = ':';
    ck_assert_hr(create(&clsid_place, &none), REGDB_E_CLASSNOTREG);
    list[4095] = ':';
    ck_assert_hr(create(&clsid_place, &none), REGDB_E_CLASSNOTREG);
}
END_TEST

/* ---- out of memory ---- */

START_TEST(a_manifest_without_memory_leaves_nothing)
{
    uvcom_manifest_problem problem;
    bool hit = true;

    write_text("a.manifest", HEAD PLAIN "class " ID " Both\nlibrary x.so\nclass " OTHER_ID "\n");
    for (size_t n = 1; hit; n++) {
        HRESULT hr;

        faults_fail_at(n);
        hr = uvcom_register_manifest(path, &problem);
        hit = faults_hit();
        ck_assert_hr(hr, hit ? E_OUTOFMEMORY : S_OK);
        if (!hit)
            break;
        ck_assert_uint_eq(problem.line, 0);
        ck_assert_ptr_nonnull(problem.text);
        ck_assert_uint_eq(faults_live(), 0);
        ck_assert_hr(uvcom_unregister_class(&clsid_place), REGDB_E_CLASSNOTREG);
    }
}
END_TEST

START_TEST(a_search_without_memory_is_no_missing_class)
{
    bool hit = true;

    component_path = folder;
    write_text("a.manifest", HEAD PLAIN "class " ID " Both\n");
    for (size_t n = 1; hit; n++) {
        IPlace *place;
        HRESULT hr;

        faults_fail_at(n);
        hr = create(&clsid_place, &place);
        hit = faults_hit();
        ck_assert_hr(hr, hit ? E_OUTOFMEMORY : S_OK);
        if (SUCCEEDED(hr))
            IPlace_Release(place);
    }
}
END_TEST

START_TEST(a_search_for_unknown_folders_is_no_missing_class)
{
    IPlace *place = (IPlace *)&place;

    write_text("a.manifest", HEAD PLAIN "class " ID " Both\n");
    component_folder = folder;
    component_path_is_lost = true;
    ck_assert_hr(create(&clsid_place, &place), E_OUTOFMEMORY);
    ck_assert_ptr_null(place);
}
END_TEST

/* ---- out of descriptors ---- */

/* No number is small enough for the next descriptor. */
static void allow_descriptors(bool allow)
{
    static struct rlimit before;
    struct rlimit none;

    if (allow) {
        ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
        return;
    }
    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
    none = (struct rlimit){0, before.rlim_max};
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
}

START_TEST(a_search_without_descriptors_is_no_missing_class)
{
    uvcom_manifest_problem problem;
    IPlace *place = (IPlace *)&place;

    component_path = folder;
    write_text("a.manifest", HEAD PLAIN "class " ID " Both\n");
    allow_descriptors(false);
    ck_assert_hr(create(&clsid_place, &place), RPC_E_OUT_OF_RESOURCES);
    ck_assert_ptr_null(place);
    ck_assert_hr(uvcom_register_manifest(path, &problem), RPC_E_OUT_OF_RESOURCES);
    ck_assert_str_eq(problem.text, "there is no descriptor left to open the file");
    ck_assert_uint_eq(problem.line, 0);
    allow_descriptors(true);
    IPlace_Release(created(&clsid_place));
}
END_TEST

START_TEST(a_library_without_descriptors_is_not_broken)
{
    IPlace *place = (IPlace *)&place;

    ck_assert_hr(uvcom_register_library(LIBRARY("plain"), &clsid_place, UVCOM_THREADING_BOTH),
                 S_OK);
    allow_descriptors(false);
    ck_assert_hr(create(&clsid_place, &place), RPC_E_OUT_OF_RESOURCES);
    ck_assert_ptr_null(place);
    allow_descriptors(true);
    IPlace_Release(created(&clsid_place));
}
END_TEST

static void add_search_tests(TCase *tcase)
{
    tcase_add_test(tcase, a_class_is_found_in_the_folders_of_components);
    tcase_add_test(tcase, the_installed_folder_comes_last);
    tcase_add_test(tcase, the_first_file_by_name_is_taken_and_wrong_ones_are_passed_over);
    tcase_add_test(tcase, only_absolute_folders_count);
    tcase_add_test(tcase, a_folder_with_a_long_name_is_passed_over);
    tcase_add_test(tcase, a_manifest_without_memory_leaves_nothing);
    tcase_add_test(tcase, a_search_without_memory_is_no_missing_class);
    tcase_add_test(tcase, a_search_for_unknown_folders_is_no_missing_class);
    tcase_add_test(tcase, a_search_without_descriptors_is_no_missing_class);
    tcase_add_test(tcase, a_library_without_descriptors_is_not_broken);
}

static Suite *manifest_suite(void)
{
    Suite *suite = suite_create("manifest");
    TCase *file = tcase_create("file"), *search = tcase_create("search");

    tcase_add_checked_fixture(file, make_folder, remove_folder);
    tcase_add_test(file, a_manifest_registers_its_classes);
    tcase_add_loop_test(file, each_model_has_its_word, 0, sizeof models / sizeof models[0]);
    tcase_add_test(file, relative_libraries_are_beside_the_manifest);
    tcase_add_test(file, a_symbolic_link_is_a_manifest_where_it_is);
    tcase_add_loop_test(file, a_wrong_line_is_named, 0, sizeof wrong / sizeof wrong[0]);
    tcase_add_test(file, a_nul_byte_ends_nothing);
    tcase_add_test(file, a_line_may_be_as_long_as_the_file);
    tcase_add_test(file, a_path_or_a_word_may_not);
    tcase_add_test(file, a_file_has_a_limit);
    tcase_add_test(file, a_manifest_has_many_classes);
    tcase_add_test(file, what_is_no_file_is_refused);
    tcase_add_test(file, a_file_that_may_not_be_read_is_denied);
    tcase_add_test(file, a_manifest_is_registered_as_a_whole_or_not_at_all);
    suite_add_tcase(suite, file);
    tcase_add_checked_fixture(search, make_folder, remove_folder);
    add_search_tests(search);
    suite_add_tcase(suite, search);
    return suite;
}

UVCOM_TEST_MAIN(manifest_suite)
