"""The addresses of the house."""

from django.urls import include, path

from core import downloads
from core.expired import resume
from core.views.history import history
from directory.views import invitations
from welfare import getting_started, site_pages, views

urlpatterns = [
    path("", views.home, name="home"),
    path("groups/", views.groups, name="groups"),
    path("groups/<slug:slug>/", views.group, name="group"),
    path("meetings/", include("meetings.urls")),
    path("account/", include("directory.account_urls")),
    path("directory/", include("directory.urls")),
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path(
        "files/<slug:place>/<int:key>/<str:sha256>/<str:filename>", downloads.download, name="file"
    ),
    path("public/", include("meetings.public_urls")),
    path("pages/<slug:slug>/", site_pages.page, name="site_page"),
    path("pages/<slug:slug>/edit/", site_pages.edit, name="edit_site_page"),
    path("history/<slug:kind>/<int:pk>/", history, name="history"),
    path("getting-started/test-mail/", getting_started.test_mail, name="test_mail"),
    path("getting-started/hide/", getting_started.hide, name="hide_getting_started"),
    path("language/", views.language, name="language"),
    path("resume/", resume, name="resume"),
]
