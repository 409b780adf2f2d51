"""Run by each CPython: line tables of standard library code and the true lines.

Prints two lines a code object: the input of lines_tool, then what the
interpreter's own PyCode_Addr2Line says of each even offset (-1 as 0).
"""
import ctypes
import os
import sys
import sysconfig

MODULES = """abc aifc argparse ast asynchat base64 bdb binhex bisect bz2 calendar cgi cmd code codecs
codeop collections/__init__ colorsys compileall configparser contextlib contextvars copy copyreg
cProfile csv dataclasses datetime _pydatetime decimal _pydecimal difflib dis doctest enum filecmp
fileinput fnmatch formatter fractions ftplib functools genericpath getopt getpass gettext glob gzip
hashlib heapq hmac imaplib inspect io ipaddress keyword linecache locale lzma mailbox mimetypes
nntplib ntpath numbers opcode operator optparse os pathlib pdb pickle pickletools pkgutil platform
plistlib poplib posixpath pprint profile pstats py_compile pyclbr pydoc queue quopri random reprlib
rlcompleter runpy sched selectors shelve shlex shutil signal smtplib socket socketserver statistics
string stringprep struct subprocess symtable tabnanny tarfile tempfile textwrap threading timeit
token tokenize trace traceback tracemalloc types typing uuid warnings wave weakref webbrowser
zipfile zipfile/__init__ asyncio/base_events asyncio/tasks asyncio/streams json/decoder json/encoder
email/message http/client http/server logging/__init__ unittest/mock xml/dom/minidom""".split()


def code_objects(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, type(code)):
            yield from code_objects(constant)


def main():
    addr2line = ctypes.pythonapi.PyCode_Addr2Line
    addr2line.argtypes = [ctypes.py_object, ctypes.c_int]
    addr2line.restype = ctypes.c_int
    minor = sys.version_info[1]
    kind = 1 if minor < 10 else 2 if minor == 10 else 3
    stdlib = sysconfig.get_path("stdlib")
    for module in MODULES:
        path = os.path.join(stdlib, module + ".py")
        if not os.path.exists(path):
            continue
        with open(path, "rb") as file:
            top = compile(file.read(), path, "exec")
        for code in code_objects(top):
            table = code.co_lnotab if kind == 1 else code.co_linetable
            size = len(code.co_code)
            print(kind, code.co_firstlineno, size, table.hex() or "-")
            print(*[max(0, addr2line(code, offset)) for offset in range(0, size, 2)])


main()
