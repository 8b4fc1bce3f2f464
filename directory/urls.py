"""Addresses of the directory's pages, for those who keep it: coordinators and administrators."""

from django.urls import path

from directory.views import (
    contacts,
    groups,
    index,
    invitations,
    leaving,
    looking,
    mail,
    members_import,
    memberships,
    merging,
    organisations,
    people,
)

app_name = "directory"

urlpatterns = [
    path("", index.index, name="index"),
    path("groups/<slug:slug>/look/", looking.look, name="look"),
    path("look/stop/", looking.stop, name="stop_looking"),
    path("groups/", groups.listing, name="groups"),
    path("groups/add/", groups.add, name="add_group"),
    path("groups/<slug:slug>/", groups.detail, name="group"),
    path("groups/<slug:slug>/edit/", groups.edit, name="edit_group"),
    path("groups/<slug:slug>/end/", groups.end, name="end_group"),
    path("groups/<slug:slug>/reopen/", groups.reopen, name="reopen_group"),
    path("groups/<slug:slug>/members/add/", memberships.add, name="add_member"),
    path(
        "groups/<slug:slug>/members/import/", members_import.members_import, name="import_members"
    ),
    path(
        "groups/<slug:slug>/members/import/template/",
        members_import.template,
        name="import_members_template",
    ),
    path("groups/<slug:slug>/members/<int:pk>/", memberships.edit, name="edit_member"),
    path("groups/<slug:slug>/members/<int:pk>/end/", memberships.end, name="end_member"),
    path("groups/<slug:slug>/members/<int:pk>/remove/", memberships.remove, name="remove_member"),
    path("organisations/", organisations.listing, name="organisations"),
    path("organisations/add/", organisations.add, name="add_organisation"),
    path("organisations/<int:pk>/", organisations.detail, name="organisation"),
    path("organisations/<int:pk>/edit/", organisations.edit, name="edit_organisation"),
    path("organisations/<int:pk>/end/", organisations.end, name="end_organisation"),
    path("organisations/<int:pk>/reopen/", organisations.reopen, name="reopen_organisation"),
    path("organisations/<int:pk>/merge/", merging.pick_organisation, name="merge_organisation"),
    path(
        "organisations/<int:pk>/merge/<int:other>/",
        merging.merge_organisations,
        name="merge_organisations",
    ),
    path("doubles/organisations/", merging.double_organisations, name="double_organisations"),
    path("doubles/people/", merging.double_people, name="double_people"),
    path("people/<int:pk>/merge/", merging.pick_person, name="merge_person"),
    path("people/<int:pk>/merge/<int:other>/", merging.merge_people, name="merge_people"),
    path("people/", people.listing, name="people"),
    path("people/add/", people.add, name="add_person"),
    path("people/<int:pk>/", people.detail, name="person"),
    path("people/<int:pk>/edit/", people.edit, name="edit_person"),
    path("people/<int:pk>/leave/", leaving.leave, name="leave"),
    path("people/<int:pk>/login/", people.set_login, name="set_login"),
    path("people/<int:pk>/administrator/", people.set_administrator, name="set_administrator"),
    path("people/<int:pk>/organisations/add/", people.add_affiliation, name="add_affiliation"),
    path(
        "people/<int:pk>/organisations/<int:affiliation>/",
        people.edit_affiliation,
        name="edit_affiliation",
    ),
    path("contacts/add/", contacts.add, name="add_contact"),
    path("contacts/<int:pk>/", contacts.edit, name="edit_contact"),
    path("people/<int:pk>/invite/", invitations.invite, name="invite"),
    path("people/<int:pk>/invitation/revoke/", invitations.revoke, name="revoke_invitation"),
    path("groups/<slug:slug>/invite/", invitations.invite_group, name="invite_group"),
    path("mail/", mail.mail, name="mail"),
    path("mail/<int:pk>/retry/", mail.retry, name="retry_mail"),
]
