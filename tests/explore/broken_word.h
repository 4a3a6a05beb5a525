/*
 * broken_word.h -- designs of the call word with one mistake each, for the explorer to find.
 */
#ifndef TESTS_EXPLORE_BROKEN_WORD_H
#define TESTS_EXPLORE_BROKEN_WORD_H

#include "tests/explore/call_program.h"

extern const struct design begin_tests_then_sets;
extern const struct design completion_without_epoch;
extern const struct design completion_without_claim;
extern const struct design cancel_without_claim;
extern const struct design finish_without_claim;
extern const struct design ask_without_claim;
extern const struct design ask_that_cancels;
extern const struct design cancel_without_pin;
extern const struct design finish_without_pin;
extern const struct design result_after_completion;
extern const struct design retire_before_copying;
extern const struct design completion_without_wake;
extern const struct design cancel_without_wake;
extern const struct design wait_tests_then_sleeps;
extern const struct design wait_sleeps_without_bit;
extern const struct design wait_without_acquire;

#endif
