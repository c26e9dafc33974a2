"""What the operating system refuses, in words that can be translated: its own stand in its language, not the reader's.

Each reason is a whole sentence; ``{path}`` is the file or folder, ``{code}`` the name of the error, such as ``EIO``.
"""

from __future__ import annotations

import errno
import socket

from baton_analysis.errors import BatonError, gettext_noop

_NO_RIGHT = gettext_noop("The user under whom Baton runs may not use {path}.")
_FULL = gettext_noop("No space is left on the disk.")
_READ_ONLY = gettext_noop("The disk can be read, not written.")
_TOO_MANY_FILES = gettext_noop("Too many files are open on this machine.")
_NO_FOLDER = gettext_noop("{path}, or a folder above it, is a file.")
_OTHER = gettext_noop("The operating system refused {path} with the error {code}.")
_FILES = {
    errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT,
    errno.ENOENT: gettext_noop("{path} does not exist."),
    errno.ENOTDIR: _NO_FOLDER,
    errno.EEXIST: _NO_FOLDER,
    errno.EISDIR: gettext_noop("{path} is a folder."),
    errno.ENAMETOOLONG: gettext_noop("{path} is too long a name."),
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EROFS: _READ_ONLY,
    errno.EMFILE: _TOO_MANY_FILES,
    errno.ENFILE: _TOO_MANY_FILES,
}
_REMEDIES = {
    _NO_RIGHT: gettext_noop("Give this user the right to read and write it."),
    _FULL: gettext_noop("Make room on the disk."),
    _READ_ONLY: gettext_noop("Mount the disk for writing, or choose another place."),
    _TOO_MANY_FILES: gettext_noop("Close other programs, or raise the limit (ulimit -n)."),
}
"""Reasons that lie in the machine and never in the program, with what to do."""

_PORTS = {
    errno.EADDRINUSE: gettext_noop("Another program listens there."),
    errno.EADDRNOTAVAIL: gettext_noop("This machine does not have the address."),
    errno.EACCES: gettext_noop("The user under whom Baton runs may not listen on this port (below 1024)."),
    errno.EMFILE: _TOO_MANY_FILES,
    errno.ENFILE: _TOO_MANY_FILES,
}


def code_of(error: Exception) -> str:
    """The name of the error, such as ``EIO``; the kind of exception where the system gave none."""
    number = error.errno if isinstance(error, OSError) else None
    return errno.errorcode.get(number or 0, type(error).__name__)


def why_no_file(error: Exception) -> str:
    """Template of the reason for which a file or folder cannot be used; filled with ``path`` and ``code``."""
    if isinstance(error, UnicodeDecodeError):
        return gettext_noop("{path} is not text in UTF-8.")
    return _FILES.get(error.errno or 0, _OTHER) if isinstance(error, OSError) else _OTHER


def why_no_port(error: Exception) -> str:
    """Template of the reason for which a port cannot be listened on; filled with ``code``."""
    if isinstance(error, OverflowError):
        return gettext_noop("Ports are numbered from 0 to 65535.")
    if isinstance(error, socket.gaierror):
        return gettext_noop("This address is not known.")
    number = error.errno if isinstance(error, OSError) else None
    return _PORTS.get(number or 0, gettext_noop("The operating system refused it with the error {code}."))


def refusal(error: OSError) -> BatonError | None:
    """What to tell whoever ran a command that ended with ``error``; None where the machine is not the cause."""
    found = why_no_file(error)
    if found not in _REMEDIES or error.filename is None and "{path}" in found:
        return None
    return BatonError(found=found, remedy=_REMEDIES[found], path=error.filename, code=code_of(error))
