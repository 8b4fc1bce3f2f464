"""The history of what belongs to the whole house: its site pages, and its demo."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from core import history
from core.history import Change, Place
from core.models import SitePage
from directory.models import Person

history.house("demo_data", _("demo data"))


def _site_page(person: Person, pk: int) -> Place:
    """A site page's history is for those who may word it: administrators."""
    page = get_object_or_404(SitePage, pk=pk)
    if not person.is_administrator:
        raise PermissionDenied
    return Place(page.get_key_display(), reverse("site_page", args=[page.key]))


history.page("site_page", SitePage, _site_page)
history.on("site_page", SitePage, lambda page: Q(pgh_obj=page.pk))
history.tell(
    SitePage,
    about=_("Pages of the site"),
    called=("key",),
    added=ngettext_lazy(
        "%(who)s worded a page of the site.", "%(who)s worded %(count)s pages of the site.", "count"
    ),
    removed=ngettext_lazy(
        "%(who)s went back to the wording that comes with the house.",
        "%(who)s went back to the wording that comes with the house on %(count)s pages.",
        "count",
    ),
    fields={"updated_at": Change(_("%(who)s changed the text of the page."))},
    unsaid={"key": "never changes; the page's name says it"},
)
