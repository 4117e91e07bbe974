import pytest

from agentkit.backends import Price
from agentkit.errors import ConfigError


def test_tokens_cost_by_the_million() -> None:
    """Read and written tokens have their own price."""
    assert Price(read=0.5, written=2.0).cost(1_000_000, 500_000) == 1.5


@pytest.mark.parametrize(("cached", "cost"), [(None, 1.0), (0.0, 0.5)])
def test_what_was_read_before_may_be_cheaper(cached: float | None, cost: float) -> None:
    """Tokens that the server had read before have a price of their own, or the same."""
    price = Price(read=1.0, written=0.0, cached=cached)
    assert price.cost(1_000_000, 0, 500_000) == cost


def test_a_price_below_zero_is_a_mistake() -> None:
    """A typing slip must not earn money."""
    with pytest.raises(ConfigError):
        Price(read=-1.0, written=0.0)
