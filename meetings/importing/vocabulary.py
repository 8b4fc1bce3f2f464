"""The words by which minutes say what a line is, in Finnish, Swedish and English."""

import re
from enum import StrEnum


class Label(StrEnum):
    """What a labelled line ("Aika: …", "Närvarande: …") holds."""

    TIME = "time"
    PLACE = "place"
    TIME_AND_PLACE = "time_and_place"
    CHAIR = "chair"
    SECRETARY = "secretary"
    PRESENT = "present"
    PARTICIPANTS = "participants"  # took part, the text does not say how
    REMOTE = "remote"
    ABSENT = "absent"
    BODY = "body"
    TITLE = "title"
    AGENDA = "agenda"
    NEXT_MEETING = "next_meeting"
    OUTSIDE = "outside"  # distribution, attachments, signatures


def _table(**lists: str) -> dict[str, Label]:
    return {
        name.strip(): Label[label]
        for label, names in lists.items()
        for name in names.split("|")
        if name.strip()
    }


LABELS: dict[str, Label] = _table(
    TIME="aika|ajankohta|kokousaika|kokouksen aika|päivämäärä|pvm|päiväys|kellonaika|päivä|klo"
    "|päivä ja aika|aika ja pvm|tid|tidpunkt|datum|datum och tid|tid och datum|mötestid|dag"
    "|sammanträdestid|time|date|date and time|time and date|when|meeting date|date/time|pvm/aika"
    "|när|milloin",
    PLACE="paikka|kokouspaikka|kokouksen paikka|pitopaikka|plats|mötesplats|sammanträdesplats"
    "|ställe|place|venue|location|where|var|missä",
    TIME_AND_PLACE="aika ja paikka|aika, paikka|paikka ja aika|aika/paikka|kokousaika ja -paikka"
    "|kokousaika ja paikka|kokouksen aika ja paikka|tid och plats|plats och tid|tid/plats"
    "|tid, plats|time and place|date and place|date, time and place|when and where"
    "|time and venue|date and venue|place and time|time/place|aika ja paikka",
    CHAIR="puheenjohtaja|pj|pj.|puheenjohtajana|kokouksen puheenjohtaja|puheenjohtajana toimi"
    "|puheenjohtajana toimii|ordförande|ordf|ordf.|mötesordförande|mötets ordförande"
    "|chair|chairperson|chairman|chairwoman|chaired by|in the chair|meeting chair|convener",
    SECRETARY="sihteeri|siht|siht.|kokouksen sihteeri|sihteerinä|muistion laati|muistion laatija"
    "|laatija|muistio|muistiinpanot|pöytäkirjanpitäjä|pöytäkirjan laati|pöytäkirjan laatija"
    "|kirjuri|kirjaaja|muistion kirjasi|muistion kirjaaja|muistion pitäjä|muistiinpanija"
    "|sekreterare|sekr|sekr.|mötessekreterare|mötets sekreterare|protokollförare|vid protokollet"
    "|protokoll fört av|promemorian uppgjord av|antecknat av|anteckningar av|anteckningar"
    "|antecknare|secretary|minutes|minutes by|minutes taken by|minute taker|minute-taker|note taker"
    "|note-taker|notes by|notes taken by|recorded by|memo written by|clerk",
    PRESENT="läsnä|läsnäolijat|läsnä olivat|läsnä olleet|läsnäolleet|paikalla|paikalla olivat"
    "|paikan päällä|saapuvilla|saapuvilla olleet|saapuvilla olivat|lähiosallistujat|lähinä"
    "|muut läsnä olleet|muut läsnäolijat|muut saapuvilla olleet|muut paikalla olleet|muu läsnäolija"
    "|läsnä paikan päällä|närvarande|närvarande medlemmar|närvarande ledamöter"
    "|närvarande beslutande|beslutande|övriga närvarande|på plats|närvarande på plats"
    "|present|members present|also present|in person|present in person|those present"
    "|in the room|others present|also in attendance",
    PARTICIPANTS="osallistujat|osanottajat|osallistuivat|mukana|mukana olivat|muut osallistujat"
    "|jäsenet|varajäsenet|asiantuntijat|kutsutut|kutsuttuina|kutsuttu|kutsuttuna|vieraat"
    "|työryhmän jäsenet|hallituksen jäsenet|muut|esittelijä|esittelijät|esittelijänä"
    "|deltagare|deltog|medlemmar|ledamöter|ersättare|suppleanter|sakkunniga|inbjudna|gäster"
    "|kallade|övriga deltagare|övriga|föredragande|attendees|participants|attendance"
    "|in attendance|attending|members|guests|invited|observers|attended|other attendees",
    REMOTE="etänä|etäyhteydellä|etäyhteydellä osallistuivat|etäosallistujat|etäyhteyksin"
    "|läsnä etänä|etänä läsnä|etänä osallistuivat|teams|teamsissa|teamsin kautta|teamsilla"
    "|teams-yhteydellä|teamsin välityksellä|verkon kautta|puhelimitse|zoom|zoomissa|verkossa"
    "|på distans|distansdeltagare|via teams|via zoom|distans|per telefon|via telefon"
    "|per video|på teams|deltog på distans"
    "|via distans|på webben|remote|remotely|online|by phone|by telephone|by video|via video"
    "|on teams|on zoom|remote participants|attending remotely|virtually|via phone|dialled in"
    "|present remotely|joined online|by video link",
    ABSENT="poissa|poissaolijat|poissa olivat|poissa olleet|poissaolleet|estynyt|estyneet"
    "|esteen ilmoitti|esteestä ilmoittanut|esteestä ilmoittaneet|este|este ilmoitettu"
    "|poissaolosta ilmoittaneet|poissaolosta ilmoitti|ei paikalla|eivät päässeet"
    "|frånvarande|förhinder|förhindrad|förhindrade|anmält förhinder|anmälda förhinder"
    "|frånvaro|meddelat förhinder|hade anmält förhinder|absent|apologies|apologies for absence"
    "|apologies received|regrets|not present|excused|absentees|absent with apologies",
    BODY="toimielin|työryhmä|ryhmä|organ|arbetsgrupp|committee|group|body",
    TITLE="kokous|kokouksen nimi|aihe|möte|ärende|mötets namn|meeting|subject|meeting title",
    AGENDA="asialista|esityslista|käsiteltävät asiat|käsitellyt asiat|asiat|kokouksen asialista"
    "|asialuettelo|föredragningslista|föredragningslistan|ärenden|dagordning|ärendelista"
    "|agenda|agenda items|items|contents|order of business|sisällys|innehåll",
    NEXT_MEETING="seuraava kokous|seuraava tapaaminen|seuraava palaveri|seuraavat kokoukset"
    "|seuraava kokousaika|seuraavan kokouksen ajankohta|seuraava kokouspäivä|ensi kokous"
    "|seuraavat tapaamiset|seuraava työryhmän kokous|seuraavan kokouksen aika"
    "|nästa möte|nästa sammanträde|nästa träff|följande möte|följande sammanträde"
    "|kommande möten|nästa mötestid|next meeting|date of next meeting|next meetings"
    "|date of the next meeting|the next meeting|next meeting date",
    OUTSIDE="jakelu|tiedoksi|liitteet|liite|oheismateriaali|allekirjoitukset|allekirjoitus"
    "|pöytäkirjan vakuudeksi|muistion vakuudeksi|vakuudeksi|pöytäkirjantarkastajat"
    "|pöytäkirjan tarkastajat|pöytäkirjan tarkastus|tarkastettu|tarkastajat|nähtävilläolo"
    "|pöytäkirja nähtävänä|muutoksenhaku|sändlista|för kännedom|bilagor|bilaga|underskrifter"
    "|underskrift|protokolljusterare|justerat|justerare|protokolljustering|till kännedom"
    "|distribution|distribution list|appendices|appendix|attachments|attachment|signatures"
    "|signature|signed|enclosures|cc|examiners of the minutes",
)

