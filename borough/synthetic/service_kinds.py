"""What a directory of a borough lists: thirty kinds of help, each offered in six places. Our own words."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ServiceKind:
    """`ages`: least and most, 0 where there is none. `days`: RFC 5545 codes. `cost`: pounds, 0 for free."""

    title: str
    text: str
    needs: tuple[str, ...]
    days: str
    opens: str
    closes: str
    ages: tuple[int, int] = (0, 0)
    cost: float = 0.0
    at_home: bool = False


# Needs that the terms of the taxonomy stand for, with the words that a reader sees.
NEEDS = {
    "food": "Food and meals",
    "shopping": "Shopping for you",
    "prescriptions": "Prescriptions and pharmacy deliveries",
    "isolation": "Company and befriending, isolation",
    "dog_walking": "Dog walking and pet care",
    "debt": "Money, debt and benefits advice",
    "digital_skills": "Digital skills and internet",
    "mental_health": "Mental health and wellbeing",
    "carers": "Help for carers",
    "housing": "Housing advice",
    "work": "Work and training",
    "families": "Children and families",
    "exercise": "Exercise and movement",
    "energy": "Warm homes and energy bills",
    "transport": "Getting about",
    "english": "English classes",
    "domestic_abuse": "Domestic abuse",
    "bereavement": "Bereavement",
    "addiction": "Alcohol and drugs",
    "dementia": "Dementia",
    "disability": "Disability",
    "legal": "Legal and immigration advice",
    "repairs": "Repairs and handy help",
}

KINDS: tuple[ServiceKind, ...] = (
    ServiceKind("food bank", "A parcel of food for three days, and a cup of tea while it is packed. Ask us first, or come with a voucher from an adviser.", ("food",), "TU,TH", "10:00", "13:00"),
    ServiceKind("community kitchen", "A hot meal at a shared table. Nobody asks why you came. Vegetarian and halal dishes every time.", ("food", "isolation"), "WE,FR", "12:00", "14:30"),
    ServiceKind("meals at the door", "A volunteer brings a freshly cooked lunch to people who cannot cook for themselves, and stays for a chat.", ("food", "isolation"), "MO,TU,WE,TH,FR", "11:30", "14:00", (60, 0), 3.5, True),
    ServiceKind("food co-op", "Members choose ten items from the shelves each week for a small sum. Fruit and vegetables are always there.", ("food",), "TH", "14:00", "18:00", (0, 0), 4.0),
    ServiceKind("shopping helpers", "Volunteers shop from your list and bring it to your door. You pay what the till says, not more.", ("shopping",), "MO,WE,FR", "09:30", "16:00", (18, 0), 0.0, True),
    ServiceKind("shop and ride", "A minibus with a ramp takes you to the supermarket and home again, with help to carry the bags.", ("shopping", "transport"), "TU,FR", "09:30", "13:30", (60, 0), 2.0),
    ServiceKind("prescription runners", "We fetch your medicine from the chemist and hand it to you. We are checked, and carry a badge.", ("prescriptions",), "MO,TU,WE,TH,FR,SA", "09:00", "17:30", (0, 0), 0.0, True),
    ServiceKind("pharmacy advice point", "A pharmacist goes through your medicines with you, and sets up a weekly box if that helps.", ("prescriptions",), "MO,TU,WE,TH,FR", "09:00", "18:00"),
    ServiceKind("befriending", "Somebody of your own neighbourhood visits or telephones every week. We match you by what you both like.", ("isolation",), "MO,TU,WE,TH,FR", "10:00", "17:00", (18, 0), 0.0, True),
    ServiceKind("coffee morning", "An open door, a warm room and people to talk to. Come once or every week.", ("isolation",), "WE", "10:00", "12:00", (0, 0), 0.5),
    ServiceKind("lunch club", "A two-course lunch, a quiz and a sing-song for people over sixty. Transport can be arranged.", ("isolation", "food"), "TH", "12:00", "15:00", (60, 0), 4.5),
    ServiceKind("dog walkers", "Local people walk your dog while you are ill or cannot go out. We meet you and your dog first.", ("dog_walking",), "MO,TU,WE,TH,FR,SA,SU", "08:00", "18:00", (0, 0), 0.0, True),
    ServiceKind("pet care for hard times", "Pet food, a foster home while you are in hospital, and help with the vet's bill.", ("dog_walking",), "MO,WE", "10:00", "16:00"),
    ServiceKind("money and debt advice", "A free adviser looks at all that you owe, talks to those you owe it to, and checks what you can claim.", ("debt",), "MO,TU,TH,FR", "09:30", "16:30", (18, 0)),
    ServiceKind("benefits check", "Half an hour to find out what you are entitled to, and somebody to fill in the form with you.", ("debt", "disability"), "TU,TH", "10:00", "15:00", (16, 0)),
    ServiceKind("digital skills drop-in", "Bring your own telephone or use our laptops. Patient helpers show you e-mail, the NHS app and video calls.", ("digital_skills",), "TU,SA", "10:00", "13:00"),
    ServiceKind("device and data bank", "A refurbished tablet or laptop, and a SIM with six months of data, for people who cannot afford to be online.", ("digital_skills",), "FR", "13:00", "17:00", (16, 0)),
    ServiceKind("talking therapies", "Up to eight sessions with a counsellor, by telephone, by video or in a quiet room.", ("mental_health",), "MO,TU,WE,TH,FR", "09:00", "19:00", (18, 0)),
    ServiceKind("safe haven café", "A calm place in the evening for anybody who feels in crisis. No appointment, no referral.", ("mental_health",), "MO,TU,WE,TH,FR,SA,SU", "17:00", "22:30", (16, 0)),
    ServiceKind("carers' circle", "For people who look after somebody. Advice, a break, and others who know what it is like.", ("carers", "isolation"), "MO", "11:00", "13:00", (18, 0)),
    ServiceKind("young carers' club", "Homework help, days out and a listening ear for young people who look after somebody at home.", ("carers", "families"), "WE", "16:00", "18:30", (8, 17)),
    ServiceKind("housing advice surgery", "Rent arrears, repairs, notice to leave, or nowhere to stay tonight: talk to an adviser the same day.", ("housing", "debt"), "MO,WE,FR", "09:30", "12:30", (16, 0)),
    ServiceKind("job club", "Write a CV, practise an interview, and hear of work nearby before it is advertised.", ("work",), "TU,TH", "13:00", "16:00", (16, 0)),
    ServiceKind("stay and play", "Toys, songs and a health visitor, for parents and carers with children under five.", ("families",), "TU,TH", "09:30", "11:30", (0, 5), 1.0),
    ServiceKind("gentle exercise class", "Seated and standing movement to music, led by a trained instructor. Made for people who have had a fall.", ("exercise", "isolation"), "MO,TH", "10:30", "11:30", (55, 0), 2.5),
    ServiceKind("warm home visits", "An adviser visits, stops draughts, reads the meter with you and finds grants for your bills.", ("energy", "debt"), "MO,TU,WE,TH,FR", "09:00", "17:00", (0, 0), 0.0, True),
    ServiceKind("English conversation group", "Practise speaking English with friendly volunteers, over tea. A crèche is next door.", ("english", "isolation"), "WE,FR", "10:00", "12:00", (16, 0)),
    ServiceKind("memory café", "For people living with dementia and those who care for them: music, old films, and a nurse to ask.", ("dementia", "carers"), "TU", "14:00", "16:00", (18, 0)),
    ServiceKind("legal advice evening", "Half an hour with a solicitor, free, about immigration, employment, family or consumer law.", ("legal",), "TH", "18:00", "20:30", (18, 0)),
    ServiceKind("handy help", "Small repairs, a grab rail, a light bulb: a checked handyperson for older and disabled people.", ("repairs", "disability"), "MO,TU,WE,TH,FR", "09:00", "16:00", (60, 0), 12.0, True),
)  # fmt: skip

ORGANISATIONS = (
    ("Neighbours of {place}", "Residents of {place} who help each other, since 2011."),
    ("{place} Community Trust", "A charity that runs a hall, a garden and a good many groups in {place}."),
    ("Age Well in {place}", "Works with people over fifty-five in {place} so that they live as they choose."),
    ("{place} Family Centre", "A place for families in {place}, run by parents and a small staff."),
    ("The Open Table, {place}", "Cooks, shares and delivers food in and around {place}."),
    ("Right to Know {place}", "Independent, free and confidential advice for everyone in {place}."),
)
LANGUAGES = (("Somali", "so"), ("Bengali", "bn"), ("Arabic", "ar"), ("Polish", "pl"), ("Turkish", "tr"), ("Spanish", "es"),
             ("Portuguese", "pt"), ("Cantonese", "yue"), ("Gujarati", "gu"), ("Urdu", "ur"), ("Yoruba", "yo"))  # fmt: skip
ACCESS = (
    ("Step-free entrance", "There is no step from the street to the room, and the doors are wide."),
    ("Accessible toilet", "A toilet with room for a wheelchair and a helper."),
    ("Hearing loop", "Set your hearing aid to T in the main room."),
    ("Lift", "A lift serves all floors."),
    ("Quiet room", "A room with low light where you can wait or rest."),
    ("Blue Badge parking", "Two marked spaces by the door."),
)
