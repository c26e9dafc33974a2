"""Photos without what a camera writes beside them: place, time, device, owner. Pure Python, nothing is decoded.

The parts of a file that make the picture are copied, all others are left out; so is whatever follows its end, where
phones hide films. A photo that is cut off, or whose parts do not fit together, is :class:`Damaged`.

Sources: ITU-T T.81 annex B and JFIF 1.02 (JPEG), EXIF 2.32 section 4.6 (its orientation), W3C PNG third edition section
5, RFC 9649 (WebP).
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator

MOST_PIXELS = 50_000_000
"""Pixels of the largest picture: what fewer bytes claim to be more would fill the memory of whoever opens it."""


class Damaged(Exception):
    """The file is cut off or not what its first bytes say."""


class TooManyPixels(Exception):
    """The picture says that it has more pixels than :data:`MOST_PIXELS`."""


# JPEG: the markers that stand alone, begin a frame (which holds the size), and hold what a viewer needs.
_ALONE = {0x01, *range(0xD0, 0xD8)}
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_SCAN, _END, _EXIF = 0xDA, 0xD9, 0xE1
_NEXT_MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")

# PNG: the ancillary chunks that change how the picture looks.
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = {b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"pHYs", b"bKGD", b"hIST", b"sPLT",
             b"acTL", b"fcTL", b"fdAT"}  # fmt: skip

_WEBP_KEPT = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}
_WEBP_EXIF_AND_XMP = 0b1100


def jpeg(data: bytes) -> bytes:
    """The photo with nothing beside the picture but its colours and which side is up."""
    out, at, seen = [b"\xff\xd8"], 2, False
    while True:
        marker, begin = _marker(data, at)
        if marker == _END:
            if not seen:
                raise Damaged
            return b"".join([*out, b"\xff\xd9"])
        if marker in _ALONE:
            at = begin
            continue
        end = begin + _length(data, begin)
        segment = data[begin + 2 : end]
        if marker in _FRAMES:
            _demand_size(*struct.unpack(">HH", _exactly(segment[1:5], 4)))
        if marker == _EXIF:
            out += [_upright(segment)]
        elif _is_kept(marker, segment):
            out.append(b"\xff" + bytes([marker]) + data[begin:end])
        at = end
        if marker == _SCAN:
            seen, at = True, _end_of_scan(data, end)
            out.append(data[end:at])


def _marker(data: bytes, at: int) -> tuple[int, int]:
    """The marker at ``at`` and where what belongs to it begins."""
    while data[at : at + 2] == b"\xff\xff":
        at += 1
    if at + 2 > len(data) or data[at] != 0xFF or data[at + 1] == 0:
        raise Damaged
    return data[at + 1], at + 2


def _length(data: bytes, begin: int) -> int:
    length = int.from_bytes(data[begin : begin + 2], "big")
    if length < 2 or begin + length > len(data):
        raise Damaged
    return length


def _end_of_scan(data: bytes, begin: int) -> int:
    found = _NEXT_MARKER.search(data, begin)
    if found is None:
        raise Damaged
    return found.start()


def _is_kept(marker: int, segment: bytes) -> bool:
    if marker == 0xE0:
        return segment.startswith(b"JFIF\0")
    if marker == 0xE2:
        return segment.startswith(b"ICC_PROFILE\0")
    if marker == 0xEE:
        return segment.startswith(b"Adobe")
    return marker < 0xE0  # tables, frames and scans; neither application data nor comments


def _upright(segment: bytes) -> bytes:
    """A segment that says nothing but which side is up; empty where the picture lies as it is stored."""
    orientation = _orientation(segment)
    if orientation is None or not 2 <= orientation <= 8:
        return b""
    tiff = b"MM\0\x2a\0\0\0\x08" + struct.pack(">HHHIHHI", 1, 0x0112, 3, 1, orientation, 0, 0)
    body = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _orientation(segment: bytes) -> int | None:
    if not segment.startswith(b"Exif\0\0"):
        return None
    tiff = segment[6:]
    order = {b"MM": ">", b"II": "<"}.get(tiff[:2])
    try:
        if order is None:
            return None
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        (entries,) = struct.unpack_from(f"{order}H", tiff, first)
        for number in range(entries):
            tag, kind, _count, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * number)
            if tag == 0x0112 and kind == 3:
                return int(value)
    except struct.error:
        pass
    return None


def png(data: bytes) -> bytes:
    """The picture without texts, times and camera data."""
    out = [_PNG_SIGNATURE]
    for number, (name, body, chunk) in enumerate(_png_chunks(data)):
        if (name == b"IHDR") is not (number == 0):
            raise Damaged
        if name == b"IHDR":
            _demand_size(*struct.unpack(">II", _exactly(body[:8], 8)))
        if name[0] & 0x20 == 0 or name in _PNG_KEPT:  # a capital letter: no picture without it
            out.append(chunk)
    return b"".join(out)


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Name, body and bytes of every chunk up to the end of the picture, which must be there."""
    at, pixels = len(_PNG_SIGNATURE), False
    while True:
        head = _exactly(data[at : at + 8], 8)
        length, name = int.from_bytes(head[:4], "big"), head[4:]
        chunk = _exactly(data[at : at + length + 12], length + 12)
        if zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:], "big"):
            raise Damaged
        yield name, chunk[8:-4], chunk
        pixels = pixels or name == b"IDAT"
        if name == b"IEND":
            if not pixels:
                raise Damaged
            return
        at += length + 12


def webp(data: bytes) -> bytes:
    """The picture without camera data."""
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise Damaged
    out, at, pixels = [], 12, False
    while at + 8 <= end:
        name, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body = _exactly(data[at + 8 : min(at + 8 + length, end)], length)
        _demand_size(*_webp_size(name, body))
        pixels = pixels or name in {b"VP8 ", b"VP8L", b"ANMF"}
        if name == b"VP8X":
            body = bytes([body[0] & ~_WEBP_EXIF_AND_XMP]) + body[1:]
        if name in _WEBP_KEPT:
            out.append(name + length.to_bytes(4, "little") + body + b"\0" * (length % 2))
        at += 8 + length + length % 2
    if not pixels:
        raise Damaged
    inner = b"WEBP" + b"".join(out)
    return b"RIFF" + len(inner).to_bytes(4, "little") + inner


def _webp_size(name: bytes, body: bytes) -> tuple[int, int]:
    if name == b"VP8X":
        body = _exactly(body[:10], 10)
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if name == b"VP8L":
        bits = int.from_bytes(_exactly(body[1:5], 4), "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if name == b"VP8 ":
        height, width = (int.from_bytes(side, "little") & 0x3FFF for side in (body[8:10], body[6:8]))
        return width, height
    return 1, 1  # frames of a film lie within the canvas


def _exactly(part: bytes, length: int) -> bytes:
    if len(part) != length:
        raise Damaged
    return part


def _demand_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise TooManyPixels
