"""Turns a Django form into parameters of GOV.UK's macros, so that rooms write plain Django forms.

`house/forms.html` calls these. Ids are Django's `id_<name>`; the first of a group of radios or checkboxes and the day
of a date carry the id that the error summary links to.
"""

from typing import Any

from django import forms
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from borough.common.fields import DateParts

# Widest first: a field that takes ten characters should not look as if it took fifty.
WIDTHS = ((2, "govuk-input--width-2"), (4, "govuk-input--width-4"), (10, "govuk-input--width-10"))
PASSED_ON = ("autocomplete", "inputmode", "spellcheck", "rows")


def form_components(form: BaseForm) -> list[dict[str, Any]]:
    """For each visible field, the macro that draws it and its parameters."""
    required = {field.required for field in form.fields.values() if not isinstance(field, forms.BooleanField)}
    # Where all fields are optional, as in a filter, saying so at each would only be noise.
    say_optional = len(required) == 2
    revealed = {name for field in form.fields.values() for names in _reveals(field).values() for name in names}
    return [_component(bound, say_optional) for bound in form.visible_fields() if bound.name not in revealed]


def _reveals(field: forms.Field) -> dict[str, list[str]]:
    """For each choice of a group the fields that stand under it, where a form says so in `reveals`. Without JavaScript
    they all show."""
    return getattr(field, "reveals", {})


def form_errors(form: BaseForm) -> list[dict[str, str]]:
    """The rows of the error summary: text, and where it links to."""
    rows: list[dict[str, str]] = [{"text": str(text)} for text in form.non_field_errors()]
    for bound in form:
        link = {} if bound.is_hidden else {"href": f"#{first_id(bound)}"}
        rows += [{"text": str(text)} | link for text in bound.errors]
    return rows


def first_id(bound: BoundField) -> str:
    """The id of the control that a reader should land on."""
    return f"{bound.auto_id}-day" if isinstance(bound.field.widget, DateParts) else str(bound.auto_id)


def _component(bound: BoundField, say_optional: bool) -> dict[str, Any]:
    widget = bound.field.widget
    label = str(bound.label)
    if say_optional and not bound.field.required and not isinstance(widget, forms.CheckboxInput):
        label = _("%(label)s (optional)") % {"label": label}
    params: dict[str, Any] = {"name": bound.html_name, "id": bound.auto_id}
    if bound.help_text:
        params["hint"] = {"text": str(bound.help_text)}
    if bound.errors:
        params["errorMessage"] = {"text": str(bound.errors[0]), "visuallyHiddenText": _("Error")}
    params |= {key: widget.attrs[key] for key in PASSED_ON if key in widget.attrs}
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple | forms.SelectMultiple):
        return _group(bound, params, label)
    if isinstance(widget, forms.CheckboxInput):
        return _single_checkbox(bound, params, label)
    if isinstance(widget, DateParts):
        return _date(bound, params, label)
    params["label"] = {"text": label}
    value = bound.value()
    if isinstance(widget, forms.Select):
        return {"macro": "select", "params": params | {"items": _choices(bound, "selected")}}
    if isinstance(widget, forms.FileInput):
        return {"macro": "file", "params": params}
    if isinstance(widget, forms.PasswordInput):
        words = {"showPasswordText": _("Show"), "hidePasswordText": _("Hide")}
        words |= {"showPasswordAriaLabelText": _("Show password"), "hidePasswordAriaLabelText": _("Hide password")}
        return {"macro": "password", "params": params | words}
    params["value"] = "" if value is None else str(widget.format_value(value) or "")
    if isinstance(widget, forms.Textarea):
        return {"macro": "textarea", "params": params}
    return {"macro": "input", "params": params | _input_kind(bound)}


def _input_kind(bound: BoundField) -> dict[str, str]:
    widget, kind = bound.field.widget, {}
    if isinstance(widget, forms.NumberInput):
        # GOV.UK: a number input changes its value by accident on scrolling; a text input with this does not.
        kind = {"inputmode": "numeric", "classes": "govuk-input--width-5"}
    elif isinstance(widget, forms.EmailInput):
        kind = {"type": "email", "autocomplete": widget.attrs.get("autocomplete", "email")}
    elif widget.input_type in ("tel", "search", "url"):
        kind = {"type": widget.input_type}
    longest = getattr(bound.field, "max_length", None)
    for width, name in WIDTHS:
        if longest and longest <= width:
            return {**kind, "classes": name}
    return kind


def _group(bound: BoundField, params: dict[str, Any], label: str) -> dict[str, Any]:
    # Django's checkboxes are a kind of its radios.
    many = isinstance(bound.field.widget, forms.CheckboxSelectMultiple | forms.SelectMultiple)
    group = params | {
        "idPrefix": bound.auto_id,
        "fieldset": {"legend": {"text": label, "classes": "govuk-fieldset__legend--s"}},
        "items": _choices(bound, "checked"),
    }
    return {"macro": "checkboxes" if many else "radios", "params": group}


def _single_checkbox(bound: BoundField, params: dict[str, Any], label: str) -> dict[str, Any]:
    hint = params.pop("hint", None)
    item = {"text": label, "value": "on", "checked": bool(bound.value())} | ({"hint": hint} if hint else {})
    return {"macro": "checkboxes", "params": params | {"idPrefix": bound.auto_id, "items": [item]}}


def _date(bound: BoundField, params: dict[str, Any], label: str) -> dict[str, Any]:
    values = bound.field.widget.format_value(bound.value())
    labels = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
    wrong = " govuk-input--error" if bound.errors else ""
    items = [
        {
            "name": part,
            "label": words,
            "value": value,
            "classes": f"govuk-input--width-{4 if part == 'year' else 2}{wrong}",
        }
        for (part, words), value in zip(labels.items(), values, strict=True)
    ]
    legend = {"legend": {"text": label, "classes": "govuk-fieldset__legend--s"}}
    return {"macro": "date", "params": params | {"namePrefix": bound.html_name, "items": items, "fieldset": legend}}


def _choices(bound: BoundField, chosen: str) -> list[dict[str, Any]]:
    """The options, as the widget has them: a hint stands beside a choice when the field has `choice_hints`."""
    value = bound.value()
    values = {str(one) for one in value} if isinstance(value, list | tuple | set) else {str(value)}
    hints, reveals = getattr(bound.field, "choice_hints", {}), _reveals(bound.field)
    items = []
    for key, text in bound.field.widget.choices:
        item: dict[str, Any] = {"value": str(key), "text": str(text), chosen: value is not None and str(key) in values}
        if key in hints:
            item["hint"] = {"text": str(hints[key])}
        if key in reveals:
            item["reveals"] = [_component(bound.form[name], say_optional=False) for name in reveals[key]]
        items.append(item)
    return items
