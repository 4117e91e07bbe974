"""What the core asks the user, in the language that they speak."""

from collections.abc import Iterable

from agentkit.language.user_language import spoken
from agentkit.language.vocabularies import word_table


def question(english: str, said: str, choices: Iterable[str] = ()) -> str:
    """Ask what is meant, with the user's words and what there is to choose from.

    Args:
        english: the question as English has it, which is its name in the data.
        said: the user's words.
        choices: what may be meant.
    """
    words = word_table("questions").get(spoken(), {})
    either = words.get(" or ", " or ").join(choices)
    return str(words.get(english, english)).format(said=said, choices=either)
