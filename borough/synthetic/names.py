"""What people are called, and the other ways in which the same name is written.

A `NamingGroup` states how a tradition names its people: lists, who carries whose surname, how often a woman takes her
husband's. `other_spelling` gives a transliteration that an office might use instead.
"""

import random
import unicodedata
from bisect import bisect
from dataclasses import dataclass, field
from itertools import accumulate

from borough.synthetic import name_lists as lists

NICKNAMES: dict[str, tuple[str, ...]] = {
    key: tuple(value.split("/"))
    for key, value in (
        pair.split("=")
        for pair in (
            "Margaret=Maggie/Peggy/Meg Elizabeth=Liz/Beth/Betty Patricia=Pat/Trish Susan=Sue Christine=Chris Barbara=Babs "
            "Catherine=Cathy/Kate Kathleen=Kath Jacqueline=Jackie Sandra=Sandy Pauline=Paula Dorothy=Dot Janet=Jan "
            "Jennifer=Jenny Deborah=Debbie Victoria=Vicky Rebecca=Becky Samantha=Sam Alexandra=Alex/Sandra Abigail=Abbie "
            "Josephine=Jo Joanne=Jo Gillian=Gill Judith=Judy Rosemary=Rose Valerie=Val Frances=Fran Teresa=Terry "
            "Natalie=Nat Bethany=Beth Isabella=Bella Charlotte=Lottie/Charlie Eleanor=Ellie Georgia=Georgie Nicola=Nicky "
            "William=Bill/Will/Billy Robert=Bob/Rob/Bobby Richard=Dick/Rick James=Jim/Jimmy/Jamie John=Jack/Johnny "
            "Michael=Mick/Mike Anthony=Tony Kenneth=Ken Ronald=Ron Raymond=Ray Terence=Terry Geoffrey=Geoff Thomas=Tom "
            "Leslie=Les Stanley=Stan Frederick=Fred Albert=Bert Leonard=Len Douglas=Doug Philip=Phil Stephen=Steve "
            "Christopher=Chris Andrew=Andy Edward=Ted/Eddie Charles=Charlie Patrick=Paddy/Pat Joseph=Joe Donald=Don "
            "Daniel=Dan/Danny Matthew=Matt Joshua=Josh Samuel=Sam Benjamin=Ben Alexander=Alex Nathaniel=Nat David=Dave "
            "Katarzyna=Kasia Małgorzata=Gosia Agnieszka=Aga Magdalena=Magda Joanna=Asia Aleksandra=Ola Krzysztof=Krzysiek "
            "Tomasz=Tomek Stanisław=Staszek Mohammed=Mo Mohamed=Mo Abdullahi=Abdi Abdirahman=Abdi Oluwaseun=Seun Olumide=Olu "
            "Babatunde=Tunde Folasade=Sade Temitope=Temi/Tope Damilola=Dami Francisco=Paco José=Pepe Rajesh=Raj "
            "Sanjay=Sunny Gurpreet=Preet Harpreet=Preet Kwabena=Kobby Emmanuel=Emma"
        ).split()
    )
}

