"""Addresses on the open web."""

from django.urls import path

from meetings.views import public

app_name = "public"

urlpatterns = [
    path("groups/<slug:slug>/", public.group, name="group"),
    path("minutes/<int:pk>/", public.minutes, name="minutes"),
    path("minutes/<int:pk>/pdf/", public.pdf, name="pdf"),
]
