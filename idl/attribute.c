/*
 * idl/attribute.c -- see attribute.h.
 *
 * The table holds every attribute that real IDL uses, so that a misspelt one can be told from one
 * that means nothing to us.
 */
#include "idl/attribute.h"

#include <stdlib.h>
#include <string.h>

#include "idl/idl.h"

#define ON_POINTER (ON_PARAMETER | ON_FIELD | ON_TYPEDEF | ON_METHOD)
#define ON_ARRAY (ON_PARAMETER | ON_FIELD | ON_TYPEDEF)
#define ON_OUTER (ON_INTERFACE | ON_OTHER)

#define ROW(name, shape, allowed)                                                                  \
    {                                                                                              \
#name, SHAPE_##shape, allowed, ATTRIBUTE_OTHER                                             \
    }
#define RULED(name, shape, allowed, id)                                                            \
    {                                                                                              \
#name, SHAPE_##shape, allowed, ATTRIBUTE_##id                                              \
    }

static const struct attribute_info table[] = {
    ROW(activatable, ANY, ON_OUTER),
    ROW(aggregatable, NONE, ON_OUTER),
    ROW(allocate, ANY, ON_ANY),
    ROW(allowforweb, ANY, ON_ANY),
    ROW(allowmultiple, NONE, ON_ANY),
    ROW(annotation, ANY, ON_ANY),
    ROW(appobject, NONE, ON_OUTER),
    ROW(arrays, ANY, ON_ANY),
    ROW(async, NONE, ON_INTERFACE | ON_METHOD),
    RULED(async_uuid, UUID, ON_INTERFACE, ASYNC_UUID),
    ROW(attributename, ANY, ON_ANY),
    ROW(attributeusage, ANY, ON_ANY),
    ROW(auto_handle, NONE, ON_INTERFACE),
    ROW(bindable, NONE, ON_METHOD | ON_FIELD),
    ROW(broadcast, NONE, ON_METHOD),
    ROW(byte_count, ANY, ON_PARAMETER),
    RULED(call_as, NAME, ON_METHOD, CALL_AS),
    RULED(callback, NONE, ON_METHOD, CALLBACK),
    RULED(case, CONSTANTS, ON_FIELD, CASE),
    ROW(code, NONE, ON_METHOD | ON_INTERFACE),
    ROW(comm_status, NONE, ON_PARAMETER | ON_METHOD),
    ROW(composable, ANY, ON_OUTER),
    ROW(constructor_name, ANY, ON_ANY),
    ROW(context_handle, NONE, ON_POINTER),
    ROW(context_handle_noserialize, NONE, ON_POINTER),
    ROW(context_handle_serialize, NONE, ON_POINTER),
    RULED(contract, CONTRACT, ON_ANY, CONTRACT),
    RULED(contractversion, CONTRACT, ON_ANY, CONTRACTVERSION),
    ROW(control, NONE, ON_OUTER),
    ROW(custom, ANY, ON_ANY),
    ROW(decode, NONE, ON_ANY),
    RULED(default, NONE, ON_FIELD | ON_OTHER | ON_METHOD | ON_INTERFACE, DEFAULT),
    ROW(default_overload, NONE, ON_METHOD),
    ROW(defaultbind, NONE, ON_METHOD | ON_FIELD),
    ROW(defaultcollelem, NONE, ON_METHOD | ON_FIELD),
    RULED(defaultvalue, CONSTANT, ON_PARAMETER, DEFAULTVALUE),
    ROW(defaultvtable, NONE, ON_OTHER),
    ROW(deprecated, ANY, ON_ANY),
    ROW(disable_consistency_check, NONE, ON_ANY),
    ROW(displaybind, NONE, ON_METHOD | ON_FIELD),
    ROW(dllname, STRING, ON_OTHER),
    RULED(dual, NONE, ON_INTERFACE, DUAL),
    ROW(dualapipartition, ANY, ON_ANY),
    ROW(enable_allocate, NONE, ON_METHOD),
    ROW(encode, NONE, ON_ANY),
    ROW(endpoint, ANY, ON_INTERFACE),
    ROW(entry, ANY, ON_METHOD),
    RULED(eventadd, NONE, ON_METHOD, EVENTADD),
    RULED(eventremove, NONE, ON_METHOD, EVENTREMOVE),
    ROW(exclusiveto, ANY, ON_OUTER),
    ROW(experimental, NONE, ON_ANY),
    ROW(explicit_handle, NONE, ON_INTERFACE),
    ROW(fault_status, NONE, ON_PARAMETER | ON_METHOD),
    ROW(feature, ANY, ON_ANY),
    RULED(first_is, EXPRESSIONS, ON_ARRAY, FIRST_IS),
    ROW(flags, NONE, ON_TYPE | ON_TYPEDEF),
    ROW(force_allocate, NONE, ON_PARAMETER),
    ROW(gcpressure, ANY, ON_ANY),
    ROW(handle, NONE, ON_TYPEDEF),
    ROW(hasvariant, NONE, ON_ANY),
    ROW(helpcontext, ANY, ON_ANY),
    ROW(helpfile, STRING, ON_OTHER),
    ROW(helpstring, STRING, ON_ANY),
    ROW(helpstringcontext, ANY, ON_ANY),
    ROW(helpstringdll, STRING, ON_OTHER),
    ROW(hidden, NONE, ON_ANY),
    ROW(id, CONSTANT, ON_ANY),
    ROW(idempotent, NONE, ON_METHOD),
    ROW(ignore, NONE, ON_FIELD | ON_POINTER),
    RULED(iid_is, EXPRESSION, ON_PARAMETER | ON_FIELD, IID_IS),
    ROW(immediatebind, NONE, ON_METHOD | ON_FIELD),
    ROW(implicit_handle, VARIABLE, ON_INTERFACE),
    RULED(in, NONE, ON_PARAMETER, IN),
    ROW(in_line, NONE, ON_ANY),
    ROW(input_sync, NONE, ON_METHOD),
    ROW(internal, NONE, ON_ANY),
    RULED(last_is, EXPRESSIONS, ON_ARRAY, LAST_IS),
    ROW(lcid, ANY, ON_PARAMETER | ON_OTHER),
    RULED(length_is, EXPRESSIONS, ON_ARRAY, LENGTH_IS),
    ROW(licensed, NONE, ON_OTHER),
    RULED(local, NONE, ON_INTERFACE | ON_METHOD, LOCAL),
    ROW(marshaling_behavior, ANY, ON_OUTER),
    RULED(max_is, EXPRESSIONS, ON_ARRAY, MAX_IS),
    ROW(maybe, NONE, ON_METHOD),
    ROW(message, NONE, ON_METHOD),
    ROW(method_name, ANY, ON_ANY),
    RULED(min_is, EXPRESSIONS, ON_ARRAY, MIN_IS),
    ROW(ms_union, NONE, ON_INTERFACE | ON_TYPE | ON_TYPEDEF | ON_FIELD),
    ROW(muse, ANY, ON_ANY),
    ROW(nocode, NONE, ON_METHOD | ON_INTERFACE),
    ROW(noexcept, NONE, ON_ANY),
    ROW(nonbrowsable, NONE, ON_METHOD | ON_FIELD),
    ROW(noncreatable, NONE, ON_OUTER),
    ROW(nonextensible, NONE, ON_INTERFACE | ON_OTHER),
    ROW(notify, NONE, ON_METHOD),
    ROW(notify_flag, NONE, ON_METHOD),
    RULED(object, NONE, ON_INTERFACE, OBJECT),
    RULED(odl, NONE, ON_INTERFACE, ODL),
    ROW(oleautomation, NONE, ON_INTERFACE),
    ROW(optimize, STRING, ON_ANY),
    ROW(optional, NONE, ON_PARAMETER),
    RULED(out, NONE, ON_PARAMETER, OUT),
    ROW(overload, ANY, ON_METHOD),
    ROW(overridable, ANY, ON_ANY),
    ROW(partial_ignore, NONE, ON_PARAMETER),
    ROW(platform, ANY, ON_ANY),
    RULED(pointer_default, NAME, ON_INTERFACE, POINTER_DEFAULT),
    ROW(pragma, ANY, ON_ANY),
    ROW(predeclid, ANY, ON_ANY),
    ROW(previouscontractversion, ANY, ON_ANY),
    ROW(progid, STRING, ON_OTHER),
    RULED(propget, NONE, ON_METHOD, PROPGET),
    RULED(propput, NONE, ON_METHOD, PROPPUT),
    RULED(propputref, NONE, ON_METHOD, PROPPUTREF),
    ROW(protected, ANY, ON_ANY),
    ROW(proxy, NONE, ON_OUTER),
    RULED(ptr, NONE, ON_POINTER, PTR),
    ROW(public, NONE, ON_TYPEDEF | ON_TYPE | ON_OTHER),
    RULED(range, CONSTANTS, ON_PARAMETER | ON_FIELD | ON_TYPEDEF, RANGE),
    ROW(readonly, NONE, ON_FIELD | ON_METHOD),
    RULED(ref, NONE, ON_POINTER, REF),
    ROW(remote_async, NONE, ON_ANY),
    ROW(replaceable, NONE, ON_METHOD | ON_FIELD),
    ROW(represent_as, ANY, ON_TYPEDEF),
    ROW(requestedit, NONE, ON_METHOD | ON_FIELD),
    ROW(restricted, NONE, ON_ANY),
    ROW(return_name, ANY, ON_ANY),
    RULED(retval, NONE, ON_PARAMETER, RETVAL),
    ROW(shortstring, NONE, ON_ANY),
    RULED(size_is, EXPRESSIONS, ON_ARRAY, SIZE_IS),
    ROW(source, NONE, ON_ANY),
    ROW(static, ANY, ON_ANY),
    ROW(static_name, ANY, ON_ANY),
    ROW(strict_context_handle, NONE, ON_INTERFACE),
    RULED(string, NONE, ON_POINTER | ON_CONST, STRING),
    RULED(switch_is, EXPRESSION, ON_PARAMETER | ON_FIELD, SWITCH_IS),
    RULED(switch_type, TYPE, ON_TYPE | ON_TYPEDEF | ON_PARAMETER | ON_FIELD, SWITCH_TYPE),
    ROW(system_handle, ANY, ON_PARAMETER | ON_FIELD | ON_TYPEDEF),
    ROW(threading, ANY, ON_OTHER),
    ROW(transmit_as, ANY, ON_TYPEDEF),
    ROW(uidefault, NONE, ON_METHOD | ON_FIELD),
    RULED(unique, NONE, ON_POINTER, UNIQUE),
    ROW(user_marshal, ANY, ON_TYPEDEF),
    ROW(usesgetlasterror, NONE, ON_METHOD | ON_MODULE),
    RULED(uuid, UUID, ON_ANY, UUID),
    RULED(uvcom_borrowed, NONE, ON_PARAMETER, UVCOM_BORROWED),
    ROW(v1_array, NONE, ON_ANY),
    ROW(v1_enum, NONE, ON_TYPE | ON_TYPEDEF | ON_FIELD | ON_PARAMETER),
    ROW(v1_string, NONE, ON_ANY),
    ROW(v1_struct, NONE, ON_ANY),
    ROW(vararg, NONE, ON_METHOD),
    ROW(variant, NONE, ON_ANY),
    ROW(version, VERSION, ON_ANY),
    ROW(vi_progid, STRING, ON_OTHER),
    ROW(webhosthidden, NONE, ON_ANY),
    ROW(wire_marshal, TYPE, ON_TYPEDEF),
};

const struct attribute_info *attribute_table(size_t *count)
{
    *count = sizeof table / sizeof *table;
    return table;
}

static int compare(const void *name, const void *row)
{
    return strcmp(name, ((const struct attribute_info *)row)->name);
}

const struct attribute_info *attribute_lookup(const char *name)
{
    return bsearch(name, table, sizeof table / sizeof *table, sizeof *table, compare);
}

const struct attribute *attribute_with(const struct attribute *list, enum attribute_id id)
{
    while (list && list->info->id != id)
        list = list->next;
    return list;
}

const struct attribute *attribute_find(const struct attribute *list, const char *name)
{
    while (list && strcmp(list->info->name, name) != 0)
        list = list->next;
    return list;
}