# Spellings of one name in use at British counters. Names in one line are one name.
_SPELLINGS = """
Mohamed Mohammed Muhammad Mohammad Mahamed Maxamed|Ahmed Ahmad Axmed|Hussein Hussain Husayn Hossain Xuseen|Hassan Hasan Xasan
Yusuf Yousuf Youssef Yousaf Yusef|Omar Umar Cumar|Ibrahim Ebrahim Ibraahim|Abdullahi Abdulahi Cabdullahi|Abdi Cabdi|Ali Aly Cali
Abdirahman Abdurahman Abdelrahman Abdirahmaan Cabdiraxmaan|Ismail Ismael Ismaaciil|Osman Othman Usman Cusmaan|Fatima Fatema Fatimah Faduma Fadumo
Aisha Ayesha Aysha Aicha Caasha Asha|Khadija Khadijah Khadiija Kadija|Maryan Mariam Maryam Miriam Meryem|Zainab Zaynab Zeinab Saynab
Halima Haleema Xaliima|Amina Aamina Aminah|Sahra Zahra Zehra Saxra|Farah Faarax|Jama Jaamac|Warsame Warsamee|Nur Noor Nour Nuur|Aden Adan Aadan
Mahamud Mahmoud Mohamud Mahmud Mahmood Maxamuud|Suleiman Sulaiman Süleyman Saleban|Mustafa Mostafa Moustafa|Khaled Khalid|Abdullah Abdallah Abdulla
Said Saeed Sayid|Haji Xaaji|Sheikh Shaikh Sheik|Tariq Tarek Tareq|Faisal Faysal|Nasser Nasir|Walid Waleed|Jamal Gamal|Rashid Rasheed|Karim Kareem
Al-Hassan Alhassan|Al-Sayed Alsayed Elsayed|Al-Masri Almasri El-Masry|Al-Rashid Alrashid|Al-Jaziri Aljaziri|Al-Tamimi Altamimi|Khalil Khaleel
Rahman Rahaman Rehman|Uddin Udin Uddeen|Miah Mia Miya|Chowdhury Choudhury Chaudhury Chowdhry|Haque Hoque Huq|Begum Begom|Akter Akhtar Aktar|Khatun Khatoon
Islam Eslam|Siddique Siddiqui Siddiqi|Bhuiyan Bhuyan Bhuiya|Kabir Kabeer|Malik Malek|Chaudhry Choudhry Chaudhary|Qureshi Quraishi|Hamza Hamzah
Zhang Cheung Chang|Wang Wong|Chen Chan|Huang Wong|Li Lee|Liu Lau|Zhou Chow Chau|Wu Ng|Xu Hsu Tsui|Zheng Cheng|Liang Leung|Xie Tse|Cai Choi Tsai
Zhao Chiu|He Ho|Lin Lam|Yang Yeung|Zhu Chu|Deng Tang|Ye Yip|Lu Lo|Shen Sum|Guo Kwok|Ma Mah|Xiao Siu
Adeyemi Adeyeme|Olawale Olawole|Oluwaseun Oluwasheun|Balogun Ballogun|Ogunleye Ogunlaye|Temitope Temitoppe|Adebayo Adebajo
Singh Sing|Kaur Kour|Patel Pattel|Sharma Sarma|Chauhan Chohan|Joshi Joshee|Kumar Kumaar
Wójcik Wojcik Woycik|Krzysztof Krystof|Łukasz Lukasz Lucas|Paweł Pawel|Michał Michal|Wiśniewski Wisniewski Wisnewski
García Garcia Garsia|González Gonzalez Gonzales|Rodríguez Rodriguez Rodrigues|Pérez Perez Peres|Gómez Gomez Gomes
Yılmaz Yilmaz|Şahin Sahin Shahin|Çelik Celik Chelik|Öztürk Ozturk Oeztuerk|Ayşe Ayse Aishe|Çetin Cetin Chetin
Stephen Steven|Geoffrey Jeffrey|Catherine Katherine Kathryn|Ann Anne|Clark Clarke|Sarah Sara|Gray Grey|Reid Read Reed|Stuart Stewart
Philip Phillip|Phillips Philips|Lesley Leslie|Niamh Neve|Siobhan Shivaun|Thompson Thomson|Brown Browne|Hannah Hanna|Jon John|Davies Davis
"""
OTHER_SPELLINGS: dict[str, tuple[str, ...]] = {}
for _line in _SPELLINGS.replace("\n", "|").split("|"):
    _words = _line.split()
    for _word in _words:
        OTHER_SPELLINGS.setdefault(_word, tuple(word for word in _words if word != _word))

_LETTERS = str.maketrans({"ł": "l", "Ł": "L", "ı": "i", "İ": "I", "ø": "o", "ß": "ss"})


def plain_letters(text: str) -> str:
    """The text in A to Z, as an old system keeps it: Łukasz → Lukasz."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


class Pick:
    """Draws from a list whose first entries are the commoner (Zipf-like, weight 1 / (rank + 6))."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.bounds = list(accumulate(1 / (rank + 6) for rank in range(len(words))))

    def __call__(self, rng: random.Random) -> str:
        return self.words[min(bisect(self.bounds, rng.random() * self.bounds[-1]), len(self.words) - 1)]


@dataclass(frozen=True)
class NamingGroup:
    """`takes_husbands`: how often a wife takes her husband's surname. `order`: how the name is put on a form."""

    code: str
    language: str
    women: Pick
    men: Pick
    surnames: Pick
    takes_husbands: float = 0.1
    # How often a person of this group has another first language than English.
    speaks: float = 0.7
    # A middle name: "given" (a further forename), "father" (the father's forename), or none.
    middle: str = "given"
    women_older: Pick | None = None
    men_older: Pick | None = None
    # Two forenames can be swapped with the surname at a counter that does not know the tradition.
    swaps: float = 0.01
    aliases: dict[str, str] = field(default_factory=dict)

    def forename(self, rng: random.Random, sex: str, born: int) -> str:
        """A forename for a person of this sex ("F" or "M") born in this year."""
        if born < 1970 and self.women_older and self.men_older:
            return (self.women_older if sex == "F" else self.men_older)(rng)
        return (self.women if sex == "F" else self.men)(rng)


def _group(
    code: str, language: str, women: list[str], men: list[str], surnames: list[str], **more: object
) -> NamingGroup:
    return NamingGroup(code, language, Pick(women), Pick(men), Pick(surnames), **more)  # type: ignore[arg-type]


