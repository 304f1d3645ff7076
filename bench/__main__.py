"""make bench: each measurement in a process of its own, so that one's memory does not count for another.

python -m bench                                       every measurement as it is
python -m bench bench.linkage --residents 340000      one of them, with its own arguments
"""

import subprocess
import sys

MEASUREMENTS = ("bench.linkage", "bench.door", "bench.ledger", "bench.lookup", "bench.delta", "bench.whole_job")
MEASUREMENTS += ("bench.matching", "bench.load")


def main() -> int:
    asked = sys.argv[1:]
    # Arguments are one measurement's: what it is asked stands after its name.
    chosen, arguments = ((asked[0],), asked[1:]) if asked else (MEASUREMENTS, [])
    if not set(chosen) <= set(MEASUREMENTS):
        print(f"There is no measurement {chosen[0]}. Choose one of: {', '.join(MEASUREMENTS)}.")
        return 2
    failed = 0
    for name in chosen:
        print(f"\n=== {name} ===", flush=True)
        failed |= subprocess.run([sys.executable, "-m", name, *arguments]).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
