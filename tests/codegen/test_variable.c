/*
 * test_variable.c -- parameters taken apart: their levels, their leaf, what is in the way, and what
 * is known of the records in them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codegen/survey.h"
#include "codegen/variable.h"
#include "idl/idl.h"
#include "tests/support/golden.h"
#include "tests/support/runner.h"

static struct idl *idl;
static struct pool pool;
static struct survey *survey;

static void compile(const char *text)
{
    char *system = golden_path("include/uvcom");
    const struct idl_options options = {.system_folder = system};
    enum idl_status status;

    idl = idl_create(&options);
    status = idl_compile_text(idl, "foo.idl", text, strlen(text));
    ck_assert_msg(status == IDL_OK, "%s", idl_messages(idl));
    survey = survey_new(&pool, idl_main_file(idl));
    ck_assert_ptr_nonnull(survey);
    free(system);
}

static const char types[] = "import \"unknwn.idl\";\n"
                            "interface INowhere;\n"
                            "typedef struct point { LONG x, y; } point;\n"
                            "typedef struct node { struct node *next; } node;\n"
                            "typedef [string] const char *words[3];\n"
                            "typedef [size_is(4)] LONG *four;\n"
                            "typedef [range(1, 9)] LONG digit;\n"
                            "typedef [unique] point *spot;\n"
                            "typedef const BSTR text;\n"
                            "enum mood { CALM, WILD };\n"
                            "typedef [v1_enum] enum tone { LOW, HIGH } tone;\n"
                            "typedef union either { [case(1)] LONG a; [case(2)] BSTR b; } either;\n"
                            "typedef union switch (long k) { case 1: LONG a; } tagged;\n"
                            "typedef struct blob { ULONG n; [size_is(n)] BYTE data[]; } blob;\n"
                            "typedef [context_handle] void *session;\n"
                            "typedef [wire_marshal(LONG)] point *wired;\n"
                            "typedef LONG (*callback)(LONG a);\n";

/* The method M of IFoo, whose last parameter is asked about. */
static struct variable last_of(const char *parameters)
{
    const struct declaration *d;
    const struct parameter *p;
    char text[4000];

    snprintf(text, sizeof text,
             "%s[object, local, uuid(11111111-0000-0000-0000-000000000001)]\n"
             "interface IFoo : IUnknown { HRESULT M(%s); }\n",
             types, parameters);
    compile(text);
    d = idl_main_file(idl)->declarations;
    while (d->kind != DECL_INTERFACE)
        d = d->next;
    for (p = d->interface->methods->parameters; p->next; p = p->next)
        continue;
    return variable_of_parameter(survey, p);
}

static void teardown(void)
{
    pool_fini(&pool);
    idl_destroy(idl);
}

/* ---- levels ---- */

static const char *bound_words(const char *what, const struct bound *bound, char *room, size_t size)
{
    if (!bound->expr)
        return "";
    snprintf(room, size, " %s:%s%s", what, bound->expr->text, bound->plus_one ? "+1" : "");
    return room;
}

/* "ref*const size:n; unique* string; plain" */
static const char *described(const struct variable *variable)
{
    static const char *const leaves[] = {"plain", "number",    "enum", "record",
                                         "union", "interface", "bstr"};
    static const char *const kinds[] = {"ref", "unique", "full"};
    static char text[1000];
    char size[100], first[100], length[100];
    int used = 0;

    for (size_t i = 0; i < variable->level_count; i++) {
        const struct level *l = &variable->levels[i];

        used += snprintf(text + used, sizeof text - (size_t)used, "%s%s%s%s%s%s%s; ",
                         l->is_array ? "" : kinds[l->pointer], l->is_array ? "[]" : "*",
                         l->is_const ? "const" : "", l->is_string ? " string" : "",
                         bound_words("size", &l->size, size, sizeof size),
                         bound_words("first", &l->first, first, sizeof first),
                         bound_words("length", &l->length, length, sizeof length));
    }
    snprintf(text + used, sizeof text - (size_t)used, "%s", leaves[variable->leaf]);
    return text;
}

