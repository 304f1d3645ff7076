from pathlib import Path

from django.utils.translation import gettext_noop as _

from borough.accounts.policies import CONTACT_WORKER, COORDINATOR, LINK_WORKER
from borough.cases.kinds import CaseKind, Question, Route

from .rules import CHECKED_NEEDS, IN_WORKING_DAYS, TARGET_DAYS, recognise_need, triage

SERVICE = CaseKind(
    code="community_aid",
    reference_prefix="CA",
    title=_("Community aid"),
    summary=_(
        "A neighbour brings food, does your shopping, fetches a prescription, keeps you company or walks your dog."
    ),
    purpose="offer-help",
    roles=frozenset({CONTACT_WORKER, LINK_WORKER, COORDINATOR}),
    needs={
        "food": _("Food, because there is too little at home"),
        "shopping": _("Somebody to do the shopping"),
        "prescriptions": _("A prescription fetched"),
        "isolation": _("Somebody to talk to"),
        "dog_walking": _("Somebody to walk the dog"),
    },
    skills={
        "food": "food",
        "shopping": "shopping",
        "prescriptions": "prescriptions",
        "isolation": "isolation",
        "dog_walking": "dog_walking",
    },
    checked_needs=CHECKED_NEEDS,
    questions=(
        Question(
            name="access",
            label=_("Is there anything the volunteer should know?"),
            hint=_("For example, allergies, stairs, or that you need time to come to the door."),
        ),
        Question(
            name="household",
            label=_("How many people are to eat, and are there babies or children?"),
            need="food",
        ),
        Question(
            name="diet",
            label=_("What can you not eat?"),
            hint=_("For example, no nuts, halal, or nothing that has to be cooked."),
            need="food",
        ),
        Question(
            name="shopping_list",
            label=_("What do you need from the shop?"),
            hint=_("Ten things at most. Say what may be brought instead, if something is sold out."),
            kind="textarea",
            need="shopping",
        ),
        Question(
            name="food_left",
            label=_("How long does the food you have last?"),
            kind="choice",
            choices={"today": _("Until today"), "days": _("A few days"), "longer": _("Longer")},
            need="shopping",
        ),
        Question(
            name="payment",
            label=_("How will you pay the shop?"),
            hint=_("Volunteers take no cash and no bank card. They give you the receipt."),
            kind="choice",
            choices={
                "phone": _("I call the shop and pay by card"),
                "voucher": _("By a voucher or a gift card of the shop"),
                "help": _("I need help with paying"),
            },
            need="shopping",
        ),
        Question(name="pharmacy", label=_("Which pharmacy has it?"), need="prescriptions"),
        Question(
            name="medicine_left",
            label=_("How long does the medicine you have last?"),
            kind="choice",
            choices={"none": _("I have none left"), "two": _("Up to two days"), "longer": _("Longer")},
            need="prescriptions",
        ),
        Question(
            name="talked_to",
            label=_("Who have you spoken to in the last week?"),
            kind="choice",
            choices={"nobody": _("Nobody"), "few": _("One or two people"), "more": _("More")},
            need="isolation",
        ),
        Question(
            name="when_to_call",
            label=_("When is a good time to call you?"),
            need="isolation",
        ),
        Question(
            name="dog",
            label=_("Tell us about your dog"),
            hint=_("Its name, how big it is, and how it is with strangers and other dogs."),
            required=True,
            need="dog_walking",
        ),
    ),
    # Paragraphs 8 to 12 of the policy, as volunteers read them before they go.
    guidance={
        "food": (
            _("Leave the bags at the door, ring, and step back until they have taken them in."),
            _("Check what they cannot eat before you pack."),
        ),
        "shopping": (
            _("Take no cash, no bank card and no PIN. They pay the shop by phone or with a voucher."),
            _("Give them the receipt, and send us a photo of it if they ask you to buy something else."),
            _("Ten things at most. If the shop has none of something, call before you choose another."),
        ),
        "prescriptions": (
            _("Never open the bag. Hand it over as the pharmacy sealed it."),
            _("Tell the pharmacy their name and address. Show your volunteer card; they may call us."),
            _("Give it to nobody else, also not to a neighbour, and do not put it through the door."),
        ),
        "isolation": (
            _("Call from a number that they know. Say who you are and that the council sent you."),
            _("Listen more than you talk. Promise nothing that you cannot keep."),
            _("If they speak of harm to themselves or of fear of somebody, tell us at once."),
        ),
        "dog_walking": (
            _("Keep the dog on its lead, and give it nothing to eat."),
            _("Bring it back to them at the time you agreed. Do not take their keys."),
        ),
    },
    # Policy of 1 November 2026, paragraph 9: whoever is lonely is for those who stay with a person.
    routes=(Route(role=LINK_WORKER, needs=frozenset({"isolation"})),),
    target_days=TARGET_DAYS,
    in_working_days=IN_WORKING_DAYS,
    triage=triage,
    recognise_need=recognise_need,
    fulfilled_by="volunteer",
    wellbeing="ons4",
    # Policy of 1 November 2026, paragraph 1: write first to those who show several signs, and whom we may reach.
    cohort_rule={
        "all": [{"indicator": "may_need_help", "at_least": 5}],
        "none": [{"indicator": "no_contact", "at_least": 1}],
    },
    indicators=("may_need_help", "lives_alone", "older_person"),
    folder=Path(__file__).parent,
)
