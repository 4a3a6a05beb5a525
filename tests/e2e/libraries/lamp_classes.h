/*
 * lamp_classes.h -- the ids of the classes of a lamp library, one for each threading model.
 */
#ifndef TESTS_E2E_LIBRARIES_LAMP_CLASSES_H
#define TESTS_E2E_LIBRARIES_LAMP_CLASSES_H

enum { LAMP_MAIN, LAMP_APARTMENT, LAMP_FREE, LAMP_BOTH, LAMP_NEUTRAL, LAMP_CLASSES };

#define LAMP_ID(n)                                                                                 \
    {                                                                                              \
        0x5d20b6c0 + (n), 0x9f31, 0x46a5,                                                          \
        {                                                                                          \
            0x8c, 0x04, 0x2b, 0x1d, 0x6a, 0x7e, 0x10, 0x01                                         \
        }                                                                                          \
    }
#define LAMP_IDS                                                                                   \
    {                                                                                              \
        LAMP_ID(0), LAMP_ID(1), LAMP_ID(2), LAMP_ID(3), LAMP_ID(4)                                 \
    }

#endif
