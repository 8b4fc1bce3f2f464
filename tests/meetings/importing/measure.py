"""Read a text of about 5 MB and print the processor seconds and the peak memory in MB.

Run by test_speed in a process of its own, so that the peak is that of the reading alone.
"""

import resource
import sys
import time
from pathlib import Path

from meetings.importing import decode, read_minutes

SIZE = 5_000_000
FIXTURES = Path(__file__).parent / "fixtures"


def long_minutes() -> bytes:
    """One memo's header, and its items again and again with numbers that go on."""
    memo = (FIXTURES / "arbetsgrupp_pdf.txt").read_text()
    header, items = memo.split("1)  ", 1)
    second = items.index("2)  ")
    bodies = (items[:second], items[second + 4 : items.index("3)  ")])
    pieces, size, number = [header], 0, 0
    while size < SIZE:
        number += 1
        pieces.append(f"{number})  {bodies[number % 2]}")
        size += len(pieces[-1].encode())
    return "".join(pieces).encode()


if __name__ == "__main__":
    data = long_minutes()
    began = time.process_time()
    reading = read_minutes(decode(data))
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"{len(data)} {len(reading.agenda)} {seconds:.1f} {peak:.0f}\n")
