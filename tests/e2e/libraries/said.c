/*
 * said.c -- a library for test_components.py that says when it is loaded, and how its
 * DllGetClassObject answers. Linked with nothing.
 */
#include <stdio.h>

#include <uvcom/library.h>

__attribute__((constructor)) static void say(void)
{
    puts("loaded");
    fflush(stdout);
}

HRESULT STDMETHODCALLTYPE DllGetClassObject(REFCLSID clsid, REFIID riid, void **ppv)
{
    (void)clsid;
    (void)riid;
    *ppv = NULL;
    return CLASS_E_CLASSNOTAVAILABLE;
}
