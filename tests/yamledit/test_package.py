"""What the package says about itself."""

import doctest

from registry_cli import yamledit


def test_the_example_of_the_package_runs() -> None:
    result = doctest.testmod(yamledit)
    assert (result.attempted, result.failed) == (4, 0)
