import pytest


@pytest.fixture(autouse=True)
def built(program):
    """Every test here runs the program: without it the suite ends at once and says so."""
