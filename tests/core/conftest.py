import pytest

from scenario import Scenario


@pytest.fixture(params=["straight", "restored"])
def scenario(request):
    """Makes scenarios; every test that uses it runs straight, and saved and restored after every answer."""

    def make(text: str, **settings) -> Scenario:
        return Scenario(text, restored=request.param == "restored", **settings)

    return make
