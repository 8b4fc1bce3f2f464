"""The turns of phrase by which minutes agree on something and give somebody a task."""

import re
from collections.abc import Iterator

_SENTENCE_END = re.compile(r"[.!?](?:[)\]”\"»])?\s+(?=[A-ZÅÄÖÜ\"“”»(–•-])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:esim|ks|mm|nro|ym|yms|tms|ent|puh|pj|siht|klo|kl|bl\.a|t\.ex|ordf|sekr|nr|ca|dr|mr|ms"
    r"|mrs|prof|no|vs|e\.g|i\.e|etc|st|tel|vt|os|art)|\b[A-ZÅÄÖ]|(?<![.\d])\d{1,2})\.$",
    re.IGNORECASE,
)


def sentences(text: str) -> Iterator[str]:
    """The sentences of a paragraph, as written."""
    start = 0
    for match in _SENTENCE_END.finditer(text):
        before = text[max(start, match.start() - 12) : match.start() + 1]
        if _ABBREVIATION.search(before) and not re.search(r"\d\.\d{1,2}\.$", before):
            continue
        yield text[start : match.end()].strip()
        start = match.end()
    if start < len(text):
        yield text[start:].strip()


# Labels that say what the rest of their line, or the lines below them, is.
DECISION_LABEL = re.compile(
    r"(?:päätös|päätökset|sovittu|sovittiin|sovittua|päätettiin|lautakunnan päätös"
    r"|hallituksen päätös"
    r"|beslut|överenskommet|överenskommelse|beslöts|nämndens beslut|styrelsens beslut"
    r"|decision|decisions|agreed|resolved|resolution)\s*(?::\s*|$)",
    re.IGNORECASE,
)
ACTION_LABEL = re.compile(
    r"(?:toimenpide|toimenpiteet|tehtävä|tehtävät|jatkotoimet|jatkotoimenpiteet|åtgärd|åtgärder"
    r"|uppgift|uppgifter|action|actions|action item|action items|action point|action points"
    r"|next steps|todo|to do|to-do|ap)\s*"
    r"(?:\((?P<owner>[^()]{1,60})\)|\[(?P<owner2>[^\]]{1,60})\])?"
    r"\s*(?::\s*|$)",
    re.IGNORECASE,
)
_OWNER_WORDS = (
    r"(?:vastuu|vastuuhenkilö|vastuuhenkilöt|vastuutaho|vastuutahot|vastaa|vastuussa|ansvarig"
    r"|ansvariga|ansvar|ansvarsperson|owner|owners|responsible|lead|action by|action|åtgärd"
    r"|toimenpide|tekijä|who)"
)
OWNER_LABEL = re.compile(rf"{_OWNER_WORDS}\s*:\s*(?P<owners>.+)", re.IGNORECASE)
OWNER_ONLY_LABEL = re.compile(
    r"(?:vastuu|vastuuhenkilö|vastuuhenkilöt|vastuutaho|vastuutahot|ansvarig|ansvariga|ansvar"
    r"|ansvarsperson|owner|owners|responsible|lead|action by|who)\s*:",
    re.IGNORECASE,
)
OWNER_INSIDE = re.compile(
    rf"\s*[(\[–—-]?\s*\b{_OWNER_WORDS}\s*:\s*(?P<owners>[^()\[\]]{{1,80}})[)\]]?\.?$", re.IGNORECASE
)
# Initials or names at the end: "… / TH", "… (TH, MM)", "… → TH".
OWNER_AT_END = re.compile(
    r"\s*(?:[(\[]\s*(?P<bracket>[^()\[\]]{1,60})\s*[)\]]|(?:/|→|->|=>|–|—|-)\s*"
    r"(?P<plain>[A-ZÅÄÖ][\w-]{0,20}(?:\s?[,/&+]\s?[A-ZÅÄÖ][\w-]{0,20}){0,4}))\s*\.?$"
)
OWNER_AT_START = re.compile(r"(?P<owner>[^:]{1,50}):\s+(?P<rest>\S.*)")
DUE_LABEL = re.compile(
    r"(?:määräaika|aikataulu|deadline|dl|due|tidsfrist|tidtabell|by)\s*:", re.IGNORECASE
)

