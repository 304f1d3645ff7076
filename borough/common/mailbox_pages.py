"""The pages in front of what a mailbox's link opens: the code is asked for, and a link that is over says what to do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from borough.common.errors import NotFound, Problem
from borough.common.mailbox_links import LinkOver

View = Callable[..., HttpResponse]


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("The code from the mailbox"),
        help_text=_("6 digits. It works for 15 minutes."),
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": _("Enter the code")},
    )


@dataclass(frozen=True)
class MailboxPages:
    """`held_as`: where the session keeps which links were proved in this browser, the link's number → its secret.
    `page`, `send_code` and `new_link` are names of addresses that take the token; `title` what the page is called,
    `show` what its button says."""

    held_as: str
    page: str
    send_code: str
    new_link: str
    title: str
    show: str

    def held(self, request: HttpRequest) -> Mapping[str, str]:
        held: Mapping[str, str] = request.session.get(self.held_as, {})
        return held

    def guard(self, view: View) -> View:
        """A link that opens nothing says why and, where it was genuine, offers to send a new one to the mailbox."""

        @wraps(view)
        def guarded(request: HttpRequest, token: str, **more: str) -> HttpResponse:
            try:
                return view(request, token, **more)
            except LinkOver as problem:
                context = {"problem": problem, "new_link": reverse(self.new_link, args=[token])}
                return render(request, "house/link_over.html", context, status=404)

        return never_cache(guarded)

    def ask_for_code(
        self,
        request: HttpRequest,
        token: str,
        *,
        sent_to: str,
        code_sent: bool,
        prove: Callable[[str], tuple[str, str]],
        caption: str = "",
    ) -> HttpResponse:
        """Before the code: whose mailbox it goes to, and nothing else. `prove` binds the link by what was typed."""
        form = CodeForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                name, secret = prove(form.cleaned_data["code"])
            except NotFound:
                raise
            except Problem as problem:
                form.add_error("code", str(problem))
            else:
                # A session that somebody planted in this browser is not the one that opens.
                request.session.cycle_key()
                request.session[self.held_as] = {**self.held(request), name: secret}
                return redirect(self.page, token)
        context = {"form": form, "pages": self, "sent_to": sent_to, "code_sent": code_sent, "caption": caption}
        return render(request, "house/link_code.html", {**context, "send_code": reverse(self.send_code, args=[token])})
