/*
 * uvcom/compat/pshpack4.h -- from here to <poppack.h> members of structs stand at multiples of 4.
 *
 * Meant to be included more than once.
 */
#pragma pack(push, 4)
