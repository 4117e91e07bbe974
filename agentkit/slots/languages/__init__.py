"""Words of dates in other languages, each with the English it stands for."""

from agentkit.slots.languages.french import FRENCH
from agentkit.slots.languages.german import GERMAN
from agentkit.slots.languages.hindi import HINDI
from agentkit.slots.languages.italian import ITALIAN
from agentkit.slots.languages.portuguese import PORTUGUESE
from agentkit.slots.languages.spanish import SPANISH
from agentkit.slots.languages.thai import THAI

LEXICONS = (GERMAN, FRENCH, ITALIAN, SPANISH, PORTUGUESE, HINDI, THAI)
