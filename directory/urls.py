"""Addresses of the directory's pages, for those who keep it: coordinators and administrators."""

from django.urls import path

from directory.views import index, organisations

app_name = "directory"

urlpatterns = [
    path("", index.index, name="index"),
    path("organisations/", organisations.listing, name="organisations"),
]
