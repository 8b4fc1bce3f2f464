"""Settings, read from the environment. README.md says which variables a deployment gives."""

from pathlib import Path

import bootstrap_wrapper
import environ
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# -- Safety ---------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
# Earlier ones: what was signed or locked with them is good until they are taken from here.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
# The address people use, for links in files that leave the house.
SITE_URL = env.str("SITE_URL", default="http://localhost:8000")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", default=not DEBUG)
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
# Browsers take a cookie of such a name from this very host only, not from one beside or below it.
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "core.expired.csrf_failure"
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}

# -- The house ------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "welfare",
    "meetings",
    "networks",
    "plans",
    "actions",
    "directory",
    "core",
    "django_prose_editor",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "pghistory",
    "pgtrigger",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "welfare.apps.StaticFiles",
    "django.contrib.postgres",
    "django.forms",
]
MIDDLEWARE = [
    "core.health.HealthMiddleware",
    "core.logging.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.compression.CompressPagesMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "directory.language.OwnLanguageMiddleware",
    "core.expired.ClosedByDefaultMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "directory.looking.LookingMiddleware",  # last: all else is done as oneself
]
ROOT_URLCONF = "welfare.urls"
WSGI_APPLICATION = "welfare.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.csp",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "core.templatetags.house",
                "directory.templatetags.directory",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# A lower room links to a page of the top floor without knowing its URL's name.
ABSOLUTE_URL_OVERRIDES = {
    "directory.group": lambda group: reverse("group", args=[group.slug]),
}

# -- Data -----------------------------------------------------------------------------------------
# The app connects as a role that cannot change what is frozen; migrations as the tables' owner.
DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
APP_DATABASE_ROLE = env.str("APP_DATABASE_ROLE", default="yhteispoyta_app")
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var" / "files")))
FILES_ON_DISK = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {
        "location": DATA_DIR,
        "base_url": None,
        # Nobody else on the machine reads them.
        "file_permissions_mode": 0o600,
        "directory_permissions_mode": 0o700,
    },
}
# Files go through the app, which knows who may read them: nothing in the bucket is public. Where no
# keys are given, those of the machine's role are used.
S3_BUCKET = env.str("S3_BUCKET", default="")
S3_ENDPOINT = env.str("S3_ENDPOINT", default="")
FILES_IN_S3 = {
    "BACKEND": "storages.backends.s3.S3Storage",
    "OPTIONS": {
        "bucket_name": S3_BUCKET,
        "endpoint_url": S3_ENDPOINT or None,
        "region_name": env.str("S3_REGION", default="") or None,
        "access_key": env.str("S3_ACCESS_KEY", default="") or None,
        "secret_key": env.str("S3_SECRET_KEY", default="") or None,
        "addressing_style": "path" if S3_ENDPOINT else None,
        "default_acl": None,
    },
}
STORAGES = {
    "default": FILES_IN_S3 if S3_BUCKET else FILES_ON_DISK,
    "staticfiles": {"BACKEND": "core.static.SmallStaticFilesStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "var" / "static")))
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Source maps are megabytes that only a developer's tools ask for.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("bootstrap/css", bootstrap_wrapper.get_bootstrap_css_dir()),
]
# Attempts to get in are counted here, over all processes.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024

# -- People ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "directory.Person"
AUTHENTICATION_BACKENDS = ["directory.backend.PersonBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "directory.login.ClosedAdapter"
ACCOUNT_FORMS = {
    "login": "directory.forms.entry.LoginForm",
    "request_login_code": "directory.forms.entry.RequestLoginCodeForm",
    "confirm_login_code": "directory.forms.entry.ConfirmLoginCodeForm",
    "reauthenticate": "directory.forms.entry.ReauthenticateForm",
    "reset_password": "directory.forms.entry.ResetPasswordForm",
    "reset_password_from_key": "directory.forms.entry.ResetPasswordKeyForm",
    "change_password": "directory.forms.entry.ChangePasswordForm",
    "set_password": "directory.forms.entry.SetPasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # seconds; mail may be slow to come
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"invite": "60/h/user"}  # the rest as allauth has it
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60  # seconds
# From whom attempts come: behind N proxies of ours, the N-th address from the end of
# X-Forwarded-For. Without any, the header is not read, since anyone can write one.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_ADAPTER = "directory.login.SecretsAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_FORMS = {
    "add_webauthn": "directory.forms.account.AddPasskeyForm",
    "edit_webauthn": "directory.forms.account.RenamePasskeyForm",
    "login_webauthn": "directory.forms.account.LoginByPasskeyForm",
    "authenticate_webauthn": "directory.forms.account.SecondStepByPasskeyForm",
    "reauthenticate_webauthn": "directory.forms.account.ConfirmByPasskeyForm",
    "authenticate": "directory.forms.account.SecondStepForm",
    "reauthenticate": "directory.forms.account.ConfirmByCodeForm",
    "activate_totp": "directory.forms.account.ActivateAppForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are the coordinators' business
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds that a phone's clock may be off
MFA_RATE_LIMITS = {"webauthn_login": "30/m/ip"}  # a whole meeting may sit behind one address
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# -- Mail -----------------------------------------------------------------------------------------
MAILERS = {
    "default": {
        "BACKEND": env.str("MAIL_BACKEND", default="core.smtp.EmailBackend"),
        "OPTIONS": (
            {
                "host": env.str("MAIL_HOST", default="localhost"),
                "port": env.int("MAIL_PORT", default=25),
                "username": env.str("MAIL_USER", default=""),
                "password": env.str("MAIL_PASSWORD", default=""),
                "use_tls": env.bool("MAIL_TLS", default=False),
                "timeout": env.int("MAIL_TIMEOUT", default=30),  # seconds, for each step
            }
            if env.str("MAIL_BACKEND", default="").endswith("smtp.EmailBackend")
            or not env.str("MAIL_BACKEND", default="")
            else {}
        ),
    }
}
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="Yhteispöytä <noreply@localhost>")

# -- Languages and time ---------------------------------------------------------------------------
LANGUAGE_CODE = "fi"
LANGUAGES = [("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
TIME_ZONE = "Europe/Helsinki"
USE_TZ = True

# -- Running --------------------------------------------------------------------------------------
PGHISTORY_CREATED_AT_FUNCTION = "CLOCK_TIMESTAMP()"
# JSON lines hold no personal data; text is for the one at the keyboard, and says all.
LOG_FORMAT = env.str("LOG_FORMAT", default="json")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "core.logging.JSONFormatter"},
        "text": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
