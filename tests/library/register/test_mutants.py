"""One wrong word in the law is noticed: a sample; `python -m benchmarks.mutations` tries all."""

from itertools import islice

from dutybound.register.book import register
from tests.library.register.mutants import is_caught, mutants


def test_a_register_with_one_thing_wrong_is_noticed() -> None:
    sample = list(islice(mutants(register()), 5, None, 301))

    assert [str(mutant) for mutant in sample if not is_caught(mutant)] == []
    assert len(sample) > 6