# These head the document or an item more often than they are labels: they need a colon.
_COLON_ONLY = frozenset(
    "minutes muistio muistiinpanot anteckningar antecknare kokous aihe möte ärende meeting subject"
    " toimielin"
    " työryhmä ryhmä organ arbetsgrupp committee group body kirjuri clerk items asiat ärenden muut"
    " övriga dag päivä klo när var missä milloin where when".split()
)
# Words that alone tell whether a longer label ("Läsnä Teamsin välityksellä") is about attendance.
_ABSENT_WORDS = frozenset(
    "poissa poissaolijat estynyt estyneet frånvarande absent apologies".split()
)
_REMOTE_WORDS = frozenset(
    "etänä etäyhteydellä teams teamsin teamsissa zoom zoomissa distans online remotely"
    " phone".split()
)
_PRESENT_WORDS = frozenset(
    "läsnä läsnäolijat osallistujat paikalla saapuvilla närvarande deltagare present attendees "
    "participants attendance".split()
)
# A line of these alone heads a list of people, without a colon too: "Saapuvilla olleet jäsenet".
_ATTENDANCE_WORDS = frozenset(
    "saapuvilla olleet olivat jäsenet muut läsnä läsnäolleet läsnäolijat"
    " paikalla varajäsenet poissa"
    " poissaolleet estyneet närvarande övriga ledamöter medlemmar ersättare beslutande frånvarande"
    " present members also other those absent attendees participants".split()
)
_IN_PERSON_HINTS = ("paikan päällä", "på plats", "in person", "lähi")

