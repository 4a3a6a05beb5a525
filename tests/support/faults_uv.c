/*
 * faults_uv.c -- sends libuv's allocations through faults.c too; link it where the runtime is
 * tested.
 *
 * libuv is a shared library, which the linker's --wrap does not reach; but it lets a program
 * replace its allocator as long as it has allocated nothing. Hence a constructor.
 */
#include <stdlib.h>

#include <uv.h>

#include "tests/support/faults.h"

__attribute__((constructor)) static void replace_allocator(void)
{
    if (uv_replace_allocator(malloc, realloc, calloc, free) != 0)
        abort();
}

/* The C library's own, past --wrap; declared in faults.c as well. */
void *__real_malloc(size_t size);
void *__real_realloc(void *block, size_t size);
void *__real_calloc(size_t count, size_t size);
void __real_free(void *block);

void faults_spare_uv(void)
{
    if (uv_replace_allocator(__real_malloc, __real_realloc, __real_calloc, __real_free) != 0)
        abort();
}
