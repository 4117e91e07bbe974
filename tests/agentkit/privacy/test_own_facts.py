"""What somebody tells of their own health and money does not leave; questions do."""

from __future__ import annotations

import pytest

from agentkit.privacy.own_facts import own_facts

TOLD = {
    "health": (
        "my insulin dose is 12 units", "my HIV test came back positive",
        "my blood pressure this morning was 150/95", "mein Blutdruck ist 150 zu 95",
        "I take 50 mg of sertraline every day", "our son is prescribed 20 mg of Ritalin",
        "I weigh 94 kg and smoke", "I was diagnosed with lupus last week",
        "my wife was recently diagnosed with MS", "my daughter has epilepsy",
        "I'm pregnant, 12 weeks", "I'm 12 weeks pregnant",
    ),
    "money": (
        "my salary is 54000 euros", "I owe the bank 12,400 euros", "my credit score is 612",
        "mein Gehalt betr\u00e4gt 4200 Euro", "I earn 72k a year", "I make $90,000 a year",
    ),
}  # fmt: skip
ASKED = (
    "what is a normal insulin dose for 12 year olds", "what's my credit score",
    "if I weigh 150 pounds on earth what do I weigh on the moon",
    "how much does a nurse earn", "my pulse sensor is 3 years old", "explain depression",
    "I take 3 eggs and 200 ml of milk", "do I owe tax on 500 euros of interest?",
    "I am on the 5 kg row", "a salary of 50000 after tax", "I make 3 cups of coffee",
    "is 120 over 80 a good blood pressure", "can I take 2 days off",
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "said"), [(kind, said) for kind, all_of in TOLD.items() for said in all_of]
)
def test_what_is_told_of_oneself_is_found(kind: str, said: str) -> None:
    """A value, a result or an illness of the user's, or of their family."""
    assert kind in {found for _, found in own_facts(said)}


@pytest.mark.parametrize("said", ASKED)
def test_what_is_asked_in_general_is_nobodys(said: str) -> None:
    """Neither a question about such things nor other things in the same words."""
    assert list(own_facts(said)) == []
