"""What officers fill in about organisations and agreements: a page for each group of terms.

All but a name is optional on these pages: a draft keeps what is known, and says what is missing before it is approved.
"""

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from borough.accounts.policies import STAFF_ROLES
from borough.common.fields import DatePartsField
from borough.governance.declared import all_sources
from borough.governance.models import Agreement, Organisation, Purpose
from borough.governance.policies import FIELDS
from borough.governance.register import grounds
from borough.governance.register.drafting import ICO_NUMBER
from borough.governance.register.sharing import Question
from borough.governance.words import NOT_STAFF


def _area(label: Any, hint: Any = None, rows: int = 3, most: int = 2000) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=hint or "", widget=widget, max_length=most, required=False)


class OrganisationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=160, error_messages={"required": _("Enter the name")})
    kind = forms.ChoiceField(
        label=_("What kind of organisation is it?"),
        choices=list(Organisation.KINDS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the kind of organisation")},
    )
    ico_number = forms.CharField(
        label=_("ICO registration number"),
        help_text=_("On the ICO's register of fee payers, such as ZA123456"),
        max_length=12,
        required=False,
    )
    contact = forms.CharField(
        label=_("Contact for data protection"),
        help_text=_("A post and its address, such as data protection officer, dpo@example.org.uk"),
        max_length=200,
        error_messages={"required": _("Enter whom to contact")},
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles that only its people hold"),
        help_text=_("An agreement for one of these roles needs the organisation as a party"),
        choices=[*STAFF_ROLES.items(), *NOT_STAFF.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, adding: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.adding = adding

    def clean_ico_number(self) -> str:
        number = str(self.cleaned_data["ico_number"]).strip().upper()
        if number and not ICO_NUMBER.fullmatch(number):
            raise forms.ValidationError(_("Enter the number as it is on the register, such as ZA123456"))
        return number

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if not slugify(name):
            raise forms.ValidationError(_("Enter a name with letters"))
        if self.adding and Organisation.objects.filter(code=slugify(name)[:40]).exists():
            raise forms.ValidationError(_("This organisation is in the register already"))
        return name


class PurposeStep(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200, error_messages={"required": _("Enter a title")})
    reference = forms.SlugField(
        label=_("Reference"),
        help_text=_("Letters, numbers and hyphens, such as help-2027"),
        max_length=60,
        error_messages={
            "required": _("Enter a reference"),
            "invalid": _("A reference has only letters, numbers and hyphens"),
        },
    )
    purpose = forms.ChoiceField(
        label=_("Purpose"), widget=forms.RadioSelect, error_messages={"required": _("Choose a purpose")}
    )
    necessity = _area(
        _("Why is it necessary?"), _("Why the purpose cannot be met with less data, or without naming people")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        purposes = Purpose.objects.order_by("name")
        field = self.fields["purpose"]
        field.choices = [(one.code, _now(one.name)) for one in purposes]  # type: ignore[attr-defined]
        field.choice_hints = {one.code: _now(one.explanation) for one in purposes}  # type: ignore[attr-defined]
        # The reference is chosen once: others may have written it down.
        if self.initial:
            del self.fields["reference"]

    def clean_reference(self) -> str:
        reference = str(self.cleaned_data["reference"])
        if Agreement.objects.filter(pk=reference).exists():
            raise forms.ValidationError(_("Another agreement has this reference"))
        return reference


class PartiesStep(forms.Form):
    parties = forms.MultipleChoiceField(
        label=_("Organisations that agree"), widget=forms.CheckboxSelectMultiple, required=False
    )
    controllers = forms.ChoiceField(
        label=_("Who decides how the data is used?"),
        choices=list(Agreement.CONTROLLERS.items()),
        widget=forms.RadioSelect,
        required=False,
    )
    roles = forms.MultipleChoiceField(
        label=_("Who may look"),
        choices=[*STAFF_ROLES.items(), *NOT_STAFF.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisations = Organisation.objects.order_by("-ours", "name")
        self.fields["parties"].choices = [(one.code, _now(one.name)) for one in organisations]  # type: ignore[attr-defined]


class DataStep(forms.Form):
    fields_open = forms.MultipleChoiceField(
        label=_("What they see"), widget=forms.CheckboxSelectMultiple, required=False
    )
    sources = forms.MultipleChoiceField(
        label=_("From which sources"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = [("*", _now("Everything"))] if "*" in (self.initial.get("fields_open") or ()) else []
        fields = [*everything, *((code, _now(name)) for code, name in FIELDS.items())]
        known = {code: _now(facts.title) for code, facts in all_sources().items()}
        # What an older draft names is not lost for being unknown here.
        others = [code for code in self.initial.get("sources") or () if code not in known and code != "*"]
        sources = [("*", _now("All sources, also those to come")), *known.items(), *((code, code) for code in others)]
        self.fields["fields_open"].choices = fields  # type: ignore[attr-defined]
        self.fields["sources"].choices = sources  # type: ignore[attr-defined]


def _select(label: Any, hint: Any, table: dict[str, grounds.Ground], first: list[tuple[str, Any]]) -> forms.ChoiceField:
    options = [*first, *grounds.choices(table)]
    return forms.ChoiceField(label=label, help_text=hint, choices=options, required=False)


class LawStep(forms.Form):
    lawful_basis = forms.ChoiceField(
        label=_("Lawful basis"),
        choices=[(code, f"{ground.words}, {ground.cites}") for code, ground in grounds.ARTICLE_6.items()],
        widget=forms.RadioSelect,
        required=False,
    )
    legal_power = forms.CharField(
        label=_("The Act and section that give the task or the duty"),
        help_text=_("Such as Care Act 2014 section 2"),
        max_length=500,
        required=False,
    )
    annex_1 = _select(
        _("Which recognised legitimate interest"), _("Only with that basis"), grounds.ANNEX_1, [("", _("Not needed"))]
    )
    article_9 = _select(
        _("Condition for special-category data"),
        _("Needed where it tells of health, belief, ethnic group or the like"),
        grounds.ARTICLE_9,
        [("", _("Not needed"))],
    )
    schedule_1 = _select(
        _("Paragraph of Schedule 1"),
        _("Some conditions hold only with one of these"),
        grounds.SCHEDULE_1,
        [("", _("Not needed"))],
    )
    article_10 = _select(
        _("Condition for criminal-offence data"),
        _("Convictions, offences, and suspicion of them"),
        grounds.ARTICLE_10,
        [("", _("Not answered yet")), (grounds.NONE, _("It holds no such data"))],
    )
    policy_document = forms.CharField(
        label=_("Appropriate policy document"),
        help_text=_("Its title or reference. Needed with most paragraphs of Schedule 1"),
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hints = {code: ground.hint for code, ground in grounds.ARTICLE_6.items()}
        self.fields["lawful_basis"].choice_hints = hints  # type: ignore[attr-defined]


class SafeguardsStep(forms.Form):
    dpia = _area(_("Impact assessment (DPIA)"), _("Its reference and outcome, or why none is needed"), rows=2, most=500)
    retention = _area(_("How long is it kept?"), _("And what happens then"), rows=2, most=500)
    security = _area(_("How is it kept safe?"))
    rights = _area(_("How are people's rights served?"), _("Who answers when somebody asks, objects or complains"))
    frequency = forms.CharField(
        label=_("How often is it used or shared?"), help_text=_("Such as daily"), max_length=200, required=False
    )


class DatesStep(forms.Form):
    starts_on = DatePartsField(label=_("Starts on"))
    review_on = DatePartsField(label=_("Review on"), help_text=_("From this date it opens nothing until it is renewed"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts_on, review_on = cleaned.get("starts_on"), cleaned.get("review_on")
        if starts_on and review_on and review_on <= starts_on:
            self.add_error("review_on", _("The review date must be after the start date"))
        return cleaned


STEP_FORMS: dict[str, type[forms.Form]] = {
    "purpose": PurposeStep,
    "parties": PartiesStep,
    "data": DataStep,
    "law": LawStep,
    "safeguards": SafeguardsStep,
    "dates": DatesStep,
}


class QuestionForm(forms.Form):
    """One question of “May we share?”."""

    def __init__(self, question: Question, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind, widget = forms.ChoiceField, forms.RadioSelect
        if question.many:
            kind, widget = forms.MultipleChoiceField, forms.CheckboxSelectMultiple
        field = kind(
            label=question.title,
            help_text=question.hint,
            choices=[(code, words) for code, words, _hint in question.choices],
            widget=widget,
            error_messages={"required": _now("Choose an answer")},
        )
        field.choice_hints = {code: hint for code, _words, hint in question.choices if hint}  # type: ignore[attr-defined]
        self.fields[question.name] = field
