"""Which naming tradition a name is typical of: for telling whether linkage serves all communities alike.

A guess about names, never about a person: a name says nothing certain of anybody's origin, faith or language. It is
made in memory while figures are counted, is not kept with a person and not shown of one; the figures are protected as
all small numbers are. Where names are typical of no tradition or of several, the guess is `NOT_TOLD`.

The lists are our own and short: the commonest names of each tradition as they are met in British towns, in the spelling
of offices. Whoever finds a tradition of their town missing adds a line.
"""

import re
import unicodedata
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NOT_TOLD = "not_told"

TITLES: dict[str, str | Promise] = {
    "british": _("British and Irish"),
    "somali": _("Somali"),
    "arabic": _("Arabic"),
    "bengali": _("Bengali"),
    "pakistani": _("Pakistani"),
    "indian": _("Indian"),
    "chinese": _("Chinese"),
    "polish": _("Polish"),
    "turkish": _("Turkish"),
    "iberian": _("Spanish and Portuguese"),
    "west_african": _("West African"),
    "romance": _("French and Italian"),
    NOT_TOLD: _("Not told by the name"),
}

# Surnames, then forenames, without accents.
_SURNAMES = {
    "british": """
        SMITH JONES WILLIAMS TAYLOR BROWN DAVIES EVANS WILSON THOMAS JOHNSON ROBERTS ROBINSON THOMPSON WRIGHT WALKER
        WHITE EDWARDS HUGHES GREEN HALL LEWIS HARRIS CLARKE CLARK JACKSON WOOD TURNER MARTIN COOPER HILL WARD MORRIS
        MOORE KING WATSON BAKER HARRISON MORGAN ALLEN JAMES SCOTT PHILLIPS DAVIS PARKER BENNETT PRICE GRIFFITHS COX
        COLLINS BELL SHAW MURPHY MILLER COOK RICHARDS KELLY MARSHALL RICHARDSON BAILEY GRAY STEWART ELLIS ADAMS
        ANDERSON CAMPBELL MITCHELL CARTER PHILIPS FOSTER POWELL RUSSELL GRAHAM REID MURRAY OBRIEN RYAN OCONNOR BYRNE
        WALSH SULLIVAN DOYLE MACDONALD MCDONALD ROSS PALMER MASON HUNT KNIGHT MILLS BARNES DIXON WEBB CHAPMAN
    """,
    "somali": """
        WARSAME FARAH JAMA ADEN ADAN ABDI ABDULLAHI MOHAMUD MAHAMUD HERSI GULED DUALE DIRIE SAMATAR ROBLE EGAL ELMI
        BARRE ISSE DAHIR JIBRIL ABSHIR HASHI FARAAX CABDI CALI SHIRE OSMAN NUR ARTAN GEDI
    """,
    "arabic": """
        ALHASSAN ALSAYED ELSAYED ALMASRI ALRASHID HADDAD KHALIL MANSOUR NASSER SALEH SULEIMAN HAMDAN AZIZ BENALI BENSAID
        MASRI NAJJAR SABBAGH SALIM TAHA YOUSSEF ZAKI DARWISH FAYAD HAMMOUD KASSEM MAHMOUD QASIM SHALABI IBRAHIM
        KHOURY HARIRI JABER NASSAR RAHAL SALAH
    """,
    "bengali": """
        BEGUM UDDIN MIAH RAHMAN ISLAM KHATUN CHOUDHURY CHOWDHURY HAQUE HOQUE AKTER SARKAR ALAM KHANAM BIBI ULLAH
        TALUKDER BISWAS MOLLAH SIKDER MONDAL DAS ROY BANERJEE MUKHERJEE SULTANA PARVIN BHUIYAN
    """,
    "pakistani": """
        KHAN HUSSAIN AHMED MAHMOOD MALIK IQBAL AKHTAR BUTT CHAUDHRY MIRZA QURESHI RAJA SHAH SHEIKH SIDDIQUI ASHRAF ASLAM
        BASHIR KAUSAR RASHID SHAHZAD TARIQ YAQOOB ZAMAN ANWAR JAVED HAMEED RIAZ NAWAZ SADIQ BHATTI AWAN
    """,
    "indian": """
        PATEL SINGH KAUR SHARMA SHAH GUPTA DESAI MEHTA JOSHI KUMAR REDDY RAO IYER NAIR MENON PILLAI CHAUHAN MISTRY
        PARMAR SOLANKI VERMA MISHRA AGARWAL BHATT TRIVEDI GILL SANDHU DHILLON GREWAL SIDHU BAINS KAPOOR CHOPRA MALHOTRA
    """,
    "chinese": """
        WANG LI ZHANG LIU CHEN YANG HUANG ZHAO WU ZHOU XU SUN MA ZHU HU GUO LIN HE GAO LUO CHAN WONG LAM CHEUNG LEUNG NG
        CHOW TANG CHENG HO YEUNG TSANG LAU FUNG YIP MOK KWOK POON
    """,
    "polish": """
        NOWAK KOWALSKI KOWALSKA WISNIEWSKI WISNIEWSKA WOJCIK KOWALCZYK KAMINSKI KAMINSKA LEWANDOWSKI LEWANDOWSKA
        ZIELINSKI ZIELINSKA SZYMANSKI SZYMANSKA WOZNIAK DABROWSKI DABROWSKA KOZLOWSKI KOZLOWSKA JANKOWSKI JANKOWSKA
        MAZUR KRAWCZYK PIOTROWSKI GRABOWSKI GRABOWSKA PAWLOWSKI MICHALSKI MICHALSKA KROL WIECZOREK
    """,
    "turkish": """
        YILMAZ KAYA DEMIR CELIK SAHIN YILDIZ YILDIRIM OZTURK AYDIN OZDEMIR ARSLAN DOGAN KILIC ASLAN CETIN KARA KOC KURT
        OZKAN SIMSEK POLAT ERDOGAN TEKIN GUNES BULUT AKTAS OZCAN TURAN
    """,
    "iberian": """
        GARCIA RODRIGUEZ GONZALEZ FERNANDEZ LOPEZ MARTINEZ SANCHEZ PEREZ GOMEZ DIAZ HERNANDEZ ALVAREZ MORENO JIMENEZ
        RUIZ RAMIREZ TORRES SILVA SANTOS FERREIRA PEREIRA OLIVEIRA COSTA RODRIGUES MARTINS SOUSA SOUZA FERNANDES
        GONCALVES GOMES LOPES MARQUES ALMEIDA RIBEIRO CARVALHO TEIXEIRA VARGAS CASTILLO ROMERO VASQUEZ
    """,
    "west_african": """
        MENSAH OWUSU BOATENG ASANTE OSEI APPIAH AGYEMAN AMOAH ACHEAMPONG ADJEI ANSAH DARKO OPOKU OFORI ADEYEMI ADEBAYO
        OGUNLEYE OKAFOR BALOGUN OJO AFOLABI AKINYEMI BELLO AJAYI ALABI LAWAL OKORO OLATUNJI OLADELE OKEKE EZE NWOSU
        OBI DIALLO TRAORE KAMARA SESAY CONTEH KOROMA JALLOH BANGURA
    """,
    "romance": """
        ROSSI RUSSO FERRARI ESPOSITO BIANCHI ROMANO COLOMBO RICCI MARINO GRECO BRUNO GALLO CONTI DELUCA MANCINI RIZZO
        LOMBARDI MORETTI BERNARD DUBOIS DURAND LEROY MOREAU LAURENT LEFEBVRE ROUX FOURNIER GIRARD BONNET DUPONT
        FONTAINE ROUSSEAU MERCIER
    """,
}
_FORENAMES = {
    "somali": "ABDI HODAN FADUMO CABDI AXMED SAHRA IFRAH HIBAQ HODO WARSAN ABDIRAHMAN ABDULLAHI NIMO SAGAL LIIBAAN",
    "arabic": "KHALED YOUSSEF MOUSTAFA LAYLA NOUR RANIA HANAN WALID TAREK SAMIR RAMI ABDELRAHMAN DALIA MONA SALMA",
    "bengali": "SHAHANA RUKSHANA NASIMA SHIRIN MOMENA RINA TASLIMA JAHANARA MIZANUR HABIBUR SHAFIQUL NAZRUL ABUL",
    "pakistani": "IMRAN SHAZIA NADIA ADNAN BILAL USMAN FAISAL KAMRAN SAIMA SHABANA TAHIRA ZAHID NASREEN RUKHSANA",
    "indian": "PRIYA ANJALI RAJESH SANJAY AMIT VIJAY SUNITA MEENA NEHA RAVI DEEPAK HARPREET GURPREET MANJIT KIRAN",
    "chinese": "WEI MING XIAOMING LIHUA JING YING MEI HUI XIN JUN LEI FANG YAN HONG MAN WAI KAMING SIUMING ZHIQIANG",
    "polish": "AGNIESZKA KATARZYNA MALGORZATA PIOTR KRZYSZTOF ANDRZEJ TOMASZ PAWEL MARCIN MICHAL EWA JOLANTA BEATA",
    "turkish": "MEHMET MUSTAFA AHMET EMINE HATICE ZEYNEP ELIF FATMA HUSEYIN HASAN IBRAHIM AYSE MURAT EMRE OZLEM SERKAN",
    "iberian": "JOSE JUAN CARLOS JORGE PEDRO MIGUEL LUIS JOAO PAULO MARIA CARMEN PILAR ROSARIO FERNANDA TIAGO CATARINA",
    "west_african": "KWAME KOFI YAW KWAKU KOJO ABENA AKOSUA AMA ADWOA FUNMILAYO BUKOLA TUNDE FEMI OLUMIDE CHIDI EMEKA",
    "romance": "GIULIA FRANCESCA CHIARA GIUSEPPE GIOVANNI MATTEO LORENZO CAMILLE MARGAUX JEAN PIERRE ANTOINE GUILLAUME",
}