static const struct {
    const char *parameters, *described;
} levels[] = {
    {"LONG a", "plain"},
    {"LONG *a", "ref*; plain"},
    {"[unique] const LONG *a", "unique*const; plain"},
    {"[ptr] LONG *a", "full*; plain"},
    {"[out] LONG ***a", "ref*; unique*; unique*; plain"},
    {"LONG a[3][4]", "[]; []; plain"},
    {"[range(1, 2)] LONG *a", "ref*; number"},
    {"digit *a", "ref*; number"},
    {"enum mood a", "enum"},
    {"tone a", "plain"},
    {"[v1_enum] enum mood a", "plain"},
    {"[range(0, 1)] tone a", "number"},
    {"point a", "record"},
    {"tagged *a", "ref*; record"},
    {"long k, [switch_is(k)] either *a", "ref*; union"},
    {"IUnknown *a", "interface"},
    {"[out] IUnknown **a", "ref*; interface"},
    {"REFIID r, [iid_is(r)] void *a", "interface"},
    {"BSTR a", "bstr"},
    {"[out] BSTR *a", "ref*; bstr"},
    {"text a", "bstr"},
    {"[string] char *a", "ref* string; plain"},
    {"LPCWSTR a", "ref*const string; plain"},
    {"[string] const WCHAR **a", "ref*; unique*const string; plain"},
    {"[string] char a[16]", "[] string; plain"},
    {"[string] char a[]", "[] string; plain"},
    {"words *a", "ref*; []; unique*const string; plain"},
    {"ULONG n, [size_is(n)] LONG *a", "ref* size:n; plain"},
    {"ULONG n, [max_is(n), last_is(2)] LONG *a", "ref* size:n+1 length:2+1; plain"},
    {"ULONG n, [size_is(n), first_is(1), length_is(2)] LONG a[]",
     "[] size:n first:1 length:2; plain"},
    {"ULONG n, [size_is(, n)] LONG **a", "ref*; unique* size:n; plain"},
    {"ULONG n, [size_is(2, n)] LONG **a", "ref* size:2; unique* size:n; plain"},
    {"ULONG n, [size_is(n), string] char **a", "ref* size:n; unique* string; plain"},
    {"ULONG n, [size_is(n)] LONG a[][3]", "[] size:n; []; plain"},
    {"four *a", "ref*; unique* size:4; plain"},
    {"ULONG n, [size_is(n)] four a", "ref* size:n; plain"},
    {"ULONG n, [size_is(n)] BSTR *a", "ref* size:n; bstr"},
    {"ULONG n, [size_is(n)] IUnknown **a", "ref* size:n; interface"},
    {"spot a", "unique*; record"},
    {"blob *a", "ref*; record"},
};

START_TEST(attributes_bind_to_the_levels_that_they_are_about)
{
    struct variable variable = last_of(levels[_i].parameters);

    ck_assert_msg(!variable.obstacle, "%s", variable.obstacle);
    ck_assert_str_eq(described(&variable), levels[_i].described);
}
END_TEST

/* ---- what is in the way ---- */

static const struct {
    const char *parameters, *why;
} obstacles[] = {
    {"session a", "a context handle (an interface pointer serves for it)"},
    {"[context_handle] LONG *a", "a context handle (an interface pointer serves for it)"},
    {"wired a", "a type with its own marshaling (wire_marshal)"},
    {"callback a", "a pointer to a function (an interface pointer serves for it)"},
    {"void *a", "a pointer to void without iid_is"},
    {"[out] HANDLE *a", "a HANDLE, a pointer to void without iid_is (pass it as a ULONG_PTR)"},
    {"handle_t a", "a binding handle (handle_t)"},
    {"SAFEARRAY(LONG) a",
     "a SAFEARRAY, which this version does not carry (use an array with size_is)"},
    {"INowhere *a", "a pointer to INowhere, which has no uuid"},
    {"struct unknown *a", "unknown, whose fields are not known"},
    {"either *a", "a union without switch_is"},
    {"blob a", "a struct that ends with an open array, and not a pointer to it"},
    {"blob a[2]", "an array of structs that end with an open array"},
    {"ULONG n, [size_is(n)] blob *a", "an array of structs that end with an open array"},
    {"[string] float *a", "a [string] of what is no character"},
    {"[string] point *a", "a [string] of what is no character"},
    {"[string] IUnknown *a", "a [string] of what is no character"},
    {"BYTE a[]", "an array of open length without size_is"},
    {"ULONG n, [length_is(n)] BYTE *a", "a length_is or first_is without size_is"},
    {"ULONG n, [size_is(n, n)] BYTE *a", "a size for more pointers than there are"},
    {"ULONG n, [size_is(n)] IUnknown *a", "a size for more pointers than there are"},
    {"ULONG n, [size_is(, n)] LONG a[2][3]", "a size for an array of fixed length"},
    {"ULONG n, [size_is(n), string, first_is(1)] char *a", "a [string] with length_is or first_is"},
    {"ULONG n, [size_is(n), min_is(1)] BYTE *a", "an array that does not begin at 0 (min_is)"},
    {"LONG n, [size_is((double)n > 2 ? 2 : 1)] BYTE *a",
     "a size with a cast to a type that is no integer"},
};

