"""Settings of one house, all from the environment; every value has a default that runs at once.

`config.environment` refuses nonsense, `config.checks` says the rest; `docs/operating.md` explains each
variable to operators.
"""

import os
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import dj_database_url
import dj_email_url
from csp.constants import NONCE, NONE, SELF

from config import environment as env
from config import keys, logs

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION: str = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

# --- Where this house stands -------------------------------------------------------------------------

VAR = env.folder("HOIAM_VAR", default=BASE_DIR / "var")
PORT = env.port("PORT", default=8000)
SITE = env.site("BASE_URL", default=f"http://127.0.0.1:{PORT}")
BASE_URL = SITE.url
HOME_PROVINCE = env.province("HOME_PROVINCE", default="48")
# A pretended moment (`--at`) is for demonstrations on loopback only.
CLOCK_OPEN = env.open_clock("HOIAM_CLOCK", at=SITE)
THROTTLE = env.switch("HOIAM_THROTTLE", default=True)
# Off: no text is read by the machine; every petition goes to the focal point as it came.
READS = env.switch("HOIAM_READING", default=True)
DEBUG = env.switch("HOIAM_DEBUG", default=False)

ALLOWED_HOSTS = sorted({SITE.host, *env.LOOPBACK - {"::1"}, "[::1]"})
CSRF_TRUSTED_ORIGINS = [BASE_URL]

# --- Keys: given from outside, or made once in var/keys ----------------------------------------------

SECRET_KEY = env.key("SECRET_KEY") or keys.kept("secret", VAR / "keys")
# Seed of the Ed25519 key that signs what is published.
SIGNING_KEY = env.seed("SIGNING_KEY") or keys.kept("signing", VAR / "keys")
# What petition secrets and identity numbers are hashed with. Never rotated: a new one would lock every
# citizen out of the petitions already filed and make the same person look like two.
IDENTITY_KEY = env.key("IDENTITY_KEY") or keys.kept("identity", VAR / "keys")

# --- Outside services: empty means the built-in default ----------------------------------------------

DATABASE_URL = env.address(
    "DATABASE_URL",
    schemes=("postgres", "postgresql", "sqlite"),
    example="postgresql://hoiam:mật-khẩu@127.0.0.1:5432/hoiam",
)
REDIS_URL = env.address("REDIS_URL", schemes=("redis", "rediss"), example="redis://127.0.0.1:6379/0")
ELASTICSEARCH_URL = env.cluster("ELASTICSEARCH_URL", example="http://127.0.0.1:9200")
EMAIL_URL = env.address(
    "EMAIL_URL", schemes=("smtp", "smtps", "submission"), example="submission://user:mat-khau@host:587"
)
# Letters come in where both are set: somebody delivers to the one what is written to the other.
MAIL_DIR = env.letterbox("MAIL_DIR")
MAIL_ADDRESS = env.mailbox("MAIL_ADDRESS", example="phananh@tinh.gov.vn")
SMS_URL = env.address("SMS_URL", schemes=("http", "https"), example="https://sms.vidu.vn/gui")
ZALO_URL = env.address("ZALO_URL", schemes=("http", "https"), example="https://zalo.vidu.vn/gui")
FILES_URL = env.address("FILES_URL", schemes=("s3", "file"), example="s3://khoa:mat-khau@host/thung")

SQLITE: dict[str, Any] = {
    "ENGINE": "config.sqlite",
    "NAME": VAR / "hoiam.sqlite3",
    "ATOMIC_REQUESTS": False,
    "OPTIONS": {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        # What is deleted is overwritten: erased words do not stay in free pages (feedback.erasing).
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        " PRAGMA secure_delete=ON;",
    },
    # A file: threads cannot share the in-memory database that Django would take for tests. One a process:
    # two runs at once would empty each other's.
    "TEST": {"NAME": VAR / f"test-{os.getpid()}.sqlite3"},
}
POSTGRESQL: dict[str, Any] = {
    "ATOMIC_REQUESTS": False,
    "OPTIONS": {
        # Without a pool every request would open a connection of its own.
        "pool": {"min_size": 1, "max_size": 10, "timeout": 5},
        # A statement that a connection has seen three times is not read and planned anew.
        "server_side_binding": True,
        "prepare_threshold": 3,
    },
}
# Long conditions look costly: a quarter of a second went into compiling what then ran for ten milliseconds.
# Disks turn no more: a page anywhere costs hardly more than the next one.
PLANNING = "-c jit=off -c random_page_cost=1.1"


def database(url: str) -> dict[str, Any]:
    """Return Django's description of the database at this address, "" being our own SQLite file."""
    if not url:
        return SQLITE
    given: dict[str, Any] = dict(dj_database_url.parse(url))
    if given["ENGINE"].endswith("sqlite3"):
        return SQLITE | {"NAME": given["NAME"]}
    options = given.get("OPTIONS", {}) | POSTGRESQL["OPTIONS"]
    options["options"] = f"{options.get('options', '')} {PLANNING}".strip()
    return given | POSTGRESQL | {"OPTIONS": options}


# The same database for a statement that is planned once for all values: what stands in a person's margin is
# planned for ten milliseconds and answered in one.
PLANNED_ONCE = "planned_once"


def databases(url: str) -> dict[str, Any]:
    default = database(url)
    if not default["ENGINE"].endswith("postgresql"):
        return {"default": default}
    pool = default["OPTIONS"]["pool"] | {"min_size": 0}
    options = f"{default['OPTIONS']['options']} -c plan_cache_mode=force_generic_plan"
    again = default | {"OPTIONS": default["OPTIONS"] | {"pool": pool, "options": options}}
    return {"default": default, PLANNED_ONCE: again}