# Agreeing. Strong words agree wherever they stand in the first words of a sentence; weak ones only
# at its start ("Siirretään tiistain …").
_STRONG = {
    "fi": "sovitaan sovittiin sovimme päätetään päätettiin päätimme päätti päättää päättivät",
    "sv": "beslöts beslutades beslutade beslöt besluts beslutar överenskoms överens enades",
    "en": "agreed resolved decided agrees",
}
_WEAK = {
    "fi": "siirretään siirrettiin hyväksytään hyväksyttiin hyväksyi valitaan valittiin nimetään"
    " nimettiin nimesi vahvistetaan vahvistettiin perustetaan perustettiin asetetaan asetettiin"
    " lakkautetaan lakkautettiin myönnettiin myönnetään",
    "sv": "godkändes godkänns godkände valdes utsågs utses fastställdes fastställs bordlades"
    " bordläggs flyttas flyttades överförs överfördes tillsattes tillsätts beviljades",
    "en": "approved adopted carried accepted deferred postponed elected appointed approves"
    " ratified",
}
_STRONG_WORDS = {language: frozenset(words.split()) for language, words in _STRONG.items()}
_WEAK_WORDS = {language: frozenset(words.split()) for language, words in _WEAK.items()}
# With the words of "merkittiin tiedoksi", "jätettiin pöydälle", "antecknades för kännedom".
_AGREEING_WORDS = {
    language: _STRONG_WORDS[language] | _WEAK_WORDS[language] | {"tiedoksi", "pöydälle", "kännedom"}
    for language in _STRONG_WORDS
}
_EARLIER = re.compile(
    r"\b(?:kuten|niin kuin|niinkuin|aiemmin|aikaisemmin|viime kerralla|edellisessä|edellisen"
    r"|oli|olivat"
    r"|som|tidigare|förra|sedan|as|previously|earlier|last|had|ei|eivät|inte|not|jos|om man"
    r"|if|unless)\b",
    re.IGNORECASE,
)
CLOSING = re.compile(
    r"\b(?:kokous|tapaaminen|palaveri)\s+(?:päättyi|päätettiin|päättyy|loppui)\b"
    r"|\bpäätti\s+(?:\w+\s){0,2}(?:kokouksen|tapaamisen|tilaisuuden|palaverin)\b"
    r"|\bpäätti\s+\w*kokouksen\b|\bkokouksen\s+päätyttyä\b"
    r"|\b(?:mötet|sammanträdet|träffen)\s+(?:avslutades|slutade|förklarades avslutat|slutar)\b"
    r"|\bavslutade\s+(?:mötet|sammanträdet)\b"
    r"|\bmeeting\s+(?:was\s+)?(?:closed|ended|adjourned|concluded|finished)\b"
    r"|\bclosed\s+the\s+meeting\b|\bpäättyi\s+klo\b",
    re.IGNORECASE,
)
_NOTED = re.compile(
    r"\b(?:merkit(?:tiin|ään)\s+tiedoksi|jätet(?:tiin|ään)\s+pöydälle|antecknades?\s+för\s+kännedom)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")


_PASSIVE = re.compile(r"\b(?:was|were|is|are|be|been)\s+$", re.IGNORECASE)


def agreement(sentence: str, language: str) -> int | None:
    """Where the words of agreeing end in a sentence that agrees on something; None if it doesn't.

    What was agreed earlier ("kuten viime kerralla sovittiin"), and the end of the meeting, are no
    agreements.
    """
    opening = sentence[:140]
    words = _WORD.findall(opening.casefold())
    if _AGREEING_WORDS[language].isdisjoint(words) or CLOSING.search(opening):
        return None
    for at, match in enumerate(_WORD.finditer(opening)):
        if at > 14:
            break
        word = match[0].casefold()
        weak = word in _WEAK_WORDS[language] and (
            at < 4 or _PASSIVE.search(opening[: match.start()])
        )
        if (word in _STRONG_WORDS[language] and at < 9) or weak:
            if _EARLIER.search(opening[: match.start()]):
                return None
            return match.end()
    noted = _NOTED.search(opening)
    return noted.end() if noted else None


AGREEING_EN = _STRONG_WORDS["en"] | _WEAK_WORDS["en"]


def agrees_strongly(sentence: str, language: str) -> bool:
    """Whether the sentence has one of the words that can mean nothing but agreeing."""
    return not _STRONG_WORDS[language].isdisjoint(_WORD.findall(sentence.casefold()))


def may_give_task(sentence: str, language: str) -> bool:
    """A quick look whether a sentence has a verb that can give a task without a due time."""
    if language == "fi":
        return True  # its verbs have too many forms for a list
    return not _TASK_WORDS[language].isdisjoint(_WORD.findall(sentence.casefold()))


