"""What run.py says where it cannot go on, in English and Chinese.

Like run.py: only the standard library, and only syntax that older Pythons can read.
"""

from __future__ import annotations

import errno

NO_POSIX = "Baton runs on Linux and macOS. On Windows, run it inside WSL (Windows Subsystem for Linux)."
OLD_PYTHON = (
    "Baton needs Python 3.11 or newer; this is Python {version}.\n"
    "Install a newer one (Debian 12, Ubuntu 24.04 and Fedora have it as python3) and run the command again with it."
)
NO_VENV = "Python could not make .venv; on Debian and Ubuntu install the package python3-venv and try again."
NO_PACKAGES = (
    "The packages of {file} could not be installed; the lines above say why.\n"
    "Baton needs a package index once, at set-up. Behind a proxy set HTTPS_PROXY; for a mirror of your own\n"
    "set PIP_INDEX_URL or write pip.conf; then run the command again."
)
NO_PORT = "PORT must be the number of a port, 0 to 65535; it is “{port}”. For example: PORT=8001 python3 run.py"
PORT_TAKEN = "Port {port} of this machine is in use already. Choose another: PORT={other} python3 run.py"
# What the operating system refuses while .venv is made, in words of our own: its own stand in its language.
REFUSED = {
    errno.EACCES: "This user may not write {path}. Run the command as the owner of the folder, or copy it elsewhere.",
    errno.EROFS: "The disk of {path} can be read, not written. Copy the folder to another disk and run it there.",
    errno.ENOSPC: "No space is left on the disk of {path}. Make room and run the command again.",
    errno.EMFILE: "Too many files are open on this machine. Close other programs, or raise the limit (ulimit -n).",
}
CHINESE = {
    NO_POSIX: "Baton 在 Linux 和 macOS 上运行。在 Windows 上请在 WSL（适用于 Linux 的 Windows 子系统）中运行。",
    OLD_PYTHON: (
        "Baton 需要 Python 3.11 或更高版本；当前为 Python {version}。\n"
        "请安装较新的版本（Debian 12、Ubuntu 24.04 和 Fedora 的 python3 即是），再用它重新运行此命令。"
    ),
    NO_VENV: "Python 无法建立 .venv；在 Debian 和 Ubuntu 上请安装软件包 python3-venv 后重试。",
    NO_PACKAGES: (
        "无法安装 {file} 中的软件包，原因见上方各行。\n"
        "Baton 在安装时需要访问一次软件包索引。使用代理时请设置 HTTPS_PROXY；使用自己的镜像时\n"
        "请设置 PIP_INDEX_URL 或编写 pip.conf；然后重新运行此命令。"
    ),
    NO_PORT: "PORT 须为 0 至 65535 的端口号；现为“{port}”。例如：PORT=8001 python3 run.py",
    PORT_TAKEN: "本机端口 {port} 已被占用。请另选一个：PORT={other} python3 run.py",
    REFUSED[errno.EACCES]: "当前用户无权写入 {path}。请以该文件夹所有者的身份运行，或将它复制到别处。",
    REFUSED[errno.EROFS]: "{path} 所在的磁盘只能读取，不能写入。请将文件夹复制到其他磁盘后运行。",
    REFUSED[errno.ENOSPC]: "{path} 所在的磁盘空间已满。请清理后重新运行此命令。",
    REFUSED[errno.EMFILE]: "本机打开的文件过多。请关闭其他程序，或提高上限（ulimit -n）。",
}