GROUPS: dict[str, NamingGroup] = {
    group.code: group
    for group in (
        _group(
            "british",
            "English",
            lists.BRITISH_WOMEN_YOUNGER,
            lists.BRITISH_MEN_YOUNGER,
            lists.BRITISH_SURNAMES,
            takes_husbands=0.72,
            speaks=0,
            women_older=Pick(lists.BRITISH_WOMEN_OLDER),
            men_older=Pick(lists.BRITISH_MEN_OLDER),
        ),
        _group(
            "caribbean",
            "English",
            lists.CARIBBEAN_WOMEN,
            lists.CARIBBEAN_MEN,
            lists.CARIBBEAN_SURNAMES,
            takes_husbands=0.6,
            speaks=0,
        ),
        _group(
            "somali",
            "Somali",
            lists.SOMALI_WOMEN,
            lists.SOMALI_MEN,
            lists.SOMALI_LAST,
            takes_husbands=0,
            middle="father",
            swaps=0.03,
        ),
        _group(
            "arabic", "Arabic", lists.ARABIC_WOMEN, lists.ARABIC_MEN, lists.ARABIC_SURNAMES, middle="father", swaps=0.02
        ),
        _group("bengali", "Bengali", lists.BENGALI_WOMEN, lists.BENGALI_MEN, lists.BENGALI_SURNAMES, swaps=0.03),
        _group(
            "pakistani",
            "Urdu",
            lists.PAKISTANI_WOMEN,
            lists.PAKISTANI_MEN,
            lists.PAKISTANI_SURNAMES,
            takes_husbands=0.3,
            speaks=0.5,
        ),
        _group(
            "indian",
            "Gujarati",
            lists.INDIAN_WOMEN,
            lists.INDIAN_MEN,
            lists.INDIAN_SURNAMES,
            takes_husbands=0.6,
            speaks=0.5,
        ),
        _group("polish", "Polish", lists.POLISH_WOMEN, lists.POLISH_MEN, lists.POLISH_SURNAMES, takes_husbands=0.7),
        _group(
            "turkish", "Turkish", lists.TURKISH_WOMEN, lists.TURKISH_MEN, lists.TURKISH_SURNAMES, takes_husbands=0.8
        ),
        _group(
            "spanish", "Spanish", lists.SPANISH_WOMEN, lists.SPANISH_MEN, lists.SPANISH_SURNAMES, takes_husbands=0.05
        ),
        _group(
            "portuguese",
            "Portuguese",
            lists.PORTUGUESE_WOMEN,
            lists.PORTUGUESE_MEN,
            lists.PORTUGUESE_SURNAMES,
            takes_husbands=0.4,
        ),
        _group(
            "chinese",
            "Cantonese",
            lists.CHINESE_WOMEN,
            lists.CHINESE_MEN,
            lists.CHINESE_SURNAMES,
            middle="",
            swaps=0.05,
        ),
        _group(
            "yoruba",
            "Yoruba",
            lists.YORUBA_WOMEN,
            lists.YORUBA_MEN,
            lists.YORUBA_SURNAMES,
            takes_husbands=0.75,
            speaks=0.3,
        ),
        _group("akan", "Twi", lists.AKAN_WOMEN, lists.AKAN_MEN, lists.AKAN_SURNAMES, takes_husbands=0.6, speaks=0.4),
        _group(
            "italian_french",
            "Italian",
            lists.ITALIAN_FRENCH_WOMEN,
            lists.ITALIAN_FRENCH_MEN,
            lists.ITALIAN_FRENCH_SURNAMES,
            takes_husbands=0.2,
        ),
    )
}

# Of families, at the mean of an inner borough; `share_by_english` bends it towards an area's own census.
SHARES: dict[str, float] = {
    "british": 0.50,
    "caribbean": 0.07,
    "somali": 0.04,
    "arabic": 0.05,
    "bengali": 0.06,
    "pakistani": 0.03,
    "indian": 0.05,
    "polish": 0.04,
    "turkish": 0.03,
    "spanish": 0.03,
    "portuguese": 0.02,
    "chinese": 0.03,
    "yoruba": 0.03,
    "akan": 0.01,
    "italian_french": 0.01,
}


def share_by_english(other_language: float) -> dict[str, float]:
    """Naming groups of an area where this share of residents has another main language than English (0 to 1)."""
    usual = sum(SHARES[code] * group.speaks for code, group in GROUPS.items())
    bend = max(0.15, min(3.0, other_language / usual))
    weights = {code: share * (bend if GROUPS[code].speaks else 1.0) for code, share in SHARES.items()}
    total = sum(weights.values())
    return {code: weight / total for code, weight in weights.items()}


def feminine(surname: str) -> str:
    """A Polish surname as a woman carries it: Kowalski → Kowalska."""
    return surname[:-1] + "a" if surname.endswith(("ski", "cki", "dzki")) else surname


def nickname(rng: random.Random, forename: str) -> str:
    """A name that this person may go by; the forename itself where none is known."""
    known = NICKNAMES.get(forename)
    return rng.choice(known) if known else forename


def other_spelling(rng: random.Random, name: str) -> str:
    """The name as another office spells it; the same name where only one spelling is known."""
    known = OTHER_SPELLINGS.get(name)
    if known:
        return rng.choice(known)
    return plain_letters(name)