THAT = {
    "fi": re.compile(r"^[^.;]{0,80}?,?\s*\bettä\b\s+", re.IGNORECASE),
    "sv": re.compile(r"^[^.;]{0,60}?\batt\b\s+", re.IGNORECASE),
    "en": re.compile(r"^[^.;]{0,60}?\bthat\b\s+", re.IGNORECASE),
}
# Where the main clause ends and another begins.
CLAUSE_END = re.compile(
    r",\s+(?=(?:jo[nksti]\w*|että|mi[ksthl]\w*|kun|koska|jotta|mutta|vaan|ku[kim]\w*|missä|som|att|när|hur"
    r"|vilk\w+|där|men|which|who|that|when|how|so|but|where)\b)|;\s",
    re.IGNORECASE,
)
# Wishes and what may be done are no tasks.
WISH = re.compile(
    r"\b(?:olisi|olisivat|voisi|voisivat|toivo\w+|toivee\w*|ehdot\w+|pohdi\w+|mahdollisesti|ehkä"
    r"|kannattaisi|pitäisi|skulle|kunde|borde|önsk\w+|hoppas|föresl\w+|eventuellt|kanske|would be"
    r"|could|might|hope\w*|wish\w*|suggest\w*|perhaps|would like)\b",
    re.IGNORECASE,
)
# What goes on already is reported, not given to anyone.
PROGRESS = re.compile(
    r"\b(?:parhaillaan|tällä hetkellä|paraikaa|jo|som bäst|för närvarande|redan|currently|already"
    r"|at the moment|at present)\b",
    re.IGNORECASE,
)
# Finnish verbs, in base form, that give a task even without a due time.
TASK_VERBS_FI = frozenset(
    "lähettää toimittaa valmistella selvittää laatia kutsua koota järjestää jakaa päivittää varata"
    " kerätä ilmoittaa tiedottaa luonnostella kirjoittaa hoitaa hankkia tarkistaa muistuttaa"
    " välittää huolehtia vastata kysyä pyytää tilata kartoittaa täydentää kommentoida tuottaa"
    " organisoida kontaktoida luvata lupautua sitoutua tehdä ottaa viedä tuoda etsiä suunnitella"
    " viimeistellä tarkentaa sopia viestiä julkaista laittaa ehtiä neuvotella jättää maksaa"
    " aloittaa yhteensovittaa koordinoida raportoida".split()
)
PROMISES_FI = frozenset("luvata lupautua sitoutua".split())
# These never give a task, however they are dated.
NO_TASK_FI = frozenset(
    "olla voida haluta toivoa ehdottaa saada pitää tulla alkaa päättyä jatkua vaikuttaa kuulua"
    " sijaita näkyä puuttua todeta".split()
)
TRANSFER_FI = frozenset(
    "lähettää toimittaa jakaa välittää ilmoittaa antaa esitellä raportoida kertoa tiedottaa viedä"
    " lupautua vastata luovuttaa palauttaa".split()
)
_TASK_SV = (
    "skickar sänder bereder utreder kontaktar sammanställer bokar kallar uppdaterar informerar"
    " delar ordnar skriver återkommer gör tar ansvarar samlar meddelar förbereder kollar ringer"
    " beställer undersöker presenterar utarbetar färdigställer lämnar håller hämtar köper"
    " kontrollerar publicerar sköter"
)
TASK_VERBS_SV = frozenset(_TASK_SV.split())
TASK_VERBS_EN = frozenset(
    "sends prepares contacts drafts writes organises organizes books arranges circulates collects"
    " checks updates invites shares reports provides brings calls asks finds orders produces"
    " compiles confirms follows investigates liaises delivers submits completes finalises".split()
)
NO_VERB_EN = frozenset(
    "of in on at by for with and or the a an who which that from as has have was were is"
    " are".split()
)
WILL = {
    "sv": frozenset("ska skall lovar lovade åtar åtog".split()),
    "en": frozenset("will shall to undertook offered volunteered agreed promised".split()),
}
NO_TASK_SV = frozenset(
    "är har kan blir finns får vill önskar berättar konstaterar anser föreslår hoppas håller"
    " deltar".split()
)
NO_VERB_SV = frozenset(
    "för efter under över per eller där när här hur var är mer dessutom varför därför"
    " utanför".split()
)
TO_WHOM = {
    "sv": re.compile(r"\b(?:till|åt|med|för)\s+", re.IGNORECASE),
    "en": re.compile(r"\b(?:to|with|for)\s+(?:the\s+|all\s+)?", re.IGNORECASE),
}
# Words that may stand between the start of a clause and who does it.
LEADING = {
    "fi": frozenset(
        "lisäksi myös nyt jatkossa seuraavaksi samalla sitten siis että tämän jälkeen kokouksen"
        " sitä ennen siihen mennessä vielä edelleen".split()
    ),
    "sv": frozenset("dessutom också även nu sedan därefter att vidare".split()),
    "en": frozenset("also then now the that in addition further".split()),
}
AND_WORDS = frozenset("ja sekä och samt and eli".split())
BETWEEN_FI = frozenset("myös yhdessä vielä sitten itse jatkossa kumpikin edelleen nyt".split())
_TASK_WORDS = {"sv": TASK_VERBS_SV | WILL["sv"], "en": TASK_VERBS_EN | WILL["en"]}
