"""How a bad file must be refused: quickly, with a message that helps, with nothing read."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from baton_analysis.errors import ReadError
from baton_analysis.readers import preview, read

# Two seconds are promised of a machine of its own. Here others compute beside the test: the bound only catches work
# that grows out of hand, which takes minutes.
SECONDS = 10.0
MEMORY_MIB = 300


def refused(path: Path, *, preview_too: bool = True, **options: Any) -> ReadError:
    """Read ``path``, which must fail soon, and say what was expected, found, and what to do."""
    if preview_too:
        shared = {key: options[key] for key in ("limits", "encoding", "delimiter") if key in options}
        _checked(lambda: preview(path, **shared))
    return _checked(lambda: read(path, **options))


def _checked(act: Any) -> ReadError:
    start = time.process_time()
    with pytest.raises(ReadError) as caught:
        act()
    assert time.process_time() - start < SECONDS
    error = caught.value
    assert error.expected
    assert error.found
    assert error.remedy
    rendered = error.render()
    assert "{" not in rendered
    assert len(rendered) < 2_500
    return error


def peak_memory_of_refusal(path: Path) -> float:
    """MiB at most in use by a new process that reads ``path`` and is refused."""
    if not Path("/proc/self/status").exists():
        pytest.skip("the memory of a process is read from /proc, which is not here")
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from baton_analysis.errors import ReadError\n"
        "from baton_analysis.readers import read\n"
        "try:\n    read(Path(sys.argv[1]))\n"
        "except ReadError:\n    print(Path('/proc/self/status').read_text())\n"
        "else:\n    sys.exit('it was read')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], check=True, capture_output=True, text=True, timeout=60
    )
    # Not getrusage: its maximum is inherited from the process that started this one.
    kib = next(line.split()[1] for line in done.stdout.splitlines() if line.startswith("VmHWM"))
    return int(kib) / 1024
