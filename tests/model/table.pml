/*
 * table.pml -- the table of runtime/call_state.c, cell by cell: what each event does in each state.
 *
 * test_table.py compares the two, so that a change of one that is not a change of the other is
 * noticed. Written so that the names are the same: CELL(next state, effects, answer), and STAY for
 * a cell that changes nothing. What the effects do is in call.pml, in `apply`.
 */
#define CELL(state, effect, code) next = state; effects = effect; hr = code
#define STAY(state, code) next = state; effects = 0; hr = code

inline row_idle(event)
{
    if
    :: event == ON_BEGIN -> CELL(STARTING, CLAIM, S_OK)
    :: event == ON_STARTED -> STAY(IDLE, S_OK)
    :: event == ON_START_FAILED -> STAY(IDLE, RPC_E_CALL_COMPLETE)
    :: event == ON_COMPLETE -> STAY(IDLE, RPC_E_CALL_COMPLETE)
    :: event == ON_CANCEL -> STAY(IDLE, RPC_E_CALL_COMPLETE)
    :: event == ON_ASK -> STAY(IDLE, RPC_E_CALL_COMPLETE)
    :: event == ON_FINISH -> STAY(IDLE, RPC_E_CALL_COMPLETE)
    :: event == ON_RETIRE -> STAY(IDLE, E_UNEXPECTED)
    :: event == ON_SIGNAL -> CELL(IDLE, PUBLISH, S_OK)
    :: event == ON_RESET -> CELL(IDLE, UNSIGNAL, S_OK)
    :: event == ON_TEST_CANCEL -> STAY(IDLE, RPC_E_CALL_COMPLETE)
    fi
}

inline row_starting(event)
{
    if
    :: event == ON_BEGIN -> STAY(STARTING, RPC_S_CALLPENDING)
    :: event == ON_STARTED -> STAY(PENDING, S_OK)
    :: event == ON_START_FAILED -> CELL(IDLE, FORGET | PUBLISH, S_OK)
    :: event == ON_COMPLETE -> CELL(DONE, PUBLISH | BIND, S_OK)
    :: event == ON_CANCEL -> CELL(STARTING, JUDGE, S_OK)
    :: event == ON_ASK -> CELL(STARTING, ASK, S_OK)
    :: event == ON_FINISH -> CELL(STARTING, SAME_METHOD | WAIT, RPC_S_CALLPENDING)
    :: event == ON_RETIRE -> STAY(STARTING, E_UNEXPECTED)
    :: event == ON_SIGNAL -> CELL(STARTING, PUBLISH, S_OK)
    :: event == ON_RESET -> CELL(STARTING, UNSIGNAL, S_OK)
    :: event == ON_TEST_CANCEL -> STAY(STARTING, RPC_S_CALLPENDING)
    fi
}

inline row_starting_asked(event)
{
    if
    :: event == ON_BEGIN -> STAY(STARTING, RPC_S_CALLPENDING)
    :: event == ON_STARTED -> STAY(PENDING, S_OK)
    :: event == ON_START_FAILED -> CELL(IDLE, FORGET | PUBLISH, S_OK)
    :: event == ON_COMPLETE -> CELL(DONE, PUBLISH | BIND, S_OK)
    :: event == ON_CANCEL -> CELL(STARTING, JUDGE, S_OK)
    :: event == ON_ASK -> STAY(STARTING, S_OK)
    :: event == ON_FINISH -> CELL(STARTING, SAME_METHOD | WAIT, RPC_S_CALLPENDING)
    :: event == ON_RETIRE -> STAY(STARTING, E_UNEXPECTED)
    :: event == ON_SIGNAL -> CELL(STARTING, PUBLISH, S_OK)
    :: event == ON_RESET -> CELL(STARTING, UNSIGNAL, S_OK)
    :: event == ON_TEST_CANCEL -> STAY(STARTING, RPC_E_CALL_CANCELED)
    fi
}

inline row_starting_canceled(event)
{
    if
    :: event == ON_BEGIN -> STAY(STARTING, RPC_S_CALLPENDING)
    :: event == ON_STARTED -> CELL(CANCELED, PUBLISH, S_OK)
    :: event == ON_START_FAILED -> CELL(IDLE, FORGET | PUBLISH, S_OK)
    :: event == ON_COMPLETE -> CELL(CANCELED, PUBLISH, RPC_E_CALL_COMPLETE)
    :: event == ON_CANCEL -> STAY(STARTING, RPC_E_CALL_CANCELED)
    :: event == ON_ASK -> STAY(STARTING, RPC_E_CALL_CANCELED)
    :: event == ON_FINISH -> CELL(STARTING, SAME_METHOD | WAIT, RPC_S_CALLPENDING)
    :: event == ON_RETIRE -> STAY(STARTING, E_UNEXPECTED)
    :: event == ON_SIGNAL -> CELL(STARTING, PUBLISH, S_OK)
    :: event == ON_RESET -> CELL(STARTING, UNSIGNAL, S_OK)
    :: event == ON_TEST_CANCEL -> STAY(STARTING, RPC_E_CALL_CANCELED)
    fi
}