START_TEST(what_no_call_can_carry_has_its_reason)
{
    struct variable variable = last_of(obstacles[_i].parameters);

    ck_assert_str_eq(variable.obstacle ? variable.obstacle : "(none)", obstacles[_i].why);
}
END_TEST

/* ---- records ---- */

static struct facts *facts_of(const char *declarations, const char *name)
{
    char text[4000];

    snprintf(text, sizeof text,
             "%s%s\n[object, local, uuid(11111111-0000-0000-0000-000000000001)]\n"
             "interface IFoo : IUnknown { HRESULT M(LONG k, thing *a); }\n",
             types, declarations);
    compile(text);
    for (const struct declaration *d = idl_main_file(idl)->declarations; d; d = d->next) {
        if (d->kind == DECL_INTERFACE)
            variable_of_parameter(survey, d->interface->methods->parameters->next);
    }
    for (struct facts *f = survey->first; f; f = f->next)
        if (f->name && strcmp(f->name, name) == 0)
            return f;
    ck_abort_msg("there are no facts of %s", name);
}

static const struct {
    const char *fields;
    bool owns, looks;
} contents[] = {
    {"LONG a; GUID b; double c[3];", false, false},
    {"point a[2]; tone b; int c : 3;", false, false},
    {"LONG *a;", true, false},
    {"const LONG *a;", true, false},
    {"[string] char *a;", true, false},
    {"BSTR a[2];", true, false},
    {"IUnknown *a;", true, false},
    {"node a;", true, false},
    {"struct { struct { BSTR b; } c[2]; };", true, false},
    {"enum mood a;", false, true},
    {"enum mood a : 2;", false, true},
    {"digit a[3];", false, true},
    {"[string] char a[9];", false, true},
    {"ULONG n; [length_is(n)] BYTE a[9];", false, true},
    {"tagged a;", false, true},
    {"LONG k; [switch_is(k)] either a;", true, true},
    {"struct { tagged b; node c; } a;", true, true},
    {"ULONG n; [size_is(n)] BYTE a[];", false, false},
};

START_TEST(a_record_is_more_than_its_bytes_if_a_field_is)
{
    char text[500];
    struct facts *facts;

    snprintf(text, sizeof text, "typedef struct thing { %s } thing;", contents[_i].fields);
    facts = facts_of(text, "thing");
    ck_assert_msg(!facts->obstacle, "%s", facts->obstacle);
    ck_assert_int_eq(facts->content.owns, contents[_i].owns);
    ck_assert_int_eq(facts->content.looks, contents[_i].looks);
}
END_TEST

static const struct {
    const char *fields, *why;
} bad_fields[] = {
    {"void *a;", "a pointer to void without iid_is in field 'a' of thing"},
    {"struct { callback b; } a;",
     "a pointer to a function (an interface pointer serves for it) in field 'b' of a struct"},
    {"ULONG n; [size_is(n)] BYTE a[]; LONG b;",
     "an array of open length that is not the last field in field 'a' of thing"},
    {"ULONG *n; [size_is(*n)] BYTE a[];",
     "an array of open length whose size is behind a pointer in field 'a' of thing"},
    {"blob a;", "a struct that ends with an open array, and not a pointer to it in field 'a' of "
                "thing"},
    {"struct { LONG b; } *a;", "a pointer to a struct without a name in field 'a' of thing"},
    {"either a;", "a union without switch_is in field 'a' of thing"},
    {"ULONG n; [size_is(n)] BYTE a[4];",
     "a size for an array of fixed length in field 'a' of thing"},
    {"[string] char a[];", "an array of open length without size_is in field 'a' of thing"},
    {"LONG k; [switch_is(k)] union { [case(1)] ULONG n; [case(2), size_is(n)] BYTE *b; } a;",
     "a size that is another arm of the union in field 'b' of a union"},
};

START_TEST(an_obstacle_in_a_record_names_the_field)
{
    char text[500], why[300];
    struct facts *facts;

    snprintf(text, sizeof text, "typedef struct thing { %s } thing;", bad_fields[_i].fields);
    snprintf(why, sizeof why, "%s, foo.idl:18", bad_fields[_i].why);
    facts = facts_of(text, "thing");
    ck_assert_str_eq(facts->obstacle ? facts->obstacle : "(none)", why);
}
END_TEST

/* Whichever of a circle is met first, all of them learn what is in the way of one. */
static const char *const circle[] = {"thing", "second", "third"};

