"""needs.py -- what some of Debian's headers need before them, with either tool."""

# Types of the Windows API that their IDL names and does not declare.
GRAPH_BUILDER = 'typedef struct IGraphBuilder IGraphBuilder;\n'
FOR_C = '#define __WINESRC__\n'  # C++ stands in a cpp_quote, with a way for C beside it
BEFORE_WIDL = {
    'commoncontrols': '#include <windows.h>\n#include <commctrl.h>\n',
    'dvdif': GRAPH_BUILDER,
    'dxva2api': '#include <windows.h>\n#include <d3d9.h>\n',
    'evr9': '#include <windows.h>\n#include <d3d9.h>\n',
    'rtworkq': '#include <windows.h>\n' + FOR_C,
}
WINDOWS = '#include <windows.h>\n'  # MIDL's and widl's headers include it themselves
BEFORE_OURS = {
    'amsi': WINDOWS,
    'dcommon': WINDOWS,
    'dvdif': GRAPH_BUILDER,
    'proofofpossessioncookieinfo': '#include <objbase.h>\n',
    'rtworkq': WINDOWS + FOR_C,
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
