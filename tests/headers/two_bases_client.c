/*
 * two_bases_client.c -- calls an object that was compiled on another COM base; the exit status
 * tells which expectation failed first (0: none).
 */
#include "two_bases.h"

#include <stdio.h>

#include <uvcom/hresult.h>

static int failed(int line, const char *text)
{
    fprintf(stderr, "two_bases_client.c:%d: not so: %s\n", line, text);
    return 1;
}

#define EXPECT(condition)                                                                          \
    do {                                                                                           \
        if (!(condition))                                                                          \
            return failed(__LINE__, #condition);                                                   \
    } while (0)

static int adds(ICounter *counter)
{
    const LONG numbers[] = {1, -2, 0x7FFFFFFF};
    LONGLONG sum = 0;

    EXPECT(ICounter_Add(counter, numbers, 3, &sum) == S_OK);
    EXPECT(sum == 0x7FFFFFFELL);
    EXPECT(ICounter_Add(counter, numbers + 2, 1, &sum) == S_OK);
    EXPECT(sum == 0xFFFFFFFDLL);
    EXPECT(ICounter_Add(counter, numbers, 3, NULL) == E_POINTER);
    return 0;
}

static int queries(ICounter *counter)
{
    const IID unknown_id = {1, 2, 3, {4, 5, 6, 7, 8, 9, 10, 11}};
    void *found = counter;

    EXPECT(ICounter_QueryInterface(counter, &unknown_id, &found) == E_NOINTERFACE);
    EXPECT(!found);
    EXPECT(ICounter_QueryInterface(counter, &IID_IUnknown, &found) == S_OK);
    EXPECT(found == counter);
    EXPECT(IUnknown_Release((IUnknown *)found) == 1);
    EXPECT(ICounter_QueryInterface(counter, &IID_ICounter, &found) == S_OK);
    EXPECT(ICounter_Release(counter) == 1);
    return 0;
}

/* The table is the same for both languages and on both bases. */
static int starts(ICounter *counter)
{
    const AsyncICounterServer *table = counter_starts();
    const LONG number = 3;
    LONGLONG before, after;
    IUnknown *call = NULL;

    EXPECT(ICounter_Add(counter, NULL, 0, &before) == S_OK);
    EXPECT(table->Start_Add(counter, NULL, &number, 1, &after) == S_OK);
    EXPECT(after == before + 3);
    EXPECT(AsyncICounter_CreateCall(table, counter, NULL, &IID_IUnknown, &call) == S_OK);
    EXPECT(call == (IUnknown *)counter);
    EXPECT(AsyncICounter_CreateCall(table, counter, call, &IID_IUnknown, &call) == E_NOINTERFACE);
    return 0;
}

int main(void)
{
    ICounter *counter = counter_create();

    EXPECT(counter);
    EXPECT(counter_alive() == 1);
    EXPECT(ICounter_AddRef(counter) == 2);
    EXPECT(ICounter_Release(counter) == 1);
    if (adds(counter) || queries(counter) || starts(counter))
        return 1;
    EXPECT(ICounter_Release(counter) == 0);
    EXPECT(counter_alive() == 0);
    return 0;
}