# Inside an item these begin a line of their own.
INNER_LABELS = frozenset(
    "päätös|päätösehdotus|ehdotus|esitys|esittely|käsittely|keskustelu|keskustelua|tausta|sovittu"
    "|sovittiin|toimenpide|toimenpiteet|tehtävä|tehtävät|vastuu|vastuuhenkilö|vastuuhenkilöt"
    "|vastuutaho|aikataulu|määräaika|lisätiedot|lisätietoja|valmistelija|esittelijä|tiedoksi"
    "|jatkotoimet|jatkotoimenpiteet|seuranta|perustelut|beslut|beslutsförslag|förslag|diskussion"
    "|bakgrund|beredning|åtgärd|åtgärder|uppgift|uppgifter|ansvarig|ansvariga|ansvar|tidsfrist"
    "|tidtabell|överenskommet|föredragande|tilläggsuppgifter|uppföljning|behandling"
    "|decision|decisions|proposal|discussion|background|action|actions|action item|action items"
    "|owner|responsible|deadline|due|agreed|resolved|noted|follow-up|next steps|todo|to do"
    "".split("|")
)  # fmt: skip
# Labels that minutes repeat in item after item: never a page's header.
DOCUMENT_WORDS = re.compile(
    r"muistio|pöytäkirja|kokous|kokouksen|tapaaminen|palaveri|työpaja|esityslista"
    r"|promemoria|anteckningar|protokoll|möte|sammanträde|träff"
    r"|\bminutes\b|\bmeeting\b|\bmemo\b|\bnotes\b",
    re.IGNORECASE,
)
BARE_DOCUMENT = re.compile(
    r"\W*(?:kokous)?(?:muistio|pöytäkirja|pöytäkirjan ote|kokousmuistio|esityslista|promemoria"
    r"|mötesanteckningar|anteckningar|protokoll|(?:meeting )?minutes|memo|meeting notes|notes"
    r"|memorandum)(?:\s*(?:nro|nr|no|n:o)?\.?\s*\d{1,3}\s*/\s*\d{2,4}"
    r"|\s*(?:nro|nr|no|n:o)\.?\s*\d{1,4})?\W*",
    re.IGNORECASE,
)
NEXT_MEETING = re.compile(
    r"\b(?:seuraava\s+(?:\w+\s)?(?:kokous|tapaaminen|palaveri|työryhmä)|(?:nästa|följande)\s+(?:möte|sammanträde|träff)"
    r"|(?:the\s+)?next\s+(?:\w+\s)?meeting)\b",
    re.IGNORECASE,
)
NEXT_TIME = re.compile(r"(?:nästa gång|seuraava kerta|seuraavan kerran|next time)\b", re.IGNORECASE)
BODY_WORDS = re.compile(
    r"\w*(?:työryhmä|ryhmä|lautakunta|hallitus|valtuusto|toimikunta|valiokunta|jaosto|jaos"
    r"|neuvosto|johtokunta|johtoryhmä|yhdistys|seura|verkosto|tiimi|kerho|oppilaskunta|opiskelijakunta|neuvottelukunta)\b"
    r"|\b\w*(?:grupp|gruppen|nämnd|nämnden|styrelse|styrelsen|fullmäktige|kommitté|kommittén"
    r"|direktion|direktionen|delegation|delegationen"
    r"|förening|föreningen|råd|rådet|utskott|utskottet|sektion|nätverk|nätverket)\b"
    r"|\b(?:committee|board|council|working group|group|association|team|network|panel|society"
    r"|task force|trust|club)\b",
    re.IGNORECASE,
)


