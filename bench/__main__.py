"""make bench: each measurement in a process of its own, so that one's memory does not count for another."""

import subprocess
import sys

MEASUREMENTS = ("bench.linkage", "bench.door")


def main() -> int:
    failed = 0
    for name in MEASUREMENTS:
        print(f"\n=== {name} ===", flush=True)
        failed |= subprocess.run([sys.executable, "-m", name]).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
