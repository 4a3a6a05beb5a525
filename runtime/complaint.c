/*
 * complaint.c -- see complaint.h.
 *
 * It knows the method and who made the value, and not which parameter: the walk that found the bad
 * value may be deep inside of one.
 */
#include "runtime/complaint.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/call.h"
#include "runtime/fatal.h"

/* Read once: getenv must not meet a setenv of the application's, so not in the middle of a call. */
static bool is_wanted;

__attribute__((constructor)) static void read_environment(void)
{
    const char *text = getenv("UVCOM_DEBUG");

    is_wanted = text && *text;
}

static const char *interface_of(const struct operation *operation)
{
    return operation->call ? operation->call->interface->name : "";
}

static const char *method_of(const struct operation *operation)
{
    return operation->method ? operation->method->name : "";
}

void uvcom__complain(const struct operation *operation, HRESULT hr, const char *whose)
{
    if (is_wanted)
        fprintf(stderr, "uvcom: %s::%s: %s (0x%08X) because of %s\n", interface_of(operation),
                method_of(operation), uvcom_hresult_describe(hr), (unsigned)hr, whose);
}

struct task_block *uvcom__operation_block_of(const struct operation *operation, const void *memory,
                                             enum task_magic magic, const char *whose)
{
    const char *fault = uvcom__task_fault(memory, magic);
    char text[384];

    if (!fault)
        return uvcom__task_block_of(memory, magic);
    snprintf(text, sizeof text, "%s::%s, in %s: %s", interface_of(operation), method_of(operation),
             whose, fault);
    uvcom__fatal(text);
}
