/*
 * no_faults.c -- tests/support/faults.h for a program that must not count: the lock behind the
 * counts would put threads in an order that the runtime has to make itself.
 *
 * Nothing fails and nothing is seen; leaks are the sanitizers' matter then.
 */
#include "tests/support/faults.h"

void faults_fail_at(size_t n)
{
    (void)n;
}

void faults_fail_from(size_t n)
{
    (void)n;
}

void faults_reset(void)
{
}

size_t faults_seen(void)
{
    return 0;
}

bool faults_hit(void)
{
    return false;
}

size_t faults_live(void)
{
    return 0;
}

void faults_spare_uv(void)
{
}
