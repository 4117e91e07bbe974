"""What the user said of where a request should be answered, in eight languages.

Not covered: wishes that are worded in another way. They are not understood, and the
privacy policy holds all the same.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from agentkit.messages import Conversation
from agentkit.routing.facts import Wish

_PRIVATE = (
    # English
    r"keep (?:this|it|that|all of this) (?:private|secret|local|to yourself|between us)",
    r"keep (?:this|it|that) on (?:this|my|the) (?:device|phone|computer|machine|laptop)",
    r"(?:do not|don't|dont|never) (?:send|share|upload|leak) (?:this|it|that|any of"
    r" this)(?: to (?:the cloud|anyone|anybody|the internet))?(?:[.!]|$)",
    r"(?:do not|don't|dont|never|without) (?:ask|use|using|asking) (?:the cloud|a cloud"
    r"|the big model|the internet)",
    r"(?:stay|answer|do (?:this|it)) (?:offline|locally|on[- ]device)",
    r"this (?:is|stays) (?:private|confidential|between us)",
    # German
    r"(?:behalte?|halte?) (?:das|dies|es) (?:für dich|privat|geheim|vertraulich)",
    r"das (?:ist|bleibt) (?:privat|vertraulich|unter uns)",
    r"(?:nicht|nichts) (?:davon )?(?:in die cloud|ins internet) (?:schicken|senden)",
    r"(?:bleib|antworte) offline",
    # French
    r"garde (?:ça|cela|ceci)? ?(?:pour toi|privé|secret|confidentiel|entre nous)",
    r"(?:c'est|ceci est|ça reste) (?:privé|confidentiel|entre nous)",
    r"n'envoie (?:pas|rien)[^.]{0,20}(?:cloud|internet)",
    # Italian
    r"(?:tieni(?:lo|la)?|resta|rimane|è) (?:privato|segreto|riservato|per te|tra noi)",
    r"non (?:inviar|mandar)(?:lo|la|e)[^.]{0,20}(?:cloud|internet)",
    # Portuguese
    r"(?:mantenha|mantém|guarda|guarde) (?:isso|isto)? ?(?:privado|em segredo"
    r"|confidencial|entre nós)",
    r"isso (?:é|fica) (?:privado|confidencial|entre nós)",
    r"não (?:envie|mande)[^.]{0,20}(?:nuvem|internet)",
    # Spanish
    r"(?:mantén|manten|mantenlo|guarda|guárdalo) ?(?:esto|eso)? ?(?:en privado|privado"
    r"|en secreto|confidencial|entre nosotros)",
    r"(?:esto|eso) (?:es|queda) (?:privado|confidencial|entre nosotros)",
    r"no (?:envíes|mandes|lo envíes|lo mandes)[^.]{0,20}(?:nube|internet)",
    # Hindi
    r"(?:इसे|यह) (?:निजी|गुप्त|गोपनीय) (?:रखो|रखें|रखना|है)",
    # Thai
    r"(?:เก็บ(?:เรื่อง)?(?:นี้|ไว้)?(?:เป็นความลับ|เป็นส่วนตัว)|อย่าส่ง.{0,12}(?:คลาวด์|อินเทอร์เน็ต))",
)
_BIG = (
    # English
    r"(?:ask|use|try|with) (?:the|a) (?:big|bigger|biggest|large|larger|best|better"
    r"|strong|stronger|smart|smarter|cloud) (?:model|one|brain|ai)",
    r"ask the cloud",
    # German
    r"(?:frag|frage|nimm|nutze|mit)(?: doch)? (?:das|dem|ein|einem) (?:große|grosse"
    r"|großen|grossen|größere|größeren|bessere|besseren|beste|besten|stärkere) modell",
    r"frage? die cloud",
    # French
    r"(?:demande|utilise|avec)(?: à| au| le| un)* (?:grand|gros|meilleur|plus grand)"
    r" modèle",
    r"demande au cloud",
    # Italian
    r"(?:chiedi|usa|con)(?: al| il| a| un)* modello (?:grande|più grande|migliore)",
    r"chiedi al cloud",
    # Portuguese
    r"(?:pergunte|pergunta|use|usa|com)(?: ao| o| um| a)* modelo (?:grande|maior|melhor)",
    r"pergunt[ae] à nuvem",
    # Spanish
    r"(?:pregunta|pregúntale|usa|con)(?: al| el| a| un)* modelo (?:grande|más grande"
    r"|mejor)",
    r"pregunta(?:le)? a la nube",
    # Hindi
    r"बड़े मॉडल (?:से पूछो|से पूछें|का उपयोग)",
    # Thai
    r"(?:ถาม|ใช้)โมเดล(?:ใหญ่|ที่ใหญ่กว่า|ที่ดีกว่า)",
)
# Directly before the wish: "don't ask the big model".
_NOT = re.compile(
    r"(?:n't|\b(?:(?:can)?not|never|nicht|kein\w*|pas|non|não|no|mat)|मत|อย่า)\s*$"
)


@cache
def _any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Compile phrases at first use: it takes some milliseconds."""
    return re.compile("|".join(f"(?:{phrase})" for phrase in phrases))


@lru_cache(maxsize=256)
def read_wish(text: str) -> Wish:
    """Read what one text of the user wishes; an empty text when it wishes nothing.

    "Do not ask the big model" wishes for nothing to leave.
    """
    flat = " ".join(text.lower().replace("\u2019", "'").split())
    if _any_of(_PRIVATE).search(flat):
        return "private"
    found = _any_of(_BIG).search(flat)
    if found is None:
        return ""
    return "private" if _NOT.search(flat[: found.start()]) else "big"


def wish_of(conversation: Conversation) -> Wish:
    """Read what a conversation's user wishes.

    Once private stays private: what was said under it is still in the conversation.
    The big model is asked for in the last turn only.
    """
    wishes: list[Wish] = [read_wish(m.text) for m in conversation if m.role == "user"]
    if "private" in wishes:
        return "private"
    return wishes[-1] if wishes else ""
