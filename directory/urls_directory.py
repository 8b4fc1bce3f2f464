"""The directory's own pages."""

from django.urls import path

from directory.views import invitations, mail

app_name = "directory"
urlpatterns = [
    path("people/<int:pk>/invite/", invitations.invite, name="invite"),
    path("people/<int:pk>/invitation/revoke/", invitations.revoke, name="revoke_invitation"),
    path("groups/<slug:slug>/invite/", invitations.invite_group, name="invite_group"),
    path("mail/", mail.mail, name="mail"),
    path("mail/<int:pk>/retry/", mail.retry, name="retry_mail"),
]
