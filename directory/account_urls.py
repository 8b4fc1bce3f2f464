"""How one gets in and out: those of allauth's pages that this house has.

Accounts are made by coordinators and an address is changed by them, so allauth's pages for that are
left out; signing up is closed and its page says so.
"""

from allauth.account import views
from allauth.mfa.base.views import authenticate, reauthenticate
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.webauthn.views import login_webauthn, reauthenticate_webauthn
from django.urls import path, re_path

from directory.views import account
from directory.views.entry import LoginView, RequestLoginCodeView

urlpatterns = [
    path("", account.account, name="account"),
    path("sessions/<int:pk>/end/", account.end_one_session, name="account_end_session"),
    path("sessions/end/", account.end_all_other_sessions, name="account_end_other_sessions"),
    path("login/passkey/", login_webauthn, name="mfa_login_webauthn"),
    path("login/second-step/", authenticate, name="mfa_authenticate"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("reauthenticate/code/", reauthenticate, name="mfa_reauthenticate"),
    path("reauthenticate/passkey/", reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("passkeys/add/", account.AddPasskeyView.as_view(), name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/edit/", account.RenamePasskeyView.as_view(), name="mfa_edit_webauthn"),
    path(
        "passkeys/<int:pk>/remove/",
        account.RemovePasskeyView.as_view(),
        name="mfa_remove_webauthn",
    ),
    path("app/on/", account.ActivateAppView.as_view(), name="mfa_activate_totp"),
    path("app/off/", account.DeactivateAppView.as_view(), name="mfa_deactivate_totp"),
    path("recovery-codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path(
        "recovery-codes/file/",
        codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
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