def redis_cache(url: str) -> dict[str, Any]:
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": url,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }


def cache(url: str) -> dict[str, Any]:
    """Return Django's description of the cache: Redis, or the memory of each process."""
    if url:
        return redis_cache(url) | {"BACKEND": "config.forgetful.ForgetfulRedisCache"}
    return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}


def shared_cache(url: str, folder: Path) -> dict[str, Any]:
    """Return Django's description of a cache that all processes share: Redis, or files.

    Slower than memory, for what is written seldom and must count whatever process is asked.
    """
    if url:
        return redis_cache(url)  # says when it is away: whoever counts guesses has to know
    return {
        "BACKEND": "config.counting.CountingFileCache",
        "LOCATION": folder,
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }


DATABASES = databases(DATABASE_URL)
CACHES = {"default": cache(REDIS_URL), "guesses": shared_cache(REDIS_URL, VAR / "guesses")}

DEFAULT_FROM_EMAIL = f"Hồi Âm <{MAIL_ADDRESS or f'khong-tra-loi@{SITE.host}'}>"
EMAIL_HOST = ""  # Django's own default is whatever listens on this machine
if EMAIL_URL:
    vars().update(dj_email_url.parse(EMAIL_URL))
EMAIL_TIMEOUT = 15

# Private: served only through a view that asks who may see the petition.
MEDIA_ROOT = VAR / "files"
MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_FILES = 5
MAX_VIDEO_BYTES = env.megabytes("HOIAM_VIDEO_MB", default=50, most=500)
# Over this a request is refused before its body is read (config.middleware.TooLarge).
MAX_REQUEST_BYTES = MAX_VIDEO_BYTES + MAX_FILE_BYTES
# Text fields alone; a long letter with the form around it stays far below.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# --- The parts ---------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "accounts.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_fsm",
    "csp",
    "accounts.apps.SignInGuardConfig",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "routing",
    "search",
    "accounts",
    "feedback",
    "publication",
    "config",
]
# What follows a Step, each entry a consumer of its own, the first done first; `feedback` calls the list and
# knows none of it.
FOLLOW_UPS = [
    "feedback.intake.read_submitted",
    "feedback.danger.hear_danger",
    "feedback.suspicion.hear_suspicion",
    "feedback.alike.remember",
    "feedback.cube.counting.count",
    "feedback.notifications.notify",
    "feedback.notifications.tell_administrators",  # planned where a row was given up
    "feedback.finding.index_petition",
    "feedback.notifications.send",  # planned by `notify`, where a letter is to be sent
]
MIDDLEWARE = [
    "config.middleware.RequestLog",
    "config.middleware.Head",
    "config.middleware.ClientAddress",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.ChosenLanguage",
    "config.middleware.TooLarge",
    "config.middleware.NotAllowed",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "accounts.middleware.SecondFactor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.DatabaseBusy",
    "axes.middleware.AxesMiddleware",
    "routing.middleware.OneVersion",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "config.context.demonstration",
                "config.context.address",
            ],
            "builtins": ["routing.templatetags.icons"],
        },
    }
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People and sessions -----------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.backends.WithPosts",
]
VALIDATORS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{VALIDATORS}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{VALIDATORS}.UserAttributeSimilarityValidator"},
    {"NAME": f"{VALIDATORS}.CommonPasswordValidator"},
    {"NAME": f"{VALIDATORS}.NumericPasswordValidator"},
    {"NAME": "accounts.demonstration.NotThePublicPassword"},
]
LOGIN_URL = "/dang-nhap/"
LOGIN_REDIRECT_URL = "/xu-ly/"
LOGOUT_REDIRECT_URL = "/"
# A name and an address together: nobody locks another person out, one office behind one address goes on.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "accounts.views.locked"
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True

# Roles that may only be used after a code from one's own telephone; on loopback nobody's, unless named.
SECOND_FACTOR = env.roles("HOIAM_SECOND_FACTOR", at=SITE)
OTP_TOTP_ISSUER = f"Hồi Âm {SITE.host}"

# Rows alone: while Redis is away people sign in and out, and nobody who went is let in by a copy it kept.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 60 * 60
# What a guest has opened, kept by the browser alone; it ends with signing out as a session does.
OPENED_COOKIE_NAME = "opened"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SITE.secure
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"

# --- What browsers are told --------------------------------------------------------------------------

SECURE_SSL_REDIRECT = SITE.secure
# Probes come over loopback, in plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SITE.secure else 0
# Behind TLS there is a proxy of ours, which sets this header on every request.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SITE.secure else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        **({"upgrade-insecure-requests": True} if SITE.secure else {}),
    }
}
PERMISSIONS_POLICY: dict[str, Any] = {
    "geolocation": "self",
    **{
        name: []
        for name in (
            "accelerometer",
            "camera",
            "display-capture",
            "gyroscope",
            "microphone",
            "payment",
            "usb",
        )
    },
}

# --- Language, time, pages ---------------------------------------------------------------------------

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static.Static"},
}
STATIC_ROOT.mkdir(exist_ok=True)

# --- Work after the answer ---------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # however long it is away, a worker waits and comes back
# Longer than any task may run, or Redis would hand the same message to a second worker.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_connect_timeout": 3,
    # Whoever rings the bell asks twice and goes on: nobody's POST waits for a broker that is away.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
# The bell may be lost, the rows are still there: never hold a citizen's request for it.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "celerybeat-schedule")
CELERY_TIMEZONE = TIME_ZONE

LOGGING = logs.LOGGING
