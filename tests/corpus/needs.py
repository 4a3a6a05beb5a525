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
BEFORE_OURS = {
    'dvdif': GRAPH_BUILDER,
    'rtworkq': FOR_C,
}

# These declare again what others do, so they come into further source files from the start.
APART = [['cdosys', 'dvdif', 'msado15_backcompat', 'msxml6', 'opcbase', 'rtworkq', 'wia_xp', 'winsxs'],
         ['transact', 'txcoord', 'txdtc']]
