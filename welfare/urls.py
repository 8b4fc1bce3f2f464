"""The addresses of the house."""

from django.urls import include, path

from core import downloads
from core.expired import resume
from directory.views import invitations
from welfare import views

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
    path("language/", views.language, name="language"),
    path("resume/", resume, name="resume"),
    path("healthz", views.healthz, name="healthz"),
]
