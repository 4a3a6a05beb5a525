/*
 * test_call_explored.c -- runtime/call_state.c and runtime/call_word.c, compiled for the explorer,
 * under every order of events within a bound and under random ones.
 *
 * If one of these fails, the message has the schedule; search.h says how it is run again.
 */
#include "tests/explore/call_program.h"
#include "tests/explore/search.h"
#include "tests/support/runner.h"

START_TEST(race_01_of_begins_that_race_exactly_one_is_accepted)
{
    search_expects_nothing("begin || begin", program_begin_begin, &sound_design, 3);
}
END_TEST

START_TEST(race_02_of_finishes_that_race_exactly_one_gets_the_result)
{
    search_expects_nothing("finish || finish", program_finish_finish, &sound_design, 3);
}
END_TEST

START_TEST(race_02_a_finish_that_waited_does_not_take_the_next_call)
{
    search_expects_nothing("finish || next call", program_finish_late, &sound_design, 3);
}
END_TEST

START_TEST(race_03_begin_is_refused_until_finish_has_copied)
{
    search_expects_nothing("finish || begin", program_finish_begin, &sound_design, 2);
}
END_TEST

START_TEST(race_04_no_signal_is_lost)
{
    search_expects_nothing("signal || wait", program_signal_wait, &sound_design, 2);
}
END_TEST

START_TEST(syn_06_of_two_resets_one_takes_the_event)
{
    search_expects_nothing("signal || reset", program_signal_reset, &sound_design, 4);
}
END_TEST

START_TEST(race_05_a_result_or_a_cancel_never_both)
{
    search_expects_nothing("complete || cancel", program_complete_cancel, &sound_design, 3);
}
END_TEST

START_TEST(race_06_a_late_completion_does_not_reach_the_next_call)
{
    search_expects_nothing("late completion", program_late_completion, &sound_design, 2);
}
END_TEST

START_TEST(can_18_a_result_or_a_cancel_when_the_server_gets_time)
{
    search_expects_nothing("ask", program_ask, &sound_design, 2);
}
END_TEST

START_TEST(race_06_a_cancel_that_waited_does_not_reach_the_next_call)
{
    search_expects_nothing("ask || next call", program_ask_late, &sound_design, 2);
}
END_TEST

START_TEST(race_05_of_a_cancel_and_a_deadline_one_gives_the_verdict)
{
    search_expects_nothing("cancel || deadline", program_deadline, &sound_design, 2);
}
END_TEST

START_TEST(race_09_a_finish_is_released_when_the_start_fails)
{
    search_expects_nothing("failed start", program_failed_start, &sound_design, 2);
}
END_TEST

START_TEST(everybody_at_once)
{
    search_expects_nothing("all", program_all, &sound_design, 2);
}
END_TEST

static Suite *call_explored_suite(void)
{
    Suite *suite = suite_create("call_explored");
    TCase *tcase = tcase_create("every order");

    tcase_add_test(tcase, race_01_of_begins_that_race_exactly_one_is_accepted);
    tcase_add_test(tcase, race_02_of_finishes_that_race_exactly_one_gets_the_result);
    tcase_add_test(tcase, race_02_a_finish_that_waited_does_not_take_the_next_call);
    tcase_add_test(tcase, race_03_begin_is_refused_until_finish_has_copied);
    tcase_add_test(tcase, race_04_no_signal_is_lost);
    tcase_add_test(tcase, syn_06_of_two_resets_one_takes_the_event);
    tcase_add_test(tcase, race_05_a_result_or_a_cancel_never_both);
    tcase_add_test(tcase, race_06_a_late_completion_does_not_reach_the_next_call);
    tcase_add_test(tcase, can_18_a_result_or_a_cancel_when_the_server_gets_time);
    tcase_add_test(tcase, race_06_a_cancel_that_waited_does_not_reach_the_next_call);
    tcase_add_test(tcase, race_05_of_a_cancel_and_a_deadline_one_gives_the_verdict);
    tcase_add_test(tcase, race_09_a_finish_is_released_when_the_start_fails);
    tcase_add_test(tcase, everybody_at_once);
    tcase_set_timeout(tcase, 60);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(call_explored_suite)