inline row_pending(event)
{
    if
    :: event == ON_BEGIN -> STAY(PENDING, RPC_S_CALLPENDING)
    :: event == ON_STARTED -> STAY(PENDING, S_OK)
    :: event == ON_START_FAILED -> STAY(PENDING, E_UNEXPECTED)
    :: event == ON_COMPLETE -> CELL(DONE, PUBLISH | BIND, S_OK)
    :: event == ON_CANCEL -> CELL(CANCELED, JUDGE | PUBLISH, S_OK)
    :: event == ON_ASK -> CELL(PENDING, ASK, S_OK)
    :: event == ON_FINISH -> CELL(PENDING, SAME_METHOD | WAIT, RPC_S_CALLPENDING)
    :: event == ON_RETIRE -> STAY(PENDING, E_UNEXPECTED)
    :: event == ON_SIGNAL -> CELL(PENDING, PUBLISH, S_OK)
    :: event == ON_RESET -> CELL(PENDING, UNSIGNAL, S_OK)
    :: event == ON_TEST_CANCEL -> STAY(PENDING, RPC_S_CALLPENDING)
    fi
}

inline row_pending_asked(event)
{
    if
    :: event == ON_BEGIN -> STAY(PENDING, RPC_S_CALLPENDING)
    :: event == ON_STARTED -> STAY(PENDING, S_OK)
    :: event == ON_START_FAILED -> STAY(PENDING, E_UNEXPECTED)
    :: event == ON_COMPLETE -> CELL(DONE, PUBLISH | BIND, S_OK)
    :: event == ON_CANCEL -> CELL(CANCELED, JUDGE | PUBLISH, S_OK)
    :: event == ON_ASK -> STAY(PENDING, S_OK)
    :: event == ON_FINISH -> CELL(PENDING, SAME_METHOD | WAIT, RPC_S_CALLPENDING)
    :: event == ON_RETIRE -> STAY(PENDING, E_UNEXPECTED)
    :: event == ON_SIGNAL -> CELL(PENDING, PUBLISH, S_OK)
    :: event == ON_RESET -> CELL(PENDING, UNSIGNAL, S_OK)
    :: event == ON_TEST_CANCEL -> STAY(PENDING, RPC_E_CALL_CANCELED)
    fi
}

inline row_done(event)
{
    if
    :: event == ON_BEGIN -> STAY(DONE, RPC_S_CALLPENDING)
    :: event == ON_STARTED -> STAY(DONE, S_OK)
    :: event == ON_START_FAILED -> STAY(DONE, RPC_E_CALL_COMPLETE)
    :: event == ON_COMPLETE -> STAY(DONE, RPC_E_CALL_COMPLETE)
    :: event == ON_CANCEL -> STAY(DONE, RPC_E_CALL_COMPLETE)
    :: event == ON_ASK -> STAY(DONE, RPC_E_CALL_COMPLETE)
    :: event == ON_FINISH -> CELL(FINISHING, SAME_METHOD | IN_PLACE, S_OK)
    :: event == ON_RETIRE -> STAY(DONE, E_UNEXPECTED)
    :: event == ON_SIGNAL -> STAY(DONE, S_OK)
    :: event == ON_RESET -> STAY(DONE, S_OK)
    :: event == ON_TEST_CANCEL -> STAY(DONE, RPC_E_CALL_COMPLETE)
    fi
}

inline row_canceled(event)
{
    if
    :: event == ON_BEGIN -> STAY(CANCELED, RPC_S_CALLPENDING)
    :: event == ON_STARTED -> STAY(CANCELED, S_OK)
    :: event == ON_START_FAILED -> STAY(CANCELED, RPC_E_CALL_COMPLETE)
    :: event == ON_COMPLETE -> STAY(CANCELED, RPC_E_CALL_COMPLETE)
    :: event == ON_CANCEL -> STAY(CANCELED, RPC_E_CALL_CANCELED)
    :: event == ON_ASK -> STAY(CANCELED, RPC_E_CALL_CANCELED)
    :: event == ON_FINISH -> CELL(FINISHING, SAME_METHOD, HR_BY_VERDICT)
    :: event == ON_RETIRE -> STAY(CANCELED, E_UNEXPECTED)
    :: event == ON_SIGNAL -> STAY(CANCELED, S_OK)
    :: event == ON_RESET -> STAY(CANCELED, S_OK)
    :: event == ON_TEST_CANCEL -> STAY(CANCELED, RPC_E_CALL_CANCELED)
    fi
}

inline row_finishing(event)
{
    if
    :: event == ON_BEGIN -> STAY(FINISHING, RPC_S_CALLPENDING)
    :: event == ON_STARTED -> STAY(FINISHING, S_OK)
    :: event == ON_START_FAILED -> STAY(FINISHING, RPC_E_CALL_COMPLETE)
    :: event == ON_COMPLETE -> STAY(FINISHING, RPC_E_CALL_COMPLETE)
    :: event == ON_CANCEL -> STAY(FINISHING, RPC_E_CALL_COMPLETE)
    :: event == ON_ASK -> STAY(FINISHING, RPC_E_CALL_COMPLETE)
    :: event == ON_FINISH -> STAY(FINISHING, RPC_E_CALL_COMPLETE)
    :: event == ON_RETIRE -> CELL(IDLE, FORGET, S_OK)
    :: event == ON_SIGNAL -> STAY(FINISHING, S_OK)
    :: event == ON_RESET -> STAY(FINISHING, S_OK)
    :: event == ON_TEST_CANCEL -> STAY(FINISHING, RPC_E_CALL_COMPLETE)
    fi
}
