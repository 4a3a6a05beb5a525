/*
 * hresult.c -- names and texts of result codes, from the table in <uvcom/hresult_table.h>.
 *
 * It keeps no state and allocates nothing, so that it can be called on any thread, in a handler for
 * exhausted memory, and in a child after fork.
 */
#include <uvcom/hresult.h>

/* Two rows of one value would be two cases of one value: the compiler refuses them. */
#define NAME_OF(name, value, text)                                                                 \
    case (HRESULT)(value):                                                                         \
        return #name;
#define TEXT_OF(name, value, text)                                                                 \
    case (HRESULT)(value):                                                                         \
        return text;

const char *uvcom_hresult_name(HRESULT hr)
{
    switch (hr) {
        UVCOM_HRESULT_TABLE(NAME_OF)
    default:
        return NULL;
    }
}

const char *uvcom_hresult_text(HRESULT hr)
{
    switch (hr) {
        UVCOM_HRESULT_TABLE(TEXT_OF)
    default:
        return "Unknown code";
    }
}
