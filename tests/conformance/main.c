/*
 * main.c -- uvcom-conformance: runs the conformance cases, all or some, and prints TAP.
 *
 * Each case, in each of its settings, is a run of Check's own, in a process of its own; this file
 * chooses them, and writes what became of them.
 */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tests/conformance/conformance.h"

enum { OK = 0, FAILED_CASES = 1, WRONG_USAGE = 2 };
enum { ROUNDS_A_SECOND = 200 }; /* of a race, in a slow build: for time limits */

static const struct {
    const char *file;
    const struct conformance_case *cases;
} tables[] = {
    {"cases_derivation.c", cases_derivation},   {"cases_factory.c", cases_factory},
    {"cases_client.c", cases_client},           {"cases_synchronize.c", cases_synchronize},
    {"cases_handle.c", cases_handle},           {"cases_container.c", cases_container},
    {"cases_server.c", cases_server},           {"cases_auto.c", cases_auto},
    {"cases_lifetime.c", cases_lifetime},       {"cases_aggregation.c", cases_aggregation},
    {"cases_concurrency.c", cases_concurrency}, {"cases_cancel.c", cases_cancel},
    {"cases_cancel_sync.c", cases_cancel_sync}, {"cases_context.c", cases_context},
    {"cases_apartment.c", cases_apartment},     {"cases_activation.c", cases_activation},
    {"cases_identity.c", cases_identity},       {"cases_states.c", cases_states},
};

static struct {
    bool list;
    bool no_fork;
    unsigned long stop_at; /* cases that have failed; 0: never */
    unsigned settings;     /* in which cases are run */
} options = {.settings = ~0u};

static struct {
    unsigned long planned;
    unsigned long run;
    unsigned long failed;
} counts; /* what was not run any more (--stop-at) was skipped */

/* ---- names ---- */

/* "CALL-01 CALL-02" for CALL_01_02_a_name; `rest` is left at "a_name". */
static void rules_of(const char *name, char *rules, size_t room, const char **rest)
{
    const size_t section = strcspn(name, "_");
    const char *at = name + section;
    size_t length = 0;

    rules[0] = 0;
    while (at[0] == '_' && at[1] >= '0' && at[1] <= '9' && length < room) {
        const size_t digits = strspn(at + 1, "0123456789");

        length += (size_t)snprintf(rules + length, room - length, "%s%.*s-%.*s", length ? " " : "",
                                   (int)section, name, (int)digits, at + 1);
        at += 1 + digits;
    }
    *rest = at[0] == '_' ? at + 1 : at;
}

/* Whether one of the words of `rules` is `wanted`, or begins with it and a dash. In either case of
   letters. */
static bool has_rule(const char *rules, const char *wanted)
{
    const size_t length = strlen(wanted);

    for (const char *at = rules; *at; at += strcspn(at, " "), at += *at == ' ')
        if (strncasecmp(at, wanted, length) == 0 &&
            (at[length] == 0 || at[length] == ' ' || at[length] == '-'))
            return true;
    return false;
}

/* `wanted` is a rule, a section of them, or a case. */
static bool is_meant(const struct conformance_case *row, const char *wanted)
{
    char rules[128];
    const char *rest;

    rules_of(row->test->name, rules, sizeof rules, &rest);
    return strcmp(row->test->name, wanted) == 0 || has_rule(rules, wanted);
}

static bool is_chosen(const struct conformance_case *row, char **wanted)
{
    if (!*wanted)
        return true;
    for (; *wanted; wanted++)
        if (is_meant(row, *wanted))
            return true;
    return false;
}

static size_t count_settings(const struct conformance_case *row)
{
    return (size_t)__builtin_popcount(row->settings & options.settings);
}

/* ---- one case ---- */

size_t repetitions(size_t few)
{
    const char *text = getenv("UVCOM_CONFORMANCE_REPEAT");
    const unsigned long count = text ? strtoul(text, NULL, 10) : 0;

    return count > 0 ? count : few;
}

static TCase *make_tcase(const struct conformance_case *row, unsigned setting)
{
    TCase *tcase = tcase_create(setting_name(setting));
    const double longer = (double)repetitions(0) / ROUNDS_A_SECOND;

    if (longer > 0)
        tcase_set_timeout(tcase, 10 + longer); /* else it is Check's own, or CK_DEFAULT_TIMEOUT */
    setting_add(setting, tcase);
    tcase_add_test(tcase, row->test);
    return tcase;
}

/* A message can have several lines, and each must be a remark in TAP. */
static void print_remark(const char *text)
{
    printf("#   ");
    for (; *text; text++) {
        putchar(*text);
        if (*text == '\n')
            printf("#   ");
    }
    putchar('\n');
}

static void print_result(const struct conformance_case *row, unsigned setting, TestResult *result)
{
    char rules[128];
    const char *rest;

    rules_of(row->test->name, rules, sizeof rules, &rest);
    printf("%s %lu - %s ", tr_rtype(result) == CK_PASS ? "ok" : "not ok", counts.run, rules);
    for (; *rest; rest++)
        putchar(*rest == '_' ? ' ' : *rest);
    printf(" (%s)\n", setting_name(setting));
    if (tr_rtype(result) != CK_PASS) {
        printf("#   %s\n#   %s:%d\n", row->test->name, tr_lfile(result), tr_lno(result));
        print_remark(tr_msg(result));
    }
    fflush(stdout);
}

