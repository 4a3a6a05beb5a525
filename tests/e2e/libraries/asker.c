/*
 * asker.c -- a client for test_components.py: asks for the class of a lamp that is Both, as often
 * as ASKER_TIMES says, and prints what came of it at last.
 *
 * The runtime is linked into it, so that nothing of it is looked for in any folder.
 */
#include <stdio.h>
#include <stdlib.h>

#include <uvcom/uvcom.h>

#include "lamp_classes.h"

int main(void)
{
    const CLSID clsid = LAMP_ID(LAMP_BOTH);
    const char *times = getenv("ASKER_TIMES");
    IUnknown *lamp;
    HRESULT hr;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    for (int left = times ? atoi(times) : 1; left > 1; left--)
        CoCreateInstance(&clsid, NULL, CLSCTX_INPROC_SERVER, &IID_IUnknown, (void **)&lamp);
    hr = CoCreateInstance(&clsid, NULL, CLSCTX_INPROC_SERVER, &IID_IUnknown, (void **)&lamp);
    puts(uvcom_hresult_describe(hr));
    if (SUCCEEDED(hr))
        lamp->lpVtbl->Release(lamp);
    CoUninitialize();
    return 0;
}
