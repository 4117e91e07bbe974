"""Words and numbers of each language, and texts taken apart and made comparable.

The words are data, one file a language; `agentkit.language.vocabularies` reads them.
"""

from typing import TYPE_CHECKING

from agentkit.installation.face import face

if TYPE_CHECKING:
    from agentkit.language.numbers import ONES as ONES
    from agentkit.language.numbers import TENS as TENS
    from agentkit.language.tokens import Tokens as Tokens
    from agentkit.language.tokens import fold as fold
    from agentkit.language.tokens import tokenize as tokenize
    from agentkit.language.user_language import speak as speak
    from agentkit.language.user_language import speaking as speaking
    from agentkit.language.user_language import spoken as spoken
    from agentkit.language.vocabularies import DAY_NAMES as DAY_NAMES
    from agentkit.language.vocabularies import LANGUAGES as LANGUAGES
    from agentkit.language.vocabularies import MONTH_NAMES as MONTH_NAMES
    from agentkit.language.vocabularies import Vocabulary as Vocabulary
    from agentkit.language.vocabularies import read_table as read_table
    from agentkit.language.vocabularies import vocabulary as vocabulary

if not TYPE_CHECKING:
    __all__, __getattr__, __dir__ = face(
        __name__,
        {
            "numbers": ("ONES", "TENS"),
            "user_language": ("speak", "speaking", "spoken"),
            "tokens": ("Tokens", "fold", "tokenize"),
            "vocabularies": (
                "DAY_NAMES",
                "LANGUAGES",
                "MONTH_NAMES",
                "Vocabulary",
                "read_table",
                "vocabulary",
            ),
        },
    )