static void run_case(const struct conformance_case *row, unsigned setting)
{
    Suite *suite = suite_create(row->test->name);
    SRunner *runner;
    TestResult **results;

    suite_add_tcase(suite, make_tcase(row, setting));
    runner = srunner_create(suite);
    if (options.no_fork)
        srunner_set_fork_status(runner, CK_NOFORK);
    fflush(stdout);
    srunner_run_all(runner, CK_SILENT);
    results = srunner_results(runner);
    counts.run++;
    counts.failed += (unsigned long)srunner_ntests_failed(runner);
    print_result(row, setting, results[0]);
    free(results);
    srunner_free(runner);
}

/* ---- all of them ---- */

static void list_case(const struct conformance_case *row, const char *file)
{
    char rules[128];
    const char *rest;

    rules_of(row->test->name, rules, sizeof rules, &rest);
    printf("%s\t%s\t%s\t", rules, row->test->name, file);
    for (unsigned setting = 1; setting < 1u << SETTING_COUNT; setting <<= 1)
        if (row->settings & setting)
            printf("%s%s", row->settings & (setting - 1) ? ", " : "", setting_name(setting));
    putchar('\n');
}

static void run_settings(const struct conformance_case *row)
{
    for (unsigned setting = 1; setting < 1u << SETTING_COUNT; setting <<= 1)
        if ((row->settings & options.settings & setting) &&
            (!options.stop_at || counts.failed < options.stop_at))
            run_case(row, setting);
}

static const struct conformance_case *next_chosen(const struct conformance_case *row, char **wanted)
{
    while (row->test && !is_chosen(row, wanted))
        row++;
    return row->test ? row : NULL;
}

/* 0: count them; 1: do what the options say. */
static void go_through(bool act, char **wanted)
{
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        const struct conformance_case *row = tables[i].cases;

        while ((row = next_chosen(row, wanted)) != NULL) {
            if (!act)
                counts.planned += count_settings(row);
            else if (options.list)
                list_case(row, tables[i].file);
            else
                run_settings(row);
            row++;
        }
    }
}

/* A word that chooses nothing is a mistake: a rule that is not proved must not look so. */
static bool choose_something(char **wanted)
{
    for (; *wanted; wanted++) {
        char *one[] = {*wanted, NULL};

        counts.planned = 0;
        go_through(false, one);
        if (counts.planned == 0) {
            fprintf(stderr, "uvcom-conformance: no case for '%s'\n", *wanted);
            return false;
        }
    }
    return true;
}

static void print_summary(void)
{
    if (counts.run < counts.planned)
        printf("Bail out! %lu cases have failed\n", counts.failed);
    printf("# %lu passed, %lu failed, %lu skipped\n", counts.run - counts.failed, counts.failed,
           counts.planned - counts.run);
}

static int usage(FILE *file, int status)
{
    fputs(
        "usage: uvcom-conformance [--list] [--no-fork] [--stop-at=N] [RULE | SECTION | CASE ...]\n"
        "Shows that this uvcom keeps the rules of COM's asynchronous calls, on this machine.\n"
        "  CALL-07       the cases of one rule; CALL: of all rules CALL-..; or one case's name;\n"
        "                rules may be written in lower case\n"
        "  --list        rule, case, file and settings, a line each; runs nothing\n"
        "  --no-fork     all in this process: for debuggers and valgrind; no time limits\n"
        "  --stop-at=N   ends when N cases have failed\n"
        "Prints TAP, and what came of it in its last line.\n"
        "Status: 0 all passed, 1 some failed, 2 wrong usage.\n"
        "UVCOM_CONFORMANCE_REPEAT: how often a case about a race repeats itself.\n",
        file);
    return status;
}

static bool choose_setting(const char *name)
{
    options.settings = 0;
    for (unsigned setting = 1; setting < 1u << SETTING_COUNT; setting <<= 1)
        if (strcmp(setting_name(setting), name) == 0)
            options.settings = setting | SETTING_BARE;
    return options.settings != 0;
}

/* -1: go on. */
static int parse_options(int argc, char **argv)
{
    static const struct option known[] = {
        {"list", no_argument, NULL, 'l'},          {"no-fork", no_argument, NULL, 'n'},
        {"setting", required_argument, NULL, 'e'}, {"stop-at", required_argument, NULL, 's'},
        {"help", no_argument, NULL, 'h'},          {NULL, 0, NULL, 0}};
    int option;

    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (option) {
        case 'l':
            options.list = true;
            break;
        case 'n':
            options.no_fork = true;
            break;
        case 's':
            options.stop_at = strtoul(optarg, NULL, 10);
            break;
        case 'e':
            if (!choose_setting(optarg))
                return usage(stderr, WRONG_USAGE);
            break;
        case 'h':
            return usage(stdout, OK);
        default:
            return usage(stderr, WRONG_USAGE);
        }
    }
    return -1;
}

int main(int argc, char **argv)
{
    const int status = parse_options(argc, argv);
    char **wanted = argv + optind;

    if (status >= 0)
        return status;
    if (!choose_something(wanted))
        return WRONG_USAGE;
    /* The lines are ours: Check would write its own plan in between. */
    unsetenv("CK_TAP_LOG_FILE_NAME");
    counts.planned = 0;
    go_through(false, wanted);
    if (!options.list)
        printf("1..%lu\n", counts.planned);
    go_through(true, wanted);
    if (!options.list)
        print_summary();
    return counts.failed == 0 ? OK : FAILED_CASES;
}