START_TEST(an_obstacle_is_known_all_round_a_circle_of_pointers)
{
    struct facts *facts = facts_of("struct third;"
                                   "typedef struct thing { struct second *a; } thing;"
                                   "typedef struct second { struct third *a; BSTR b; } second;"
                                   "typedef struct third { thing *a; callback b; } third;",
                                   circle[_i]);

    ck_assert_ptr_nonnull(facts->obstacle);
    ck_assert_str_eq(
        facts->obstacle,
        "a pointer to a function (an interface pointer serves for it) in field 'b' of third, "
        "foo.idl:18");
    ck_assert(facts->content.owns);
    ck_assert(!facts->content.looks);
}
END_TEST

/* ---- time ---- */

enum { MANY = 5000 };

/* Compiles `count` structs, each made of the one before it, and asks about the last. */
static struct variable last_of_chain(const char *fields, int count)
{
    size_t size = (size_t)count * 100 + 1000, used;
    char *text = malloc(size);
    const struct declaration *d;

    ck_assert_ptr_nonnull(text);
    used = (size_t)snprintf(text, size, "import \"unknwn.idl\";\nstruct s0 { BSTR x; };\n");
    for (int i = 1; i <= count; i++) {
        char name[16];

        snprintf(name, sizeof name, "struct s%d", i - 1);
        used += (size_t)snprintf(text + used, size - used, "struct s%d { ", i);
        used += (size_t)snprintf(text + used, size - used, fields, name, name);
        used += (size_t)snprintf(text + used, size - used, " };\n");
    }
    snprintf(text + used, size - used,
             "[object, uuid(11111111-0000-0000-0000-000000000001)]\n"
             "interface IFoo : IUnknown { HRESULT M(struct s%d *a); }\n",
             count);
    compile(text);
    free(text);
    for (d = idl_main_file(idl)->declarations; d->kind != DECL_INTERFACE; d = d->next)
        continue;
    return variable_of_parameter(survey, d->interface->methods->parameters);
}

static const char *const chains[] = {"%s *a; %s *b;", "%s a; %s b;", "%s a[2]; %s *b;"};

START_TEST(a_record_is_looked_into_once_however_often_it_is_used)
{
    struct variable variable = last_of_chain(chains[_i], MANY);
    size_t count = 0;

    ck_assert_msg(!variable.obstacle, "%s", variable.obstacle);
    ck_assert(variable_content(&variable, 1).owns);
    for (const struct facts *f = survey->first; f; f = f->next)
        count++;
    ck_assert_uint_eq(count, MANY + 1);
}
END_TEST

/* ---- questions ---- */

static const struct {
    const char *parameters;
    size_t outer;
    bool owns, looks;
} questions[] = {
    {"LONG *a", 0, true, false},
    {"LONG *a", 1, false, false},
    {"LONG **a", 1, true, false},
    {"node *a", 1, true, false},
    {"enum mood *a", 1, false, true},
    {"[string] char **a", 1, true, false},
    {"[string] char a[4]", 0, false, true},
    {"[string] char a[4]", 1, false, false},
    {"LONG a[3]", 0, false, false},
    {"BSTR a[3]", 0, true, false},
    {"IUnknown *a", 0, true, false},
};

START_TEST(what_is_inside_is_asked_from_a_level_on)
{
    struct variable variable = last_of(questions[_i].parameters);
    struct content content = variable_content(&variable, questions[_i].outer);

    ck_assert_int_eq(content.owns, questions[_i].owns);
    ck_assert_int_eq(content.looks, questions[_i].looks);
    ck_assert_int_eq(variable_is_deep(&variable, questions[_i].outer),
                     questions[_i].owns || questions[_i].looks);
}
END_TEST

#define COUNT(table) (sizeof(table) / sizeof *(table))

static Suite *variable_suite(void)
{
    Suite *suite = suite_create("variable");
    TCase *tcase = tcase_create("variable");

    tcase_add_checked_fixture(tcase, NULL, teardown);
    tcase_add_loop_test(tcase, attributes_bind_to_the_levels_that_they_are_about, 0, COUNT(levels));
    tcase_add_loop_test(tcase, what_no_call_can_carry_has_its_reason, 0, COUNT(obstacles));
    tcase_add_loop_test(tcase, a_record_is_more_than_its_bytes_if_a_field_is, 0, COUNT(contents));
    tcase_add_loop_test(tcase, an_obstacle_in_a_record_names_the_field, 0, COUNT(bad_fields));
    tcase_add_loop_test(tcase, an_obstacle_is_known_all_round_a_circle_of_pointers, 0,
                        COUNT(circle));
    tcase_add_loop_test(tcase, a_record_is_looked_into_once_however_often_it_is_used, 0,
                        COUNT(chains));
    tcase_add_loop_test(tcase, what_is_inside_is_asked_from_a_level_on, 0, COUNT(questions));
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(variable_suite)
