"""The pages that the law wants: for anyone to read, for administrators to word."""

from hashlib import sha256

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core import site_pages
from core.models import SitePage
from directory.models import Organisation


def _controller() -> str:
    """Who is responsible for the service: the region's county."""
    counties = Organisation.objects.current().filter(kind=Organisation.Kind.COUNTY)
    county = counties.order_by("pk").first()
    return county.name if county else _("[the wellbeing services county]")


def _key(slug: str) -> SitePage.Key:
    if slug not in SitePage.Key.values:
        raise Http404
    return SitePage.Key(slug)


@login_not_required
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """One of the pages, in the reader's language where it is worded in it."""
    key = _key(slug)
    language = translation.get_language() or "fi"
    shown = site_pages.shown(key, language, controller=_controller())
    may_edit = request.user.is_authenticated and request.user.is_administrator
    context = {
        "key": key,
        "shown": shown,
        "text": site_pages.as_html(shown.text),
        "in_other": shown.language if shown.language != language else "",
        "may_edit": may_edit,
        "to_fill_in": may_edit and "[" in shown.text,
    }
    return render(request, "welfare/site_page.html", context)


class SitePageForm(forms.ModelForm):
    """A page's text in each language."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = SitePage
        fields = ("text_fi", "text_sv", "text_en")
        help_texts = {
            "text_fi": gettext_lazy(
                "A line that begins with “# ” is a heading, one with “- ” an item of a list. An "
                "empty line begins a new paragraph. Addresses become links by themselves."
            ),
            "text_sv": gettext_lazy("Where it is empty, the Finnish text is shown."),
            "text_en": gettext_lazy("Where it is empty, the Finnish text is shown."),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.theirs: list[tuple[object, str, str]] = []  # what somebody else has saved meanwhile
        self.now = [str(self.get_initial_for_field(self.fields[n], n)) for n in self.Meta.fields]
        self.digest = sha256(repr(self.now).encode()).hexdigest()[:16]
        self.initial["seen"] = self.digest
        for name, language in zip(self.Meta.fields, site_pages.LANGUAGES, strict=True):
            self.fields[name].widget.attrs |= {"rows": 24, "lang": language}
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.include_media = False

    def clean(self) -> dict[str, object]:
        """Overwrite nobody's words in silence."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("seen") not in ("", self.digest):
            shown = self.data.copy()  # type: ignore[attr-defined]
            shown["seen"] = self.digest
            self.data = shown
            self.theirs = [
                (label, language, text)
                for (language, label), text, name in zip(
                    settings.LANGUAGES, self.now, self.Meta.fields, strict=True
                )
                if text != cleaned.get(name)
            ]
            self.add_error(
                None,
                _(
                    "Someone else has changed this page meanwhile. What you typed is in the form, "
                    "and what stands there now is below it. Save again to put yours in its place."
                ),
            )
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Word a page, in each language on one form."""
    key = _key(slug)
    if not request.user.is_administrator:  # type: ignore[union-attr]  # who is logged in
        raise PermissionDenied
    row = SitePage.objects.filter(key=key).first()
    texts = {}
    if row is None:
        for language in site_pages.LANGUAGES:
            with translation.override(language):
                controller = _controller()
            texts[f"text_{language}"] = site_pages.initial(key, language, controller=controller)
    posted = request.POST if request.method == "POST" else None
    form = SitePageForm(posted, instance=row or SitePage(key=key), initial=texts)
    if request.method == "POST" and form.is_valid():
        site_pages.save_page(
            key=key,
            texts={
                language: form.cleaned_data[f"text_{language}"] for language in site_pages.LANGUAGES
            },
            by=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("Saved."))
        return redirect("site_page", slug)
    status = 400 if form.errors else 200
    return render(request, "welfare/site_page_edit.html", {"key": key, "form": form}, status=status)
