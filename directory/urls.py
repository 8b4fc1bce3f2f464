"""How one gets in and out: those of allauth's pages that this house has.

Accounts are made by coordinators and an address is changed by them, so allauth's pages for that are
left out; signing up is closed and its page says so.
"""

from allauth.account import views
from django.urls import path, re_path

from directory.views import LoginView, RequestLoginCodeView

urlpatterns = [
    path("login/", LoginView.as_view(), name="account_login"),
    path("login/code/", RequestLoginCodeView.as_view(), name="account_request_login_code"),
    path("login/code/confirm/", views.confirm_login_code, name="account_confirm_login_code"),
    path("logout/", views.logout, name="account_logout"),
    path("signup/", views.signup, name="account_signup"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/sent/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
