"""Short names and words for relations: what may stand for what."""

from __future__ import annotations

import functools

from agentkit.slots.folding import fold

# One group a line: any may be meant by any other of its line.
_SHORT = """
abigail abby gail
albert al bert bertie
alejandro alex ale
alexander alexandra alex al sandy sasha xander
alfred alf fred alfie
andrew andreas andy drew
anthony antonio tony ant
barbara barb babs
benjamin ben benny benji
bernard bernie
catherine katherine katharina kate katie kathy cathy kat kitty kit
charles charlie chuck chaz
charlotte charlie lottie
christian christine christina chris chrissy tina
christopher chris kit topher
daniel daniela danielle dan danny dani
david dave davey
deborah debra deb debbie
dorothy dot dottie dolly
edward eduard ed eddie ted teddy ned
eleanor ellie nell nora
elisabeth elizabeth liz lizzie beth betty eliza lisa elsie libby bess
emily emilia em emmy millie
eugene gene
florian flo
francis francisco frances frank fran franny paco
frederick friedrich fred freddie fritz
gabriel gabriela gabrielle gabe gabby
gerald gerard gerry jerry
gregory greg
guillermo memo
harold henry harry hal hank
isabel isabella bella izzy belle
jacob jakob jake
james jim jimmy jamie
janet jan
jeffrey geoffrey jeff geoff
jennifer jen jenny
jessica jess jessie
johannes hans hannes
john jonathan johnathan jack johnny jon
jose pepe
joseph josef joe joey jo sepp
joshua josh
judith judy
julia juliana juliet jules
kenneth ken kenny
kimberly kim
lawrence laurence larry
leonard leonardo leo len lenny
louis luis ludwig lou louie
lucas lukas luke
magdalena lena maggie
margaret margarete maggie meg peggy greta marge rita
maria mary marie mia molly polly
martin marty
matthew matthias matt matty
maximilian maxwell maxime max
michael miguel michelle mike mick mickey mikey micha
mohammed muhammad mo
nathaniel nathan nat nate
nicholas nicolas nikolaus nicole nick nico nicky klaus
oliver olivia ollie liv
pamela pam
patricia patrick pat patty paddy trish tricia
penelope penny
peter pete
philip philipp phil pip
rachel rach
raymond ray
rebecca becky becca
richard rick ricky dick rich richie
robert roberto rob robbie bob bobby bert
roger rodge
ronald ron ronnie
rosemary rose rosie
russell russ
samuel samantha sam sammy
sarah sara sally sadie
sebastian seb basti bastian
sophia sofia sophie
stanley stan
stephen steven stefan stephanie steve stevie steph
susan susanne suzanne sue susie suzy
sylvester sly
teresa theresa terry tess tessa
theodore theo ted teddy
thomas tom tommy thom
timothy tim timmy
tobias toby tobi
ulrich ulrike uli
valentina valerie val
veronica ronnie vera
victor victoria vic vicky tori
vincent vince vinnie
virginia ginny
walter walt wally
wilhelm william will willy bill billy liam willi
zachary zach zack
"""
_KIN = """
mom mum mama mommy mummy mother ma mutter mami
dad daddy papa father pa vater papi
grandma granny nana grandmother oma
grandpa granddad grandfather opa
wife spouse
husband spouse
partner significant-other
brother bro
sister sis
boss manager supervisor
doctor dr physician gp
kid child
"""


def _table(text: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in text.split("\n"):
        words = line.split()
        for word in words:
            found.setdefault(word, set()).update(words)
    return {word: frozenset(others) for word, others in found.items()}


_shorts = functools.cache(lambda: _table(_SHORT))
_kin = functools.cache(lambda: _table(_KIN))


def alike_names(name: str) -> frozenset[str]:
    """Return the names that a first name may stand for, itself left out."""
    word = fold(name)
    return _shorts().get(word, frozenset()) - {word}


def same_relations(relation: str) -> frozenset[str]:
    """Return the words for one relation, itself included: mom, mother, mum."""
    word = fold(relation)
    return _kin().get(word, frozenset()) | {word}
