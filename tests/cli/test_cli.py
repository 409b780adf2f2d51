"""Every golden case as one test; see runner.py."""

import pytest
import runner


@pytest.mark.parametrize("name", runner.names())
def test_case(name):
    faults = runner.check(name)
    assert not faults, "\n".join(faults)


def test_no_file_without_its_case():
    assert runner.orphans() == []
