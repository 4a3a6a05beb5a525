"""needs.py -- what some of Debian's headers need before them, with either tool."""

# Types of the Windows API that their IDL names and does not declare.
GRAPH_BUILDER = 'typedef struct IGraphBuilder IGraphBuilder;\n'
FOR_C = '#define __WINESRC__\n'  # C++ stands in a cpp_quote, with a way for C beside it
WINDOWS = '#include <windows.h>\n'  # MIDL's and widl's headers include it themselves
BEFORE_BOTH = {
    'amvideo': '#include "strmif.h"\n',
    'cordebug': WINDOWS + '#include <corhdr.h>\n',
    'corsym': WINDOWS + '#include <corhdr.h>\n',
    'mfreadwrite': '#include "mfidl.h"\n',
    'videoacc': '#include "unknwn.h"\n#include <ddraw.h>\n',
    'vmr9': '#include "strmif.h"\n#include <d3d9.h>\n',
    'wsddisco': WINDOWS + '#include "wsdbase.h"\n',
}
BEFORE_WIDL = {
    **BEFORE_BOTH,
    'commoncontrols': '#include <windows.h>\n#include <commctrl.h>\n',
    'dvdif': GRAPH_BUILDER,
    'dxva2api': '#include <windows.h>\n#include <d3d9.h>\n',
    'evr9': '#include <windows.h>\n#include <d3d9.h>\n',
    'rtworkq': '#include <windows.h>\n' + FOR_C,
}
OLE = '#include "ocidl.h"\n#include <objbase.h>\n'
BEFORE_OURS = {
    **BEFORE_BOTH,
    'amsi': WINDOWS,
    'austream': WINDOWS + '#include <mmreg.h>\n',
    'commoncontrols': '#include "ocidl.h"\n#include <commctrl.h>\n',
    'dcommon': WINDOWS,
    'dimm': WINDOWS,
    'dvdif': GRAPH_BUILDER,
    'evr9': '#include "unknwn.h"\n#include <d3d9.h>\n',
    'gameux': OLE,
    'proofofpossessioncookieinfo': OLE,
    'rtworkq': WINDOWS + FOR_C,
    'shdeprecated': OLE,
    'shobjidl': OLE,
    'svcctl': WINDOWS,
    'thumbcache': OLE,
}

# Warnings of what stands in cpp_quote: pshpack1.h, C++ with empty classes and odd conversions.
QUOTED = {
    ('gcc', 'c++'): ['-Wno-class-conversion'],
    ('clang', 'c'): ['-Wno-pragma-pack', '-Wno-extern-c-compat'],
    ('clang', 'c++'): ['-Wno-pragma-pack', '-Wno-extern-c-compat', '-Wno-class-conversion'],
}

# These declare again what others do, so they come into further source files from the start.
APART = [['cdosys', 'dvdif', 'msado15_backcompat', 'msxml6', 'opcbase', 'rtworkq', 'wia_xp', 'winsxs'],
         ['transact', 'txcoord', 'txdtc']]