def _groups_by_name(lists: dict[str, str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for group, names in lists.items():
        for name in names.split():
            found.setdefault(name, set()).add(group)
    return {name: frozenset(groups) for name, groups in found.items()}


_BY_SURNAME, _BY_FORENAME = _groups_by_name(_SURNAMES), _groups_by_name(_FORENAMES)
_NOT_LETTERS = re.compile("[^A-Z]+")


@lru_cache(maxsize=200_000)
def _words(name: str) -> tuple[str, ...]:
    """The words of a name in capitals A to Z, and all of them as one."""
    plain = unicodedata.normalize("NFKD", name.replace("ł", "l").replace("Ł", "L").replace("ı", "i"))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter)).upper().replace("'", "")
    words = [word for word in _NOT_LETTERS.split(letters) if word]
    return (*words, "".join(words)) if len(words) > 1 else tuple(words)


def naming_group_of(forename: str, surname: str) -> str:
    """The tradition that these names are typical of, or NOT_TOLD: no name on the lists, or names of several."""
    by_surname = [_BY_SURNAME[word] for word in _words(surname) if word in _BY_SURNAME]
    by_forename = [_BY_FORENAME[word] for word in _words(forename) if word in _BY_FORENAME]
    if not by_surname:
        # A forename alone tells only where no other tradition has it, and not of a British one: all take those.
        return _the_only(by_forename)
    told = frozenset.intersection(*by_surname)
    return _the_only([told, *by_forename]) if by_forename else _the_only([told])


def _the_only(votes: list[frozenset[str]]) -> str:
    if not votes:
        return NOT_TOLD
    left = frozenset.intersection(*votes)
    return next(iter(left)) if len(left) == 1 else NOT_TOLD
