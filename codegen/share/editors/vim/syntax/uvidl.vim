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
syn keyword uvidlAttribute contained activatable aggregatable agile allocate annotation
syn keyword uvidlAttribute contained apicontract appobject arrays async async_uuid
syn keyword uvidlAttribute contained auto_handle bindable broadcast byte_count call_as
syn keyword uvidlAttribute contained callback case code comm_status composable
syn keyword uvidlAttribute contained context_handle context_handle_noserialize
syn keyword uvidlAttribute contained context_handle_serialize contract contractversion
syn keyword uvidlAttribute contained control cs_char cs_drtag cs_rtag cs_stag cs_tag_rtn
syn keyword uvidlAttribute contained custom decode default default_interface
syn keyword uvidlAttribute contained default_overload defaultbind defaultcollelem
syn keyword uvidlAttribute contained defaultvalue defaultvtable deprecated
syn keyword uvidlAttribute contained disable_consistency_check displaybind dllname dual
syn keyword uvidlAttribute contained enable_allocate encode endpoint entry eventadd
syn keyword uvidlAttribute contained eventremove exclusiveto experimental
syn keyword uvidlAttribute contained explicit_handle fastaccess fault_status feature
syn keyword uvidlAttribute contained first_is flags force_allocate gc_threaded handle
syn keyword uvidlAttribute contained heap helpcontext helpfile helpstring
syn keyword uvidlAttribute contained helpstringcontext helpstringdll hidden id
syn keyword uvidlAttribute contained idempotent ignore iid_is immediatebind
syn keyword uvidlAttribute contained implicit_handle in in_line input_sync last_is lcid
syn keyword uvidlAttribute contained length_is licensed local marshaling_behavior max_is
syn keyword uvidlAttribute contained maybe message min_is ms_union muse nocode
syn keyword uvidlAttribute contained nonbrowsable noncreatable nonextensible noserialize
syn keyword uvidlAttribute contained notify notify_flag object odl oleautomation
syn keyword uvidlAttribute contained optimize optional out overload partial_ignore
syn keyword uvidlAttribute contained pointer_default pragma predeclid previous_contracts
syn keyword uvidlAttribute contained progid propget propput propputref protected proxy
syn keyword uvidlAttribute contained proxy_stub ptr public range readonly ref
syn keyword uvidlAttribute contained replaceable represent_as requestedit restricted
syn keyword uvidlAttribute contained retval serialize shortstring size_is source static
syn keyword uvidlAttribute contained strict_context_handle strict_type_check string
syn keyword uvidlAttribute contained switch_is switch_type system_handle threading
syn keyword uvidlAttribute contained transmit_as type_marshal uidefault unencodable
syn keyword uvidlAttribute contained unique user_marshal usesgetlasterror uuid
syn keyword uvidlAttribute contained uvcom_borrowed v1_array v1_enum v1_string v1_struct
syn keyword uvidlAttribute contained vararg version vi_progid webhosthidden wire_marshal

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