def label_of(words: str, *, colon: bool = False) -> Label | None:
    """What a label means, by its words without the colon; None if they are no label.

    With a colon behind it a label may be worded more freely: "Läsnä Teamsin välityksellä:".
    """
    key = " ".join(words.casefold().split()).rstrip(":.").strip()
    if not key or len(key) > 60:
        return None
    key, bracket = _split_bracket(key)
    found = LABELS.get(key) or LABELS.get(key + ".")
    if found and not colon and key in _COLON_ONLY:
        return None
    if found is None:
        spoken = key.replace(",", " ").split()
        if len(spoken) > 6 or not (colon or _ATTENDANCE_WORDS.issuperset(spoken)):
            return None
        if spoken[:1] == ["via"]:
            return Label.REMOTE
        if not _ABSENT_WORDS.isdisjoint(spoken):
            return Label.ABSENT
        if _PRESENT_WORDS.isdisjoint(spoken):
            return None
        if not _REMOTE_WORDS.isdisjoint(spoken):
            return Label.REMOTE
        found = Label.PRESENT
    if found in (Label.PRESENT, Label.PARTICIPANTS):
        if bracket and any(word in bracket for word in _REMOTE_WORDS):
            return Label.REMOTE
        if any(hint in bracket or hint in key for hint in _IN_PERSON_HINTS):
            return Label.PRESENT
    return found


def _split_bracket(key: str) -> tuple[str, str]:
    if key.endswith(")") and "(" in key:
        at = key.index("(")
        return key[:at].strip(), key[at + 1 : -1]
    # "Läsnä 12", "Närvarande 5 st"
    return re.sub(r"\s+\d{1,3}(?:\s+(?:st|kpl|hlö|henkilöä|personer))?$", "", key), ""


_STOP_WORDS = {
    "fi": frozenset(
        "ja on ei että oli tai mutta myös sekä joka jotka ovat olivat kanssa mukaan klo läsnä asiat"
        " kokous kokouksen puheenjohtaja seuraava päätös sovittiin todettiin muut aika paikka"
        " kuin jos niin tämä se sen mitä miten vielä poissa etänä sihteeri".split()
    ),
    "sv": frozenset(
        "och att det som en ett är för med till på av inte om har den de vi kl närvarande möte"
        " mötet ordförande sekreterare beslut nästa frånvarande plats tid från var ska skulle"
        " eller man vid under också ärenden punkt i".split()
    ),
    "en": frozenset(
        "the and of to is was were that for with on by be will it are has have at from this as"
        " present apologies meeting minutes chair secretary agreed next item not an or".split()
    ),
}


def language_of(text: str) -> str:
    """fi, sv or en: whichever's small words the beginning of the text has the most of."""
    words = re.findall(r"[^\W\d_]+", text[:40_000].casefold())
    counts = {
        language: sum(word in stop for word in words) / len(stop)
        for language, stop in _STOP_WORDS.items()
    }
    counts["fi"] += (
        sum(word.endswith(("ssa", "ssä", "lla", "llä", "sta", "stä")) for word in words) / 90
    )
    return max(counts, key=lambda language: counts[language])
