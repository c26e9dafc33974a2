"""How long the server takes for the page of a service offer that thirty customers were asked to accept.

    python -m benchmarks.service_offers [--rounds 40] [--user laundry]

The demonstration of the hospital is loaded into an installation of its own on SQLite: thirty wards accepted the linen
of the laundry with four deviations, and its next version waits for the rest. The product's own command serves it with
one worker; the pages are asked for one after the other over one kept connection. It prints what was answered to each
version of the offer, and medians and 95th percentiles over the rounds, from the request to the last byte. The bar is a
median of 150 ms; the peer is /health, which does next to nothing.
"""

from __future__ import annotations

import argparse
import re
import statistics
import time

from benchmarks.pages import Visitor, demonstration

BAR = 150
"""Longest median of the page of an offer, in milliseconds."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--user", default="laundry")
    asked = parser.parse_args()
    with demonstration():
        visitor = Visitor(asked.user)
        offer = visitor.first("/agreements/offers/", "/agreements/offers/[2-9a-z]{16}/")
        if offer is None:
            raise SystemExit("the demonstration has no service offer")
        for version in (1, 2):
            text = re.sub(r"<[^>]+>", " ", visitor.get(f"{offer}?version={version}")[1])
            print(f"version {version}: {answers(text)}")
        for path in ("/health", "/agreements/offers/", offer, f"{offer}?version=1"):
            spent = sorted(_milliseconds(visitor, path) for _round in range(asked.rounds))
            print(f"{path:52} median {statistics.median(spent):6.1f} ms   p95 {spent[int(0.95 * len(spent))]:6.1f} ms")
        print(f"bar: a median of {BAR} ms for the page of the offer")


def answers(text: str) -> str:
    """What the page says of acceptances and deviations."""
    found = re.findall(
        r"accepted by \d+ of \d+ customers|\d+ ha(?:ve|s) not answered|\d+ declined|\d+ links? deviates?", text
    )
    return ", ".join(dict.fromkeys(found))


def _milliseconds(visitor: Visitor, path: str) -> float:
    began = time.perf_counter()
    status, _text = visitor.get(path)
    if status != 200:
        raise SystemExit(f"{path} answered {status}")
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    main()
