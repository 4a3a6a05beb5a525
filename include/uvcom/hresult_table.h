/*
 * uvcom/hresult_table.h -- every result code once: name, value, text.
 *
 * Included by uvcom/hresult.h. A program that wants its own list of the codes gives
 * UVCOM_HRESULT_TABLE a macro X(name, value, text); the name may be an expression such as
 * HRESULT_FROM_WIN32(ERROR_POSSIBLE_DEADLOCK). Sorted by value, and no value is there twice:
 * RPC_S_CALLPENDING is listed under its other name.
 */
#ifndef UVCOM_HRESULT_TABLE_H
#define UVCOM_HRESULT_TABLE_H

/* clang-format off: one row a code. */
#define UVCOM_HRESULT_TABLE(X)                                                                     \
    X(S_OK, 0x00000000L, "Done")                                                                   \
    X(S_FALSE, 0x00000001L, "Done, and the answer is no")                                          \
    X(E_PENDING, 0x8000000AL, "The data are not available yet")                                    \
    X(E_BOUNDS, 0x8000000BL, "Access outside the valid range")                                     \
    X(E_NOTIMPL, 0x80004001L, "Not implemented")                                                   \
    X(E_NOINTERFACE, 0x80004002L, "The object has no such interface")                              \
    X(E_POINTER, 0x80004003L, "A pointer is NULL that must not be")                                \
    X(E_ABORT, 0x80004004L, "The operation was given up")                                          \
    X(E_FAIL, 0x80004005L, "Unspecified failure")                                                  \
    X(CO_E_NOT_SUPPORTED, 0x80004021L, "Not supported here")                                       \
    X(E_UNEXPECTED, 0x8000FFFFL, "Not possible in this state")                                     \
    X(RPC_E_CALL_REJECTED, 0x80010001L, "The callee refused the call")                             \
    X(RPC_E_CALL_CANCELED, 0x80010002L, "The call was cancelled")                                  \
    X(RPC_E_CANTPOST_INSENDCALL, 0x80010003L,                                                      \
      "The caller is dispatching another call and cannot post")                                    \
    X(RPC_E_CANTCALLOUT_INASYNCCALL, 0x80010004L,                                                  \
      "No call can be made while an asynchronous call is dispatched")                              \
    X(RPC_E_CANTCALLOUT_INEXTERNALCALL, 0x80010005L, "No call can be made in this state")          \
    X(RPC_E_CONNECTION_TERMINATED, 0x80010006L, "The connection ended")                            \
    X(RPC_E_SERVER_DIED, 0x80010007L, "The server has gone, and the call may have run")            \
    X(RPC_E_CLIENT_DIED, 0x80010008L, "The caller has gone")                                       \
    X(RPC_E_INVALID_DATA, 0x8001000FL, "The data received are not valid")                          \
    X(RPC_E_INVALID_PARAMETER, 0x80010010L, "A parameter is not valid")                            \
    X(RPC_E_CANTCALLOUT_AGAIN, 0x80010011L, "No second call can be made in this state")            \
    X(RPC_E_SERVER_DIED_DNE, 0x80010012L, "The server has gone, and the call did not run")         \
    X(RPC_E_SYS_CALL_FAILED, 0x80010100L, "A call of the operating system failed")                 \
    X(RPC_E_OUT_OF_RESOURCES, 0x80010101L, "A resource other than memory is used up")              \
    X(RPC_E_ATTEMPTED_MULTITHREAD, 0x80010102L,                                                    \
      "Calls on several threads of a single-threaded object")                                      \
    X(RPC_E_NOT_REGISTERED, 0x80010103L, "The interface is not registered on the server")          \
    X(RPC_E_FAULT, 0x80010104L, "The call could not be carried out")                               \
    X(RPC_E_SERVERFAULT, 0x80010105L, "The server gave up the call without completing it")         \
    X(RPC_E_CHANGED_MODE, 0x80010106L, "The thread has another concurrency model already")         \
    X(RPC_E_INVALIDMETHOD, 0x80010107L, "No such method")                                          \
    X(RPC_E_DISCONNECTED, 0x80010108L, "The server's apartment has gone")                          \
    X(RPC_E_RETRY, 0x80010109L, "Busy; retry later")                                               \
    X(RPC_E_SERVERCALL_RETRYLATER, 0x8001010AL, "The callee is busy; retry later")                 \
    X(RPC_E_SERVERCALL_REJECTED, 0x8001010BL, "The callee's filter refused the call")              \
    X(RPC_E_INVALID_CALLDATA, 0x8001010CL, "The call's data are not valid")                        \
    X(RPC_E_CANTCALLOUT_ININPUTSYNCCALL, 0x8001010DL,                                              \
      "No call can be made while an input-synchronous one is dispatched")                          \
    X(RPC_E_WRONG_THREAD, 0x8001010EL,                                                             \
      "Not on this thread: the pointer is another apartment's, or there is no loop")               \
    X(RPC_E_THREAD_NOT_INIT, 0x8001010FL, "This thread has not called CoInitializeEx")             \
    X(RPC_E_INVALID_OBJECT, 0x80010114L, "The object asked for does not exist")                    \
    X(RPC_E_CALL_PENDING, 0x80010115L, "A call is pending on this call object")                    \
    X(RPC_S_WAITONTIMER, 0x80010116L, "Waiting on a timer")                                        \
    X(RPC_E_CALL_COMPLETE, 0x80010117L, "There is no call in progress")                            \
    X(RPC_E_TOO_LATE, 0x80010119L, "Too late for this setting")                                    \
    X(RPC_E_ACCESS_DENIED, 0x8001011BL, "Access is denied")                                        \
    X(RPC_E_NO_CONTEXT, 0x8001011EL, "There is no call context")                                   \
    X(RPC_E_TIMEOUT, 0x8001011FL, "The time is over")                                              \
    X(RPC_E_NO_SYNC, 0x80010120L, "There is nothing to wait for")                                  \
    X(CO_E_CANCEL_DISABLED, 0x80010140L, "Cancelling is not enabled")                              \
    X(RPC_E_UNEXPECTED, 0x8001FFFFL, "Internal error of the call machinery")                       \
    X(STG_E_INVALIDFUNCTION, 0x80030001L, "The stream cannot do this")                             \
    X(STG_E_ACCESSDENIED, 0x80030005L, "The stream does not allow this")                           \
    X(CLASS_E_NOAGGREGATION, 0x80040110L, "The class does not support aggregation")                \
    X(CLASS_E_CLASSNOTAVAILABLE, 0x80040111L, "The factory does not make this class")              \
    X(REGDB_E_CLASSNOTREG, 0x80040154L, "The class is not registered")                             \
    X(REGDB_E_IIDNOTREG, 0x80040155L, "The interface is not registered")                           \
    X(CO_E_NOTINITIALIZED, 0x800401F0L, "This thread has not called CoInitializeEx")               \
    X(CO_E_ALREADYINITIALIZED, 0x800401F1L, "Initialised already")                                 \
    X(CO_E_CLASSSTRING, 0x800401F3L, "Not the text of a class id")                                 \
    X(CO_E_IIDSTRING, 0x800401F4L, "Not the text of an interface id")                              \
    X(CO_E_DLLNOTFOUND, 0x800401F8L, "The server library was not found")                           \
    X(CO_E_ERRORINDLL, 0x800401F9L, "The server library cannot be used")                           \
    X(CO_E_OBJNOTREG, 0x800401FBL, "The object is not registered")                                 \
    X(CO_E_OBJISREG, 0x800401FCL, "The object is registered already")                              \
    X(CO_E_OBJNOTCONNECTED, 0x800401FDL, "The object is not connected to its server")              \
    X(CO_E_RELEASED, 0x800401FFL, "The object has been released")                                  \
    X(E_ACCESSDENIED, 0x80070005L, "Access is denied")                                             \
    X(E_HANDLE, 0x80070006L, "The handle is not valid")                                            \
    X(E_OUTOFMEMORY, 0x8007000EL, "Out of memory")                                                 \
    X(E_INVALIDARG, 0x80070057L, "An argument is not valid")                                       \
    X(HRESULT_FROM_WIN32(ERROR_POSSIBLE_DEADLOCK), 0x8007046BL, "Waiting here would never end")    \
    X(HRESULT_FROM_WIN32(RPC_X_INVALID_TAG), 0x800706C5L, "A union's tag is none of its cases")    \
    X(HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND), 0x800706C6L, "An array's bound is out of range")    \
    X(HRESULT_FROM_WIN32(RPC_X_NULL_REF_POINTER), 0x800706F4L, "NULL for a [ref] pointer")         \
    X(HRESULT_FROM_WIN32(RPC_X_ENUM_VALUE_OUT_OF_RANGE), 0x800706F5L,                              \
      "An enum's value is out of range")                                                           \
    X(HRESULT_FROM_WIN32(RPC_X_BYTE_COUNT_TOO_SMALL), 0x800706F6L, "A byte count is too small")    \
    X(HRESULT_FROM_WIN32(RPC_X_BAD_STUB_DATA), 0x800706F7L,                                        \
      "The call's parameters cannot be read")                                                      \
    X(HRESULT_FROM_WIN32(RPC_S_CALL_CANCELLED), 0x8007071AL,                                       \
      "The remote procedure call was cancelled")
/* clang-format on */

#endif
