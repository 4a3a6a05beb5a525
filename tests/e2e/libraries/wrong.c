/*
 * wrong.c -- libraries for test_components.py that are no server libraries: one that exports
 * nothing of what it should, one that lacks what it needs.
 */
#if defined(WRONG_IS_LACKING)
extern const int nobody_defines_this;
extern const int *const lacking;
const int *const lacking = &nobody_defines_this;
#elif defined(WRONG_IS_MUTE)
extern const int mute;
const int mute = 1;
#endif
