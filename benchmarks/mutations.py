"""Whether the tests notice one wrong word in the law: `python -m benchmarks.mutations [--each N]`.

Makes every register that differs by one step in one condition or one date (a part lost, turned
round or denied; a level, a count, a number of users or a day moved by one; a kind of harm left
out), and holds each against what tests/library/register says by hand. Prints the share that is
caught, and each that is not. `--each 10` takes every tenth.
"""

import argparse
from itertools import islice
from time import perf_counter

from dutybound.register.book import register
from tests.library.register.mutants import EQUIVALENT, Mutant, is_caught, mutants


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--each", type=int, default=1, help="take every N-th mutant")
    start = perf_counter()
    tried = list(islice(mutants(register()), 0, None, parser.parse_args().each))
    missed = [mutant for mutant in tried if not is_caught(mutant)]
    same = [mutant for mutant in missed if key(mutant) in EQUIVALENT]
    different = len(tried) - len(same)
    caught = len(tried) - len(missed)
    print(f"{len(tried):,} registers with one thing wrong, in {perf_counter() - start:.0f} s")
    print(f"{caught:,} of {different:,} caught ({caught / different:.1%})")
    for mutant in missed:
        reason = EQUIVALENT.get(key(mutant))
        print(f"  {'says the same' if reason else 'MISSED'}  {mutant}", reason or "")


def key(mutant: Mutant) -> tuple[str, str]:
    return mutant.entry, mutant.what


if __name__ == "__main__":
    main()
