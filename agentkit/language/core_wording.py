"""What the core itself asks and tells, in the language that the user speaks."""

from collections.abc import Iterable

from agentkit.language.user_language import spoken
from agentkit.language.vocabularies import word_table


def in_words(english: str, said: str, choices: Iterable[str] = ()) -> str:
    """Say a sentence, with the words that it is about and what there is to choose from.

    Args:
        english: the sentence as English has it, which is its name in the data.
        said: what it is about.
        choices: what may be meant.
    """
    words = word_table("core_wording").get(spoken(), {})
    either = words.get(" or ", " or ").join(choices)
    return str(words.get(english, english)).format(said=said, choices=either)
