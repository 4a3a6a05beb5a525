/*
 * witness.c -- see witness.h.
 */
#include "tests/e2e/matrix/witness.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static atomic_int live, strays;
static atomic_bool bound[WITNESS_SIDES];

struct witness {
    uvcom_object object;
    IWitness IWitness_iface;
    LONG number;
    bool is_bound; /* to the thread that made it */
    pthread_t thread;
};

UVCOM_OBJECT_IUNKNOWN(witness, IWitness)

static HRESULT STDMETHODCALLTYPE witness_Number(IWitness *iface, LONG *number)
{
    *number = witness_from_IWitness(iface)->number;
    return S_OK;
}

static const IWitnessVtbl witness_vtable = {
    .QueryInterface = witness_IWitness_QueryInterface,
    .AddRef = witness_IWitness_AddRef,
    .Release = witness_IWitness_Release,
    .Number = witness_Number,
};

static void witness_destroy(uvcom_object *object)
{
    const struct witness *witness = (struct witness *)(void *)object; /* the first member */

    if (witness->is_bound && !pthread_equal(witness->thread, pthread_self()))
        atomic_fetch_add(&strays, 1);
    free(object);
    atomic_fetch_sub(&live, 1);
}

static const uvcom_interface_entry witness_interfaces[] = {UVCOM_OBJECT_ENTRY(witness, IWitness)};
static const uvcom_class witness_class = {witness_interfaces, 1, witness_destroy, 0};

IWitness *witness_new(LONG number, enum witness_side side)
{
    struct witness *witness = calloc(1, sizeof *witness);

    if (!witness)
        return NULL;
    uvcom_object_init(&witness->object, &witness_class);
    witness->IWitness_iface.lpVtbl = &witness_vtable;
    witness->number = number;
    witness->is_bound = atomic_load(&bound[side]);
    witness->thread = pthread_self();
    atomic_fetch_add(&live, 1);
    return &witness->IWitness_iface;
}

HRESULT witness_number(void *object, LONG *number)
{
    IUnknown *unknown = object;
    IWitness *witness;
    HRESULT hr = IUnknown_QueryInterface(unknown, &IID_IWitness, (void **)&witness);

    *number = 0;
    if (FAILED(hr))
        return hr;
    hr = IWitness_Number(witness, number);
    IWitness_Release(witness);
    return hr;
}

int witness_live(void)
{
    return atomic_load(&live);
}

void witness_bind(enum witness_side side, bool is_bound)
{
    atomic_store(&bound[side], is_bound);
}

int witness_strays(void)
{
    return atomic_load(&strays);
}
