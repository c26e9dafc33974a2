"""What the operating system refuses is said in the reader's language, and never in the system's own words."""

from __future__ import annotations

import errno
import os
import re
import socket
from pathlib import Path

import pytest

from baton.config.env import SettingError
from baton.config.system_errors import code_of, refusal, why_no_file, why_no_port
from baton.config.terminal import translator
from baton_analysis.errors import BatonError

REFUSALS = [errno.EACCES, errno.ENOENT, errno.ENOTDIR, errno.ENOSPC, errno.EROFS, errno.EMFILE, errno.EIO]


def in_both_languages(monkeypatch: pytest.MonkeyPatch, template: str, error: OSError) -> tuple[str, str]:
    said = BatonError(found=template, remedy="", path="/srv/baton", code=code_of(error))
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    return said.render(), said.render(translator())


@pytest.mark.parametrize("number", REFUSALS)
def test_a_folder_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    error = OSError(number, os.strerror(number), "/srv/baton")
    english, chinese = in_both_languages(monkeypatch, why_no_file(error), error)
    assert os.strerror(number) not in english + chinese
    assert re.search("[一-鿿]", chinese)
    assert (errno.errorcode[number] in english) == (number == errno.EIO)


@pytest.mark.parametrize("number", [errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES, errno.EMFILE, errno.EIO])
def test_a_port_that_cannot_be_listened_on(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    error = OSError(number, os.strerror(number))
    english, chinese = in_both_languages(monkeypatch, why_no_port(error), error)
    assert os.strerror(number) not in english + chinese
    assert re.search("[一-鿿]", chinese)


def test_other_reasons() -> None:
    assert "65535" in why_no_port(OverflowError())
    assert "not known" in why_no_port(socket.gaierror(socket.EAI_NONAME, "x"))
    with pytest.raises(UnicodeDecodeError) as caught:
        b"\xff".decode()
    assert "UTF-8" in why_no_file(caught.value)


def test_only_what_lies_in_the_machine_is_no_failure_of_the_program(tmp_path: Path) -> None:
    full = refusal(OSError(errno.ENOSPC, "x"))
    assert full is not None
    assert "No space is left" in str(full)
    assert refusal(FileNotFoundError(errno.ENOENT, "x", str(tmp_path))) is None
    assert refusal(PermissionError(errno.EACCES, "x")) is None, "without the file nobody knows what to do"
    assert not isinstance(full, SettingError)
