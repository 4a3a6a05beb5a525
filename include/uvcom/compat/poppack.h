/*
 * uvcom/compat/poppack.h -- ends what <pshpack1.h> and its kin began.
 *
 * Meant to be included more than once.
 */
#pragma pack(pop)
