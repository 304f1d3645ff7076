"""What staff type to sign in, and say of themselves."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from borough.accounts.models import User
from borough.common.fields import LanguagesField


class SignInForm(forms.Form):
    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        error_messages={
            "required": _("Enter your email address"),
            "invalid": _("Enter an email address, such as name@example.com"),
        },
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password")},
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        help_text=_("6 digits, from the authenticator app on your phone"),
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": _("Enter the code")},
    )

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).replace(" ", "")
        if not (code.isascii() and code.isdigit() and len(code) == 6):
            raise forms.ValidationError(_("The code has 6 digits, such as 123456"))
        return code


class NewPasswordForm(forms.Form):
    """A password of one's own choosing, for `user`."""

    new = forms.CharField(
        label=_("New password"),
        help_text=_(
            "At least 12 characters. Three or more words that do not belong together are easy to remember and hard to "
            "guess. Spaces are allowed."
        ),
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Enter a new password")},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_new(self) -> str:
        new = str(self.cleaned_data["new"])
        validate_password(new, self.user)
        if self.user.check_password(new):
            raise forms.ValidationError(_("This is the password that you have. Choose another"))
        return new


class ChangePasswordForm(NewPasswordForm):
    old = forms.CharField(
        label=_("Password that you have now"),
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter the password that you have now")},
    )
    field_order = ["old", "new"]


class LanguagesForm(forms.Form):
    languages = LanguagesField()
