" Vim syntax file: MIDL-style IDL, as uvidl compiles it.

if exists("b:current_syntax")
  finish
endif

syn case match

syn keyword uvidlType boolean byte char wchar_t small short long int hyper __int8
syn keyword uvidlType __int16 __int32 __int64 __int128 __int3264 float double void
syn keyword uvidlType error_status_t handle_t signed unsigned SAFEARRAY HSTRING GUID
syn keyword uvidlType HRESULT BSTR VARIANT
syn keyword uvidlModifier const volatile extern static inline __stdcall __cdecl _stdcall
syn keyword uvidlModifier _cdecl __fastcall __pascal __unaligned __ptr32 __ptr64 pipe
syn keyword uvidlDeclaration typedef struct union enum interface dispinterface coclass
syn keyword uvidlDeclaration library module namespace runtimeclass apicontract delegate
syn keyword uvidlDeclaration declare requires
syn keyword uvidlImport import importlib cpp_quote midl_pragma
syn keyword uvidlStatement switch case default sizeof properties methods attribute
syn keyword uvidlConstant TRUE FALSE NULL true false null

" Attributes are words only inside of square brackets that are no bounds of an array.
syn region uvidlAttributes matchgroup=uvidlBracket start="\([0-9A-Za-z_\]]\s*\)\@<!\[" end="\]"
      \ contains=uvidlAttribute,uvidlUuid,uvidlString,uvidlNumber,uvidlCharacter,uvidlComment,
      \uvidlPreprocessor,uvidlType,uvidlConstant
syn keyword uvidlAttribute contained activatable aggregatable agile allocate
syn keyword uvidlAttribute contained allowforweb allowmultiple annotation
syn keyword uvidlAttribute contained apicontract appobject arrays async async_uuid
syn keyword uvidlAttribute contained attributename attributeusage auto_handle
syn keyword uvidlAttribute contained bindable broadcast byte_count call_as callback
syn keyword uvidlAttribute contained case code comm_status composable
syn keyword uvidlAttribute contained constructor_name context_handle
syn keyword uvidlAttribute contained context_handle_noserialize
syn keyword uvidlAttribute contained context_handle_serialize contract
syn keyword uvidlAttribute contained contractversion control cs_char cs_drtag
syn keyword uvidlAttribute contained cs_rtag cs_stag cs_tag_rtn custom decode
syn keyword uvidlAttribute contained default default_interface default_overload
syn keyword uvidlAttribute contained defaultbind defaultcollelem defaultvalue
syn keyword uvidlAttribute contained defaultvtable deprecated
syn keyword uvidlAttribute contained disable_consistency_check displaybind dllname
syn keyword uvidlAttribute contained dual dualapipartition enable_allocate encode
syn keyword uvidlAttribute contained endpoint entry eventadd eventremove exclusiveto
syn keyword uvidlAttribute contained experimental explicit_handle fastaccess
syn keyword uvidlAttribute contained fault_status feature first_is flags
syn keyword uvidlAttribute contained force_allocate gc_threaded gcpressure handle
syn keyword uvidlAttribute contained hasvariant heap helpcontext helpfile helpstring
syn keyword uvidlAttribute contained helpstringcontext helpstringdll hidden id
syn keyword uvidlAttribute contained idempotent ignore iid_is immediatebind
syn keyword uvidlAttribute contained implicit_handle in in_line input_sync internal
syn keyword uvidlAttribute contained last_is lcid length_is licensed local
syn keyword uvidlAttribute contained marshaling_behavior max_is maybe message
syn keyword uvidlAttribute contained method_name min_is ms_union muse nocode
syn keyword uvidlAttribute contained noexcept nonbrowsable noncreatable
syn keyword uvidlAttribute contained nonextensible noserialize notify notify_flag
syn keyword uvidlAttribute contained object odl oleautomation optimize optional out
syn keyword uvidlAttribute contained overload overridable partial_ignore platform
syn keyword uvidlAttribute contained pointer_default pragma predeclid
syn keyword uvidlAttribute contained previous_contracts previouscontractversion
syn keyword uvidlAttribute contained progid propget propput propputref protected
syn keyword uvidlAttribute contained proxy proxy_stub ptr public range readonly ref
syn keyword uvidlAttribute contained remote_async replaceable represent_as
syn keyword uvidlAttribute contained requestedit restricted return_name retval
syn keyword uvidlAttribute contained serialize shortstring size_is source static
syn keyword uvidlAttribute contained static_name strict_context_handle
syn keyword uvidlAttribute contained strict_type_check string switch_is switch_type
syn keyword uvidlAttribute contained system_handle threading transmit_as
syn keyword uvidlAttribute contained type_marshal uidefault unencodable unique
syn keyword uvidlAttribute contained user_marshal usesgetlasterror uuid
syn keyword uvidlAttribute contained uvcom_borrowed v1_array v1_enum v1_string
syn keyword uvidlAttribute contained v1_struct vararg variant version vi_progid
syn keyword uvidlAttribute contained webhosthidden wire_marshal

syn match uvidlUuid "\<\x\{8}-\x\{4}-\x\{4}-\x\{4}-\x\{12}\>"
syn match uvidlNumber "\<\(0[xX]\x\+\|\d\+\(\.\d*\)\?\([eE][-+]\?\d\+\)\?\)[uUlLfF]*\>"
syn region uvidlString start=+L\?"+ skip=+\\\\\|\\"+ end=+"+ oneline
syn region uvidlCharacter start=+L\?'+ skip=+\\\\\|\\'+ end=+'+ oneline
syn region uvidlComment start="/\*" end="\*/" contains=@Spell
syn region uvidlComment start="//" skip="\\$" end="$" contains=@Spell keepend
syn region uvidlPreprocessor start="^\s*#" skip="\\$" end="$" keepend
      \ contains=uvidlComment,uvidlString,uvidlNumber

hi def link uvidlType Type
hi def link uvidlModifier StorageClass
hi def link uvidlDeclaration Structure
hi def link uvidlImport Include
hi def link uvidlStatement Statement
hi def link uvidlConstant Constant
hi def link uvidlAttribute Identifier
hi def link uvidlBracket Delimiter
hi def link uvidlUuid Special
hi def link uvidlNumber Number
hi def link uvidlString String
hi def link uvidlCharacter Character
hi def link uvidlComment Comment
hi def link uvidlPreprocessor PreProc

let b:current_syntax = "uvidl"
