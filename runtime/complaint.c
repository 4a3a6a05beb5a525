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

static void complain(const char *interface, const char *method, HRESULT hr, const char *whose)
{
    if (is_wanted)
        fprintf(stderr, "uvcom: %s::%s: %s (0x%08X) because of %s\n", interface, method,
                uvcom_hresult_describe(hr), (unsigned)hr, whose);
}

void uvcom__complain(const struct operation *operation, HRESULT hr, const char *whose)
{
    complain(interface_of(operation), method_of(operation), hr, whose);
}

void uvcom__complain_of_call(const struct call *call, unsigned method, HRESULT hr,
                             const char *whose)
{
    complain(call->interface->name, call->interface->methods[method - 1].name, hr, whose);
}

void uvcom__complain_of_file(const char *path, ULONG line, const char *text)
{
    if (is_wanted && line == 0)
        fprintf(stderr, "uvcom: %s: %s\n", path, text);
    else if (is_wanted)
        fprintf(stderr, "uvcom: %s:%u: %s\n", path, (unsigned)line, text);
}

void uvcom__complain_of_folder(const char *folder, size_t length, const char *text)
{
    if (is_wanted)
        fprintf(stderr, "uvcom: UVCOM_COMPONENT_PATH: %.*s %s\n", (int)length, folder, text);
}

void uvcom__complain_of_class(REFCLSID clsid, const char *path, const char *installed)
{
    const BYTE *last = clsid->Data4;

    if (!is_wanted)
        return;
    if (!path)
        path = "";
    fprintf(stderr,
            "uvcom: class %08x-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x: no manifest names it "
            "in %s%s%s\n",
            (unsigned)clsid->Data1, clsid->Data2, clsid->Data3, last[0], last[1], last[2], last[3],
            last[4], last[5], last[6], last[7], path, *path ? ":" : "", installed);
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
