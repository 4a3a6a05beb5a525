/*
 * uvcom/marshal.h -- COM's own functions that carry an interface pointer to another apartment.
 *
 * An interface pointer is good in one apartment. As a parameter of a call it becomes good in the
 * other one by itself; these functions are for a program that hands a pointer to another thread in
 * its own way. The one who receives it gets a proxy, or the object itself in its own apartment and
 * if it is agile (UVCOM_CLASS_AGILE). Included by uvcom/combase.h.
 */
#ifndef UVCOM_MARSHAL_H
#define UVCOM_MARSHAL_H

#include <uvcom/base.h>
#include <uvcom/hresult.h>
#include <uvcom/objidl.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Packs an interface pointer for another thread: the stream is given to that thread, in any way,
 * and CoGetInterfaceAndReleaseStream there gives a pointer that is good in its apartment.
 *
 * The stream keeps the object. It is good for one use; released without, it keeps nothing. As a
 * stream it has no bytes: Read finds its end (S_FALSE), Write and SetSize answer
 * STG_E_ACCESSDENIED, a Seek away from 0 and locks STG_E_INVALIDFUNCTION, Clone E_NOTIMPL.
 *
 * @param riid   the interface to be had in the other apartment
 * @param pUnk   borrowed: a pointer that is good on this thread
 * @param ppStm  [out] transfer: may be used and released on any thread; NULL on failure
 *
 * Any thread that has an apartment; for an agile object, any thread. Waits for nobody.
 *
 * @return S_OK
 *         E_NOINTERFACE        the object has no such interface; for a proxy that comes only
 *                              where it is taken out, because nobody is asked here
 *         E_UNEXPECTED         the object says S_OK and gives no pointer
 *         E_POINTER            ppStm is NULL
 *         E_INVALIDARG         riid or pUnk is NULL
 *         CO_E_NOTINITIALIZED  this thread has not called CoInitializeEx, and the object is not
 *                              agile; or the process is a child made by fork after the runtime was
 *                              used
 *         RPC_E_WRONG_THREAD   pUnk is a proxy of another apartment
 *         RPC_E_DISCONNECTED   the object's apartment is closing
 *         E_OUTOFMEMORY
 */
UVCOM_API HRESULT CoMarshalInterThreadInterfaceInStream(REFIID riid, IUnknown *pUnk,
                                                        IStream **ppStm);

/**
 * Takes the pointer out of such a stream: the object's own in its apartment or if it is agile, else
 * this apartment's proxy for it, the same one by whatever way the object came (COM-01).
 *
 * @param pStm  released in any case, unless it is NULL
 * @param iid   usually the interface that the stream was made for
 * @param ppv   [out] transfer; NULL on failure
 *
 * Any thread that has an apartment; for an agile object, any thread. Waits for the object's
 * apartment if nobody has asked it before for this interface or one that derives from it.
 *
 * @return S_OK
 *         E_NOINTERFACE         the object has no such interface, or it would have to be a proxy
 *                               and there is no generated code for it
 *         E_INVALIDARG          a NULL pointer, or a stream of another kind
 *         CO_E_OBJNOTCONNECTED  the pointer has been taken out already
 *         E_UNEXPECTED          the object says S_OK and gives no pointer
 *         CO_E_NOTINITIALIZED   this thread has not called CoInitializeEx, and the object is not
 *                               agile; or the process is a child made by fork after the runtime was
 *                               used
 *         RPC_E_DISCONNECTED    the object's apartment has closed
 *         E_OUTOFMEMORY
 */
UVCOM_API HRESULT CoGetInterfaceAndReleaseStream(IStream *pStm, REFIID iid, void **ppv);

/**
 * Makes an object that refers to another and may be used on any thread: its Resolve gives each
 * apartment the pointer that is good there, any number of times. It keeps the object.
 *
 * @param options           AGILEREFERENCE_DEFAULT; AGILEREFERENCE_DELAYEDMARSHAL is the same here,
 *                          since nothing is ever written down
 * @param riid              the interface to be had
 * @param pUnk              borrowed: a pointer that is good on this thread
 * @param ppAgileReference  [out] transfer; NULL on failure
 *
 * Any thread that has an apartment; for an agile object, any thread. Waits for nobody.
 *
 * @return as CoMarshalInterThreadInterfaceInStream (E_INVALIDARG also for unknown options)
 */
UVCOM_API HRESULT RoGetAgileReference(AgileReferenceOptions options, REFIID riid, IUnknown *pUnk,
                                      IAgileReference **ppAgileReference);

/** The class of the process's IGlobalInterfaceTable, for CoCreateInstance. Nobody registers it. */
UVCOM_API extern const CLSID CLSID_StdGlobalInterfaceTable;

#ifdef __cplusplus
}
#endif

#endif
